import { checkCallOptions, checkedRange, checkedTime } from '../../client/checked-options'
import type { ClientInstance } from '../../client/client-instance'
import { ReplyingConsumer } from '../replying-consumer'
import type { ConsumerMember } from '../../client/member'
import { resolveClientOptions } from '../../client/resolve-client-options'
import type { StartOptions } from '../../client/start-member'
import type { ConsumerData } from '../../commands/heartbeat-data'
import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import type { PullResult } from '../../model/results'
import { checkTopic } from '../../model/validators'
import type { CallOptions } from '../../remoting/remoting-client'
import { withDeadline } from '../../runtime/deadline'
import type { LifecycleState } from '../../runtime/lifecycle'
import type { Int64Input } from '../../wire/int64'
import { StoredMessage } from '../../wire/stored-message'
import { checkedOffset } from '../checked-offsets'
import { checkedQueue } from '../checked-queue'
import { fetchMessageQueues } from '../fetch-message-queues'
import { DEFAULT_SHUTDOWN_MS } from '../group-options'
import { createOffsetStore } from '../offsets/create-offset-store'
import type { OffsetStore } from '../offsets/offset-store'
import { Subscriptions } from '../rebalance/subscriptions'
import { type TopicsChange, topicsChanged } from '../rebalance/topics-changed'
import { receiving } from '../receiving'
import { createSendBack } from '../send-back'
import { settling } from '../settling'
import { withStableId } from '../stable-id'
import { within } from '../within'
import {
  type PullConsumerOptions,
  type ResolvedPullConsumerOptions,
  resolvePullConsumerOptions,
} from './pull-consumer-options'
import { PullSchedule } from './pull-schedule'
import { PULL_OPTIONS, type PullOptions, RawPulls } from './raw-pulls'
import type { PullTask } from './scheduled-queues'

/** Events of a pull consumer. */
export interface PullConsumerEvents {
  /** Queues with a scheduled task were taken. */
  assigned: [queues: readonly MessageQueue[]]
  /** Queues with a scheduled task were given back; the signals of their tasks are aborted. */
  revoked: [queues: readonly MessageQueue[]]
  /** A scheduled task threw or rejected; it is run again after 1 s. */
  taskError: [error: Error, queue: MessageQueue]
  /** Something failed that no call waits for: a heartbeat, a rebalance, a message that could not be read and was left out. */
  backgroundError: [error: RocketMQError]
}

/** A snapshot of what a pull consumer is doing. */
export interface PullConsumerStats {
  /** Where in its life it is, from `created` to `stopped` or `failed`. */
  readonly state: LifecycleState
  /** Queues with a scheduled task that are its own at present. */
  readonly queues: readonly MessageQueue[]
  /** Scheduled tasks at work. */
  readonly tasksRunning: number
}

const MAX_INT = 0x7fffffff

/**
 * Reads queues at offsets that you keep: nothing is shared, held in hand or committed by itself. `schedule` runs a task of
 * yours on each queue of a topic, with the queues shared among the members of the group.
 *
 * Calls take `timeoutMs` (default 10000) and `signal`, and reject with REQUEST_TIMEOUT, ABORTED, CONNECT_FAILED,
 * CHANNEL_CLOSED, BROKER_NOT_FOUND, NO_NAME_SERVER, a `BrokerError`, INVALID_ARGUMENT or INVALID_TOPIC for wrong input, and
 * INVALID_STATE unless the consumer runs.
 *
 * @example
 * const consumer = new PullConsumer({ namesrvAddr: '127.0.0.1:9876', consumerGroup: 'copy' })
 * await consumer.start()
 * for (const queue of await consumer.fetchMessageQueues('Orders')) {
 *   let offset = (await consumer.fetchConsumeOffset(queue)) ?? 0
 *   const { messages, nextBeginOffset } = await consumer.pull(queue, { offset, maxNums: 32 })
 *   await consumer.updateConsumeOffset(queue, nextBeginOffset)
 * }
 */
export class PullConsumer extends ReplyingConsumer<PullConsumerEvents> {
  /** Name of the consumer group, without its namespace. */
  readonly consumerGroup: string
  readonly #options: ResolvedPullConsumerOptions
  readonly #receive = receiving(this.telemetry)
  readonly #settle = settling(this.telemetry)
  readonly #tasks = new Map<string, PullTask>()
  /** Topics with tasks. */
  readonly #subscriptions: Subscriptions
  /** Topics that were pulled: their routes are kept fresh. */
  readonly #topics = new Set<string>()
  #parts: Parts | undefined

  /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
  constructor(options: PullConsumerOptions) {
    const resolved = resolvePullConsumerOptions(options)
    const clientOptions = withStableId(resolveClientOptions(options), resolved)
    super(clientOptions, { kind: 'consumer', group: options.consumerGroup })
    this.#options = resolved
    this.consumerGroup = options.consumerGroup
    this.#subscriptions = new Subscriptions(this.clock)
  }

  /**
   * Tells the brokers, and takes queues where there are scheduled tasks.
   * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, OFFSET_STORE_FAILED, ABORTED
   */
  start(options: StartOptions = {}): Promise<void> {
    return this.startOrShutDown(
      () => this.#start(options),
      timeoutMs => this.#shutdown(timeoutMs),
    )
  }

  /**
   * All queues of a topic that can be read, as name servers tell them now.
   * @throws RocketMQError TOPIC_NOT_FOUND, INVALID_TOPIC
   */
  fetchMessageQueues(topic: string, options: CallOptions = {}): Promise<readonly MessageQueue[]> {
    return this.#call(options, 'fetchMessageQueues', ({ client, call }) => fetchMessageQueues(client, topic, call))
  }

  /**
   * Messages of a queue from an offset on; answered at once, also where there are none. What cannot be read is left out,
   * which `backgroundError` tells.
   */
  pull(queue: MessageQueue, options: PullOptions): Promise<PullResult> {
    return this.#pull(queue, options, { suspendMs: 0, timeoutMs: this.#options.consumerPullTimeoutMs })
  }

  /** As `pull`; while there are none, the broker waits for messages for as long as `brokerSuspendMaxTimeMs`. */
  pullBlockIfNotFound(queue: MessageQueue, options: PullOptions): Promise<PullResult> {
    const { brokerSuspendMaxTimeMs, consumerTimeoutWhenSuspendMs } = this.#options
    return this.#pull(queue, options, { suspendMs: brokerSuspendMaxTimeMs, timeoutMs: consumerTimeoutWhenSuspendMs })
  }

  /** The offset of the oldest message that a queue still holds. */
  minOffset(queue: MessageQueue, options: CallOptions = {}): Promise<number> {
    return this.#onQueue(queue, options, 'minOffset', ({ client, checked, call }) =>
      client.offsets.minOffset(checked, call),
    )
  }

  /** The offset that the next message of a queue will get. */
  maxOffset(queue: MessageQueue, options: CallOptions = {}): Promise<number> {
    return this.#onQueue(queue, options, 'maxOffset', ({ client, checked, call }) =>
      client.offsets.maxOffset(checked, call),
    )
  }

  /**
   * The offset of the first message of a queue stored at a time, ms since 1970 or a Date, or later; where there is none, its
   * end. Brokers before 5.0 tell the message that was stored nearest to that time.
   */
  offsetForTimestamp(queue: MessageQueue, timestamp: number | Date, options: CallOptions = {}): Promise<number> {
    return this.#onQueue(queue, options, 'offsetForTimestamp', ({ client, checked, call }) =>
      client.offsets.offsetForTimestamp(checked, checkedTime('timestamp', timestamp), call),
    )
  }

  /**
   * Writes down how far the group has come with a queue: the offset of the next message to handle.
   * @throws RocketMQError OFFSET_STORE_FAILED
   */
  updateConsumeOffset(queue: MessageQueue, offset: Int64Input, options: CallOptions = {}): Promise<void> {
    return this.#onQueue(queue, options, 'updateConsumeOffset', async ({ checked, offsetStore }) => {
      offsetStore.update(checked, checkedOffset(offset), { increaseOnly: false })
      await offsetStore.persist([checked], { confirmed: true })
    })
  }

  /** How far the group has come with a queue; undefined where it never told. Brokers tell 0 for a young queue. */
  fetchConsumeOffset(queue: MessageQueue, options: CallOptions = {}): Promise<number | undefined> {
    return this.#onQueue(queue, options, 'fetchConsumeOffset', ({ checked, offsetStore }) => offsetStore.read(checked))
  }

  /**
   * Hands a message that could not be handled back to its broker, which puts it to the group's retry topic,
   * `%RETRY%` + group, after a while, and after `maxReconsumeTimes` tries to the dead letters.
   * @param message as a pull has returned it, or a `copy()` of that
   * @param delayLevel 0: the broker decides by the number of tries; negative: to the dead letters at once
   */
  sendMessageBack(message: MessageExt, delayLevel = 0, options: CallOptions = {}): Promise<void> {
    return this.#settle('sendMessageBack', [message], () => this.#sendBack(message, delayLevel, options))
  }

  async #sendBack(message: MessageExt, delayLevel: number, options: CallOptions): Promise<void> {
    return this.#call(options, 'sendMessageBack', async ({ client, call }) => {
      if (!(message instanceof StoredMessage)) {
        throw new RocketMQError('INVALID_ARGUMENT', 'sendMessageBack needs a message as a pull has returned it')
      }
      const level = checkedRange('delayLevel', delayLevel, -1, MAX_INT)
      const { brokerName } = message
      const storedTopic = client.names.user(message.storedTopic)
      this.#topics.add(storedTopic)
      if (client.routes.masterAddress(brokerName) === undefined) await client.routes.refresh(storedTopic, call)
      const { consumerGroup, maxReconsumeTimes } = this.#options
      const onBackgroundError = (error: RocketMQError): void => void this.emit('backgroundError', error)
      const sendBack = createSendBack(client, { consumerGroup, maxReconsumeTimes, onBackgroundError })
      await sendBack.sendBack(message, level)
    })
  }

  /**
   * Runs a task on each queue of a topic that is this member's share, again and again, as Java's
   * `MQPullConsumerScheduleService` does. May be called before `start` and while running.
   * @throws RocketMQError INVALID_TOPIC, INVALID_ARGUMENT
   */
  schedule(topic: string, task: PullTask): this {
    checkTopic(topic)
    if (typeof task !== 'function') throw new RocketMQError('INVALID_ARGUMENT', 'schedule needs a task, a function')
    this.#tasks.set(topic, task)
    this.#subscriptions.add(topic, undefined)
    this.#scheduleChanged({ added: [topic], removed: [] })
    return this
  }

  /** Runs the task of a topic no more. */
  unschedule(topic: string): this {
    this.#tasks.delete(topic)
    this.#subscriptions.remove(topic)
    this.#scheduleChanged({ added: [], removed: [topic] })
    return this
  }

  /** What it is doing at the moment. */
  stats(): PullConsumerStats {
    const scheduled = this.#parts?.schedule.queues
    return { state: this.lifecycle.state, queues: scheduled?.queues ?? [], tasksRunning: scheduled?.tasks ?? 0 }
  }

  /**
   * Ends pulls, waits for scheduled tasks, tells the brokers and closes connections that nobody else uses. Pulls under way
   * reject with ABORTED.
   * @param options `timeoutMs`: limit of the wait for tasks, default 30000; to close what is left
   * takes 3 s more at the most, where brokers do not answer
   * @throws RocketMQError SHUTDOWN_INCOMPLETE where tasks still ran at the end of it; all is closed then, too
   * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
   */
  override shutdown(options: { timeoutMs?: number } = {}): Promise<void> {
    return this.stopWithin(options, DEFAULT_SHUTDOWN_MS, timeoutMs => this.#shutdown(timeoutMs))
  }

  async #start(options: StartOptions): Promise<void> {
    const client = this.membership.acquire()
    const { consumerGroup } = this
    const onBackgroundError = (error: RocketMQError): void => void this.emit('backgroundError', error)
    const offsetStore = createOffsetStore(client, this.#options)
    const schedule = this.#createSchedule(client, onBackgroundError)
    const { messageFilters } = this.#options
    const pulls = new RawPulls({ client, consumerGroup, messageFilters, onBackgroundError })
    this.#parts = { client, offsetStore, schedule, pulls }
    const member: ConsumerMember = {
      kind: 'consumer',
      group: consumerGroup,
      topics: () => [...this.#subscriptions.topics, ...this.#topics],
      consumerData: () => this.#consumerData(),
      onRouteChanged: topic => {
        if (this.#subscriptions.get(topic) !== undefined) void schedule.rebalance()
      },
      onReconnected: () => void schedule.rebalance(),
      onBackgroundError,
    }
    await this.membership.start(member, options, async () => {
      await offsetStore.load()
      await schedule.start()
    })
  }

  #createSchedule(client: ClientInstance, onBackgroundError: (error: RocketMQError) => void): PullSchedule {
    return new PullSchedule({
      client,
      options: this.#options,
      subscriptions: this.#subscriptions,
      task: topic => this.#tasks.get(topic),
      onTaskError: (error, queue) => {
        client.log.warn('a pull task failed', { group: this.consumerGroup, queue, error })
        this.emit('taskError', error, queue)
      },
      onAssigned: queues => this.emit('assigned', queues),
      onRevoked: queues => this.emit('revoked', queues),
      onBackgroundError,
    })
  }

  /** What heartbeats tell; as from Java, they do not tell where the group begins. */
  #consumerData(): ConsumerData {
    return {
      groupName: this.consumerGroup,
      consumeType: 'CONSUME_ACTIVELY',
      messageModel: this.#options.messageModel,
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      subscriptionDataSet: this.#subscriptions.all,
      unitMode: this.membership.client?.options.unitMode ?? false,
    }
  }

  async #pull(
    queue: MessageQueue,
    options: PullOptions,
    times: { suspendMs: number; timeoutMs: number },
  ): Promise<PullResult> {
    const { pulls } = this.#running()
    const checked = checkedQueue(queue)
    checkCallOptions(options, PULL_OPTIONS, 'the options of pull')
    this.#topics.add(checked.topic)
    return this.#receive(
      'pull',
      () => pulls.pull(checked, options, times),
      ({ messages }) => messages,
    )
  }

  async #shutdown(timeoutMs: number): Promise<void> {
    const { clock } = this
    const onTimeout = (): RocketMQError => {
      const says = `consumer ${this.consumerGroup}: ${this.stats().tasksRunning} tasks did not end within ${timeoutMs} ms`
      return new RocketMQError('SHUTDOWN_INCOMPLETE', says, { group: this.consumerGroup })
    }
    this.#parts?.pulls.end()
    try {
      await withDeadline(this.#parts?.schedule.stop() ?? Promise.resolve(), { clock, timeoutMs, onTimeout })
    } finally {
      await this.membership.end()
    }
  }

  #running(): Parts {
    this.lifecycle.mustRun()
    return this.#parts as Parts
  }

  async #call<T>(options: CallOptions, what: string, work: (parts: CallParts) => Promise<T>): Promise<T> {
    const parts = this.#running()
    const { clock } = parts.client
    return within({ clock, what: `${what} of consumer ${this.consumerGroup}`, options }, call =>
      work({ ...parts, call }),
    )
  }

  async #onQueue<T>(
    queue: MessageQueue,
    options: CallOptions,
    what: string,
    work: (parts: CallParts & { checked: MessageQueue }) => Promise<T>,
  ): Promise<T> {
    const checked = checkedQueue(queue)
    return this.#call(options, what, parts => {
      this.#topics.add(checked.topic)
      return work({ ...parts, checked })
    })
  }

  /** Once it has begun to start, brokers and the rebalancer hear of it; failures are events. */
  #scheduleChanged(change: TopicsChange): void {
    topicsChanged(this.liveClient, change, async () => this.#parts?.schedule.rebalance())
  }
}

/** What a consumer that was started consists of. */
interface Parts {
  readonly client: ClientInstance
  readonly offsetStore: OffsetStore
  readonly schedule: PullSchedule
  readonly pulls: RawPulls
}

interface CallParts extends Parts {
  readonly call: CallOptions
}
