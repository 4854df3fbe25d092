import { CALL_OPTIONS, checkSignal, checkedMs } from '../client/checked-options'
import { RocketMQError } from '../errors'
import { type OptionNames, checkOptions } from '../model/option-checks'
import type { MessageQueue } from '../model/message-queue'
import type { ForbiddenCheck } from './forbidden-check'
import type { LatencyFaultSettings } from './broker-faults'
import type { MessageQueueSelector } from './selectors'

/** What can be said of one send. At most one of `queue`, `selector` and `shardingKey`. */
export interface SendOptions {
  /** Limit of the whole call with its retries, ms, for each part of a split batch; default the producer's `sendTimeoutMs`. */
  readonly timeoutMs?: number
  /** Ends the call with ABORTED, whose `cause` is the signal's reason and whose `sent` tells whether the message may be stored. */
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
  /** Default: none. */
  readonly forbiddenChecks?: readonly ForbiddenCheck[]
  /** Codes of answers beside Java's after which the blocking form tries another broker. */
  readonly retryResponseCodes?: ReadonlySet<number> | undefined
  /** Limit of one try while another may follow, ms. */
  readonly sendMsgMaxTimeoutPerRequestMs?: number | undefined
  /** Set where slow and failing brokers are avoided. */
  readonly latencyFault?: LatencyFaultSettings | undefined
}

const SEND_OPTIONS: OptionNames<SendOptions> = {
  ...CALL_OPTIONS,
  queue: true,
  selector: true,
  arg: true,
  shardingKey: true,
}

/**
 * Refuses what is no options of a send: a timeout that is no number would never end.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function checkSendOptions(options: SendOptions): void {
  checkOptions(options, SEND_OPTIONS, 'the options of the send')
  const { timeoutMs, signal, queue, selector, shardingKey } = options
  if (timeoutMs !== undefined) checkedMs('timeoutMs', timeoutMs)
  checkSignal(signal)
  if (queue === undefined && selector === undefined) return
  if (queue !== undefined && !isQueue(queue)) throw wrong('queue must have topic, brokerName and queueId')
  if (selector !== undefined && !isFunction(selector)) throw wrong('selector must be a function')
  if ([queue, selector, shardingKey].filter(each => each !== undefined).length > 1)
    throw wrong('give only one of queue, selector and shardingKey')
}

function isQueue(queue: unknown): boolean {
  if (typeof queue !== 'object' || queue === null) return false
  const { topic, brokerName, queueId } = queue as Partial<MessageQueue>
  return typeof topic === 'string' && typeof brokerName === 'string' && Number.isInteger(queueId)
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function wrong(says: string): RocketMQError {
  return new RocketMQError('INVALID_ARGUMENT', `the options of the send are wrong: ${says}`, { sent: 'NO' })
}
