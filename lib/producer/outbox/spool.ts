import { join } from 'node:path'
import { RocketMQError } from '../../errors'
import type { Clock, Timer } from '../../runtime/clock'
import { CLEAN_FILE, type OpenedSpool, bytesOfRejected, openSpool } from './open-spool'
import type { DirectoryLock, LockPatience } from './directory-lock'
import type { ResolvedOutboxOptions } from './outbox-options'
import { Segment, type SegmentMark } from './segment'
import { type SpoolEntry, entryOf } from './spool-entry'
import { type SpoolFs, syncFolder, syncPath } from './spool-files'
import { type SpooledMessage, encodeRecord } from './spool-record'

export interface SpoolTools {
  readonly files: SpoolFs
  readonly clock: Clock
  /** Told, in the order of the records, of what waits from now on: before anybody hears that it was spooled. */
  readonly onAppended: (entries: readonly SpoolEntry[]) => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

type SpoolSettings = Pick<
  ResolvedOutboxOptions,
  'directory' | 'maxBytes' | 'maxMessages' | 'segmentBytes' | 'fsync' | 'fsyncIntervalMs'
>

interface Append {
  readonly messages: readonly SpooledMessage[]
  readonly records: readonly Buffer[]
  readonly bytes: number
  readonly resolve: () => void
  readonly reject: (error: RocketMQError) => void
}

/** Messages in files. What is added meanwhile shares one write and one call that forces it to the disk. */
export class Spool {
  readonly #settings: SpoolSettings
  readonly #tools: SpoolTools
  readonly #lock: DirectoryLock
  readonly #segments: Set<Segment>
  #nextNumber: number
  #active: Segment | undefined
  #appends: Append[] = []
  #marks: { entry: SpoolEntry; mark: SegmentMark }[] = []
  #flushing: Promise<void> | undefined
  #syncTimer: Timer | undefined
  #mustSync = false
  /** Marks were lost: the next owner cannot tell what was sent. */
  #hasLostMarks: boolean
  #messages: number
  /** Of messages that are being written. */
  #pendingBytes = 0
  #pendingMessages = 0
  #rejectedBytes: number
  #measuring: Promise<void> | undefined
  #isClosed = false

  private constructor(settings: SpoolSettings, tools: SpoolTools, opened: OpenedSpool) {
    this.#settings = settings
    this.#tools = tools
    this.#lock = opened.lock
    this.#segments = new Set(opened.segments)
    this.#nextNumber = opened.nextNumber
    this.#messages = opened.entries.length
    this.#rejectedBytes = opened.rejectedBytes
    this.#hasLostMarks = opened.hasLostMarks
  }

  /**
   * Takes the folder and hands over what waits there.
   * @throws RocketMQError OUTBOX_LOCKED, OUTBOX_FAILED, ABORTED
   */
  static async open(settings: SpoolSettings, tools: SpoolTools, patience?: LockPatience): Promise<Spool> {
    const opened = await openSpool(settings.directory, tools, patience)
    for (const problem of opened.problems) tools.onBackgroundError(problem)
    tools.onAppended(opened.entries)
    return new Spool(settings, tools, opened)
  }

  /** Another has taken the folder: nothing is done in it any more. */
  get isLost(): boolean {
    return this.#lock.isLost
  }

  /** Messages that wait. */
  get messages(): number {
    return this.#messages
  }

  /** Of all files, rejected messages among that. */
  get bytes(): number {
    let bytes = this.#rejectedBytes
    for (const { size } of this.#segments) bytes += size
    return bytes
  }

  /**
   * Resolves when all of the messages, which belong together, are as safe as `fsync` asks for. Those of several calls stand
   * in the order of the calls.
   * @throws RocketMQError OUTBOX_FULL, OUTBOX_FAILED, OUTBOX_LOCKED, INVALID_STATE after `close`
   */
  append(messages: readonly SpooledMessage[]): Promise<void> {
    // The folder may be another's by now.
    if (this.#isClosed) return Promise.reject(new RocketMQError('INVALID_STATE', 'the outbox is closed'))
    const records = messages.map(encodeRecord)
    const bytes = records.reduce((sum, { length }) => sum + length, 0)
    const { directory, maxBytes, maxMessages } = this.#settings
    if (
      this.bytes + this.#pendingBytes + bytes > maxBytes ||
      this.#messages + this.#pendingMessages + messages.length > maxMessages
    ) {
      this.#measuring ??= this.#measureRejected()
      const says = `the outbox in ${directory} is full: ${this.#messages} messages wait in ${this.bytes} bytes, ${this.#rejectedBytes} of them of rejected ones`
      return Promise.reject(new RocketMQError('OUTBOX_FULL', `${says}; raise maxBytes or maxMessages`))
    }
    this.#pendingBytes += bytes
    this.#pendingMessages += messages.length
    return new Promise((resolve, reject) => {
      this.#appends.push({ messages, records, bytes, resolve, reject })
      this.#kick()
    })
  }

  /** @throws RocketMQError OUTBOX_DAMAGED, OUTBOX_LOCKED; and what the file system throws */
  async read({ segment, offset, size }: SpoolEntry): Promise<SpooledMessage> {
    await this.#lock.check()
    return segment.read({ offset, size })
  }

  /** It waits no more. */
  done(entry: SpoolEntry): void {
    this.#messages--
    entry.segment.live--
    this.#mark(entry, 'DONE')
  }

  /** A broker may have it. */
  maybeSent(entry: SpoolEntry): void {
    entry.maybeSent = true
    this.#mark(entry, 'MAYBE')
  }

  /**
   * Puts it aside: it waits no more, and stays in a file of the same form, whose path this resolves with. Rejects with what
   * the file system throws.
   */
  async reject(entry: SpoolEntry, message: SpooledMessage): Promise<string> {
    const { files } = this.#tools
    const path = join(this.#settings.directory, `rejected-${String(entry.segment.number).padStart(10, '0')}.spool`)
    const record = encodeRecord({ ...message, maybeSent: entry.maybeSent })
    await files.appendFile(path, record)
    await syncPath(files, path)
    await syncFolder(files, this.#settings.directory)
    this.#rejectedBytes += record.length
    this.done(entry)
    return path
  }

  /** Who reads rejected messages may have removed their files: that makes room. */
  async #measureRejected(): Promise<void> {
    const { files } = this.#tools
    this.#rejectedBytes = await bytesOfRejected(files, this.#settings.directory).catch(() => this.#rejectedBytes)
    this.#measuring = undefined
  }

  /** Resolves when all that was asked for is done. */
  async settled(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing
  }

  /** Gives the folder back, in order. Nothing may be asked of it from now on. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.settled()
    this.#syncTimer?.cancel()
    const { files, onBackgroundError } = this.#tools
    const { directory } = this.#settings
    try {
      for (const segment of this.#segments) await this.#end(segment)
      if (!this.#hasLostMarks && !this.isLost) {
        const path = join(directory, CLEAN_FILE)
        await files.writeFile(path, '')
        await syncPath(files, path)
        await syncFolder(files, directory)
      }
    } catch (cause) {
      onBackgroundError(failed(`the outbox in ${directory} could not be closed in order`, cause))
    } finally {
      await this.#lock.release()
    }
  }

  #mark(entry: SpoolEntry, mark: SegmentMark): void {
    this.#marks.push({ entry, mark })
    this.#kick()
  }

  #kick(): void {
    this.#flushing ??= this.#flush()
  }

  async #flush(): Promise<void> {
    // What is asked for in this turn of the event loop goes together.
    await Promise.resolve()
    while (this.#appends.length > 0 || this.#marks.length > 0 || this.#mustSync) {
      if (this.#appends.length > 0) await this.#write(this.#nextAppends())
      if (this.#marks.length > 0) await this.#writeMarks(this.#marks.splice(0))
      if (this.#mustSync) await this.#syncNow()
    }
    this.#flushing = undefined
  }

  /** As many as the current file has room for, and one at least. */
  #nextAppends(): Append[] {
    const room = this.#settings.segmentBytes - (this.#active?.size ?? 0)
    let count = 0
    for (let bytes = 0; count < this.#appends.length; count++) {
      bytes += (this.#appends[count] as Append).bytes
      if (count > 0 && bytes > room) break
    }
    return this.#appends.splice(0, count)
  }

  async #write(appends: readonly Append[]): Promise<void> {
    const { fsync, directory } = this.#settings
    let failure: { error: unknown; isWhole: boolean } | undefined
    let segment: Segment | undefined
    try {
      await this.#lock.check()
      segment = await this.#writable()
      const bytes = Buffer.concat(appends.flatMap(({ records }) => records))
      const start = segment.size
      failure = await segment.append(bytes, fsync === 'always')
      if (failure === undefined) this.#appended(appends, segment, start)
      else if (!failure.isWhole) await this.#abandon(segment)
    } catch (error) {
      failure = { error, isWhole: true }
    }
    if (failure === undefined) return
    const cause = failure.error
    for (const append of appends) {
      this.#written(append)
      append.reject(
        RocketMQError.is(cause) ? cause : failed(`messages could not be written to the outbox in ${directory}`, cause),
      )
    }
  }

  #appended(appends: readonly Append[], segment: Segment, start: number): void {
    let offset = start
    for (const append of appends) {
      const entries = append.messages.map((message, i) => {
        const size = (append.records[i] as Buffer).length
        const entry = entryOf(segment, { offset, size }, message)
        offset += size
        return entry
      })
      segment.live += entries.length
      this.#messages += entries.length
      this.#written(append)
      this.#tools.onAppended(entries)
      append.resolve()
    }
    if (this.#settings.fsync === 'interval') this.#syncLater()
  }

  #written({ bytes, messages }: Append): void {
    this.#pendingBytes -= bytes
    this.#pendingMessages -= messages.length
  }

  async #writable(): Promise<Segment> {
    if (this.#active !== undefined && this.#active.size < this.#settings.segmentBytes) return this.#active
    const full = this.#active
    this.#active = undefined
    if (full !== undefined) await this.#seal(full)
    const segment = new Segment(this.#tools.files, this.#settings.directory, this.#nextNumber++)
    await segment.create()
    this.#segments.add(segment)
    this.#active = segment
    return segment
  }

  async #seal(segment: Segment): Promise<void> {
    if (this.#settings.fsync === 'interval') await segment.sync()
    await segment.close()
    await this.#removeIfDone(segment)
  }

  /** Its end cannot be told any more: what is written next would stand behind a part of a record. */
  async #abandon(segment: Segment): Promise<void> {
    this.#active = undefined
    await segment.close().catch(() => undefined)
    await this.#removeIfDone(segment)
  }

  async #writeMarks(marks: readonly { entry: SpoolEntry; mark: SegmentMark }[]): Promise<void> {
    const bySegment = new Map<Segment, { offset: number; mark: SegmentMark }[]>()
    for (const { entry, mark } of marks) {
      const of = bySegment.get(entry.segment) ?? []
      of.push({ offset: entry.offset, mark })
      bySegment.set(entry.segment, of)
    }
    for (const [segment, of] of bySegment) await this.#markSegment(segment, of)
  }

  async #markSegment(segment: Segment, marks: readonly { offset: number; mark: SegmentMark }[]): Promise<void> {
    if (this.isLost) return
    try {
      if (segment.live === 0 && !segment.isDamaged) {
        if (segment === this.#active) this.#active = undefined
        await this.#removeIfDone(segment)
      } else await segment.mark(marks)
    } catch (cause) {
      this.#hasLostMarks = true
      const says = `what was sent of ${segment.path} could not be noted: after a restart it is sent again, marked as possible duplicate`
      this.#tools.onBackgroundError(failed(says, cause))
    }
  }

  async #removeIfDone(segment: Segment): Promise<void> {
    if (segment.live > 0 || segment.isDamaged || this.isLost) return
    this.#segments.delete(segment)
    await segment.remove()
  }

  #syncLater(): void {
    const { clock } = this.#tools
    const sync = (): void => {
      this.#syncTimer = undefined
      this.#mustSync = true
      this.#kick()
    }
    this.#syncTimer ??= clock.after(this.#settings.fsyncIntervalMs, sync, { background: true })
  }

  async #syncNow(): Promise<void> {
    this.#mustSync = false
    try {
      await this.#active?.sync()
    } catch (cause) {
      this.#tools.onBackgroundError(failed('the outbox could not be forced to the disk', cause))
    }
  }

  async #end(segment: Segment): Promise<void> {
    if (segment.live > 0 || segment !== this.#active) await segment.sync()
    await segment.close()
    if (segment === this.#active) await this.#removeIfDone(segment)
  }
}

function failed(says: string, cause: unknown): RocketMQError {
  return new RocketMQError('OUTBOX_FAILED', `${says}: look at the disk, its room and its permissions`, { cause })
}
