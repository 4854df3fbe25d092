import type { ClientInstance } from '../../client/client-instance'
import { GET_CONSUMER_STATUS_FROM_CLIENT } from '../../commands/callback'
import type { ReplyOf, RequestOf } from '../../commands/command'
import { CONSUME_MESSAGE_DIRECTLY, GET_CONSUMER_RUNNING_INFO } from '../../commands/consumer-status'
import { retryTopic } from '../../model/names'
import { PendingWork } from '../../runtime/pending-work'
import type { OffsetStore } from '../offsets/offset-store'
import type { PopQueueStats } from '../pop/pop-queue-stats'
import type { Subscriptions } from '../rebalance/subscriptions'
import type { Assignments } from './assignments'
import type { ConcurrencyControl } from './concurrency-control'
import { consumeDirectly, readRecord } from './consume-directly'
import type { ConsumeRates } from './consume-rates'
import type { ConsumeService } from './consume-service'
import type { Listener } from './listener'
import type { ResolvedPushConsumerOptions } from './push-consumer-options'
import type { QueueLocks } from './queue-locks'
import { runningInfo } from './running-info'

export interface BrokerQuestionsOptions {
  readonly client: ClientInstance
  readonly options: ResolvedPushConsumerOptions
  readonly listener: Listener
  readonly subscriptions: Subscriptions
  readonly assignments: Pick<Assignments, 'all'>
  readonly pop: { readonly stats: readonly PopQueueStats[] } | undefined
  readonly service: Pick<ConsumeService, 'running'>
  readonly offsetStore: Pick<OffsetStore, 'current'>
  readonly locks: QueueLocks | undefined
  readonly rates: ConsumeRates
  readonly pace: { readonly concurrency: Pick<ConcurrencyControl, 'stats'> }
}

type DirectRequest = RequestOf<typeof CONSUME_MESSAGE_DIRECTLY>

/** Answers what administrators ask a push consumer by way of a broker: what it does, how far it is, to handle one message. */
export class BrokerQuestions {
  readonly #options: BrokerQuestionsOptions
  readonly #startedAt: number
  readonly #abort = new AbortController()
  /** Listener calls for single messages. */
  readonly #calls = new PendingWork()
  #cleanups: (() => void)[] = []

  constructor(options: BrokerQuestionsOptions) {
    this.#options = options
    this.#startedAt = options.client.clock.now()
  }

  listen(): void {
    const { client, options } = this.#options
    const group = options.consumerGroup
    this.#cleanups = [
      client.handle(GET_CONSUMER_RUNNING_INFO, group, request => this.#runningInfo(request)),
      client.handle(GET_CONSUMER_STATUS_FROM_CLIENT, group, request => this.#status(request)),
      client.handle(CONSUME_MESSAGE_DIRECTLY, group, request => this.#consumeDirectly(request)),
    ]
  }

  /** Answers no more; resolves when the listener calls that were asked for have ended. */
  async stop(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0)) cleanup()
    await this.#calls.settled()
  }

  /** The signal of listener calls that still run is aborted. */
  abort(): void {
    this.#abort.abort()
  }

  #runningInfo({ header }: RequestOf<typeof GET_CONSUMER_RUNNING_INFO>): ReplyOf<typeof GET_CONSUMER_RUNNING_INFO> {
    const { client, assignments, pop, service, pace } = this.#options
    const body = runningInfo({
      ...this.#options,
      assignments: assignments.all,
      popped: pop?.stats ?? [],
      clock: client.clock,
      nameServers: client.nameServers.addresses,
      startedAt: this.#startedAt,
      listenersRunning: service.running + this.#calls.size,
      concurrency: pace.concurrency.stats,
      jstack: header.jstackEnable === true,
    })
    return { code: 'SUCCESS', body }
  }

  #status({
    header,
  }: RequestOf<typeof GET_CONSUMER_STATUS_FROM_CLIENT>): ReplyOf<typeof GET_CONSUMER_STATUS_FROM_CLIENT> {
    const { assignments, offsetStore } = this.#options
    const ofTopic = assignments.all.filter(({ processQueue }) => processQueue.queue.topic === header.topic)
    const messageQueueTable = ofTopic.map(
      ({ processQueue: { queue, commitOffset } }) => [queue, offsetStore.current(queue) ?? commitOffset] as const,
    )
    return { code: 'SUCCESS', body: { messageQueueTable } }
  }

  async #consumeDirectly({ header, body }: DirectRequest): Promise<ReplyOf<typeof CONSUME_MESSAGE_DIRECTLY>> {
    return { code: 'SUCCESS', body: await this.#calls.add(this.#call(header, body as Buffer)) }
  }

  async #call({ brokerName = '' }: DirectRequest['header'], record: Buffer) {
    const { listener, client, options } = this.#options
    const { consumerGroup } = options
    const message = await readRecord(record, { brokerName, retryTopic: retryTopic(consumerGroup), names: client.names })
    const messageQueue = { topic: message.topic, brokerName, queueId: message.queueId }
    const context = { consumerGroup, messageQueue, signal: this.#abort.signal }
    return consumeDirectly(listener, message, { context, clock: client.clock })
  }
}
