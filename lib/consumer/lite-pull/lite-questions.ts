import type { ClientInstance } from '../../client/client-instance'
import { GET_CONSUMER_STATUS_FROM_CLIENT } from '../../commands/callback'
import {
  type ConsumerRunningInfo,
  GET_CONSUMER_RUNNING_INFO,
  type ProcessQueueInfo,
} from '../../commands/consumer-status'
import type { MessageQueue } from '../../model/message-queue'
import type { OffsetStore } from '../offsets/offset-store'
import { propertyTexts, runningProperties } from '../running-properties'
import { wallTime, wholeMiB } from '../told-values'
import type { AssignedQueues } from './assigned-queues'
import type { Interest } from './interest'
import type { ResolvedLitePullConsumerOptions } from './lite-pull-consumer-options'

export interface LiteQuestionsOptions {
  readonly client: ClientInstance
  readonly options: ResolvedLitePullConsumerOptions
  readonly interest: Interest
  readonly queues: Pick<AssignedQueues, 'all'>
  readonly offsetStore: Pick<OffsetStore, 'current'>
}

type Entry = AssignedQueues['all'][number]

/** Answers what administrators ask a lite pull consumer by way of a broker: what it does, and how far it is. */
export class LiteQuestions {
  readonly #options: LiteQuestionsOptions
  readonly #startedAt: number

  constructor(options: LiteQuestionsOptions) {
    this.#options = options
    this.#startedAt = options.client.clock.now()
  }

  /** Begins to answer; the returned functions end that. */
  listen(): (() => void)[] {
    const { client, options } = this.#options
    const group = options.consumerGroup
    return [
      client.handle(GET_CONSUMER_RUNNING_INFO, group, ({ header }) => ({
        code: 'SUCCESS' as const,
        body: this.#runningInfo(header.jstackEnable === true),
      })),
      client.handle(GET_CONSUMER_STATUS_FROM_CLIENT, group, ({ header }) => {
        const ofTopic = this.#options.queues.all.filter(({ assigned }) => assigned.queue.topic === header.topic)
        const messageQueueTable = ofTopic.map(entry => [entry.assigned.queue, this.#committed(entry)] as const)
        return { code: 'SUCCESS' as const, body: { messageQueueTable } }
      }),
    ]
  }

  #runningInfo(jstack: boolean): ConsumerRunningInfo {
    const { client, options, interest, queues } = this.#options
    const { allocateStrategy, ...plain } = options
    const told = Object.entries(plain).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    const properties = {
      ...runningProperties(client.nameServers.addresses, 'CONSUME_ACTIVELY', this.#startedAt),
      ...(Object.fromEntries(told) as Record<string, string | number | boolean>),
      allocateStrategy: allocateStrategy.name,
    }
    return {
      properties: propertyTexts(properties),
      subscriptionSet: interest.isShared ? interest.subscriptions.all : interest.chosen,
      mqTable: queues.all.map((entry): [MessageQueue, ProcessQueueInfo] => [
        entry.assigned.queue,
        this.#queueInfo(entry),
      ]),
      statusTable: new Map(),
      ...(jstack ? { jstack: queues.all.map(currentWork).join('') } : {}),
    }
  }

  #queueInfo(entry: Entry): ProcessQueueInfo {
    const { clock } = this.#options.client
    const { count, bytes, polled, lastOffset, dropped, lastPolledAt } = entry.assigned
    return {
      commitOffset: this.#committed(entry),
      cachedMsgMinOffset: count === 0 ? 0 : polled,
      cachedMsgMaxOffset: count === 0 ? 0 : lastOffset,
      cachedMsgCount: count,
      cachedMsgSizeInMiB: wholeMiB(bytes),
      transactionMsgMinOffset: 0,
      transactionMsgMaxOffset: 0,
      transactionMsgCount: 0,
      locked: false,
      tryUnlockTimes: 0,
      lastLockTimestamp: 0,
      droped: dropped,
      lastPullTimestamp: wallTime(clock, entry.loop.lastPulledAt),
      lastConsumeTimestamp: wallTime(clock, lastPolledAt),
    }
  }

  #committed({ assigned }: Entry): number {
    return this.#options.offsetStore.current(assigned.queue) ?? assigned.consumed
  }
}

/** What stands where a Java client shows its threads. */
function currentWork({ assigned, loop }: Entry): string {
  const { queue, count, polled, consumed, course } = assigned
  const place = `${queue.topic} ${queue.brokerName} ${queue.queueId}`
  return `${place}: ${loop.doing}; next pull at ${course.offset}; ${count} messages in hand, polled up to ${polled}, consumed up to ${consumed}\n`
}
