import type { ConsumerRunningInfo, PopProcessQueueInfo, ProcessQueueInfo } from '../../commands/consumer-status'
import type { MessageQueue } from '../../model/message-queue'
import type { Clock } from '../../runtime/clock'
import type { PopQueueStats } from '../pop/pop-queue-stats'
import type { Subscriptions } from '../rebalance/subscriptions'
import { type RunningProperties, propertyTexts, runningProperties } from '../running-properties'
import { MIB, wallTime, wholeMiB } from '../told-values'
import type { Assignment } from './assignments'
import type { ConcurrencyStats } from './concurrency-control'
import type { ConsumeRates } from './consume-rates'
import type { Listener } from './listener'
import type { ResolvedPushConsumerOptions } from './push-consumer-options'
import type { QueueLocks } from './queue-locks'

/** What a push consumer's own account of itself is made from. */
export interface RunningInfoInput {
  readonly options: ResolvedPushConsumerOptions
  readonly listener: Listener
  readonly subscriptions: Pick<Subscriptions, 'all' | 'topics'>
  readonly assignments: readonly Assignment[]
  readonly popped: readonly PopQueueStats[]
  readonly locks: Pick<QueueLocks, 'isLocked' | 'heldForMs'> | undefined
  readonly rates: ConsumeRates
  readonly clock: Clock
  readonly nameServers: readonly string[]
  /** Wall time of the consumer's start, ms. */
  readonly startedAt: number
  /** Listener calls under way, and how many may be. */
  readonly listenersRunning: number
  readonly concurrency: ConcurrencyStats
  /** Whether what the consumer does at the moment is told, too. */
  readonly jstack: boolean
}

/** What the broker and RocketMQ's admin tool are told of a push consumer. No credentials are among it. */
export function runningInfo(input: RunningInfoInput): ConsumerRunningInfo {
  const { subscriptions, assignments, popped, rates, clock } = input
  const now = clock.monotonic()
  return {
    properties: propertyTexts(propertiesOf(input)),
    subscriptionSet: subscriptions.all,
    mqTable: assignments.map(each => [each.processQueue.queue, queueInfo(each, input)]),
    mqPopTable: popped.map(each => [each.queue, popQueueInfo(each, clock)]),
    statusTable: new Map(subscriptions.topics.map(topic => [topic, rates.of(topic).status(now)])),
    ...(input.jstack ? { jstack: currentWork(input) } : {}),
  }
}

function popQueueInfo({ cached, idleMs }: PopQueueStats, clock: Clock): PopProcessQueueInfo {
  return { waitAckCount: cached, droped: false, lastPopTimestamp: clock.now() - Math.round(idleMs) }
}

function propertiesOf(input: RunningInfoInput): RunningProperties {
  const { options, listener, nameServers, startedAt, concurrency } = input
  return {
    ...runningProperties(nameServers, 'CONSUME_PASSIVELY', startedAt),
    PROP_CONSUMEORDERLY: listener.ordered !== 'none',
    PROP_THREADPOOL_CORE_SIZE: concurrency.limit,
    ordered: listener.ordered,
    consumeMessageBatchMaxSize: listener.batchSize,
    messageModel: options.messageModel,
    consumeFromWhere: options.consumeFromWhere,
    allocateStrategy: options.allocateStrategy.name,
    pullBatchSize: options.pullBatchSize,
    pullThresholdForQueue: options.pullThresholdForQueue,
    pullThresholdSizeForQueue: options.pullThresholdSizeForQueue,
    pullThresholdForTopic: options.pullThresholdForTopic ?? -1,
    pullThresholdSizeForTopic: options.pullThresholdSizeForTopic ?? -1,
    consumeConcurrentlyMaxSpan: options.consumeConcurrentlyMaxSpan,
    maxReconsumeTimes: options.maxReconsumeTimes ?? -1,
    consumeTimeoutMs: options.consumeTimeoutMs,
  }
}

function queueInfo(
  { processQueue, pullLoop }: Assignment,
  { clock, listener, locks }: RunningInfoInput,
): ProcessQueueInfo {
  const { queue, count, bytes, commitOffset, lastOffset, running, sealed, lastBeganAt } = processQueue
  // Of what runs side by side there is no first and last.
  const inOrder = listener.ordered === 'queue' ? processQueue.heads(running) : []
  return {
    commitOffset,
    cachedMsgMinOffset: count === 0 ? 0 : commitOffset,
    cachedMsgMaxOffset: count === 0 ? 0 : lastOffset,
    cachedMsgCount: count,
    cachedMsgSizeInMiB: wholeMiB(bytes),
    transactionMsgMinOffset: inOrder[0]?.offset ?? 0,
    transactionMsgMaxOffset: inOrder.at(-1)?.offset ?? 0,
    transactionMsgCount: inOrder.length,
    locked: locks?.isLocked(queue) ?? false,
    tryUnlockTimes: 0,
    lastLockTimestamp: lastLockTime(queue, clock, locks),
    droped: sealed,
    lastPullTimestamp: wallTime(clock, pullLoop.lastPulledAt),
    lastConsumeTimestamp: wallTime(clock, lastBeganAt),
  }
}

function lastLockTime(queue: MessageQueue, clock: Clock, locks: RunningInfoInput['locks']): number {
  const heldForMs = locks?.heldForMs(queue) ?? Infinity
  return Number.isFinite(heldForMs) ? Math.round(clock.now() - heldForMs) : 0
}

/** What stands where a Java client shows its threads: what every queue's loop waits for, and who has which messages. */
function currentWork({ assignments, concurrency, listenersRunning, clock }: RunningInfoInput): string {
  const { rss, heapUsed } = process.memoryUsage()
  const now = clock.monotonic()
  const mib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`
  return [
    `listener calls: ${listenersRunning} of ${concurrency.limit}`,
    `memory: ${mib(rss)} resident, ${mib(heapUsed)} of heap used`,
    ...assignments.map(({ processQueue, pullLoop }) => {
      const { queue, count, held, running, nextBeginOffset } = processQueue
      const [first] = processQueue.heads(1)
      const busyMs = first?.state === 'running' ? `, the first of them for ${Math.round(now - first.startedAt)} ms` : ''
      return `${queue.topic} ${queue.brokerName} ${queue.queueId}: ${pullLoop.doing}; next pull at ${nextBeginOffset}; ${count} messages in hand, ${held} wait for a listener, ${running} are with one${busyMs}`
    }),
    '',
  ].join('\n')
}
