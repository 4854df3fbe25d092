import { checkedMs, checkedRange } from '../../client/checked-options'
import type { ClientOptions } from '../../client/client-options'
import { CLIENT_OPTIONS } from '../../client/resolve-client-options'
import type { MessageModel } from '../../model/consumer-types'
import { type OptionNames, checkOptions } from '../../model/option-checks'
import type { AllocateMessageQueueStrategy } from '../allocate/allocate-strategy'
import { type ResolvedGroupOptions, resolveGroupOptions } from '../group-options'
import type { MessageFilter } from '../message-filter'
import type { OffsetStore } from '../offsets/offset-store'
import { type SuspendTimes, suspendTimes } from './suspend-times'

/** Options of a pull consumer; names and defaults are Java's unless told otherwise. */
export interface PullConsumerOptions extends ClientOptions {
  /** Name of the group that offsets are kept for; no push consumer should share it. */
  readonly consumerGroup: string
  /** CLUSTERING keeps offsets on the brokers and shares scheduled queues, BROADCASTING neither; default CLUSTERING. */
  readonly messageModel?: MessageModel
  /** Shares scheduled queues among members; all members need the same. Default AVG. */
  readonly allocateStrategy?: AllocateMessageQueueStrategy
  /** Where offsets are kept; default on the brokers, for broadcasting in a local file. */
  readonly offsetStore?: OffsetStore
  /** Folder of the offset files of broadcasting; default `.rocketmq_offsets` in the home folder. */
  readonly localOffsetStoreDir?: string
  /**
   * Broadcasting: has brokers keep the offsets of this member, under the group `consumerGroup|key`, rather than a file of this
   * host. The key must be the same at each start of this member, and another one for each member. Letters, digits, `_` and `-`.
   */
  readonly broadcastOffsetKey?: string
  /** Limit of a `pull`, ms; default 10000. */
  readonly consumerPullTimeoutMs?: number
  /** How long a broker may hold a `pullBlockIfNotFound` while there is nothing new, ms; default 20000. */
  readonly brokerSuspendMaxTimeMs?: number
  /** Limit of a `pullBlockIfNotFound`, ms, at least `brokerSuspendMaxTimeMs`; default 30000, or 10000 more than that. */
  readonly consumerTimeoutWhenSuspendMs?: number
  /** Tries after which a message that is sent back goes to the dead letters, 0 to 2147483647; default 16. */
  readonly maxReconsumeTimes?: number
  /** Drop messages after they were pulled, before anybody sees them; each must return true for a message that is wanted. */
  readonly messageFilters?: readonly MessageFilter[]
}

export interface ResolvedPullConsumerOptions extends ResolvedGroupOptions, SuspendTimes {
  readonly consumerPullTimeoutMs: number
  readonly maxReconsumeTimes: number
}

const PULL_CONSUMER_OPTIONS: OptionNames<PullConsumerOptions> = {
  ...CLIENT_OPTIONS,
  consumerGroup: true,
  messageModel: true,
  allocateStrategy: true,
  offsetStore: true,
  localOffsetStoreDir: true,
  broadcastOffsetKey: true,
  consumerPullTimeoutMs: true,
  brokerSuspendMaxTimeMs: true,
  consumerTimeoutWhenSuspendMs: true,
  maxReconsumeTimes: true,
  messageFilters: true,
}
const MAX_INT = 0x7fffffff

/** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT */
export function resolvePullConsumerOptions(options: PullConsumerOptions): ResolvedPullConsumerOptions {
  checkOptions(options, PULL_CONSUMER_OPTIONS)
  return {
    ...resolveGroupOptions(options),
    ...suspendTimes(options),
    consumerPullTimeoutMs: checkedMs('consumerPullTimeoutMs', options.consumerPullTimeoutMs ?? 10_000),
    maxReconsumeTimes: checkedRange('maxReconsumeTimes', options.maxReconsumeTimes ?? 16, 0, MAX_INT),
  }
}
