import { checkedMs, checkedRange } from '../../client/checked-options'
import type { ClientOptions } from '../../client/client-options'
import { CLIENT_OPTIONS } from '../../client/resolve-client-options'
import { RocketMQError } from '../../errors'
import { checkedInterceptors } from '../../runtime/interceptors'
import type { ConsumeFromWhere, MessageModel } from '../../model/consumer-types'
import { type OptionNames, checkOptions, checkedFlag } from '../../model/option-checks'
import { type TraceOptions, checkedTraceTopic } from '../../sending/trace-options'
import type { AllocateMessageQueueStrategy } from '../allocate/allocate-strategy'
import { GROUP_OPTIONS, type ResolvedGroupOptions, checkedName, resolveGroupOptions } from '../group-options'
import { type CheckedLagThresholds, type LagThresholds, checkedLagThresholds } from '../lag/lag-thresholds'
import type { MessageFilter } from '../message-filter'
import type { OffsetStore } from '../offsets/offset-store'
import { type ConcurrencyRange, checkedConcurrency } from './concurrency-range'
import type { ConsumeInterceptor } from './consume-interceptor'
import type { Listener } from './listener'
import { type RateLimit, checkedRateLimit } from '../../client/rate-limit'

/** Options of a push consumer; names, defaults and ranges are Java's unless told otherwise. */
export interface PushConsumerOptions extends ClientOptions {
  /** Name of the group; its members share the messages and must subscribe to the same. */
  readonly consumerGroup: string
  /** CLUSTERING shares queues among the members, BROADCASTING gives each member all; default CLUSTERING. */
  readonly messageModel?: MessageModel
  /** Where a group begins that never committed; default CONSUME_FROM_LAST_OFFSET. */
  readonly consumeFromWhere?: ConsumeFromWhere
  /** For CONSUME_FROM_TIMESTAMP: a Date, milliseconds since 1970, or Java's `yyyyMMddHHmmss` in local time; default 30 minutes ago. */
  readonly consumeTimestamp?: Date | number | string
  /** Shares queues among members; all members need the same. Default AVG. */
  readonly allocateStrategy?: AllocateMessageQueueStrategy
  /** Where progress is kept; default on the brokers, for broadcasting in a local file. */
  readonly offsetStore?: OffsetStore
  /** Folder of the offset files of broadcasting; default `.rocketmq_offsets` in the home folder. */
  readonly localOffsetStoreDir?: string
  /**
   * Broadcasting: has brokers keep the offsets of this member, under the group `consumerGroup|key`, rather than a file of this
   * host. The key must be the same at each start of this member, and another one for each member. Letters, digits, `_` and `-`.
   */
  readonly broadcastOffsetKey?: string
  /** Messages of one pull, 1 to 1024; default 32. Brokers have a limit of their own. */
  readonly pullBatchSize?: number
  /** Bytes of one pull, 1 and up; default 262144. Brokers from 5.0. */
  readonly pullBatchSizeInBytes?: number
  /** Pause between pulls of a queue, ms, 0 to 65535; default 0. */
  readonly pullIntervalMs?: number
  /** Messages in hand per queue beyond which pulling waits, 1 to 65535; default 1000. */
  readonly pullThresholdForQueue?: number
  /** MiB in hand per queue beyond which pulling waits, 1 to 1024; default 100. */
  readonly pullThresholdSizeForQueue?: number
  /**
   * Messages in hand of all queues together, 1 to 6553500: each queue may have its share of it, at least one message, in
   * place of `pullThresholdForQueue`; default, and Java's -1: no such limit.
   */
  readonly pullThresholdForTopic?: number
  /** The same in MiB, 1 to 102400; default, and Java's -1: no such limit. */
  readonly pullThresholdSizeForTopic?: number
  /**
   * Concurrent listeners, and order by key: distance from the first message that is not handled to the last one that was
   * pulled beyond which pulling waits, 1 to 65535; default 2000. It bounds what comes again after a crash.
   */
  readonly consumeConcurrentlyMaxSpan?: number
  /** Failures after which a message goes to the dead letters; default 16, and never where queues are kept in order. */
  readonly maxReconsumeTimes?: number
  /** In order: how long a queue, or a key, stands still after a failure, ms, used within 10 to 30000; default 1000. */
  readonly suspendCurrentQueueTimeMs?: number
  /** A listener may take so long, ms; default 900000. Concurrent ones have their message delivered again, of others it is told. */
  readonly consumeTimeoutMs?: number
  /** How often progress is written down, ms; default 5000. */
  readonly persistConsumerOffsetIntervalMs?: number
  /** Send the subscription with every pull, for brokers that lost the heartbeat's; default false. */
  readonly postSubscriptionWhenPull?: boolean
  /** Drop messages after they were pulled, before anybody sees them; each must return true for a message that is wanted. */
  readonly messageFilters?: readonly MessageFilter[]
  /** Run around every call of the listener, the first one outermost. None means no step at all. */
  readonly interceptors?: readonly ConsumeInterceptor[]
  /** Tells brokers of every call of the listener, before and after, in a topic for traces; default false (Java `enableMsgTrace`). */
  readonly trace?: boolean | TraceOptions
  /** Lag beyond which the event `lag` tells of it, in messages and age, in all and per queue; default: none, brokers are not asked. */
  readonly lagThresholds?: LagThresholds
  /**
   * False has brokers share the queues and say for each topic, as an administrator has set it, whether it is pulled or popped;
   * brokers from 5.0. Not with `ordered: 'key'`, and by the strategies AVG and AVG_BY_CIRCLE alone; without effect on
   * broadcasting; default true.
   */
  readonly clientRebalance?: boolean
  /** Popped messages are hidden from others for this long, and longer while a listener works, ms, 5000 to 300000; default 60000. */
  readonly popInvisibleTimeMs?: number
  /** Messages of one pop, 1 to 32; default 32. */
  readonly popBatchNums?: number
  /** Popped messages in hand of one assigned queue, or broker, beyond which popping waits, 1 to 65535; default 96. */
  readonly popThresholdForQueue?: number
}

export interface ResolvedPushConsumerOptions extends ResolvedGroupOptions {
  readonly pullBatchSize: number
  readonly pullBatchSizeInBytes: number
  readonly pullIntervalMs: number
  readonly pullThresholdForQueue: number
  readonly pullThresholdSizeForQueue: number
  readonly pullThresholdForTopic: number | undefined
  readonly pullThresholdSizeForTopic: number | undefined
  readonly consumeConcurrentlyMaxSpan: number
  readonly maxReconsumeTimes: number | undefined
  readonly suspendCurrentQueueTimeMs: number
  readonly consumeTimeoutMs: number
  readonly postSubscriptionWhenPull: boolean
  readonly clientRebalance: boolean
  readonly popInvisibleTimeMs: number
  readonly popBatchNums: number
  readonly popThresholdForQueue: number
  readonly interceptors: readonly ConsumeInterceptor[]
  readonly lagThresholds: CheckedLagThresholds | undefined
  /** Undefined where nothing is traced. */
  readonly traceTopic: string | undefined
}

const PUSH_CONSUMER_OPTIONS: OptionNames<PushConsumerOptions> = {
  ...CLIENT_OPTIONS,
  ...GROUP_OPTIONS,
  pullBatchSize: true,
  pullBatchSizeInBytes: true,
  pullIntervalMs: true,
  pullThresholdForQueue: true,
  pullThresholdSizeForQueue: true,
  pullThresholdForTopic: true,
  pullThresholdSizeForTopic: true,
  consumeConcurrentlyMaxSpan: true,
  maxReconsumeTimes: true,
  suspendCurrentQueueTimeMs: true,
  consumeTimeoutMs: true,
  postSubscriptionWhenPull: true,
  interceptors: true,
  trace: true,
  lagThresholds: true,
  clientRebalance: true,
  popInvisibleTimeMs: true,
  popBatchNums: true,
  popThresholdForQueue: true,
}
const CONSUME_OPTIONS: OptionNames<ConsumeOptions> = {
  ordered: true,
  batchSize: true,
  concurrency: true,
  rateLimit: true,
}
const MAX_INT = 0x7fffffff
/** Those of 5.5.0 (Java `QueryAssignmentProcessor`). */
const BROKER_STRATEGIES: readonly string[] = ['AVG', 'AVG_BY_CIRCLE']

/** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT */
export function resolvePushConsumerOptions(options: PushConsumerOptions): ResolvedPushConsumerOptions {
  checkOptions(options, PUSH_CONSUMER_OPTIONS)
  const range = (name: keyof PushConsumerOptions, missing: number, min: number, max: number): number =>
    checkedRange(name, (options[name] as number | undefined) ?? missing, min, max)
  // Java's -1 stands for no such limit.
  const ifAny = (name: keyof PushConsumerOptions, max: number): number | undefined =>
    (options[name] ?? -1) === -1 ? undefined : range(name, -1, 1, max)
  const { maxReconsumeTimes = -1 } = options
  checkedRange('maxReconsumeTimes', maxReconsumeTimes, -1, MAX_INT)
  const group = resolveGroupOptions(options)
  return {
    ...group,
    pullBatchSize: range('pullBatchSize', 32, 1, 1024),
    pullBatchSizeInBytes: range('pullBatchSizeInBytes', 262_144, 1, MAX_INT),
    pullIntervalMs: range('pullIntervalMs', 0, 0, 65_535),
    pullThresholdForQueue: range('pullThresholdForQueue', 1000, 1, 65_535),
    pullThresholdSizeForQueue: range('pullThresholdSizeForQueue', 100, 1, 1024),
    pullThresholdForTopic: ifAny('pullThresholdForTopic', 6_553_500),
    pullThresholdSizeForTopic: ifAny('pullThresholdSizeForTopic', 102_400),
    consumeConcurrentlyMaxSpan: range('consumeConcurrentlyMaxSpan', 2000, 1, 65_535),
    // Java's -1 stands for the default of the listener's kind.
    maxReconsumeTimes: maxReconsumeTimes === -1 ? undefined : maxReconsumeTimes,
    suspendCurrentQueueTimeMs: range('suspendCurrentQueueTimeMs', 1000, 0, MAX_INT),
    consumeTimeoutMs: checkedMs('consumeTimeoutMs', options.consumeTimeoutMs ?? 900_000),
    postSubscriptionWhenPull: checkedFlag('postSubscriptionWhenPull', options.postSubscriptionWhenPull, false),
    clientRebalance: checkedRebalance(checkedFlag('clientRebalance', options.clientRebalance, true), group),
    popInvisibleTimeMs: range('popInvisibleTimeMs', 60_000, 5000, 300_000),
    popBatchNums: range('popBatchNums', 32, 1, 32),
    popThresholdForQueue: range('popThresholdForQueue', 96, 1, 65_535),
    interceptors: checkedInterceptors(options.interceptors),
    lagThresholds: checkedLagThresholds(options.lagThresholds),
    traceTopic: checkedTraceTopic(options.trace),
  }
}

/** @throws RocketMQError INVALID_ARGUMENT where brokers are to share queues by a strategy that they do not know: nobody would get any */
function checkedRebalance(clientRebalance: boolean, group: ResolvedGroupOptions): boolean {
  const { name } = group.allocateStrategy
  if (clientRebalance || group.messageModel === 'BROADCASTING' || BROKER_STRATEGIES.includes(name))
    return clientRebalance
  const known = BROKER_STRATEGIES.join(' and ')
  const says = `with clientRebalance: false brokers share the queues, and know the strategies ${known} only, not ${name}`
  throw new RocketMQError('INVALID_ARGUMENT', says, { group: group.consumerGroup })
}

/** How listeners are called. */
export interface ConsumeOptions {
  /**
   * `'none'`: any order, several at a time. `'queue'`: the messages of each queue strictly in order, several queues at a time.
   * `'key'`: those with the same sharding key in order, different keys side by side. Default `'none'`.
   */
  readonly ordered?: 'none' | 'queue' | 'key'
  /** Most messages of one call, with `'key'` all of one sharding key, 1 to 1024; default 1 (Java `consumeMessageBatchMaxSize`). */
  readonly batchSize?: number
  /**
   * Calls at a time, 1 to 1000; default 20 (Java `consumeThreadMax`). With `{ min, max }` it moves between these: up while
   * messages wait and more calls get more done, down where calls become slow, the event loop lags, or places are not used.
   */
  readonly concurrency?: number | ConcurrencyRange
  /** Messages that the listener is given in a second; default: no limit. */
  readonly rateLimit?: RateLimit
}

/** @throws RocketMQError INVALID_ARGUMENT */
export function resolveConsumeOptions(options: ConsumeOptions): Omit<Listener, 'listener'> {
  checkOptions(options, CONSUME_OPTIONS)
  return {
    ordered: checkedName('ordered', options.ordered ?? 'none', ['none', 'queue', 'key']),
    batchSize: checkedRange('batchSize', options.batchSize ?? 1, 1, 1024),
    concurrency: checkedConcurrency(options.concurrency),
    rateLimit: checkedRateLimit(options.rateLimit),
  }
}
