import { checkedMs, checkedRange } from '../client/checked-options'
import type { ClientOptions } from '../client/client-options'
import { type RateLimit, checkedRateLimit } from '../client/rate-limit'
import { CLIENT_OPTIONS } from '../client/resolve-client-options'
import type { TokenRate } from '../runtime/token-bucket'
import { checkedInterceptors } from '../runtime/interceptors'
import { RocketMQError } from '../errors'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../model/message-rules'
import { type OptionNames, checkOptions, checkedFlag } from '../model/option-checks'
import type { CompressionType } from '../model/sys-flag'
import { checkProducerGroup, checkTopic } from '../model/validators'
import type { AutoBatchSettings } from '../sending/auto-batcher'
import type { CompressionSettings } from '../sending/prepared-message'
import type { ForbiddenCheck } from '../sending/forbidden-check'
import type { SenderSettings } from '../sending/send-options'
import { type TraceOptions, checkedTraceTopic } from '../sending/trace-options'
import { MAX_MESSAGE_BYTES } from '../wire/remoting-command'
import { ROUTING_SAFETY_OPTIONS, type RoutingSafetyOptions, routingSafetyOf } from './routing-safety'
import { checkZstdEncoder } from '../wire/zstd'
import { type OutboxOptions, type ResolvedOutboxOptions, checkedOutbox } from './outbox/outbox-options'
import type { RecallInterceptor } from './recalls'
import type { SendInterceptor } from './send-interceptor'

/** Options of a producer; names and defaults are Java's unless told otherwise. */
export interface ProducerOptions extends ClientOptions, RoutingSafetyOptions {
  /** Name of the group; producers of one application share it. */
  readonly producerGroup: string
  /** Limit of a send with all its retries, ms; default 3000 (Java `sendMsgTimeout`). */
  readonly sendTimeoutMs?: number
  /** Tries beyond the first of `send`; default 2. */
  readonly retryTimesWhenSendFailed?: number
  /** Tries beyond the first of `sendAsync`; default 2. */
  readonly retryTimesWhenSendAsyncFailed?: number
  /** Send to another broker too where the first stored the message with a status other than SEND_OK; default false. */
  readonly retryAnotherBrokerWhenNotStoreOK?: boolean
  /** Bodies of at least this many bytes are compressed; default 4096. Batches never are. */
  readonly compressMsgBodyOverHowmuch?: number
  /**
   * How bodies are compressed; default ZLIB. Consumers before 4.9.4 inflate nothing else. ZSTD needs Node.js 22.15 or later
   * here, not where messages are read.
   */
  readonly compressType?: CompressionType
  /** Level, 0 to 9 of ZLIB, 1 to 22 of ZSTD; LZ4 has none. Default 5 (Java `rocketmq.message.compressLevel`). */
  readonly compressLevel?: number
  /**
   * Gather messages of single sends into batches, each with its own result; default false. Those with a delay, a priority,
   * a time limit or a signal of their own, of transactions, requests and retry topics, and those that are compressed go alone.
   */
  readonly autoBatch?: boolean
  /** With `autoBatch`: longest time that a message waits for others, ms; default 10. */
  readonly batchMaxDelayMs?: number
  /** With `autoBatch`: a batch of more bytes of bodies is sent at once; default 32768. */
  readonly batchMaxBytes?: number
  /** With `autoBatch`: with so many bytes of bodies gathered or not answered, messages go alone; default 33554432. */
  readonly totalBatchMaxBytes?: number
  /**
   * Largest body before compression, and largest part of a batch, bytes; default 4194304, at most 16515072, which with its
   * properties fits into a frame. Brokers have a limit of their own.
   */
  readonly maxMessageSize?: number
  /** Queues per broker of a topic that brokers create at its first message; default 4. */
  readonly defaultTopicQueueNums?: number
  /** The topic that new topics are created by; default TBW102. */
  readonly createTopicKey?: string
  /** Topics whose brokers hear of the producer from its start on, before it has sent anything; default none. */
  readonly topics?: readonly string[]
  /** Messages that may wait for their answer; `send` waits its turn beyond it, `sendAsync` fails. Default 10000. */
  readonly maxInFlight?: number
  /** The same in bytes of bodies; default 134217728. */
  readonly maxInFlightBytes?: number
  /**
   * Messages a second: `send` waits its turn beyond it, `sendAsync` fails. Retries do not count. Default: no limit. Ours.
   */
  readonly rateLimit?: RateLimit
  /** Requests that may wait for their reply; `request` waits its turn beyond it. Default 10000. */
  readonly maxRequests?: number
  /** What to do with timer messages for brokers before 5.0, which deliver them at once; default is to reject them. */
  readonly timerOnOldBrokers?: 'reject' | 'warn'
  /** Tells brokers of every send, end of a transaction and recall in a topic for traces; default false (Java `enableMsgTrace`). */
  readonly trace?: boolean | TraceOptions
  /** Messages that no broker takes wait on the local disk: `sendStatus` is `SPOOLED` then. Default: no outbox. Ours. */
  readonly outbox?: OutboxOptions
  /** Run around every send, the first one outermost. None means no step at all. */
  readonly interceptors?: readonly SendInterceptor[]
  /** Run before every try of a send, when its queue and broker are known: one that throws forbids it (Java `CheckForbiddenHook`). */
  readonly forbiddenChecks?: readonly ForbiddenCheck[]
  /** Run around every recall, the first one outermost. */
  readonly recallInterceptors?: readonly RecallInterceptor[]
}

export interface ResolvedProducerOptions extends SenderSettings {
  readonly producerGroup: string
  readonly topics: readonly string[]
  readonly compressMsgBodyOverHowmuch: number
  readonly compressType: CompressionType
  readonly compressLevel: number
  readonly autoBatch: AutoBatchSettings | undefined
  readonly maxMessageSize: number
  readonly maxInFlight: number
  readonly maxInFlightBytes: number
  /** Undefined where there is no limit. */
  readonly rateLimit: TokenRate | undefined
  readonly maxRequests: number
  /** Undefined where nothing is traced. */
  readonly traceTopic: string | undefined
  /** Undefined where there is none. */
  readonly outbox: ResolvedOutboxOptions | undefined
  readonly interceptors: readonly SendInterceptor[]
  readonly forbiddenChecks: readonly ForbiddenCheck[]
  readonly recallInterceptors: readonly RecallInterceptor[]
}

const PRODUCER_OPTIONS: OptionNames<ProducerOptions> = {
  ...CLIENT_OPTIONS,
  ...ROUTING_SAFETY_OPTIONS,
  producerGroup: true,
  sendTimeoutMs: true,
  retryTimesWhenSendFailed: true,
  retryTimesWhenSendAsyncFailed: true,
  retryAnotherBrokerWhenNotStoreOK: true,
  compressMsgBodyOverHowmuch: true,
  compressType: true,
  compressLevel: true,
  autoBatch: true,
  batchMaxDelayMs: true,
  batchMaxBytes: true,
  totalBatchMaxBytes: true,
  maxMessageSize: true,
  defaultTopicQueueNums: true,
  createTopicKey: true,
  topics: true,
  maxInFlight: true,
  maxInFlightBytes: true,
  rateLimit: true,
  maxRequests: true,
  timerOnOldBrokers: true,
  trace: true,
  outbox: true,
  interceptors: true,
  forbiddenChecks: true,
  recallInterceptors: true,
}

const MAX_RETRIES = 100
const MAX_INT = 0x7fffffff

/** Lowest and highest level; LZ4 has none, so that whatever is given with it is left alone. */
const COMPRESS_LEVELS = new Map<string, readonly [min: number, max: number]>([
  ['ZLIB', [0, 9]],
  ['LZ4', [0, 22]],
  ['ZSTD', [1, 22]],
])

/** @throws RocketMQError INVALID_GROUP, INVALID_TOPIC, INVALID_ARGUMENT, UNSUPPORTED_BY_RUNTIME */
export function resolveProducerOptions(options: ProducerOptions): ResolvedProducerOptions {
  checkOptions(options, PRODUCER_OPTIONS)
  checkProducerGroup(options.producerGroup)
  const createTopicKey = options.createTopicKey ?? 'TBW102'
  checkTopic(createTopicKey)
  const timerOnOldBrokers: string = options.timerOnOldBrokers ?? 'reject'
  if (timerOnOldBrokers !== 'reject' && timerOnOldBrokers !== 'warn') {
    throw new RocketMQError('INVALID_ARGUMENT', `timerOnOldBrokers is ${timerOnOldBrokers}; it must be reject or warn`)
  }
  const range = (name: keyof ProducerOptions, missing: number, min: number, max: number): number =>
    checkedRange(name, (options[name] as number | undefined) ?? missing, min, max)
  const settings: AutoBatchSettings = {
    batchMaxDelayMs: range('batchMaxDelayMs', 10, 1, 30_000),
    batchMaxBytes: range('batchMaxBytes', 32_768, 1, 2_097_152),
    totalBatchMaxBytes: range('totalBatchMaxBytes', 33_554_432, 1, MAX_INT),
  }
  return {
    producerGroup: options.producerGroup,
    topics: checkedTopics(options.topics ?? []),
    createTopicKey,
    timerOnOldBrokers,
    sendTimeoutMs: checkedMs('sendTimeoutMs', options.sendTimeoutMs ?? 3000),
    retryTimesWhenSendFailed: range('retryTimesWhenSendFailed', 2, 0, MAX_RETRIES),
    retryTimesWhenSendAsyncFailed: range('retryTimesWhenSendAsyncFailed', 2, 0, MAX_RETRIES),
    retryAnotherBrokerWhenNotStoreOK: checkedFlag(
      'retryAnotherBrokerWhenNotStoreOK',
      options.retryAnotherBrokerWhenNotStoreOK,
      false,
    ),
    compressMsgBodyOverHowmuch: range('compressMsgBodyOverHowmuch', 4096, 1, MAX_INT),
    ...routingSafetyOf(options),
    ...compressionOf(options),
    autoBatch: checkedFlag('autoBatch', options.autoBatch, false) ? settings : undefined,
    maxMessageSize: range('maxMessageSize', DEFAULT_MAX_MESSAGE_SIZE, 1, MAX_MESSAGE_BYTES),
    defaultTopicQueueNums: range('defaultTopicQueueNums', 4, 1, 65_535),
    maxInFlight: range('maxInFlight', 10_000, 1, 65_535),
    maxInFlightBytes: range('maxInFlightBytes', 134_217_728, 1, MAX_INT),
    rateLimit: checkedRateLimit(options.rateLimit),
    maxRequests: range('maxRequests', 10_000, 1, 65_535),
    traceTopic: checkedTraceTopic(options.trace),
    outbox: checkedOutbox(options.outbox),
    interceptors: checkedInterceptors(options.interceptors),
    recallInterceptors: checkedInterceptors(options.recallInterceptors, 'recallInterceptors'),
    forbiddenChecks: checkedInterceptors(options.forbiddenChecks, 'forbiddenChecks'),
  }
}

function compressionOf({ compressType = 'ZLIB', compressLevel = 5 }: ProducerOptions): CompressionSettings {
  const levels = COMPRESS_LEVELS.get(compressType)
  if (levels === undefined)
    throw new RocketMQError('INVALID_ARGUMENT', `compressType is ${compressType}; it must be ZLIB, LZ4 or ZSTD`)
  if (compressType === 'ZSTD') checkZstdEncoder()
  return { compressType, compressLevel: checkedRange('compressLevel', compressLevel, ...levels) }
}

function checkedTopics(topics: readonly string[]): readonly string[] {
  const given: unknown = topics
  if (!Array.isArray(given)) throw new RocketMQError('INVALID_ARGUMENT', 'topics must be a list of topic names')
  topics.forEach(checkTopic)
  return [...topics]
}
