import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminClient,
  type ClientOptions,
  type ConsumeConcurrentlyResult,
  type EachMessage,
  LitePullConsumer,
  type LitePullConsumerOptions,
  Producer,
  type ProducerOptions,
  PullConsumer,
  type PullConsumerOptions,
  PushConsumer,
  type PushConsumerOptions,
  type RocketMQError,
  SimpleConsumer,
  type SimpleConsumerOptions,
  type SubscriptionExpression,
  TransactionProducer,
  type TransactionProducerOptions,
} from '../../lib/index'
import type { Emulator } from '../../lib/emulator/index'
import { contractTarget } from '../contract/real/target'
import { Inbox } from './inbox'
import type { RunningCluster } from './running-cluster'
import { Changes, type Wait } from './until'

/** A consumer that keeps what it receives. */
export interface Reader {
  readonly consumer: PushConsumer
  readonly inbox: Inbox
}

/** Options of a consumer, with a group and a start at the beginning where none are given. */
export type ConsumerSettings = Partial<PushConsumerOptions>

/**
 * In a contract run many servers and tests share a machine. That one has not answered for the 3 s of the default, or that a
 * start is not done after 10 s, says nothing there.
 */
const IS_BUSY = contractTarget() !== undefined
const BUSY = { requestTimeoutMs: 12_000 }
/** For the starts of producers and consumers. */
export const PATIENTLY = IS_BUSY ? { timeoutMs: 60_000 } : {}

/** What one test works with on its cluster. Whatever it makes here is shut down after it, also when it fails. */
export class Site {
  readonly kind: RunningCluster['kind']
  readonly version: RunningCluster['version']
  readonly namesrvAddr: string
  readonly brokers: RunningCluster['brokers']
  readonly nameServers: RunningCluster['nameServers']
  /** What every client here is made with where its test says nothing else. */
  readonly defaults: ClientOptions
  /** Told of every message that is received and every event of its consumers and producers. */
  readonly changes = new Changes()
  /** What its consumers and producers have reported. */
  readonly backgroundErrors: RocketMQError[] = []
  readonly #cluster: RunningCluster
  readonly #cleanups: (() => Promise<unknown>)[] = []
  #admin: Promise<AdminClient> | undefined

  constructor(cluster: RunningCluster) {
    this.#cluster = cluster
    this.kind = cluster.kind
    this.version = cluster.version
    this.namesrvAddr = cluster.namesrvAddr
    this.brokers = cluster.brokers
    this.nameServers = cluster.nameServers
    this.defaults = { namesrvAddr: cluster.namesrvAddr, ...(IS_BUSY && BUSY) }
  }

  /** For tests of emulators only. */
  get emulator(): NonNullable<RunningCluster['emulator']> {
    if (this.#cluster.emulator === undefined) throw new Error('this test needs the emulator')
    return this.#cluster.emulator
  }

  /** As `emulator.control`, and it ends with the test. */
  control: Emulator['control'] = (name, handler, options) => {
    const control = this.emulator.control(name, handler, options)
    this.onEnd(async () => control.release())
    return control
  }

  /** Creates a topic with that many queues on every broker; resolves when name servers tell of it. */
  async freshTopic(queues = 4): Promise<string> {
    const topic = unique('Topic')
    await (await this.admin()).createTopic({ topic, readQueueNums: queues, writeQueueNums: queues })
    return topic
  }

  /** Resolves once a pull can see that many messages: brokers acknowledge a message before its queue shows it. */
  async stored(topic: string, messages: number): Promise<void> {
    const admin = await this.admin()
    for (let seen = -1; seen < messages;) {
      const queues = await admin.topicStats(topic)
      seen = queues.reduce((sum, { minOffset, maxOffset }) => sum + maxOffset - minOffset, 0)
    }
  }

  /** An admin client, started when it is first asked for. */
  admin(): Promise<AdminClient> {
    return (this.#admin ??= this.#startAdmin())
  }

  freshGroup(): string {
    return unique('group')
  }

  /** A folder that is removed after the test. */
  async freshFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'rocketwire-scenario-'))
    this.onEnd(() => rm(folder, { recursive: true, force: true }))
    return folder
  }

  /** To be done after the test; what was added last comes first. */
  onEnd(cleanup: () => Promise<unknown>): void {
    this.#cleanups.push(cleanup)
  }

  newProducer(options: Partial<ProducerOptions> = {}): Producer {
    const producer = new Producer({ ...this.#producerDefaults(), ...options })
    producer.on('backgroundError', error => this.#noted(error))
    this.onEnd(() => ended(producer))
    return producer
  }

  async producer(options: Partial<ProducerOptions> = {}): Promise<Producer> {
    const producer = this.newProducer(options)
    await producer.start(PATIENTLY)
    return producer
  }

  /** A started producer of transactions. */
  async transactionProducer(
    options: Partial<TransactionProducerOptions> & Pick<TransactionProducerOptions, 'transactionListener'>,
  ): Promise<TransactionProducer> {
    const producer = new TransactionProducer({ ...this.#producerDefaults(), ...options })
    producer.on('backgroundError', error => this.#noted(error))
    this.onEnd(() => ended(producer))
    await producer.start(PATIENTLY)
    return producer
  }

  newConsumer(options: ConsumerSettings = {}): PushConsumer {
    const own = { consumerGroup: this.freshGroup(), consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' }
    const consumer = new PushConsumer({ ...this.defaults, ...own, ...options } as PushConsumerOptions)
    consumer.on('backgroundError', error => this.#noted(error))
    for (const event of ['assigned', 'revoked', 'listenerError'] as const) consumer.on(event, this.changes.notify)
    this.onEnd(() => ended(consumer))
    return consumer
  }

  /** A started consumer of one topic whose listener gets one message at a time. */
  async consumer(
    topic: string,
    options: ConsumerSettings,
    listener: EachMessage<ConsumeConcurrentlyResult>,
  ): Promise<PushConsumer> {
    const consumer = this.newConsumer(options).subscribe(topic).consumeEach(listener)
    await consumer.start(PATIENTLY)
    return consumer
  }

  /** A started consumer that keeps what it receives. */
  async reader(
    topic: string,
    options: ConsumerSettings & { expression?: SubscriptionExpression } = {},
  ): Promise<Reader> {
    const { expression, ...rest } = options
    const inbox = this.newInbox()
    const consumer = this.newConsumer(rest).subscribe(topic, expression).consumeEach(inbox.take)
    await consumer.start(PATIENTLY)
    return { consumer, inbox }
  }

  /** A lite pull consumer, not started yet. */
  newLitePullConsumer(options: Partial<LitePullConsumerOptions> = {}): LitePullConsumer {
    const consumeFromWhere = 'CONSUME_FROM_FIRST_OFFSET'
    const consumer = new LitePullConsumer({
      ...this.defaults,
      consumerGroup: this.freshGroup(),
      consumeFromWhere,
      ...options,
    })
    consumer.on('backgroundError', error => this.#noted(error))
    for (const event of ['assigned', 'revoked', 'messageQueuesChanged'] as const) {
      consumer.on(event, this.changes.notify)
    }
    this.onEnd(() => ended(consumer))
    return consumer
  }

  /** A started lite pull consumer of one topic. */
  async litePullConsumer(
    topic: string,
    options: Partial<LitePullConsumerOptions> & { expression?: SubscriptionExpression } = {},
  ): Promise<LitePullConsumer> {
    const { expression, ...rest } = options
    const consumer = this.newLitePullConsumer(rest).subscribe(topic, expression)
    await consumer.start(PATIENTLY)
    return consumer
  }

  /** A pull consumer, not started yet. */
  newPullConsumer(options: Partial<PullConsumerOptions> = {}): PullConsumer {
    const consumer = new PullConsumer({ ...this.defaults, consumerGroup: this.freshGroup(), ...options })
    consumer.on('backgroundError', error => this.#noted(error))
    for (const event of ['assigned', 'revoked', 'taskError'] as const) consumer.on(event, this.changes.notify)
    this.onEnd(() => ended(consumer))
    return consumer
  }

  async pullConsumer(options: Partial<PullConsumerOptions> = {}): Promise<PullConsumer> {
    const consumer = this.newPullConsumer(options)
    await consumer.start(PATIENTLY)
    return consumer
  }

  /** A simple consumer, not started yet. */
  newSimpleConsumer(options: Partial<SimpleConsumerOptions> = {}): SimpleConsumer {
    const own = { consumerGroup: this.freshGroup(), consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' } as const
    const consumer = new SimpleConsumer({ ...this.defaults, ...own, ...options })
    consumer.on('backgroundError', error => this.#noted(error))
    this.onEnd(() => ended(consumer))
    return consumer
  }

  /** A started simple consumer of one topic. */
  async simpleConsumer(
    topic: string,
    options: Partial<SimpleConsumerOptions> & { expression?: SubscriptionExpression } = {},
  ): Promise<SimpleConsumer> {
    const { expression, ...rest } = options
    const consumer = this.newSimpleConsumer(rest).subscribe(topic, expression)
    await consumer.start(PATIENTLY)
    return consumer
  }

  newInbox(): Inbox {
    return new Inbox(this.changes)
  }

  /** Resolves once the condition holds, which is looked at when anything is received or emitted. */
  until(condition: () => boolean, wait: Wait): Promise<void> {
    return this.changes.until(condition, wait)
  }

  /** Shuts everything down; rejects with the first failure after all was tried. */
  async close(): Promise<void> {
    const results: PromiseSettledResult<unknown>[] = []
    for (const cleanup of this.#cleanups.reverse()) results.push(...(await Promise.allSettled([cleanup()])))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  async #startAdmin(): Promise<AdminClient> {
    const admin = new AdminClient(this.defaults)
    this.onEnd(() => admin.shutdown())
    await admin.start(PATIENTLY)
    return admin
  }

  #producerDefaults(): ProducerOptions {
    const { requestTimeoutMs } = this.defaults
    const sendTimeoutMs = requestTimeoutMs === undefined ? {} : { sendTimeoutMs: requestTimeoutMs }
    return { ...this.defaults, ...sendTimeoutMs, producerGroup: unique('producers') }
  }

  #noted(error: RocketMQError): void {
    this.backgroundErrors.push(error)
    this.changes.notify()
  }
}

/** What a test has shut down itself, with whatever outcome, is not shut down again. */
async function ended(
  member: Producer | PushConsumer | LitePullConsumer | PullConsumer | SimpleConsumer,
): Promise<void> {
  if (member.stats().state !== 'stopped') await member.shutdown()
}

function unique(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 13)}`
}
