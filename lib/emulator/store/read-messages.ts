import type { ConsumeQueue } from './consume-queue'
import type { CommitLog } from './commit-log'

/** How a read ended, in Java's words (`GetMessageStatus`). */
export type ReadStatus =
  | 'FOUND'
  | 'NO_MATCHED_MESSAGE'
  | 'NO_MESSAGE_IN_QUEUE'
  | 'OFFSET_TOO_SMALL'
  | 'OFFSET_OVERFLOW_ONE'
  | 'OFFSET_OVERFLOW_BADLY'

export interface ReadResult {
  readonly status: ReadStatus
  readonly nextBeginOffset: number
  readonly minOffset: number
  readonly maxOffset: number
  /** The records back to back. */
  readonly body: Uint8Array | undefined
}

/** Whether the message at an offset of a queue is one that was asked for. */
export type MessageFilter = (queue: ConsumeQueue, offset: number) => boolean

export interface ReadRequest {
  readonly offset: number
  readonly maxMsgNums: number
  /** Undefined: every message. */
  readonly filter: MessageFilter | undefined
}

/** What brokers hand out at once, however much is asked for. */
const MAX_COUNT = 32
const MAX_BYTES = 256 * 1024
/** Index entries that are looked at for one request that filters. */
const MAX_SCANNED = 800

const NOTHING = Buffer.alloc(0)

/** Reads messages of a queue from an offset on, as brokers do it from memory. */
export function readMessages(log: CommitLog, queue: ConsumeQueue, request: ReadRequest): ReadResult {
  const { offset } = request
  const { minOffset, maxOffset } = queue
  const outside = (status: ReadStatus, nextBeginOffset: number): ReadResult => {
    return { status, nextBeginOffset, minOffset, maxOffset, body: undefined }
  }
  if (maxOffset === 0) return outside('NO_MESSAGE_IN_QUEUE', 0)
  if (offset < minOffset) return outside('OFFSET_TOO_SMALL', minOffset)
  if (offset === maxOffset) return outside('OFFSET_OVERFLOW_ONE', offset)
  if (offset > maxOffset) return outside('OFFSET_OVERFLOW_BADLY', maxOffset)
  const { chosen, nextBeginOffset, bytes } = choose(queue, request)
  if (chosen.length === 0) return outside('NO_MATCHED_MESSAGE', nextBeginOffset)
  const body = gather(log, queue, { chosen, bytes })
  return { status: 'FOUND', nextBeginOffset, minOffset, maxOffset, body }
}

interface Choice {
  readonly chosen: readonly number[]
  readonly bytes: number
  readonly nextBeginOffset: number
}

function choose(queue: ConsumeQueue, { offset, maxMsgNums, filter }: ReadRequest): Choice {
  const end = Math.min(queue.maxOffset, offset + Math.max(MAX_SCANNED, maxMsgNums))
  const most = Math.min(maxMsgNums, MAX_COUNT)
  const chosen: number[] = []
  let bytes = 0
  let at = offset
  for (; at < end; at++) {
    const size = queue.sizeOf(at)
    if (chosen.length > 0 && (chosen.length >= most || bytes + size > MAX_BYTES)) break
    if (filter !== undefined && !filter(queue, at)) continue
    chosen.push(at)
    bytes += size
  }
  return { chosen, bytes, nextBeginOffset: at }
}

/** Neighbours in the log are served as the slice they are; others are copied together, which beats many small writes. */
function gather(
  log: CommitLog,
  queue: ConsumeQueue,
  { chosen, bytes }: { chosen: readonly number[]; bytes: number },
): Uint8Array {
  const first = chosen[0] as number
  const start = queue.positionOf(first)
  const last = chosen[chosen.length - 1] as number
  if (queue.positionOf(last) + queue.sizeOf(last) - start === bytes) {
    const slice = log.read(start, bytes)
    if (slice !== undefined) return slice
  }
  const body = Buffer.allocUnsafe(bytes)
  let at = 0
  for (const offset of chosen)
    at += (log.read(queue.positionOf(offset), queue.sizeOf(offset)) ?? NOTHING).copy(body, at)
  return body
}
