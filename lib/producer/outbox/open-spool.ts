import { dirname, join, resolve } from 'node:path'
import { RocketMQError } from '../../errors'
import { codeOf } from '../../runtime/system-error'
import { DirectoryLock, type LockPatience, type LockTools } from './directory-lock'
import { Segment, type SegmentContent } from './segment'
import { type SpoolEntry, entryOf } from './spool-entry'
import { type SpoolFs, syncFolder } from './spool-files'

/** Says that the last owner ended in order: nothing of what waits was under way to a broker. */
export const CLEAN_FILE = 'clean'
const REJECTED = /^rejected-\d{10}\.spool$/

/** What a folder held. */
export interface OpenedSpool {
  readonly lock: DirectoryLock
  /** What waits, oldest first. */
  readonly entries: readonly SpoolEntry[]
  /** The files that hold it. */
  readonly segments: readonly Segment[]
  readonly nextNumber: number
  /** Bytes of files with rejected messages. */
  readonly rejectedBytes: number
  /** It could not be noted what may have been under way: the next owner has to know, too, that there was no good end. */
  readonly hasLostMarks: boolean
  /** What cannot be read, or not be noted. */
  readonly problems: readonly RocketMQError[]
}

/**
 * Takes a folder, repairs what a crash has left and reads what waits.
 * @throws RocketMQError OUTBOX_LOCKED, OUTBOX_FAILED, ABORTED
 */
export async function openSpool(directory: string, tools: LockTools, patience?: LockPatience): Promise<OpenedSpool> {
  const { files } = tools
  let lock: DirectoryLock | undefined
  try {
    await makeDirectory(files, directory)
    lock = await DirectoryLock.take(directory, tools, patience)
    return { lock, ...(await load(files, directory)) }
  } catch (cause) {
    // The first failure says more than what follows from it.
    await lock?.release().catch(() => undefined)
    if (RocketMQError.is(cause)) throw cause
    throw new RocketMQError('OUTBOX_FAILED', `the outbox folder ${directory} cannot be read or written`, { cause })
  }
}

/** The folder, and those above it that are missing: each lasts only when the one above it is on the disk. */
async function makeDirectory(files: SpoolFs, directory: string): Promise<void> {
  const first = await files.mkdir(directory, { recursive: true })
  if (first === undefined) return
  const { length } = resolve(first)
  for (let at = resolve(directory); at.length >= length && at !== dirname(at); at = dirname(at))
    await syncFolder(files, dirname(at))
}

async function load(files: SpoolFs, directory: string): Promise<Omit<OpenedSpool, 'lock'>> {
  const isClean = await takeClean(files, directory)
  const names = await files.readdir(directory)
  const numbers = names.map(name => Segment.numberOf(name)).filter(number => number !== undefined)
  numbers.sort((a, b) => a - b)
  const problems: RocketMQError[] = []
  const entries: SpoolEntry[] = []
  let hasLostMarks = false
  const segments: Segment[] = []
  for (const number of numbers) {
    const segment = new Segment(files, directory, number)
    const content = await segment.load()
    const isLast = number === numbers.at(-1)
    const isTorn = isLast && content.isCutOff
    const lost = content.damagedBytes + (isTorn ? 0 : content.fileBytes - content.end)
    segment.isDamaged = lost > 0
    if (segment.isDamaged) problems.push(damaged(segment, lost))
    if (isTorn && content.end < content.fileBytes) await segment.truncate(content.end)
    const found = waiting(segment, content)
    if ((!isClean || content.hasLostMarks) && found.length > 0) {
      const failure = await suspectAll(segment, found)
      hasLostMarks ||= failure !== undefined
      if (failure !== undefined) problems.push(failure)
    }
    for (const entry of found) entries.push(entry)
    if (found.length === 0 && !segment.isDamaged) await segment.remove()
    else segments.push(segment)
  }
  const rejectedBytes = await bytesOfRejected(files, directory)
  return { entries, segments, nextNumber: (numbers.at(-1) ?? 0) + 1, rejectedBytes, hasLostMarks, problems }
}

function waiting(segment: Segment, { records, marks }: SegmentContent): SpoolEntry[] {
  const left = records.filter(({ offset }) => marks.get(offset)?.has('DONE') !== true)
  segment.live = left.length
  return left.map(record => {
    const entry = entryOf(segment, record, record.message)
    entry.maybeSent ||= marks.get(record.offset)?.has('MAYBE') === true
    return entry
  })
}

/**
 * The last owner did not end in order, or not all that it noted can be read: any of them may have been under way. That must be
 * known however this one ends.
 */
async function suspectAll(segment: Segment, entries: readonly SpoolEntry[]): Promise<RocketMQError | undefined> {
  const fresh = entries.filter(({ maybeSent }) => !maybeSent)
  for (const entry of fresh) entry.maybeSent = true
  try {
    if (fresh.length > 0) await segment.mark(fresh.map(({ offset }) => ({ offset, mark: 'MAYBE' })))
    return undefined
  } catch (cause) {
    const says = `what may have been sent of ${segment.path} could not be noted: look at the disk, its room and its permissions`
    return new RocketMQError('OUTBOX_FAILED', says, { cause })
  }
}

/** It must be gone before anything is sent. */
async function takeClean(files: SpoolFs, directory: string): Promise<boolean> {
  try {
    await files.rm(join(directory, CLEAN_FILE))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
  await syncFolder(files, directory)
  return true
}

/** Bytes of the files with rejected messages. */
export async function bytesOfRejected(files: SpoolFs, directory: string): Promise<number> {
  let bytes = 0
  for (const name of await files.readdir(directory))
    if (REJECTED.test(name)) bytes += (await files.stat(join(directory, name))).size
  return bytes
}

function damaged({ path }: Segment, bytes: number): RocketMQError {
  const says = `${bytes} bytes of ${path} cannot be read: messages in them are not sent; the file is kept until you remove it`
  return new RocketMQError('OUTBOX_DAMAGED', says)
}
