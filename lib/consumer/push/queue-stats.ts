import type { MessageQueue } from '../../model/message-queue'
import type { Assignment } from './assignments'
import { type BlockingMessage, blockingMessage } from './blocking-message'

/** Progress of one queue. */
export interface QueueStats {
  /** The queue. */
  readonly queue: MessageQueue
  /** Messages in hand, and the bytes of their bodies. */
  readonly cached: number
  /** Bytes of their bodies. */
  readonly cachedBytes: number
  /** Messages that a listener has, or that are on their way back to the broker. */
  readonly inFlight: number
  /** The lowest offset that is not handled. */
  readonly commitOffset: number
  /** The message at `commitOffset`, where it has failed before or nothing more is pulled until it is handled. */
  readonly blockedBy: BlockingMessage | undefined
  /** The queue's end as the last pull told it. */
  readonly maxOffset: number
  /** Messages from `commitOffset` to `maxOffset`. */
  readonly lag: number
  /** Milliseconds since it was last gone to for messages; 0 while that is held up on purpose, as by a full queue or a pause. */
  readonly idleMs: number
}

/** What is told of a queue that is ours. */
export function queueStats({ processQueue, pullLoop }: Pick<Assignment, 'processQueue' | 'pullLoop'>): QueueStats {
  const { queue, count, bytes, running, commitOffset } = processQueue
  const maxOffset = Math.max(pullLoop.maxOffset, commitOffset)
  return {
    queue,
    cached: count,
    cachedBytes: bytes,
    inFlight: running,
    commitOffset,
    blockedBy: blockingMessage(processQueue),
    maxOffset,
    lag: maxOffset - commitOffset,
    idleMs: pullLoop.idleMs,
  }
}
