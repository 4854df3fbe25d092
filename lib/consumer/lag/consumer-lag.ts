import type { MessageQueue } from '../../model/message-queue'

/** How far behind a consumer is with one of its queues. */
export interface QueueLag {
  /** The queue. */
  readonly queue: MessageQueue
  /**
   * Offset of the first message that is not done with; for lite pull: that `poll` has not returned yet. Of a queue that is
   * popped what the group has committed, which passes messages when they are acknowledged or, some seconds later, only popped.
   */
  readonly offset: number
  /** The queue's end: the offset that the next message will get. */
  readonly maxOffset: number
  /** Messages from `offset` to `maxOffset`, those that a filter will pass over included. */
  readonly messages: number
  /** Time since the first of them was stored, ms; 0 where there is none. */
  readonly ageMs: number
}

/** How far behind a consumer is, with the queues that are its own at present; queues that are popped are the whole group's. */
export interface ConsumerLag {
  /** Each queue by itself. */
  readonly queues: readonly QueueLag[]
  /** Sum over the queues. */
  readonly messages: number
  /** The greatest age among the queues, ms. */
  readonly ageMs: number
}
