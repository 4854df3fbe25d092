import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { RocketMQError } from '../../errors'
import { crc32 } from '../../wire/crc32'
import { type SpoolFs, readIfThere, readPart, syncFolder, syncPath } from './spool-files'
import { type FoundRecord, type ScannedRecords, type SpooledMessage, decodeRecord, scanRecords } from './spool-record'

/** What became of a record: the broker has it or it was rejected, or the broker may have it. */
export type SegmentMark = 'DONE' | 'MAYBE'

const NAME = /^(\d{10})\.spool$/
const MARK_BYTES = 8
const KINDS: readonly SegmentMark[] = ['DONE', 'MAYBE']

/** What a file held when it was opened. */
export interface SegmentContent extends ScannedRecords {
  /** Bytes of the file. */
  readonly fileBytes: number
  readonly marks: ReadonlyMap<number, ReadonlySet<SegmentMark>>
  /** Some marks are cut off or damaged: what they said is not known. */
  readonly hasLostMarks: boolean
}

/** One file of records, and beside it one of marks on them. Both only grow, and go together. */
export class Segment {
  readonly number: number
  readonly path: string
  readonly marksPath: string
  /** Records that still wait. */
  live = 0
  /** Bytes of records. */
  size = 0
  hasMarks = false
  /** Parts of it cannot be read: it stays, so that nothing is thrown away. */
  isDamaged = false
  readonly #files: SpoolFs
  readonly #directory: string
  #handle: FileHandle | undefined
  /** Bytes of whole marks, and whether there is something behind them. */
  #marksBytes = 0
  #areMarksTorn = false

  constructor(files: SpoolFs, directory: string, number: number) {
    this.#files = files
    this.#directory = directory
    this.number = number
    this.path = join(directory, `${String(number).padStart(10, '0')}.spool`)
    this.marksPath = `${this.path}.marks`
  }

  /** The number that a file's name tells; undefined where it is none of a segment. */
  static numberOf(name: string): number | undefined {
    const digits = NAME.exec(name)?.[1]
    return digits === undefined ? undefined : Number(digits)
  }

  /** Makes the file, for writing. */
  async create(): Promise<void> {
    // A crash may have left those of a former one with this number: they would be taken for marks on what is written now.
    await this.#files.rm(this.marksPath, { force: true })
    this.#handle = await this.#files.open(this.path, 'wx')
    try {
      await syncFolder(this.#files, this.#directory)
    } catch (error) {
      await this.close()
      throw error
    }
  }

  /** What is in the files. */
  async load(): Promise<SegmentContent> {
    const source = await this.#files.readFile(this.path)
    const { length: marksBytes, marks, isWhole } = readMarks(await readIfThere(this.#files, this.marksPath))
    this.hasMarks = marks.size > 0
    this.#marksBytes = marksBytes - (marksBytes % MARK_BYTES)
    this.#areMarksTorn = marksBytes > this.#marksBytes
    this.size = source.length
    return { ...scanRecords(source), fileBytes: source.length, marks, hasLostMarks: !isWhole }
  }

  /** Takes off what is behind the last good record. */
  async truncate(end: number): Promise<void> {
    await this.#files.truncate(this.path, end)
    this.size = end
  }

  /** Adds bytes to the end. Where that fails the file is as it was, or else no more is to be added to it: `false`. */
  async append(bytes: Buffer, sync: boolean): Promise<{ error: unknown; isWhole: boolean } | undefined> {
    const handle = this.#handle as FileHandle
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, this.size + done)
        done += bytesWritten
      }
      if (sync) await handle.sync()
    } catch (error) {
      return { error, isWhole: await this.#undo(handle) }
    }
    try {
      // A file that was removed takes bytes as before, and nobody will ever find them.
      await this.#files.stat(this.path)
    } catch (error) {
      return { error, isWhole: false }
    }
    this.size += bytes.length
    return undefined
  }

  /** Forces what was written to the disk. */
  async sync(): Promise<void> {
    await this.#handle?.sync()
    if (this.hasMarks) await syncPath(this.#files, this.marksPath)
  }

  /** @throws RocketMQError OUTBOX_DAMAGED where the record is not as it was written; and what the file system throws */
  async read(place: { offset: number; size: number }): Promise<SpooledMessage> {
    const found: FoundRecord | undefined = decodeRecord(await readPart(this.#files, this.path, place))
    if (found !== undefined) return found.message
    throw new RocketMQError('OUTBOX_DAMAGED', `a record at ${place.offset} of ${this.path} cannot be read any more`)
  }

  /** Adds marks. Where that fails what is left of them is taken off before more are added. */
  async mark(marks: readonly { offset: number; mark: SegmentMark }[]): Promise<void> {
    const bytes = Buffer.alloc(marks.length * MARK_BYTES)
    marks.forEach(({ offset, mark }, i) => {
      const at = i * MARK_BYTES
      bytes.writeUInt32BE(offset, at)
      bytes.writeUInt8(KINDS.indexOf(mark), at + 4)
      bytes.writeUIntBE(checksum(bytes, at), at + 5, 3)
    })
    if (this.#areMarksTorn) await this.#files.truncate(this.marksPath, this.#marksBytes)
    this.#areMarksTorn = true
    await this.#files.appendFile(this.marksPath, bytes)
    this.#areMarksTorn = false
    this.#marksBytes += bytes.length
    this.hasMarks = true
  }

  /** Adds nothing any more. */
  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close()
  }

  /** Removes the files: the records first, as marks without them are harmless. */
  async remove(): Promise<void> {
    await this.close()
    await this.#files.rm(this.path, { force: true })
    await this.#files.rm(this.marksPath, { force: true })
  }

  async #undo(handle: FileHandle): Promise<boolean> {
    try {
      await handle.truncate(this.size)
      return true
    } catch {
      return false
    }
  }
}

function checksum(bytes: Buffer, at: number): number {
  return crc32(bytes.subarray(at, at + 5)) & 0xffffff
}

interface FoundMarks {
  readonly length: number
  readonly marks: Map<number, Set<SegmentMark>>
  /** None is cut off or damaged. */
  readonly isWhole: boolean
}

function readMarks(bytes: Buffer = Buffer.alloc(0)): FoundMarks {
  const { length } = bytes
  const marks = new Map<number, Set<SegmentMark>>()
  let isWhole = length % MARK_BYTES === 0
  for (let at = 0; at + MARK_BYTES <= length; at += MARK_BYTES) {
    const kind = KINDS[bytes.readUInt8(at + 4)]
    if (kind === undefined || bytes.readUIntBE(at + 5, 3) !== checksum(bytes, at)) {
      isWhole = false
      continue
    }
    const offset = bytes.readUInt32BE(at)
    marks.set(offset, (marks.get(offset) ?? new Set()).add(kind))
  }
  return { length, marks, isWhole }
}
