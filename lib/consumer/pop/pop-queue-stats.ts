import type { MessageQueue } from '../../model/message-queue'
import type { PopAssignment } from './pop-assignments'

/** What a push consumer has of one place that it pops. */
export interface PopQueueStats {
  /** Queue -1 stands for all that the broker has of the topic. */
  readonly queue: MessageQueue
  /** Messages in hand. */
  readonly cached: number
  /** Messages that a listener has, or that the broker is being told of. */
  readonly inFlight: number
  /** Milliseconds since it was last gone to for messages; 0 while that is held up on purpose, as by a full queue or a pause. */
  readonly idleMs: number
}

/** What is told of a place that is popped. */
export function popQueueStats({ processQueue, loop }: PopAssignment): PopQueueStats {
  const { queue, count, running } = processQueue
  return { queue, cached: count, inFlight: running, idleMs: loop.idleMs }
}
