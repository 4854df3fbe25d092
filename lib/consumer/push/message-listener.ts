import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'

/** What every listener is told besides its messages. */
export interface ConsumeContext {
  /** Name of the consumer group, without its namespace. */
  readonly consumerGroup: string
  /** The queue that the messages came from; for retried ones a queue of the group's retry topic. */
  readonly messageQueue: MessageQueue
  /** Aborted when the queue is given away or the consumer's shutdown runs out of time: what is unfinished comes again elsewhere. */
  readonly signal: AbortSignal
}

/** What a concurrent listener is told, and what it may set; one object for each call. */
export interface ConsumeConcurrentlyContext extends ConsumeContext {
  /**
   * Index of the last message that was handled: those after it come again although the listener returns success. -1: none was.
   * Undefined, as it begins: all were.
   */
  ackIndex: number | undefined
  /**
   * Delay level of the next delivery of what comes again, where the result names none, also after an error. 0, as it begins:
   * the broker decides; negative: to the dead letters at once.
   */
  delayLevelWhenNextConsume: number
}

/** What a listener in order is told, and what it may set; one object for each call. */
export interface ConsumeOrderlyContext extends ConsumeContext {
  /** How long the queue or key stands still after a failure, ms, where the result does not tell; as it begins, the option. */
  suspendCurrentQueueTimeMs: number | undefined
  /**
   * With `ordered: 'queue'`: false has the messages of a success kept uncommitted, until a call returns COMMIT, or success
   * without this; ROLLBACK has them all handed out again. They count as messages in hand. True, as it begins.
   */
  autoCommit: boolean
}

/**
 * Outcome of a concurrent listener. To return nothing is success. RECONSUME_LATER, like an error, has the broker deliver the
 * messages again later: all of them, or those from index `firstFailed` on, after `delayLevel` (0: the broker decides by the
 * number of tries; negative: to the dead letters at once).
 */
export type ConsumeConcurrentlyResult =
  | void
  | 'CONSUME_SUCCESS'
  | 'RECONSUME_LATER'
  | { readonly status: 'RECONSUME_LATER'; readonly delayLevel?: number; readonly firstFailed?: number }

/**
 * Outcome of a listener in order. To return nothing is success. SUSPEND_CURRENT_QUEUE_A_MOMENT, like an error, has the same
 * messages handed out again after `suspendMs` (10 to 30000), and nothing else of the queue before them; with
 * `ordered: 'key'` nothing else of their sharding key, while others go on. COMMIT and ROLLBACK are for calls that have set
 * `context.autoCommit` to false: all that is kept counts as handled, or is handed out again.
 */
export type ConsumeOrderlyResult =
  | void
  | 'SUCCESS'
  | 'SUSPEND_CURRENT_QUEUE_A_MOMENT'
  | 'COMMIT'
  | 'ROLLBACK'
  | { readonly status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT'; readonly suspendMs?: number }

/**
 * Handles messages in any order, several calls at a time. `void` stands beside `R` so that TypeScript finds the outcome of
 * `async () => 'CONSUME_SUCCESS'`, and of a `new Promise` that is resolved with nothing.
 */
export type MessageListenerConcurrently<R extends ConsumeConcurrentlyResult = ConsumeConcurrentlyResult> = (
  messages: readonly MessageExt[],
  context: ConsumeConcurrentlyContext,
) => void | R | Promise<void | R>

/** Handles the messages of each queue, or of each sharding key, in order: one call at a time for each. */
export type MessageListenerOrderly<R extends ConsumeOrderlyResult = ConsumeOrderlyResult> = (
  messages: readonly MessageExt[],
  context: ConsumeOrderlyContext,
) => void | R | Promise<void | R>
