import { checkedRange } from '../../client/checked-options'
import type { ClientOptions } from '../../client/client-options'
import { CLIENT_OPTIONS } from '../../client/resolve-client-options'
import type { ConsumeFromWhere, MessageModel } from '../../model/consumer-types'
import { type OptionNames, checkOptions, checkedFlag } from '../../model/option-checks'
import { type TraceOptions, checkedTraceTopic } from '../../sending/trace-options'
import type { AllocateMessageQueueStrategy } from '../allocate/allocate-strategy'
import { GROUP_OPTIONS, type ResolvedGroupOptions, resolveGroupOptions } from '../group-options'
import { type CheckedLagThresholds, type LagThresholds, checkedLagThresholds } from '../lag/lag-thresholds'
import type { MessageFilter } from '../message-filter'
import type { OffsetStore } from '../offsets/offset-store'
import { type SuspendTimes, suspendTimes } from '../pull/suspend-times'

/** Options of a lite pull consumer; names and defaults are Java's unless told otherwise. */
export interface LitePullConsumerOptions extends ClientOptions {
  /** Name of the group; with `subscribe` its members share the messages and must subscribe to the same. */
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
  /** Most messages of one pull, and so of one `poll`, 1 to 1024; default 10. Brokers have a limit of their own. */
  readonly pullBatchSize?: number
  /** Messages in hand of all queues together beyond which pulling waits, 1 to 6553500; default 10000. */
  readonly pullThresholdForAll?: number
  /** Messages in hand per queue beyond which pulling waits, 1 to 65535; default 1000. */
  readonly pullThresholdForQueue?: number
  /** MiB in hand per queue beyond which pulling waits, 1 to 1024; default 100. */
  readonly pullThresholdSizeForQueue?: number
  /** Distance from the first to the last message in hand of a queue beyond which pulling waits, 1 to 65535; default 2000. */
  readonly consumeMaxSpan?: number
  /** What `poll` has returned counts as consumed at the next `poll`, and is committed by itself; default true. */
  readonly autoCommit?: boolean
  /** How often what is consumed is committed, ms, 1000 to 2147483647; default 5000. */
  readonly autoCommitIntervalMs?: number
  /** How long `poll` waits where it is not told, ms, 0 to 2147483647; default 5000. */
  readonly pollTimeoutMs?: number
  /** How often watched topics are looked at for queues that are new or gone, ms; default 30000. */
  readonly topicMetadataCheckIntervalMs?: number
  /** How long a broker may hold a pull while there is nothing new, ms; default 20000. */
  readonly brokerSuspendMaxTimeMs?: number
  /** Limit of the wait for the answer to such a pull, ms, at least `brokerSuspendMaxTimeMs`; default 30000, or 10000 more than that. */
  readonly consumerTimeoutWhenSuspendMs?: number
  /** How often commits that were not written down at once are, ms; default 5000. */
  readonly persistConsumerOffsetIntervalMs?: number
  /** Tells brokers of every message that `poll` returns, in a topic for traces; default false (Java `enableMsgTrace`). */
  readonly trace?: boolean | TraceOptions
  /** Lag beyond which the event `lag` tells of it, in messages and age, in all and per queue; default: none, brokers are not asked. */
  readonly lagThresholds?: LagThresholds
  /** Drop messages after they were pulled, before anybody sees them; each must return true for a message that is wanted. */
  readonly messageFilters?: readonly MessageFilter[]
}

export interface ResolvedLitePullConsumerOptions extends ResolvedGroupOptions, SuspendTimes {
  readonly pullBatchSize: number
  readonly pullThresholdForAll: number
  readonly pullThresholdForQueue: number
  readonly pullThresholdSizeForQueue: number
  readonly consumeMaxSpan: number
  readonly autoCommit: boolean
  readonly autoCommitIntervalMs: number
  readonly pollTimeoutMs: number
  readonly topicMetadataCheckIntervalMs: number
  readonly lagThresholds: CheckedLagThresholds | undefined
  /** Undefined where nothing is traced. */
  readonly traceTopic: string | undefined
}

const LITE_PULL_CONSUMER_OPTIONS: OptionNames<LitePullConsumerOptions> = {
  ...CLIENT_OPTIONS,
  ...GROUP_OPTIONS,
  pullBatchSize: true,
  pullThresholdForAll: true,
  pullThresholdForQueue: true,
  pullThresholdSizeForQueue: true,
  consumeMaxSpan: true,
  autoCommit: true,
  autoCommitIntervalMs: true,
  pollTimeoutMs: true,
  topicMetadataCheckIntervalMs: true,
  brokerSuspendMaxTimeMs: true,
  consumerTimeoutWhenSuspendMs: true,
  trace: true,
  lagThresholds: true,
}
const MAX_INT = 0x7fffffff
const MIN_AUTO_COMMIT_MS = 1000

/** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT */
export function resolveLitePullConsumerOptions(options: LitePullConsumerOptions): ResolvedLitePullConsumerOptions {
  checkOptions(options, LITE_PULL_CONSUMER_OPTIONS)
  const range = (name: keyof LitePullConsumerOptions, missing: number, min: number, max: number): number =>
    checkedRange(name, (options[name] as number | undefined) ?? missing, min, max)
  return {
    ...resolveGroupOptions(options),
    pullBatchSize: range('pullBatchSize', 10, 1, 1024),
    pullThresholdForAll: range('pullThresholdForAll', 10_000, 1, 6_553_500),
    pullThresholdForQueue: range('pullThresholdForQueue', 1000, 1, 65_535),
    pullThresholdSizeForQueue: range('pullThresholdSizeForQueue', 100, 1, 1024),
    consumeMaxSpan: range('consumeMaxSpan', 2000, 1, 65_535),
    autoCommit: checkedFlag('autoCommit', options.autoCommit, true),
    autoCommitIntervalMs: range('autoCommitIntervalMs', 5000, MIN_AUTO_COMMIT_MS, MAX_INT),
    pollTimeoutMs: range('pollTimeoutMs', 5000, 0, MAX_INT),
    topicMetadataCheckIntervalMs: range('topicMetadataCheckIntervalMs', 30_000, 1, MAX_INT),
    lagThresholds: checkedLagThresholds(options.lagThresholds),
    traceTopic: checkedTraceTopic(options.trace),
    ...suspendTimes(options),
  }
}
