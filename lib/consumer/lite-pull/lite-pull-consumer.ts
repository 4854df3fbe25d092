import { CALL_OPTIONS, checkCallOptions, checkedRange, checkedTime } from '../../client/checked-options'
import type { ClientInstance } from '../../client/client-instance'
import { ReplyingConsumer } from '../replying-consumer'
import type { ConsumerMember } from '../../client/member'
import type { QueueOffsets } from '../../client/queue-offsets'
import { resolveClientOptions } from '../../client/resolve-client-options'
import type { StartOptions } from '../../client/start-member'
import type { MetricReading } from '../../client/telemetry/metrics'
import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import { checkedFlag } from '../../model/option-checks'
import type { SubscriptionExpression } from '../../model/message-selector'
import type { CallOptions } from '../../remoting/remoting-client'
import { withDeadline } from '../../runtime/deadline'
import { type Int64Input, toSafeInteger } from '../../wire/int64'
import { checkedOffsets } from '../checked-offsets'
import { checkedQueue, checkedQueues } from '../checked-queue'
import { fetchMessageQueues } from '../fetch-message-queues'
import { DEFAULT_SHUTDOWN_MS } from '../group-options'
import type { ConsumerLag } from '../lag/consumer-lag'
import { applySubscription } from '../rebalance/apply-subscription'
import { type TopicsChange, topicsChanged } from '../rebalance/topics-changed'
import { queueGauges } from '../queue-gauges'
import { receiving } from '../receiving'
import { withStableId } from '../stable-id'
import { within } from '../within'
import type { AssignOptions, CommitOptions, PollOptions } from './call-options'
import { Interest } from './interest'
import { LiteConsumption } from './lite-consumption'
import type { LitePullConsumerEvents } from './lite-pull-consumer-events'
import {
  type LitePullConsumerOptions,
  type ResolvedLitePullConsumerOptions,
  resolveLitePullConsumerOptions,
} from './lite-pull-consumer-options'
import { type LitePullConsumerStats, litePullStats } from './lite-pull-stats'

const MAX_WAIT_MS = 0x7fffffff

/**
 * Receives messages when it is asked to: batch by batch with `poll` or `for await`, of queues that its group shares
 * (`subscribe`) or of those that you choose (`assign`). Messages are pulled in the background, a bounded number of them.
 *
 * With `autoCommit` a batch counts as consumed when the next one is asked for. Every message comes at least once.
 *
 * Calls that wait take `timeoutMs` (default 10000) and `signal`, and reject with REQUEST_TIMEOUT, ABORTED, CONNECT_FAILED,
 * CHANNEL_CLOSED, a `BrokerError`, INVALID_ARGUMENT for wrong input, and INVALID_STATE unless the consumer runs.
 *
 * @example
 * const consumer = new LitePullConsumer({ namesrvAddr: '127.0.0.1:9876', consumerGroup: 'billing' })
 * consumer.subscribe('Orders', 'paid || refunded')
 * await consumer.start()
 * for await (const messages of consumer) for (const message of messages) console.log(message.text())
 */
export class LitePullConsumer extends ReplyingConsumer<LitePullConsumerEvents> {
  /** Name of the consumer group, without its namespace. */
  readonly consumerGroup: string
  readonly #options: ResolvedLitePullConsumerOptions
  readonly #receive = receiving(this.telemetry)
  readonly #interest: Interest
  #starting: Promise<void> | undefined
  #consumption: LiteConsumption | undefined

  /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
  constructor(options: LitePullConsumerOptions) {
    const resolved = resolveLitePullConsumerOptions(options)
    const clientOptions = withStableId(resolveClientOptions(options), resolved)
    super(clientOptions, { kind: 'consumer', group: options.consumerGroup })
    this.#options = resolved
    this.consumerGroup = options.consumerGroup
    this.#interest = new Interest(this.clock, this.consumerGroup)
  }

  /**
   * Shares the messages of a topic with the other members of the group, those of some tags where an expression is given:
   * `tagA || tagB`, or `*` for all; or those that a SQL92 condition is true of, such as `{ sql92: 'amount > 10' }`. May be
   * called while running, and again for a topic to change its expression. All members of a group must subscribe to the
   * same. Brokers are asked about a condition before it is used: by `start`, or, while running, at once; where they refuse
   * it the event `backgroundError` says so and all stays as it was. Excludes `assign`.
   * @throws RocketMQError INVALID_TOPIC, INVALID_EXPRESSION, INVALID_STATE after `assign`
   */
  subscribe(topic: string, expression?: SubscriptionExpression): this {
    this.mustNotHaveEnded()
    applySubscription(this.#interest.subscribe(topic, expression), {
      group: this.consumerGroup,
      client: this.liveClient,
      onChanged: changed => this.#subscriptionsChanged({ added: [changed], removed: [] }),
      onBackgroundError: error => this.emit('backgroundError', error),
    })
    return this
  }

  /** Wants the messages of a topic no more; may be called while running. */
  unsubscribe(topic: string): this {
    this.mustNotHaveEnded()
    this.#interest.unsubscribe(topic)
    this.#subscriptionsChanged({ added: [], removed: [topic] })
    return this
  }

  /**
   * Takes these queues, and gives all others back: the group shares nothing then, each member chooses. May be called
   * before `start`, which then takes them, and again. Excludes `subscribe`.
   * @throws RocketMQError INVALID_STATE after `subscribe`; INVALID_TOPIC, INVALID_EXPRESSION, BROKER_NOT_FOUND,
   * OFFSET_STORE_FAILED: nothing is changed then
   */
  async assign(queues: readonly MessageQueue[], options: AssignOptions = {}): Promise<void> {
    const checked = checkedQueues(queues)
    checkCallOptions(options, { ...CALL_OPTIONS, expression: true }, 'the options of assign')
    const { expression, ...limits } = options
    if (this.lifecycle.state === 'created') {
      this.#interest.choose(checked, expression)
      return
    }
    await this.#starting?.catch(() => undefined)
    await this.#call(limits, 'assign', ({ consumption }) => consumption.assign(checked, expression))
  }

  /** The queues that are its own at present. */
  assignment(): MessageQueue[] {
    return this.isAlive ? (this.#consumption?.queues.queues ?? []) : []
  }

  /**
   * Tells the brokers, and takes its queues: a message sent after it has resolved is received.
   * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, OFFSET_STORE_FAILED, ABORTED
   */
  start(options: StartOptions = {}): Promise<void> {
    this.#starting = this.startOrShutDown(
      () => this.#start(options),
      timeoutMs => this.#shutdown(timeoutMs),
    )
    return this.#starting
  }

  /**
   * The next batch, of one queue, in the order of its offsets; an empty list where none came in time or the consumer was
   * shut down. With `autoCommit` all that was returned before counts as consumed now, so ask when you are done with it.
   */
  async poll(options: PollOptions = {}): Promise<MessageExt[]> {
    checkCallOptions(options, CALL_OPTIONS, 'the options of poll')
    const { timeoutMs = this.#options.pollTimeoutMs, signal } = options
    const consumption = this.#running()
    const wait = { timeoutMs: checkedRange('timeoutMs', timeoutMs, 0, MAX_WAIT_MS), signal }
    return this.#receive(
      'poll',
      () => consumption.poll(wait),
      messages => messages,
    )
  }

  /** Batches, one after the other, as `poll` returns them; ends when the consumer is shut down. */
  async *[Symbol.asyncIterator](): AsyncGenerator<MessageExt[], void, undefined> {
    this.lifecycle.mustRun()
    while (this.isRunning) {
      const messages = await this.poll({ timeoutMs: MAX_WAIT_MS })
      if (messages.length > 0) yield messages
    }
  }

  /**
   * Commits what `poll` has returned: of all queues, or of some; or offsets of your own, by queue: those of the next
   * message to handle. Resolves when brokers have it, unless `persist` is false.
   * @throws RocketMQError OFFSET_STORE_FAILED; INVALID_ARGUMENT for queues that are not assigned (any more): the others are
   * committed then
   */
  async commit(
    what: readonly MessageQueue[] | ReadonlyMap<MessageQueue, Int64Input> = this.assignment(),
    options: CommitOptions = {},
  ): Promise<void> {
    const offsets = checkedOffsets(what)
    checkCallOptions(options, { ...CALL_OPTIONS, persist: true }, 'the options of commit')
    const { persist, ...limits } = options
    const isNow = checkedFlag('persist', persist, true)
    const commit = (): Promise<void> =>
      this.#call(limits, 'commit', ({ consumption }) => consumption.commit(offsets, isNow))
    if (!this.telemetry.wants('settle')) return commit()
    const messageQueues = [...offsets.keys()]
    return this.telemetry.run('settle', { operation: 'commit', messages: [], messageQueues }, commit)
  }

  /** What the group has committed for a queue, here or on its broker; undefined where it never did. */
  async committed(queue: MessageQueue, options: CallOptions = {}): Promise<number | undefined> {
    const checked = checkedQueue(queue)
    return this.#call(options, 'committed', ({ consumption }) => consumption.committed(checked))
  }

  /**
   * Goes on with a queue at another offset; what is in hand of it is dropped. The next commit commits from there.
   * @throws RocketMQError INVALID_ARGUMENT where the queue is not assigned, or does not reach to the offset
   */
  async seek(queue: MessageQueue, offset: Int64Input, options: CallOptions = {}): Promise<void> {
    const wanted = toSafeInteger(offset, 'offset')
    await this.#seek(queue, options, async (offsets, checked, call) => {
      const [min, max] = await Promise.all([offsets.minOffset(checked, call), offsets.maxOffset(checked, call)])
      if (wanted >= min && wanted <= max) return wanted
      const { topic, queueId, brokerName } = checked
      const says = `offset ${wanted} is outside queue ${queueId} of ${topic} on ${brokerName}, which reaches from ${min} to ${max}`
      throw new RocketMQError('INVALID_ARGUMENT', says, { topic, brokerName })
    })
  }

  /** Goes on with a queue at its oldest message. */
  async seekToBegin(queue: MessageQueue, options: CallOptions = {}): Promise<void> {
    await this.#seek(queue, options, (offsets, checked, call) => offsets.minOffset(checked, call))
  }

  /** Goes on with a queue at its end: with messages stored from now on. */
  async seekToEnd(queue: MessageQueue, options: CallOptions = {}): Promise<void> {
    await this.#seek(queue, options, (offsets, checked, call) => offsets.maxOffset(checked, call))
  }

  /** Goes on with a queue at the offset that `offsetForTimestamp` tells. */
  async seekToTimestamp(queue: MessageQueue, timestamp: number | Date, options: CallOptions = {}): Promise<void> {
    const time = checkedTime('timestamp', timestamp)
    await this.#seek(queue, options, (offsets, checked, call) => offsets.offsetForTimestamp(checked, time, call))
  }

  /**
   * The offset of the first message of a queue stored at a time, ms since 1970 or a Date, or later; where there is none, its
   * end. Brokers before 5.0 tell the message that was stored nearest to that time.
   */
  async offsetForTimestamp(queue: MessageQueue, timestamp: number | Date, options: CallOptions = {}): Promise<number> {
    const [checked, time] = [checkedQueue(queue), checkedTime('timestamp', timestamp)]
    return this.#call(options, 'offsetForTimestamp', ({ client, call }) =>
      client.offsets.offsetForTimestamp(checked, time, call),
    )
  }

  /**
   * Stops pulling some queues, and returning what is in hand of them, until `resume` or until they are given away.
   * @throws RocketMQError INVALID_ARGUMENT for a queue that is not assigned
   */
  pause(queues: readonly MessageQueue[]): void {
    this.#running().pause(checkedQueues(queues))
  }

  /**
   * Goes on after `pause`.
   * @throws RocketMQError INVALID_ARGUMENT for a queue that is not assigned
   */
  resume(queues: readonly MessageQueue[]): void {
    this.#running().resume(checkedQueues(queues))
  }

  /**
   * All queues of a topic that can be read, as name servers tell them now.
   * @throws RocketMQError TOPIC_NOT_FOUND, INVALID_TOPIC
   */
  fetchMessageQueues(topic: string, options: CallOptions = {}): Promise<readonly MessageQueue[]> {
    return this.#call(options, 'fetchMessageQueues', ({ client, call }) => fetchMessageQueues(client, topic, call))
  }

  /**
   * As `fetchMessageQueues`, and from now on `messageQueuesChanged` tells when these are others: for those who `assign`.
   * @throws RocketMQError TOPIC_NOT_FOUND, INVALID_TOPIC
   */
  watchMessageQueues(topic: string, options: CallOptions = {}): Promise<readonly MessageQueue[]> {
    return this.#call(options, 'watchMessageQueues', ({ consumption, call }) => consumption.watchQueues(topic, call))
  }

  /** Watches the queues of a topic no more. */
  unwatchMessageQueues(topic: string): void {
    this.#running().watch.remove(topic)
  }

  /**
   * How far behind it is with its queues, in messages and in time: brokers are asked where each queue ends, and for the first
   * message that `poll` has not returned where that is not in hand. `stats().lag` is what the last pulls told, at no cost.
   */
  lag(options: CallOptions = {}): Promise<ConsumerLag> {
    return this.#call(options, 'lag', ({ consumption, call }) => consumption.lag.measure(call))
  }

  /** What it is doing at the moment. */
  stats(): LitePullConsumerStats {
    const { queues, tracer } = this.#consumption ?? {}
    return { ...litePullStats(this.lifecycle.state, queues?.all ?? []), trace: tracer?.stats }
  }

  /**
   * Ends polls and pulls, commits what counts as consumed where `autoCommit` says so, tells the brokers and closes
   * connections that nobody else uses. The batch that was returned last comes again, unless you `commit()` before.
   * @param options `timeoutMs`: limit of the wait for offsets to be written down, default 30000; to close what is left
   * takes 3 s more at the most, where brokers do not answer
   * @throws RocketMQError SHUTDOWN_INCOMPLETE where they were not at the end of it; all is closed then, too
   * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
   */
  override shutdown(options: { timeoutMs?: number } = {}): Promise<void> {
    return this.stopWithin(options, DEFAULT_SHUTDOWN_MS, timeoutMs => this.#shutdown(timeoutMs))
  }

  async #start(options: StartOptions): Promise<void> {
    const client = this.membership.acquire()
    const interest = this.#interest
    const consumption = new LiteConsumption({
      client,
      options: this.#options,
      interest,
      onAssigned: queues => this.emit('assigned', queues),
      onRevoked: queues => this.emit('revoked', queues),
      telemetry: this.telemetry,
      onQueuesChanged: (topic, queues) => this.emit('messageQueuesChanged', topic, queues),
      onLag: alarm => this.emit('lag', alarm),
      onBackgroundError: error => this.emit('backgroundError', error),
    })
    this.#consumption = consumption
    const member: ConsumerMember = {
      kind: 'consumer',
      group: this.consumerGroup,
      topics: () => [...interest.topics, ...consumption.watch.topics, ...(consumption.tracer?.topics ?? [])],
      consumerData: () => consumption.consumerData(),
      onRouteChanged: topic => {
        consumption.watch.look(topic)
        if (interest.subscriptions.get(topic) !== undefined) void consumption.rebalance()
      },
      onReconnected: () => void consumption.rebalance(),
      onBackgroundError: error => this.emit('backgroundError', error),
    }
    await this.membership.start(member, options, () => consumption.start())
  }

  async #shutdown(timeoutMs: number): Promise<void> {
    const onTimeout = (): RocketMQError => {
      const says = `consumer ${this.consumerGroup}: offsets were not written down within ${timeoutMs} ms; messages come again`
      return new RocketMQError('SHUTDOWN_INCOMPLETE', says, { group: this.consumerGroup })
    }
    const { clock } = this
    try {
      await withDeadline(this.#consumption?.stop() ?? Promise.resolve(), { clock, timeoutMs, onTimeout })
    } finally {
      await this.#consumption?.tracer?.stop(timeoutMs)
      await this.membership.end()
    }
  }

  /** @internal */
  protected override gauges(): MetricReading[] {
    return [...super.gauges(), ...queueGauges(this.stats().queues, (...reading) => this.reading(...reading))]
  }

  #running(): LiteConsumption {
    this.lifecycle.mustRun()
    return this.#consumption as LiteConsumption
  }

  async #call<T>(options: CallOptions, what: string, work: (parts: CallParts) => Promise<T>): Promise<T> {
    const consumption = this.#running()
    const client = this.membership.client as ClientInstance
    return within({ clock: client.clock, what: `${what} of consumer ${this.consumerGroup}`, options }, call =>
      work({ client, consumption, call }),
    )
  }

  async #seek(
    queue: MessageQueue,
    options: CallOptions,
    find: (offsets: QueueOffsets, queue: MessageQueue, call: CallOptions) => Promise<number>,
  ): Promise<void> {
    const checked = checkedQueue(queue)
    await this.#call(options, 'seek', async ({ client, consumption, call }) => {
      // Before brokers are asked in vain; and once more after it, as it may be given away meanwhile.
      consumption.assigned(checked)
      consumption.seek(checked, await find(client.offsets, checked, call))
    })
  }

  /** Once it has begun to start, brokers and the rebalancer hear of it; failures are events. */
  #subscriptionsChanged(change: TopicsChange): void {
    topicsChanged(this.liveClient, change, async () => this.#consumption?.rebalance())
  }
}

/** What a call works with. */
interface CallParts {
  readonly client: ClientInstance
  readonly consumption: LiteConsumption
  readonly call: CallOptions
}
