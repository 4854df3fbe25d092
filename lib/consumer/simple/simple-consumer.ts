import type { ClientInstance } from '../../client/client-instance'
import { ReplyingConsumer } from '../replying-consumer'
import type { ConsumerMember } from '../../client/member'
import { resolveClientOptions } from '../../client/resolve-client-options'
import type { StartOptions } from '../../client/start-member'
import type { ConsumerData } from '../../commands/heartbeat-data'
import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { SubscriptionExpression } from '../../model/message-selector'
import type { CallOptions } from '../../remoting/remoting-client'
import { withAnySignal } from '../../runtime/any-signal'
import { withDeadline } from '../../runtime/deadline'
import type { LifecycleState } from '../../runtime/lifecycle'
import { answerQuestions } from '../active-questions'
import { DEFAULT_SHUTDOWN_MS } from '../group-options'
import { checkPopSupport } from '../pop/pop-broker'
import { applySubscription } from '../rebalance/apply-subscription'
import { Subscriptions } from '../rebalance/subscriptions'
import { type TopicsChange, topicsChanged } from '../rebalance/topics-changed'
import { receiving } from '../receiving'
import { settling } from '../settling'
import { within } from '../within'
import { PopSession } from './pop-session'
import {
  type ReceiveOptions,
  type ResolvedSimpleConsumerOptions,
  type SimpleConsumerOptions,
  checkedInvisible,
  resolveReceiveOptions,
  resolveSimpleConsumerOptions,
} from './simple-consumer-options'

/** Events of a simple consumer. */
export interface SimpleConsumerEvents {
  /** Something failed that no call tells: a broker that could not be asked while others could, a message that cannot be read. */
  backgroundError: [error: RocketMQError]
}

/** A snapshot of what a simple consumer has done. */
export interface SimpleConsumerStats {
  /** Where in its life it is, from `created` to `stopped` or `failed`. */
  readonly state: LifecycleState
  /** The topics that it subscribes to. */
  readonly topics: readonly string[]
  /** Calls of `receive` under way. */
  readonly receiving: number
  /** Messages that were received and acknowledged since the start. */
  readonly received: number
  /** Messages that were acknowledged since the start. */
  readonly acknowledged: number
}

/**
 * Receives messages when it is asked to and acknowledges each by itself (POP): there are no queues to share and no offsets
 * to commit, so any number of members may work on a topic with few queues. A received message is hidden from the others
 * until its invisible time is over; unless it is acknowledged by then it is delivered again. Brokers from 5.0.
 *
 * Calls that wait take `signal`, all but `receive` also `timeoutMs` (default 10000), and reject with REQUEST_TIMEOUT,
 * ABORTED, CONNECT_FAILED, CHANNEL_CLOSED, BROKER_NOT_FOUND, a `BrokerError`, INVALID_ARGUMENT for wrong input, and
 * INVALID_STATE unless the consumer runs.
 *
 * @example
 * const consumer = new SimpleConsumer({ namesrvAddr: '127.0.0.1:9876', consumerGroup: 'billing', subscriptions: { Orders: '*' } })
 * await consumer.start()
 * for (const message of await consumer.receive({ maxMessages: 16, invisibleDurationMs: 15_000 })) {
 *   console.log(message.text())
 *   await consumer.ack(message)
 * }
 */
export class SimpleConsumer extends ReplyingConsumer<SimpleConsumerEvents> {
  /** Name of the consumer group, without its namespace. */
  readonly consumerGroup: string
  readonly #options: ResolvedSimpleConsumerOptions
  readonly #subscriptions: Subscriptions
  readonly #closing = new AbortController()
  readonly #receive = receiving(this.telemetry)
  readonly #settle = settling(this.telemetry)
  #session: PopSession | undefined
  #endAnswers: (() => void) | undefined

  /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, INVALID_TOPIC, INVALID_EXPRESSION, NO_NAME_SERVER */
  constructor(options: SimpleConsumerOptions) {
    const resolved = resolveSimpleConsumerOptions(options)
    super(resolveClientOptions(options), { kind: 'consumer', group: options.consumerGroup })
    this.#options = resolved
    this.consumerGroup = options.consumerGroup
    this.#subscriptions = new Subscriptions(this.clock)
    for (const [topic, expression] of this.#options.subscriptions) this.#subscriptions.add(topic, expression)
  }

  /**
   * Wants the messages of a topic, those of some tags, or those that a SQL92 condition is true of, as a push consumer does.
   * May be called while running, and again for a topic to change its expression.
   * @throws RocketMQError INVALID_TOPIC, INVALID_EXPRESSION
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

  /** Wants the messages of a topic no more; what was received of it can still be acknowledged. */
  unsubscribe(topic: string): this {
    this.mustNotHaveEnded()
    this.#subscriptions.remove(topic)
    this.#subscriptionsChanged({ added: [], removed: [topic] })
    return this
  }

  /**
   * Makes sure that the brokers know POP, and tells them of the group.
   * @throws RocketMQError UNSUPPORTED_BY_BROKER where one is older than 5.0; nothing is begun then
   * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, INVALID_EXPRESSION, ABORTED
   */
  start(options: StartOptions = {}): Promise<void> {
    return this.startOrShutDown(
      () => this.#start(options),
      timeoutMs => this.#shutdown(timeoutMs),
    )
  }

  /**
   * Messages of one topic and broker, as soon as there are any: topics and brokers take turns. Empty where none came within
   * `awaitDurationMs`. A call that is aborted takes nothing: what it would have got is given to others. Several calls may
   * wait at a time.
   * @throws RocketMQError TOPIC_NOT_FOUND; what kept all brokers from answering, as soon as waiting is of no use
   */
  async receive(options: ReceiveOptions = {}): Promise<readonly MessageExt[]> {
    const session = this.#running()
    const resolved = resolveReceiveOptions(options, this.#options)
    const receive = (): Promise<readonly MessageExt[]> =>
      withAnySignal([this.#closing.signal, options.signal], signal => session.receive(resolved, signal))
    return this.#receive('receive', receive, messages => messages)
  }

  /**
   * Tells the brokers that messages are done: they never come again. What shares a broker goes in one request where the
   * broker (5.1.4 and later) takes that; it does not tell then whether some came too late.
   * @param messages as `receive` has returned them, or a `copy()` of that
   * @throws RocketMQError INVALID_RECEIPT for a message that was not received, or whose invisible time is over; for several
   * messages an `AckError` that tells of each that failed
   */
  ack(messages: MessageExt | readonly MessageExt[], options: CallOptions = {}): Promise<void> {
    const list: readonly MessageExt[] = [messages].flat()
    return this.#settle('ack', list, () => this.#call('ack', options, session => session.ack(messages)))
  }

  /**
   * Hides a received message for another `invisibleDurationMs` from now, 1000 to 43200000: to have more time, or to see it
   * again sooner or later than planned. The message takes the new receipt handle, which a `copy()` made before does not have.
   * @returns the new receipt handle
   * @throws RocketMQError INVALID_RECEIPT for a message that was not received, is acknowledged, or whose time is over
   */
  changeInvisibleDuration(
    message: MessageExt,
    invisibleDurationMs: number,
    options: CallOptions = {},
  ): Promise<string> {
    const change = (): Promise<string> =>
      this.#call('changeInvisibleDuration', options, (session, call) =>
        session.changeInvisible(message, checkedInvisible(invisibleDurationMs), call),
      )
    return this.#settle('changeInvisibleDuration', [message], change)
  }

  /** What it is doing at the moment. */
  stats(): SimpleConsumerStats {
    const { receiving = 0, received = 0, acknowledged = 0 } = this.#session ?? {}
    return { state: this.lifecycle.state, topics: this.#subscriptions.topics, receiving, received, acknowledged }
  }

  /**
   * Ends calls of `receive`, waits for acknowledgements under way, tells the brokers and closes connections that nobody else
   * uses. Messages that were received and not acknowledged come again when their invisible time is over.
   * @param options `timeoutMs`: limit of the wait, default 30000; to close what is left
   * takes 3 s more at the most, where brokers do not answer
   * @throws RocketMQError SHUTDOWN_INCOMPLETE where requests were still under way at the end of it; all is closed then, too
   * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
   */
  override shutdown(options: { timeoutMs?: number } = {}): Promise<void> {
    return this.stopWithin(options, DEFAULT_SHUTDOWN_MS, timeoutMs => this.#shutdown(timeoutMs))
  }

  async #start(options: StartOptions): Promise<void> {
    const client = this.membership.acquire()
    const onBackgroundError = (error: RocketMQError): void => void this.emit('backgroundError', error)
    this.#session = new PopSession({
      client,
      consumerGroup: this.consumerGroup,
      subscriptions: this.#subscriptions,
      fromFirst: this.#options.consumeFromWhere === 'CONSUME_FROM_FIRST_OFFSET',
      messageFilters: this.#options.messageFilters,
      onBackgroundError,
    })
    this.#endAnswers = this.#answer(client)
    await this.membership.start(this.#member(client), options)
  }

  /** Tells administrators what it does. */
  #answer(client: ClientInstance): () => void {
    const { awaitDurationMs, invisibleDurationMs, consumeFromWhere } = this.#options
    const { consumerGroup } = this
    return answerQuestions({
      client,
      consumerGroup,
      subscriptions: this.#subscriptions,
      properties: { consumerGroup, awaitDurationMs, invisibleDurationMs, consumeFromWhere },
      doing: () => {
        const { receiving, received, acknowledged } = this.stats()
        return `calls of receive that wait: ${receiving}; messages received: ${received}, acknowledged: ${acknowledged}\n`
      },
    })
  }

  #member(client: ClientInstance): ConsumerMember {
    const onBackgroundError = (error: RocketMQError): void => void this.emit('backgroundError', error)
    return {
      kind: 'consumer',
      group: this.consumerGroup,
      topics: () => this.#subscriptions.topics,
      consumerData: () => this.#consumerData(),
      checkBrokers: call => checkPopSupport(client, { topics: this.#subscriptions.topics, onBackgroundError }, call),
      onBackgroundError,
    }
  }

  /** What heartbeats tell. */
  #consumerData(): ConsumerData {
    return {
      groupName: this.consumerGroup,
      consumeType: 'CONSUME_ACTIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: this.#options.consumeFromWhere,
      subscriptionDataSet: this.#subscriptions.all,
      unitMode: this.membership.client?.options.unitMode ?? false,
    }
  }

  async #shutdown(timeoutMs: number): Promise<void> {
    const { clock } = this
    const group = this.consumerGroup
    const onTimeout = (): RocketMQError => {
      const says = `consumer ${group}: requests to brokers did not end within ${timeoutMs} ms`
      return new RocketMQError('SHUTDOWN_INCOMPLETE', says, { group })
    }
    this.#closing.abort(new RocketMQError('ABORTED', `consumer ${group} was shut down`, { group }))
    try {
      await withDeadline(this.#session?.end() ?? Promise.resolve(), { clock, timeoutMs, onTimeout })
    } finally {
      this.#endAnswers?.()
      await this.membership.end()
    }
  }

  #running(): PopSession {
    this.lifecycle.mustRun()
    return this.#session as PopSession
  }

  async #call<T>(
    what: string,
    options: CallOptions,
    work: (session: PopSession, call: CallOptions) => Promise<T>,
  ): Promise<T> {
    const session = this.#running()
    const { clock } = this
    return within({ clock, what: `${what} of consumer ${this.consumerGroup}`, options }, call => work(session, call))
  }

  /** Once it has begun to start, brokers hear of it; failures are events. */
  #subscriptionsChanged(change: TopicsChange): void {
    topicsChanged(this.liveClient, change, () => Promise.resolve())
  }
}
