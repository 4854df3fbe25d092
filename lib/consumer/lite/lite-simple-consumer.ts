import type { ClientInstance } from '../../client/client-instance'
import { ClientMember } from '../../client/client-member'
import { CALL_OPTIONS, checkCallOptions, checkedRange } from '../../client/checked-options'
import type { ConsumerMember } from '../../client/member'
import { resolveClientOptions } from '../../client/resolve-client-options'
import type { StartOptions } from '../../client/start-member'
import type { ConsumerData } from '../../commands/heartbeat-data'
import { NOTIFY_UNSUBSCRIBE_LITE } from '../../commands/lite'
import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { OptionNames } from '../../model/option-checks'
import type { CallOptions } from '../../remoting/remoting-client'
import { withAnySignal } from '../../runtime/any-signal'
import { WorkSlots } from '../../runtime/work-slots'
import { answerQuestions } from '../active-questions'
import { Subscriptions } from '../rebalance/subscriptions'
import { receiving } from '../receiving'
import { settling } from '../settling'
import { within } from '../within'
import { LiteBrokers } from './lite-brokers'
import { LiteReceipts } from './lite-receipts'
import { LiteReceiver } from './lite-receiver'
import {
  type LiteSimpleConsumerOptions,
  type LiteStart,
  type ResolvedLiteSimpleConsumerOptions,
  checkedInvisibleMs,
  checkedLiteTopics,
  offsetOptionOf,
  resolveLiteSimpleConsumerOptions,
} from './lite-simple-consumer-options'

/** Events of a lite consumer. */
export interface LiteSimpleConsumerEvents {
  /** A broker has ended the subscription of a lite topic: it has expired, or another member of the group has it now. */
  unsubscribed: [liteTopic: string]
  /** Something failed that no call waits for. */
  backgroundError: [error: RocketMQError]
}

/** What `receive` of a lite consumer is asked for. */
export interface LiteReceiveOptions extends Pick<CallOptions, 'signal'> {
  /** Most messages, 1 to 32; default 32. */
  readonly maxMessages?: number
  /** Default is that of the consumer. */
  readonly invisibleDurationMs?: number
  /** Default is that of the consumer. With 0 `receive` looks once and does not wait. */
  readonly awaitDurationMs?: number
}

/** What `subscribeLite` can be told. */
interface SubscribeOptions extends CallOptions {
  readonly from?: LiteStart
}

const SUBSCRIBE_OPTIONS: OptionNames<SubscribeOptions> = { ...CALL_OPTIONS, from: true }
const RECEIVE_OPTIONS: OptionNames<LiteReceiveOptions> = {
  signal: true,
  maxMessages: true,
  invisibleDurationMs: true,
  awaitDurationMs: true,
}
/** Brokers forget clients that are silent for 3 minutes, and hear of lite topics that came to them meanwhile. */
const SYNC_MS = 30_000

interface Parts {
  readonly client: ClientInstance
  readonly brokers: LiteBrokers
  readonly receiver: LiteReceiver
  readonly receipts: LiteReceipts
}

/**
 * Receives messages of lite topics: of any number of small queues below one topic of type LITE, which come with their
 * first message and go by themselves. Each lite topic is kept in order: its next messages come when those before are
 * acknowledged. A message that is not acknowledged in its invisible time is delivered again. Brokers from 5.5.
 *
 * Calls that wait take `signal`, all but `receive` also `timeoutMs` (default 10000), and reject with REQUEST_TIMEOUT,
 * ABORTED, CONNECT_FAILED, CHANNEL_CLOSED, BROKER_NOT_FOUND, a `BrokerError`, INVALID_ARGUMENT for wrong input, and
 * INVALID_STATE unless the consumer runs.
 *
 * @example
 * const consumer = new LiteSimpleConsumer({ namesrvAddr: '127.0.0.1:9876', consumerGroup: 'chat', topic: 'Chats' })
 * await consumer.start()
 * await consumer.subscribeLite(['room-1', 'room-2'])
 * for (const message of await consumer.receive()) {
 *   console.log(message.properties['__LITE_TOPIC'], message.text())
 *   await consumer.ack(message)
 * }
 */
export class LiteSimpleConsumer extends ClientMember<LiteSimpleConsumerEvents> {
  /** Name of the consumer group, without its namespace. */
  readonly consumerGroup: string
  readonly #options: ResolvedLiteSimpleConsumerOptions
  readonly #subscriptions: Subscriptions
  readonly #liteTopics = new Set<string>()
  /** One at a time: a list of all lite topics that overtook a change would undo it. */
  readonly #changes = new WorkSlots(1)
  readonly #closing = new AbortController()
  readonly #receive = receiving(this.telemetry)
  readonly #settle = settling(this.telemetry)
  readonly #cleanups: (() => unknown)[] = []
  #parts: Parts | undefined

  /** @throws RocketMQError INVALID_GROUP, INVALID_TOPIC, INVALID_ARGUMENT, NO_NAME_SERVER */
  constructor(options: LiteSimpleConsumerOptions) {
    const resolved = resolveLiteSimpleConsumerOptions(options)
    // Brokers (5.5.0) keep lite topics, and what is ready of them, by client id and not by group.
    super(resolveClientOptions(options), { kind: 'consumer', group: resolved.consumerGroup, only: 'lite topics' })
    this.#options = resolved
    this.consumerGroup = resolved.consumerGroup
    this.#subscriptions = new Subscriptions(this.clock)
    this.#subscriptions.add(resolved.topic, undefined)
  }

  /** The lite topics that are wanted at present. */
  get liteTopics(): string[] {
    return [...this.#liteTopics]
  }

  /**
   * Makes sure that the brokers know lite topics, and tells them of the group.
   * @throws RocketMQError UNSUPPORTED_BY_BROKER where one is older than 5.5; nothing is begun then
   * @throws RocketMQError TOPIC_NOT_FOUND, NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, ABORTED
   * @throws BrokerError where a broker does not have the group
   */
  start(options: StartOptions = {}): Promise<void> {
    return this.startOrShutDown(
      () => this.#start(options),
      () => this.#end(),
    )
  }

  /**
   * Wants the messages of lite topics; `from` tells where the group begins with them.
   * @throws RocketMQError INVALID_TOPIC
   * @throws BrokerError LITE_SUBSCRIPTION_QUOTA_EXCEEDED where a broker has too many subscriptions
   */
  async subscribeLite(
    liteTopics: readonly string[],
    options: CallOptions & { readonly from?: LiteStart } = {},
  ): Promise<void> {
    const checked = checkedLiteTopics(liteTopics)
    checkCallOptions(options, SUBSCRIBE_OPTIONS, 'the options of subscribeLite')
    const { from = 'CONTINUE', ...limits } = options
    const change = { action: 'PARTIAL_ADD', liteTopics: checked, offsetOption: offsetOptionOf(from) } as const
    await this.#call('subscribeLite', limits, ({ brokers }, call) =>
      this.#changes.run(async () => {
        await brokers.tell(change, call)
        for (const liteTopic of checked) this.#liteTopics.add(liteTopic)
      }),
    )
  }

  /**
   * Wants the messages of lite topics no more. What a broker had ready may still come, once.
   * @throws RocketMQError INVALID_TOPIC
   */
  async unsubscribeLite(liteTopics: readonly string[], options: CallOptions = {}): Promise<void> {
    const checked = checkedLiteTopics(liteTopics)
    const change = { action: 'PARTIAL_REMOVE', liteTopics: checked } as const
    await this.#call('unsubscribeLite', options, ({ brokers }, call) =>
      this.#changes.run(async () => {
        for (const liteTopic of checked) this.#liteTopics.delete(liteTopic)
        await brokers.tell(change, call)
      }),
    )
  }

  /**
   * Messages of one broker, as soon as there are any; empty where none came within `awaitDurationMs`. A call that is aborted
   * may have taken messages all the same, which come again when their invisible time is over.
   * @throws RocketMQError what kept all brokers from answering
   */
  async receive(options: LiteReceiveOptions = {}): Promise<readonly MessageExt[]> {
    checkCallOptions(options, RECEIVE_OPTIONS, 'the options of receive')
    const { receiver } = this.#running()
    const { invisibleDurationMs, awaitDurationMs } = this.#options
    const pop = {
      maxMessages: checkedRange('maxMessages', options.maxMessages ?? 32, 1, 32),
      invisibleDurationMs: checkedInvisibleMs(options.invisibleDurationMs ?? invisibleDurationMs),
      awaitDurationMs: checkedRange('awaitDurationMs', options.awaitDurationMs ?? awaitDurationMs, 0, 0x7fffffff),
    }
    const receive = (): Promise<readonly MessageExt[]> =>
      withAnySignal([this.#closing.signal, options.signal], signal => receiver.receive({ ...pop, signal }))
    return this.#receive('receive', receive, messages => messages)
  }

  /**
   * Tells the broker that a message is done.
   * @throws RocketMQError INVALID_RECEIPT for a message that was not received, or whose invisible time is over
   */
  ack(message: MessageExt, options: CallOptions = {}): Promise<void> {
    const ack = (): Promise<void> => this.#call('ack', options, ({ receipts }, call) => receipts.ack(message, call))
    return this.#settle('ack', [message], ack)
  }

  /**
   * Hides a received message, and so its lite topic, for another `invisibleDurationMs` from now, 1000 to 43200000.
   * @returns the new receipt handle
   * @throws RocketMQError INVALID_RECEIPT as `ack`
   */
  changeInvisibleDuration(
    message: MessageExt,
    invisibleDurationMs: number,
    options: CallOptions = {},
  ): Promise<string> {
    const ms = checkedInvisibleMs(invisibleDurationMs)
    return this.#settle('changeInvisibleDuration', [message], () =>
      this.#call('changeInvisibleDuration', options, ({ receipts }, call) =>
        receipts.changeInvisible(message, ms, call),
      ),
    )
  }

  /** Ends calls of `receive`, tells the brokers and closes connections that nobody else uses. */
  override shutdown(): Promise<void> {
    return this.lifecycle.stop(() => this.#end())
  }

  async #start(options: StartOptions): Promise<void> {
    const client = this.membership.acquire()
    const { consumerGroup, topic } = this.#options
    const onBackgroundError = (error: RocketMQError): void => void this.emit('backgroundError', error)
    const brokers = new LiteBrokers({ client, consumerGroup, topic })
    const receiver = new LiteReceiver({ client, consumerGroup, topic, brokers, onBackgroundError })
    const parts: Parts = { client, brokers, receiver, receipts: new LiteReceipts({ client, consumerGroup }) }
    const sync = (call: CallOptions = {}): Promise<void> =>
      this.#changes.run(() => brokers.tell({ action: 'COMPLETE_ADD', liteTopics: this.liteTopics }, call))
    this.#parts = parts
    this.#cleanups.push(
      client.handle(NOTIFY_UNSUBSCRIBE_LITE, consumerGroup, ({ header }) => {
        if (this.#liteTopics.delete(header.liteTopic)) this.emit('unsubscribed', header.liteTopic)
        return undefined
      }),
      this.#answer(client),
      client.scheduler.add({ name: 'tell brokers of lite topics', everyMs: SYNC_MS, run: signal => sync({ signal }) }),
    )
    const member: ConsumerMember = {
      kind: 'consumer',
      group: consumerGroup,
      topics: () => [topic],
      consumerData: () => this.#consumerData(client),
      checkBrokers: sync,
      onReconnected: () => void sync().catch((error: unknown) => client.report('brokers were not told', error)),
      onBackgroundError,
    }
    await this.membership.start(member, options)
  }

  /** Tells administrators what it does. */
  #answer(client: ClientInstance): () => void {
    const { consumerGroup, topic, awaitDurationMs, invisibleDurationMs } = this.#options
    return answerQuestions({
      client,
      consumerGroup,
      subscriptions: this.#subscriptions,
      properties: { consumerGroup, topic, awaitDurationMs, invisibleDurationMs, liteTopics: this.#liteTopics.size },
      doing: () => `lite topics: ${this.liteTopics.join(', ')}\n`,
    })
  }

  /** What heartbeats tell. */
  #consumerData({ options }: ClientInstance): ConsumerData {
    return {
      groupName: this.consumerGroup,
      consumeType: 'CONSUME_ACTIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      subscriptionDataSet: this.#subscriptions.all,
      unitMode: options.unitMode,
    }
  }

  async #end(): Promise<void> {
    const { consumerGroup: group } = this
    this.#closing.abort(new RocketMQError('ABORTED', `consumer ${group} was shut down`, { group }))
    for (const cleanup of this.#cleanups.splice(0)) await cleanup()
    const change = { action: 'COMPLETE_REMOVE', liteTopics: [] } as const
    try {
      await this.#parts?.brokers.tell(change, {})
    } catch (error) {
      this.#parts?.client.log.warn('brokers were not told that lite topics are wanted no more', { group, error })
    } finally {
      await this.membership.end()
    }
  }

  #running(): Parts {
    this.lifecycle.mustRun()
    return this.#parts as Parts
  }

  async #call<T>(
    what: string,
    options: CallOptions,
    work: (parts: Parts, call: CallOptions) => Promise<T>,
  ): Promise<T> {
    const parts = this.#running()
    const { clock } = this
    return within({ clock, what: `${what} of consumer ${this.consumerGroup}`, options }, call => work(parts, call))
  }
}
