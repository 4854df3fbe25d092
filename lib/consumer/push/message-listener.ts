import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'

/** What a listener is told besides its messages. One object per queue, shared by its calls. */
export interface ConsumeContext {
  readonly consumerGroup: string
  /** The queue that the messages came from; for retried ones a queue of the group's retry topic. */
  readonly messageQueue: MessageQueue
  /** Aborted when the queue is given away or the consumer's shutdown runs out of time: what is unfinished comes again elsewhere. */
  readonly signal: AbortSignal
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
 * `ordered: 'key'` nothing else of their sharding key, while others go on.
 */
export type ConsumeOrderlyResult =
  | void
  | 'SUCCESS'
  | 'SUSPEND_CURRENT_QUEUE_A_MOMENT'
  | { readonly status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT'; readonly suspendMs?: number }

/**
 * Handles messages in any order, several calls at a time. `void` stands beside `R` so that TypeScript finds the outcome of
 * `async () => 'CONSUME_SUCCESS'`, and of a `new Promise` that is resolved with nothing.
 */
export type MessageListenerConcurrently<R extends ConsumeConcurrentlyResult = ConsumeConcurrentlyResult> = (
  messages: readonly MessageExt[],
  context: ConsumeContext,
) => void | R | Promise<void | R>

/** Handles the messages of each queue, or of each sharding key, in order: one call at a time for each. */
export type MessageListenerOrderly<R extends ConsumeOrderlyResult = ConsumeOrderlyResult> = (
  messages: readonly MessageExt[],
  context: ConsumeContext,
) => void | R | Promise<void | R>
