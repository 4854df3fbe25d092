import { checkOptionsObject } from '../../client/checked-options'
import { ReplyingConsumer } from '../replying-consumer'
import { resolveClientOptions } from '../../client/resolve-client-options'
import type { ClientInstance } from '../../client/client-instance'
import type { ConsumerMember } from '../../client/member'
import type { StartOptions } from '../../client/start-member'
import type { MetricReading } from '../../client/telemetry/metrics'
import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import { retryTopic } from '../../model/names'
import type { SubscriptionExpression } from '../../model/message-selector'
import { SUB_ALL } from '../../model/subscription'
import type { CallOptions } from '../../remoting/remoting-client'
import type { LifecycleState } from '../../runtime/lifecycle'
import { DEFAULT_SHUTDOWN_MS } from '../group-options'
import type { ConsumerLag } from '../lag/consumer-lag'
import type { LagAlarm } from '../lag/lag-alarms'
import type { TraceStats } from '../../sending/trace-writer'
import { type ConsumeTracer, createConsumeTracer } from '../consume-tracer'
import { queueGauges } from '../queue-gauges'
import type { PopQueueStats } from '../pop/pop-queue-stats'
import { applySubscription } from '../rebalance/apply-subscription'
import { Subscriptions } from '../rebalance/subscriptions'
import { type TopicsChange, topicsChanged } from '../rebalance/topics-changed'
import { withStableId } from '../stable-id'
import { within } from '../within'
import type { ConcurrencyStats } from './concurrency-control'
import { type ConcurrencyRange, checkedConcurrency } from './concurrency-range'
import { intercepted } from './consume-interceptor'
import { observed } from './consume-telemetry'
import { traceConsumption } from './consume-trace'
import { Consumption } from './consumption'
import type { Listener } from './listener'
import type {
  ConsumeConcurrentlyContext,
  ConsumeConcurrentlyResult,
  ConsumeContext,
  ConsumeOrderlyContext,
  ConsumeOrderlyResult,
  MessageListenerConcurrently,
  MessageListenerOrderly,
} from './message-listener'
import {
  type ConsumeOptions,
  type PushConsumerOptions,
  type ResolvedPushConsumerOptions,
  resolveConsumeOptions,
  resolvePushConsumerOptions,
} from './push-consumer-options'
import { type QueueStats, queueStats } from './queue-stats'
import type { RateLimitStats } from './rate-gate'
import { type RateLimit, checkedRateLimit } from '../../client/rate-limit'

/** Events of a push consumer. */
export interface PushConsumerEvents {
  /** Queues were taken. */
  assigned: [queues: readonly MessageQueue[]]
  /** Queues were given back. */
  revoked: [queues: readonly MessageQueue[]]
  /** The listener threw, rejected or returned what is no result; its messages come again, or are dropped when broadcasting. */
  listenerError: [error: Error, messages: readonly MessageExt[]]
  /** A threshold of `lagThresholds` was passed, or is kept again. */
  lag: [alarm: LagAlarm]
  /** Something failed that no call waits for: a pull, a heartbeat, an offset that could not be written down. */
  backgroundError: [error: RocketMQError]
}

/** A snapshot of what a push consumer is doing. */
export interface PushConsumerStats {
  /** Where in its life it is, from `created` to `stopped` or `failed`. */
  readonly state: LifecycleState
  /** The queues that are its own and pulled. */
  readonly queues: readonly QueueStats[]
  /** What is popped, with `clientRebalance: false`. */
  readonly popQueues: readonly PopQueueStats[]
  /** Sums over the queues and what is popped. */
  readonly cached: number
  /** Messages that listeners have, or that are on their way back. */
  readonly inFlight: number
  /** Of the queues, as of the last pulls: `lag()` asks the brokers. */
  readonly lag: number
  /** Listener calls under way. */
  readonly listenersRunning: number
  /** How many may be, and why; undefined before `start`. */
  readonly concurrency: ConcurrencyStats | undefined
  /** Undefined where there is no limit, and before `start`. */
  readonly rateLimit: RateLimitStats | undefined
  /** Undefined where nothing is traced, and before `start`. */
  readonly trace: TraceStats | undefined
}

/** Handles one message. */
export type EachMessage<Result, Context extends ConsumeContext = ConsumeConcurrentlyContext> = (
  message: MessageExt,
  context: Context,
) => void | Result | Promise<void | Result>

type InOrder = ConsumeOptions & { ordered: 'queue' | 'key' }
type InAnyOrder = ConsumeOptions & { ordered?: 'none' }

/**
 * Receives messages as they come and hands them to a listener; a message counts as consumed when its listener has ended
 * without an error. Every message comes at least once.
 *
 * @example
 * const consumer = new PushConsumer({ namesrvAddr: '127.0.0.1:9876', consumerGroup: 'billing' })
 * consumer.subscribe('Orders', 'paid || refunded')
 * consumer.consumeEach(async message => console.log(message.text()))
 * await consumer.start()
 */
export class PushConsumer extends ReplyingConsumer<PushConsumerEvents> {
  /** Name of the consumer group, without its namespace. */
  readonly consumerGroup: string
  readonly #options: ResolvedPushConsumerOptions
  readonly #subscriptions: Subscriptions
  #listener: Listener | undefined
  #consumption: Consumption | undefined
  #tracer: ConsumeTracer | undefined

  /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
  constructor(options: PushConsumerOptions) {
    const resolved = resolvePushConsumerOptions(options)
    const clientOptions = withStableId(resolveClientOptions(options), resolved)
    super(clientOptions, { kind: 'consumer', group: options.consumerGroup })
    this.#options = resolved
    this.consumerGroup = options.consumerGroup
    this.#subscriptions = new Subscriptions(this.clock)
  }

  /**
   * Wants the messages of a topic, those of some tags where an expression is given: `tagA || tagB`, or `*` for all; or those
   * that a SQL92 condition is true of, such as `{ sql92: 'amount > 10' }`. May be called while running, and again for a
   * topic to change its expression. All members of a group must subscribe to the same. Brokers are asked about a condition
   * before it is used: by `start`, or, while running, at once; where they refuse it the event `backgroundError` says so and
   * all stays as it was.
   * @throws RocketMQError INVALID_TOPIC, INVALID_EXPRESSION, INVALID_STATE after `shutdown`
   */
  subscribe(topic: string, expression?: SubscriptionExpression): this {
    this.mustNotHaveEnded()
    applySubscription(this.#subscriptions.prepare(topic, expression), {
      group: this.consumerGroup,
      client: this.liveClient,
      onChanged: changed => this.#subscriptionsChanged({ added: [changed], removed: [] }),
      onBackgroundError: error => this.emit('backgroundError', error),
    })
    return this
  }

  /** Wants the messages of a topic no more; may be called while running. @throws RocketMQError INVALID_STATE after the end */
  unsubscribe(topic: string): this {
    this.mustNotHaveEnded()
    this.#subscriptions.remove(topic)
    this.#subscriptionsChanged({ added: [], removed: [topic] })
    return this
  }

  /**
   * Sets the listener, once, before `start`. It gets an array, of one message unless `batchSize` is larger. With
   * `ordered: 'queue'` the messages of a queue come strictly in order, with `ordered: 'key'` those of a sharding key.
   * @throws RocketMQError INVALID_ARGUMENT, INVALID_STATE
   */
  consume<const R extends ConsumeConcurrentlyResult>(listener: MessageListenerConcurrently<R>): this
  /** The same in order, by queue or by sharding key. */
  consume<const R extends ConsumeOrderlyResult>(options: InOrder, listener: MessageListenerOrderly<R>): this
  /** The same without order, with options. */
  consume<const R extends ConsumeConcurrentlyResult>(
    options: InAnyOrder,
    listener: MessageListenerConcurrently<R>,
  ): this
  consume(
    first: ConsumeOptions | MessageListenerConcurrently,
    second?: MessageListenerConcurrently | MessageListenerOrderly,
  ): this {
    const [options, listener] = typeof first === 'function' ? [{}, first] : [first, second]
    if (typeof listener !== 'function') throw new RocketMQError('INVALID_ARGUMENT', 'consume needs a listener function')
    checkOptionsObject(options, 'batchSize')
    if (options.ordered === 'key' && !this.#options.clientRebalance) {
      const says = `consumer ${this.consumerGroup} cannot keep keys in order with clientRebalance: false: brokers know queues only`
      throw new RocketMQError('INVALID_ARGUMENT', says, { group: this.consumerGroup })
    }
    if (this.#listener !== undefined || this.lifecycle.state !== 'created') {
      throw new RocketMQError(
        'INVALID_STATE',
        `consumer ${this.consumerGroup} has a listener already; set it once, before start()`,
      )
    }
    this.#listener = { ...resolveConsumeOptions(options), listener } as Listener
    return this
  }

  /** As `consume`, with one message for each call. */
  consumeEach<const R extends ConsumeConcurrentlyResult>(listener: EachMessage<R>): this
  /** The same in order, by queue or by sharding key. */
  consumeEach<const R extends ConsumeOrderlyResult>(
    options: InOrder,
    listener: EachMessage<R, ConsumeOrderlyContext>,
  ): this
  /** The same without order, with options. */
  consumeEach<const R extends ConsumeConcurrentlyResult>(options: InAnyOrder, listener: EachMessage<R>): this
  consumeEach(
    first: ConsumeOptions | EachMessage<ConsumeConcurrentlyResult>,
    second?: EachMessage<ConsumeConcurrentlyResult> | EachMessage<ConsumeOrderlyResult, ConsumeOrderlyContext>,
  ): this {
    const [options, listener] = typeof first === 'function' ? [{}, first] : [first, second]
    if (typeof listener !== 'function')
      throw new RocketMQError('INVALID_ARGUMENT', 'consumeEach needs a listener function')
    checkOptionsObject(options, 'concurrency')
    const each = listener as EachMessage<ConsumeConcurrentlyResult>
    return this.consume({ ...options, batchSize: 1 } as InAnyOrder, (messages, context) =>
      each(messages[0] as MessageExt, context),
    )
  }

  /**
   * Tells the brokers, and takes its queues: a message sent after it has resolved is received.
   * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, OFFSET_STORE_FAILED, ABORTED
   * @throws RocketMQError INVALID_EXPRESSION, UNSUPPORTED_BY_BROKER where a broker does not filter by a SQL92 condition, or,
   * with `clientRebalance: false`, is older than 5.0; nothing is begun then
   */
  start(options: StartOptions = {}): Promise<void> {
    const listener = this.#listener
    if (listener === undefined || this.#subscriptions.topics.length === 0) {
      const missing = listener === undefined ? 'a listener: call consume()' : 'a subscription: call subscribe()'
      const says = `consumer ${this.consumerGroup} lacks ${missing} before start()`
      // It may be given, and the start be tried again.
      if (this.lifecycle.state === 'created') return Promise.reject(new RocketMQError('INVALID_STATE', says))
    }
    return this.startOrShutDown(
      () => this.#start(options, listener as Listener),
      timeoutMs => this.#shutdown(timeoutMs),
    )
  }

  /** Stops pulling; what is in hand is still handled. */
  suspend(): void {
    this.#running().suspension.shut()
  }

  /** Goes on after `suspend`, or, with queues, after `pause` of these; those that were given away meanwhile are left alone. */
  resume(queues?: readonly MessageQueue[]): void {
    const consumption = this.#running()
    if (queues === undefined) consumption.suspension.open()
    else consumption.resume(queues)
  }

  /**
   * Stops pulling some queues that are assigned at present, until `resume` or until they are given away.
   * @throws RocketMQError INVALID_ARGUMENT for a queue that is not assigned
   */
  pause(queues: readonly MessageQueue[]): void {
    this.#running().pause(queues)
  }

  /**
   * Changes how many listener calls may run at a time, 1 to 1000, or between what that moves by itself.
   * @throws RocketMQError INVALID_ARGUMENT, INVALID_STATE
   */
  updateConcurrency(concurrency: number | ConcurrencyRange): void {
    this.#running().pace.concurrency.set(checkedConcurrency(concurrency))
  }

  /**
   * Changes how many messages the listener is given in a second; `undefined` ends the limit.
   * @throws RocketMQError INVALID_ARGUMENT, INVALID_STATE
   */
  updateRateLimit(rateLimit: RateLimit | undefined): void {
    this.#running().pace.rate.set(checkedRateLimit(rateLimit))
  }

  /** What it is doing at the moment. */
  stats(): PushConsumerStats {
    const queues = (this.#consumption?.assignments.all ?? []).map(queueStats)
    const popQueues = this.#consumption?.pop?.stats ?? []
    const all = [...queues, ...popQueues]
    return {
      state: this.lifecycle.state,
      queues,
      popQueues,
      cached: all.reduce((sum, { cached }) => sum + cached, 0),
      inFlight: all.reduce((sum, { inFlight }) => sum + inFlight, 0),
      lag: queues.reduce((sum, { lag }) => sum + lag, 0),
      listenersRunning: this.#consumption?.service.running ?? 0,
      concurrency: this.#consumption?.pace.concurrency.stats,
      rateLimit: this.#consumption?.pace.rate.stats,
      trace: this.#tracer?.stats,
    }
  }

  /**
   * How far behind this member is with its queues, in messages and in time: brokers are asked where each queue ends, and for
   * the first message that is not handled where that is not in hand. `stats().lag` is what the last pulls told, at no cost.
   * @throws RocketMQError REQUEST_TIMEOUT after `timeoutMs` (10000), ABORTED, CONNECT_FAILED, CHANNEL_CLOSED, a `BrokerError`
   * @throws RocketMQError INVALID_STATE unless the consumer runs
   */
  async lag(options: CallOptions = {}): Promise<ConsumerLag> {
    const consumption = this.#running()
    const what = `lag of consumer ${this.consumerGroup}`
    return within({ clock: this.clock, what, options }, call => consumption.lag.measure(call))
  }

  /**
   * Takes no more messages, waits for the listeners that run, writes progress down, tells the brokers and closes
   * connections that nobody else uses. What was in hand and not begun comes again, to another member or the next start.
   * A listener that awaits it waits for itself until the limit: call it there without `await`.
   * @param options `timeoutMs`: limit of the wait for listeners, default 30000; to close what is left
   * takes 3 s more at the most, where brokers do not answer
   * @throws RocketMQError SHUTDOWN_INCOMPLETE where listeners still ran at the end of it; all is closed then, too
   * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
   */
  override shutdown(options: { timeoutMs?: number } = {}): Promise<void> {
    return this.stopWithin(options, DEFAULT_SHUTDOWN_MS, timeoutMs => this.#shutdown(timeoutMs))
  }

  /** @internal */
  protected override gauges(): MetricReading[] {
    const { queues, popQueues, listenersRunning } = this.stats()
    const told = queueGauges([...queues, ...popQueues], (...reading) => this.reading(...reading))
    return [...super.gauges(), this.reading('listeners', listenersRunning), ...told]
  }

  async #start(options: StartOptions, listener: Listener): Promise<void> {
    if (this.#options.messageModel === 'CLUSTERING') this.#subscriptions.add(retryTopic(this.consumerGroup), SUB_ALL)
    const client = this.membership.acquire()
    this.#tracer = this.#createTracer(client)
    const consumption = this.#createConsumption(client, listener)
    this.#consumption = consumption
    const member: ConsumerMember = {
      kind: 'consumer',
      group: this.consumerGroup,
      topics: () => [...this.#subscriptions.topics, ...(this.#tracer?.topics ?? [])],
      consumerData: () => consumption.consumerData(),
      checkBrokers: async call => consumption.pop?.checkBrokers(call),
      onRouteChanged: topic => {
        if (this.#subscriptions.get(topic) !== undefined) void consumption.rebalance()
      },
      onDisconnected: address => consumption.disconnected(address),
      onReconnected: () => void consumption.reconnected(),
      onBackgroundError: error => this.emit('backgroundError', error),
    }
    await this.membership.start(member, options, () => consumption.start())
  }

  #createConsumption(client: ClientInstance, listener: Listener): Consumption {
    // Outermost: what interceptors make of a call is what is traced.
    const tracing = this.#tracer === undefined ? [] : [traceConsumption(this.#tracer)]
    const around = intercepted(listener, [...tracing, ...this.#options.interceptors])
    return new Consumption({
      client,
      options: this.#options,
      listener: observed(around, this.telemetry, this.#options.messageModel),
      subscriptions: this.#subscriptions,
      telemetry: this.telemetry,
      events: {
        onAssigned: queues => this.emit('assigned', queues),
        onRevoked: queues => this.emit('revoked', queues),
        onListenerError: (error, messages) => {
          client.log.warn('a listener failed', { group: this.consumerGroup, error })
          this.emit('listenerError', error, messages)
        },
        onLag: alarm => this.emit('lag', alarm),
        onBackgroundError: error => this.emit('backgroundError', error),
      },
    })
  }

  #createTracer(client: ClientInstance): ConsumeTracer | undefined {
    const { traceTopic, consumeTimeoutMs } = this.#options
    const onBackgroundError = (error: RocketMQError): unknown => this.emit('backgroundError', error)
    return createConsumeTracer(client, {
      consumerGroup: this.consumerGroup,
      traceTopic,
      consumeTimeoutMs,
      onBackgroundError,
    })
  }

  async #shutdown(timeoutMs: number): Promise<void> {
    try {
      await this.#consumption?.stop(timeoutMs)
    } finally {
      await this.#tracer?.stop(timeoutMs)
      await this.membership.end()
    }
  }

  #running(): Consumption {
    this.lifecycle.mustRun()
    return this.#consumption as Consumption
  }

  /** Once it has begun to start, brokers and the rebalancer hear of it; failures are events. */
  #subscriptionsChanged(change: TopicsChange): void {
    topicsChanged(this.liveClient, change, async () => this.#consumption?.rebalance())
  }
}
