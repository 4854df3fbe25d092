import type { MessageQueue } from '../../model/message-queue'

/** How far behind a consumer is with one of its queues. */
export interface QueueLag {
  readonly queue: MessageQueue
  /** Offset of the first message that is not done with; for lite pull: that `poll` has not returned yet. */
  readonly offset: number
  /** The queue's end: the offset that the next message will get. */
  readonly maxOffset: number
  /** Messages from `offset` to `maxOffset`, those that a filter will pass over included. */
  readonly messages: number
  /** Time since the first of them was stored, ms; 0 where there is none. */
  readonly ageMs: number
}

/** How far behind a consumer is, with the queues that are its own at present. */
export interface ConsumerLag {
  readonly queues: readonly QueueLag[]
  /** Sum over the queues. */
  readonly messages: number
  /** The greatest age among the queues, ms. */
  readonly ageMs: number
}
