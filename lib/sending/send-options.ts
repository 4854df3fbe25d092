import type { MessageQueue } from '../model/message-queue'
import type { MessageQueueSelector } from './selectors'

/** What can be said of one send. At most one of `queue`, `selector` and `shardingKey`. */
export interface SendOptions {
  /** Limit of the whole call with its retries, ms; default the producer's `sendTimeoutMs`. */
  readonly timeoutMs?: number
  /** Ends the call; whether the message was stored is then not known. */
  readonly signal?: AbortSignal
  /** Send to this queue, and nowhere else. */
  readonly queue?: MessageQueue
  /** Chooses the queue. */
  readonly selector?: MessageQueueSelector
  /** Given to the selector. */
  readonly arg?: unknown
  /** Messages with the same sharding key go to the same queue; also stored as the message's sharding key. */
  readonly shardingKey?: string
}

/** What a caller said of the queue. */
export interface Target {
  readonly queue?: MessageQueue
  readonly selector?: MessageQueueSelector
  readonly arg?: unknown
}

/** Java retries the blocking and the callback form of a send differently. */
export type SendMode = 'SYNC' | 'ASYNC'

/** How a `Sender` behaves; the options of its producer. */
export interface SenderSettings {
  readonly createTopicKey: string
  readonly defaultTopicQueueNums: number
  readonly sendTimeoutMs: number
  readonly retryTimesWhenSendFailed: number
  readonly retryTimesWhenSendAsyncFailed: number
  readonly retryAnotherBrokerWhenNotStoreOK: boolean
  readonly timerOnOldBrokers: 'reject' | 'warn'
}
