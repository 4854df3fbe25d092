import { GET_ROUTEINFO_BY_TOPIC } from '../commands/route'
import { RocketMQError, asError } from '../errors'
import { isLogicalBroker } from '../model/logical-queues'
import type { MessageQueue } from '../model/message-queue'
import { MASTER_ID, type TopicRoute } from '../model/topic-route'
import type { CallOptions } from '../remoting/remoting-client'
import { type Clock, systemClock } from '../runtime/clock'
import { withDeadline } from '../runtime/deadline'
import { SingleFlight } from '../runtime/single-flight'
import type { NameServers } from './name-servers'
import { type TopicPublishInfo, publishInfoOf, routeChanged, subscribeQueuesOf } from './publish-info'

interface Entry {
  readonly route: TopicRoute
  /** Borrowed from the topic that new topics are created by; to be replaced as soon as the real one exists. */
  readonly fallback: boolean
  publishInfo: TopicPublishInfo | undefined
}

/** A topic that does not exist yet is sent to as brokers would create it: on the brokers and queues of this one. */
export interface FallbackTopic {
  readonly createTopicKey: string
  readonly defaultTopicQueueNums: number
}

/** Topics to routes, and broker names to addresses. */
export class RouteTable {
  readonly #nameServers: NameServers
  readonly #onChanged: (topic: string) => void
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  readonly #flights = new SingleFlight<string, TopicRoute | undefined>()
  /** Failures of questions whose askers had little time; others who waited along may have more. */
  readonly #outOfTime = new WeakSet<Error>()
  /** Addresses by broker name and id; the newest route counts. */
  readonly #brokers = new Map<string, ReadonlyMap<number, string>>()
  /** How often the known routes name each broker. */
  readonly #namings = new Map<string, number>()

  /** @param onChanged told when the route of a topic differs from the one before */
  constructor(nameServers: NameServers, onChanged: (topic: string) => void, clock: Clock = systemClock) {
    this.#nameServers = nameServers
    this.#onChanged = onChanged
    this.#clock = clock
  }

  /** The known route of a topic. */
  get(topic: string): TopicRoute | undefined {
    return this.#entries.get(topic)?.route
  }

  /**
   * Asks for the route of a topic. Several callers share one question, which has the limit of the first; each of the
   * others waits as long as its own limit and signal allow, and asks anew where the first had less time than it has.
   * @returns undefined where the topic does not exist; what was known of it is kept
   * @throws RocketMQError NO_NAME_SERVER
   */
  refresh(topic: string, options?: CallOptions): Promise<TopicRoute | undefined> {
    return this.#share(topic, options, async call => {
      const route = await this.fetch(topic, call)
      if (route !== undefined) this.#set(topic, { route, fallback: false, publishInfo: undefined })
      return route
    })
  }

  /**
   * Asks for the route of a topic and keeps nothing of it.
   * @returns undefined where the topic does not exist
   * @throws RocketMQError NO_NAME_SERVER
   */
  async fetch(topic: string, options?: CallOptions): Promise<TopicRoute | undefined> {
    const reply = await this.#nameServers.invoke(
      GET_ROUTEINFO_BY_TOPIC,
      { header: { topic, acceptStandardJsonOnly: true } },
      options,
    )
    return reply.code === 'SUCCESS' ? reply.body : undefined
  }

  /** Forgets a topic that nobody uses any more. */
  forget(topic: string): void {
    const entry = this.#entries.get(topic)
    this.#entries.delete(topic)
    this.#unname(entry)
  }

  /** Forgets all topics but these. */
  keepOnly(topics: ReadonlySet<string>): void {
    for (const topic of this.#entries.keys()) if (!topics.has(topic)) this.forget(topic)
  }

  /** Where to send, if that is known already; no waiting. */
  publishInfo(topic: string): TopicPublishInfo | undefined {
    const entry = this.#entries.get(topic)
    if (entry === undefined) return undefined
    return (entry.publishInfo ??= publishInfoOf(topic, entry.route))
  }

  /**
   * Where to send, asking the name servers where that is not known.
   * @throws RocketMQError TOPIC_NOT_FOUND, NO_WRITABLE_QUEUE, NO_NAME_SERVER
   */
  async findPublishInfo(topic: string, fallback: FallbackTopic, options: CallOptions = {}): Promise<TopicPublishInfo> {
    let info = this.publishInfo(topic)
    if (info !== undefined && info.queues.length > 0) return info
    const askedAt = this.#clock.monotonic()
    const route = await this.refresh(topic, options)
    if (route === undefined && this.get(topic) === undefined) {
      const { timeoutMs, signal } = options
      const leftMs = timeoutMs === undefined ? undefined : timeoutMs - (this.#clock.monotonic() - askedAt)
      await this.#borrow(topic, fallback, { timeoutMs: leftMs, signal })
    }
    info = this.publishInfo(topic)
    if (info !== undefined && info.queues.length > 0) return info
    const says = `topic ${topic} has no queue to write: its brokers lack a master or the write permission`
    throw new RocketMQError('NO_WRITABLE_QUEUE', says, { topic, sent: 'NO' })
  }

  /** The queues that can be read; none where the route is not known. */
  subscribeQueues(topic: string): readonly MessageQueue[] {
    const route = this.get(topic)
    return route === undefined ? [] : subscribeQueuesOf(topic, route)
  }

  /** The name of the broker that has a queue; of queues of static topics another one than the queue's own. */
  hostOf({ topic, brokerName, queueId }: MessageQueue): string {
    if (!isLogicalBroker(brokerName)) return brokerName
    return this.get(topic)?.logicalQueues?.get(brokerName)?.get(queueId) ?? brokerName
  }

  /** Address of a broker's master. */
  masterAddress(brokerName: string): string | undefined {
    return this.#brokers.get(brokerName)?.get(MASTER_ID)
  }

  /** All addresses of a broker by id. */
  brokerAddresses(brokerName: string): ReadonlyMap<number, string> | undefined {
    return this.#brokers.get(brokerName)
  }

  /** Every broker address of every known route. */
  addresses(): { readonly brokerName: string; readonly brokerId: number; readonly address: string }[] {
    return [...this.#brokers].flatMap(([brokerName, addresses]) =>
      Array.from(addresses, ([brokerId, address]) => ({ brokerName, brokerId, address })),
    )
  }

  async #share(
    topic: string,
    { timeoutMs, signal }: CallOptions = {},
    ask: (call: CallOptions) => Promise<TopicRoute | undefined>,
  ): Promise<TopicRoute | undefined> {
    const since = this.#clock.monotonic()
    const question = (calledOff: AbortSignal): Promise<TopicRoute | undefined> =>
      ask({ timeoutMs, signal: calledOff }).catch((error: unknown) => {
        if (this.#isOutOfTime(since, timeoutMs)) this.#outOfTime.add(asError(error))
        throw error
      })
    if (!this.#flights.has(topic)) return this.#flights.run(topic, question, signal)
    try {
      return await this.#join(topic, question, { timeoutMs, signal })
    } catch (error) {
      const leftMs = timeoutMs === undefined ? undefined : timeoutMs - (this.#clock.monotonic() - since)
      const mayAsk = signal?.aborted !== true && (leftMs === undefined || leftMs > 0)
      if (!mayAsk || !this.#outOfTime.has(asError(error))) throw error
      return this.#share(topic, { timeoutMs: leftMs, signal }, ask)
    }
  }

  /** Whether a name server was waited for as long as the asker's limit allows for each. */
  #isOutOfTime(since: number, timeoutMs: number | undefined): boolean {
    if (timeoutMs === undefined) return false
    return this.#clock.monotonic() - since >= timeoutMs / Math.max(1, this.#nameServers.addresses.length)
  }

  async #join(
    topic: string,
    question: (calledOff: AbortSignal) => Promise<TopicRoute | undefined>,
    { timeoutMs, signal }: CallOptions,
  ): Promise<TopicRoute | undefined> {
    if (timeoutMs === undefined) return this.#flights.run(topic, question, signal)
    const leave = new AbortController()
    return withDeadline(this.#flights.run(topic, question, leave.signal), {
      clock: this.#clock,
      timeoutMs,
      signal,
      onTimeout: () => {
        const says = `no name server answered for the route of topic ${topic} within ${Math.round(timeoutMs)} ms`
        return new RocketMQError('NO_NAME_SERVER', says, { topic, sent: 'NO' })
      },
    }).finally(() => leave.abort())
  }

  async #borrow(
    topic: string,
    { createTopicKey, defaultTopicQueueNums }: FallbackTopic,
    options: CallOptions,
  ): Promise<void> {
    const route = await this.#share(createTopicKey, options, call => this.fetch(createTopicKey, call))
    if (route === undefined) {
      const says = `no name server knows topic ${topic}, and brokers do not create topics: create it first`
      throw new RocketMQError('TOPIC_NOT_FOUND', says, { topic, sent: 'NO' })
    }
    const queueDatas = route.queueDatas.map(data => {
      const nums = Math.min(defaultTopicQueueNums, data.readQueueNums)
      return { ...data, readQueueNums: nums, writeQueueNums: nums }
    })
    this.#set(topic, { route: { ...route, queueDatas }, fallback: true, publishInfo: undefined })
  }

  #set(topic: string, entry: Entry): void {
    const before = this.#entries.get(topic)
    if (before !== undefined && before.fallback === entry.fallback && !routeChanged(before.route, entry.route)) return
    this.#entries.set(topic, entry)
    for (const { brokerName, brokerAddrs } of entry.route.brokerDatas) {
      this.#brokers.set(brokerName, brokerAddrs)
      this.#namings.set(brokerName, (this.#namings.get(brokerName) ?? 0) + 1)
    }
    this.#unname(before)
    this.#onChanged(topic)
  }

  /** A route is gone, and with it the brokers that no other one names. */
  #unname(entry: Entry | undefined): void {
    for (const { brokerName } of entry?.route.brokerDatas ?? []) {
      const left = (this.#namings.get(brokerName) ?? 0) - 1
      this.#namings.set(brokerName, left)
      if (left > 0) continue
      this.#namings.delete(brokerName)
      this.#brokers.delete(brokerName)
    }
  }
}
