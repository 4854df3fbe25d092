import type { ClientInstance } from '../../client/client-instance'
import type { ReplyOf } from '../../commands/command'
import { PULL_MESSAGE } from '../../commands/pull'
import { BrokerError, RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import { PROPERTY } from '../../model/property-names'
import { buildPullSysFlag } from '../../model/pull-sys-flag'
import { isTagType, matchesTags } from '../../model/subscription'
import { MASTER_ID } from '../../model/topic-route'
import type { Gate } from '../../runtime/gate'
import { backoffMs } from '../../runtime/random'
import { openBodies } from '../../wire/open-bodies'
import type { StoredMessage } from '../../wire/stored-message'
import { type DecodedMessages, decodeStoredMessages } from '../../wire/stored-message-decoder'
import { asTyped } from '../as-typed'
import type { OffsetStore } from '../offsets/offset-store'
import type { TopicRates } from './consume-rates'
import type { ConsumeService } from './consume-service'
import { DamagedPulls } from './damaged-pulls'
import type { ProcessQueue } from './process-queue'
import type { ResolvedPushConsumerOptions } from './push-consumer-options'
import type { QueueLocks } from './queue-locks'

export interface PullLoopOptions {
  readonly client: ClientInstance
  readonly options: ResolvedPushConsumerOptions
  readonly processQueue: ProcessQueue
  /** The group's retry topic, whose messages are shown under the topic that they first had. */
  readonly retryTopic: string
  /** What the group wants of the queue's topic; undefined after it was unsubscribed. */
  readonly subscription: () => SubscriptionData | undefined
  /** All must be open for a pull. */
  readonly gates: readonly Gate[]
  /** For orderly consumption of shared queues: without the lock nothing is pulled. */
  readonly locks: Pick<QueueLocks, 'isLocked'> | undefined
  readonly offsetStore: Pick<OffsetStore, 'current' | 'update'>
  readonly service: Pick<ConsumeService, 'submit'>
  readonly rates: Pick<TopicRates, 'pulled'>
  /** The offset is out of the queue's range, or was reset by an administrator. */
  readonly onOffsetMoved: (processQueue: ProcessQueue, nextBeginOffset: number) => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

type PullReply = ReplyOf<typeof PULL_MESSAGE>

/** The broker holds a pull this long while there is nothing new, ms. */
const SUSPEND_MS = 15_000
/** Longer than the broker may hold it with its granularity of 5 s. */
const PULL_TIMEOUT_MS = 30_000
const FLOW_CONTROL_MS = 20
/** Answers of a broker that knows less of a subscription than the pull does. */
const UNHEARD = [
  'SUBSCRIPTION_NOT_EXIST',
  'SUBSCRIPTION_NOT_LATEST',
  'FILTER_DATA_NOT_EXIST',
  'FILTER_DATA_NOT_LATEST',
] as const
const RETRY_FIRST_MS = 100
const RETRY_LAST_MS = 3000
/** Until a lock or a subscription that is missing is looked at again. */
const MISSING_MS = 1000

/** One pull at a time for one queue: room? - pull - decide by the answer's code - put. Ends only when told to. */
export class PullLoop {
  readonly #options: PullLoopOptions
  readonly #abort = new AbortController()
  /** Broker id that the last answer suggested to pull from. */
  #suggestedId = MASTER_ID
  readonly #damaged = new DamagedPulls()
  #maxOffset = 0
  #lastPulledAt: number | undefined
  #doing = 'not started'
  /** True while it waits for what keeps it from pulling. */
  #isHeld = false
  readonly #madeAt: number
  #running: Promise<void> | undefined

  constructor(options: PullLoopOptions) {
    this.#options = options
    const { signal } = options.processQueue
    this.#madeAt = options.client.clock.monotonic()
    signal.addEventListener('abort', () => this.#abort.abort(), { once: true })
  }

  /** The queue's end as the last answer told it. */
  get maxOffset(): number {
    return this.#maxOffset
  }

  /** When it last went to ask for messages, monotonic ms. */
  get lastPulledAt(): number | undefined {
    return this.#lastPulledAt
  }

  /** Milliseconds since it last went to ask for messages; 0 while it is kept from that on purpose, as by a full queue. */
  get idleMs(): number {
    return this.#isHeld ? 0 : this.#options.client.clock.monotonic() - (this.#lastPulledAt ?? this.#madeAt)
  }

  /** What it does or waits for at the moment, for people to read. */
  get doing(): string {
    return this.#doing
  }

  start(): void {
    this.#running ??= this.#run(this.#abort.signal)
  }

  /** Takes the pull under way back and resolves when the loop has ended. */
  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#running
  }

  get #isStopped(): boolean {
    return this.#abort.signal.aborted
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        if (await this.#mayPull(signal)) await this.#pull(signal)
        failures = 0
      } catch (error) {
        if (this.#isStopped) return
        await this.#failed(error, failures++, signal)
      }
    }
  }

  /** True where nothing keeps the loop from pulling; else waits for what does, and false: all is to be looked at again. */
  async #mayPull(signal: AbortSignal): Promise<boolean> {
    const { gates, processQueue, locks, subscription, client } = this.#options
    const shut = gates.find(gate => !gate.isOpen)
    if (shut !== undefined) await this.#held('is paused', shut.whenOpen(signal))
    else if (!processQueue.hasRoom) await this.#held('waits for listeners to make room', processQueue.whenRoom(signal))
    else if (subscription() === undefined || locks?.isLocked(processQueue.queue) === false)
      await this.#held('waits for its lock or subscription', client.clock.sleep(MISSING_MS, signal))
    else return true
    return false
  }

  async #held(doing: string, end: Promise<void>): Promise<void> {
    this.#doing = doing
    this.#isHeld = true
    await end
    this.#isHeld = false
  }

  async #pull(signal: AbortSignal): Promise<void> {
    const subscription = this.#options.subscription()
    if (subscription === undefined) return
    this.#lastPulledAt = this.#options.client.clock.monotonic()
    this.#doing = 'pulls'
    const { address, brokerId } = await this.#broker(signal)
    const header = this.#header(subscription, brokerId)
    const { remoting, clock } = this.#options.client
    const call = { timeoutMs: PULL_TIMEOUT_MS, signal }
    const askedAt = clock.monotonic()
    const reply = await remoting.invoke(address, PULL_MESSAGE, { header }, call)
    this.#suggestedId = reply.header.suggestWhichBrokerId
    this.#maxOffset = reply.header.maxOffset
    await this.#decide(reply, subscription, header.queueOffset)
    const pauseMs = this.#pauseMs(reply, header.queueOffset, askedAt)
    if (pauseMs > 0) await clock.sleep(pauseMs, signal)
  }

  async #decide(reply: PullReply, subscription: SubscriptionData, from: number): Promise<void> {
    const { processQueue, onOffsetMoved } = this.#options
    const { nextBeginOffset } = reply.header
    if (reply.code === 'PULL_OFFSET_MOVED') return onOffsetMoved(processQueue, nextBeginOffset)
    // The broker has passed over what was not wanted when it was asked: it is asked anew for what is wanted by now.
    if (!this.#isStillWanted(subscription)) return
    switch (reply.code) {
      case 'SUCCESS':
        return this.#found(reply, subscription, from)
      case 'PULL_NOT_FOUND':
      case 'PULL_RETRY_IMMEDIATELY':
        return this.#put([], nextBeginOffset)
    }
  }

  #isStillWanted({ subString, expressionType }: SubscriptionData): boolean {
    const wanted = this.#options.subscription()
    return wanted?.subString === subString && wanted.expressionType === expressionType
  }

  /** How long to wait before the next pull: as the user wants after messages, and where no answer is waited for or gets on. */
  #pauseMs({ code, header }: PullReply, from: number, askedAt: number): number {
    const { client, options } = this.#options
    const isAtOnce = client.clock.monotonic() - askedAt < RETRY_FIRST_MS
    // It would make a busy loop.
    const leastMs = isAtOnce && header.nextBeginOffset <= from ? RETRY_FIRST_MS : 0
    return code === 'SUCCESS' ? Math.max(leastMs, options.pullIntervalMs) : leastMs
  }

  async #found({ header, body }: PullReply, subscription: SubscriptionData, from: number): Promise<void> {
    const context = { brokerName: this.#options.processQueue.queue.brokerName, offsetDelta: header.offsetDelta ?? 0 }
    const decoded = decodeStoredMessages(body as Buffer, context)
    if (decoded.damage !== undefined) return this.#foundDamage(decoded, subscription, { header, from })
    this.#damaged.clear()
    this.#take(await openBodies(decoded.messages), subscription, header.nextBeginOffset)
  }

  /**
   * Takes what stands before the damage, and fails, so that the rest is pulled again: the damage may be of this answer alone.
   * Where it stays it is passed over, and that is told: it would hold the queue up for ever.
   */
  async #foundDamage(
    { messages, intact, damage }: DecodedMessages,
    subscription: SubscriptionData,
    { header, from }: { header: PullReply['header']; from: number },
  ): Promise<void> {
    const { queue } = this.#options.processQueue
    const opened = await openBodies(messages.slice(0, intact))
    const at = Math.max(from, (opened.at(-1)?.queueOffset ?? -1) + 1)
    if (at > from) this.#take(opened, subscription, at)
    const place = `queue ${queue.queueId} of ${queue.topic} on ${queue.brokerName}`
    const details = { topic: queue.topic, brokerName: queue.brokerName, cause: damage }
    if (!this.#damaged.isHopeless(at)) {
      const says = `the answer to a pull is damaged from offset ${at} of ${place} on: ${damage?.message}`
      throw new RocketMQError('PROTOCOL_ERROR', says, details)
    }
    this.#damaged.clear()
    const next = Math.max(header.nextBeginOffset, at + 1)
    const says = `offsets ${at} to ${next - 1} of ${place} are passed over: what is stored there cannot be read, however often it is pulled: ${damage?.message}`
    this.#options.client.log.error(says)
    this.#options.onBackgroundError(new RocketMQError('MESSAGE_UNREADABLE', says, details))
    this.#take(await openBodies(messages.slice(intact)), subscription, next)
  }

  /** Keeps what the group wants, and what cannot be told. */
  #take(messages: readonly StoredMessage[], subscription: SubscriptionData, nextBeginOffset: number): void {
    const { client, rates, processQueue, retryTopic } = this.#options
    const { topic } = processQueue.queue
    const wanted =
      subscription.tagsSet.length === 0
        ? messages
        : messages.filter(message => message.unreadable !== undefined || matchesTags(subscription, message.tags))
    for (const message of wanted) {
      message.topic = topic === retryTopic ? (message.property(PROPERTY.RETRY_TOPIC) ?? topic) : topic
    }
    const now = client.clock.monotonic()
    rates.pulled(now, wanted.length, now - (this.#lastPulledAt ?? now))
    this.#put(wanted, nextBeginOffset)
  }

  /** Appends what came; where nothing is in hand, what was filtered away counts as handled. */
  #put(messages: readonly StoredMessage[], nextBeginOffset: number): void {
    const { processQueue, service, offsetStore } = this.#options
    processQueue.put(messages, nextBeginOffset)
    // The next pull leaves before the listeners begin: at the end of this turn, and it is not even made yet.
    if (messages.length > 0) process.nextTick(() => setImmediate(() => service.submit(processQueue)))
    const offset = processQueue.takeCommit()
    if (offset !== undefined) offsetStore.update(processQueue.queue, offset, { increaseOnly: true })
  }

  #header(subscription: SubscriptionData, brokerId: number) {
    const { processQueue, options, offsetStore } = this.#options
    const { topic, queueId, brokerName } = processQueue.queue
    const { classFilterMode: classFilter, expressionType } = subscription
    // A condition that a broker cannot read, sent with a pull, makes it deliver every message.
    const isPosted = options.postSubscriptionWhenPull && !classFilter && isTagType(expressionType)
    const isClustering = options.messageModel === 'CLUSTERING'
    const commitOffset = isClustering ? (offsetStore.current(processQueue.queue) ?? 0) : 0
    return {
      consumerGroup: options.consumerGroup,
      topic,
      queueId,
      queueOffset: processQueue.nextBeginOffset,
      maxMsgNums: this.#damaged.isRepeating ? 1 : options.pullBatchSize,
      sysFlag: buildPullSysFlag({
        commitOffset: commitOffset > 0 && brokerId === MASTER_ID,
        suspend: true,
        subscription: isPosted,
        classFilter,
      }),
      commitOffset,
      suspendTimeoutMillis: SUSPEND_MS,
      subscription: isPosted ? subscription.subString : undefined,
      subVersion: subscription.subVersion,
      expressionType,
      maxMsgBytes: options.pullBatchSizeInBytes,
      bname: brokerName,
    }
  }

  /** Where to pull from: the suggested broker id, else the master, else any. */
  async #broker(signal: AbortSignal): Promise<{ address: string; brokerId: number }> {
    const { topic, brokerName } = this.#options.processQueue.queue
    const { routes } = this.#options.client
    if (routes.brokerAddresses(brokerName) === undefined) await routes.refresh(topic, { signal })
    const addresses = routes.brokerAddresses(brokerName) ?? new Map<number, string>()
    for (const brokerId of [this.#suggestedId, MASTER_ID, ...addresses.keys()]) {
      const address = addresses.get(brokerId)
      if (address !== undefined) return { address, brokerId }
    }
    throw new RocketMQError('BROKER_NOT_FOUND', `no address of broker ${brokerName} is known`, { topic, brokerName })
  }

  /** Reports a failure and waits before the next try; never rejects, as nothing may end the loop. */
  async #failed(error: unknown, failures: number, signal: AbortSignal): Promise<void> {
    const { client, processQueue, onBackgroundError } = this.#options
    this.#suggestedId = MASTER_ID
    this.#doing = `waits after failure ${failures + 1}`
    const isFlowControl = BrokerError.is(error, 'FLOW_CONTROL')
    // The broker has not heard of the subscription, or of its newest version, yet: it is told, and that is all, at first.
    const isUnheard = UNHEARD.some(code => BrokerError.is(error, code))
    if (!isFlowControl && !(isUnheard && failures === 0)) {
      client.log.warn('a pull failed', { queue: processQueue.queue, failures, error })
      const { topic } = processQueue.queue
      onBackgroundError(asTyped(error, `pulling ${topic} failed`, { topic }))
    }
    if (isUnheard) await client.heartbeat().catch((cause: unknown) => client.report('a heartbeat failed', cause))
    const waitMs = isFlowControl ? FLOW_CONTROL_MS : backoffMs(failures, RETRY_FIRST_MS, RETRY_LAST_MS)
    await client.clock.sleep(waitMs, signal).catch(() => undefined)
  }
}
