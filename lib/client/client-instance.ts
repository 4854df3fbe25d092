import { PUSH_REPLY_MESSAGE_TO_CLIENT } from '../commands/callback'
import { HEART_BEAT } from '../commands/client'
import type { AnyCommand } from '../commands/command'
import { RocketMQError, asError } from '../errors'
import type { SubscriptionData } from '../model/consumer-types'
import { clientId, vipAddress } from '../model/names'
import { MASTER_ID } from '../model/topic-route'
import type { Channel } from '../remoting/channel'
import { CredentialsKeeper } from '../remoting/credentials-keeper'
import { type CallOptions, RemotingClient, type RemotingClientOptions } from '../remoting/remoting-client'
import { dialTcp, dialTcpReusing } from '../remoting/dialer'
import { tlsDialer } from '../remoting/tls-dialer'
import { NameServers } from '../routing/name-servers'
import { RouteTable } from '../routing/route-table'
import { type Clock, abortReason } from '../runtime/clock'
import { Log } from '../runtime/log'
import { mapBounded } from '../runtime/map-bounded'
import { ownIpv4 } from '../runtime/own-ip'
import { backoffMs } from '../runtime/random'
import { Scheduler } from '../runtime/scheduler'
import { Watchdog } from '../runtime/watchdog'
import { Callbacks, type GroupHandler, type GroupOf } from './callbacks'
import { checkGroup } from './check-group'
import { checkSubscription } from './check-subscription'
import type { ResolvedClientOptions } from './client-options'
import { Heartbeat, type LastHeartbeat } from './heartbeat'
import { LostBrokers } from './lost-brokers'
import type { ConsumerMember, Member } from './member'
import { QueueOffsets } from './queue-offsets'
import { Replies } from './replies'
import { RoutePolls } from './route-polls'
import { WireNames } from './wire-names'

/** 5.3.2: strict routes, NODE_JS is known, GO_AWAY is understood. */
const ANNOUNCED_VERSION = 477
/** What only warns may not hold up a start for longer. */
const CHECK_GROUP_MS = 1000
const HEARTBEAT_RETRIES = 4
const HEARTBEAT_RETRY_FIRST_MS = 200
const HEARTBEAT_RETRY_LAST_MS = 2000
const ADDRESS_SERVER_FIRST_MS = 10_000
const ADDRESS_SERVER_EVERY_MS = 120_000
/** Routes that are asked for at a time, so that many topics do not flood a name server. */
const ROUTE_QUESTIONS_AT_ONCE = 8
const ROUTES_BOUND_MS = 600_000

/** What all producers and consumers of one client id share: connections, routes, heartbeats and the timer. */
export class ClientInstance {
  /** The id by which brokers know it. */
  readonly clientId: string
  readonly options: ResolvedClientOptions
  readonly clock: Clock
  readonly log: Log
  /** What topics and groups are called on brokers. */
  readonly names: WireNames
  readonly remoting: RemotingClient
  readonly nameServers: NameServers
  readonly routes: RouteTable
  readonly offsets: QueueOffsets
  readonly scheduler: Scheduler
  /** Replies that requests of its producers wait for. */
  readonly replies: Replies
  /** Looks after what runs in the background. */
  readonly watchdog = new Watchdog()
  readonly #heartbeat: Heartbeat
  readonly #lostBrokers: LostBrokers
  readonly #callbacks: Callbacks
  readonly #members = new Set<Member>()
  /** Topics of which it was told that their routes are denied. */
  readonly #denied = new Set<string>()
  #firstRefresh: Promise<void> | undefined

  /** @param instanceName last part of the client id */
  constructor(options: ResolvedClientOptions, instanceName: string) {
    this.options = options
    this.clock = options.clock
    this.clientId = clientId({ ip: ownIpv4() ?? '127.0.0.1', instanceName, unitName: options.unitName })
    this.log = new Log('client', options.logger, options.clock)
    this.names = new WireNames(options.namespace)
    this.remoting = this.#createRemoting()
    this.nameServers = new NameServers({ ...options, remoting: this.remoting, log: this.log.child('routing') })
    const onRouteChanged = (topic: string): void => this.#eachMember(member => member.onRouteChanged?.(topic))
    this.routes = new RouteTable(this.nameServers, onRouteChanged, this.clock)
    this.offsets = new QueueOffsets(this.remoting, this.routes)
    this.scheduler = new Scheduler(
      this.clock,
      (task, error) => this.report(`the periodic task "${task}" failed`, error),
      { watchdog: this.watchdog, onStalled: error => this.report('a periodic task stands still', error) },
    )
    this.#lostBrokers = new LostBrokers({
      clock: this.clock,
      look: (brokerName, signal) => this.refreshRoutes(this.#topicsOn(brokerName), { signal }),
      isSettled: (brokerName, lostAddress) => this.#isUsable(brokerName, lostAddress),
    })
    this.#callbacks = new Callbacks(this.remoting.handlers)
    this.replies = new Replies(this.clock)
    this.remoting.handlers.on(PUSH_REPLY_MESSAGE_TO_CLIENT, push => this.replies.take(push))
    this.#heartbeat = new Heartbeat({
      clientId: this.clientId,
      remoting: this.remoting,
      routes: this.routes,
      clock: this.clock,
      log: this.log.child('heartbeat'),
      members: () => this.#members,
      onError: error => this.#tellMembers(error),
    })
    this.#schedule()
  }

  /** Producers, consumers and admin clients that have joined. */
  get members(): ReadonlySet<Member> {
    return this.#members
  }

  /** Open connections for regular use, to name servers and brokers. */
  get connections(): number {
    return this.remoting.addresses.filter(address => this.remoting.openChannel(address) !== undefined).length
  }

  /** What became of the last heartbeats to a broker; undefined before the first. */
  lastHeartbeat(address: string): LastHeartbeat | undefined {
    return this.#heartbeat.last(address)
  }

  /**
   * Takes a member in and makes sure that its topics' routes were asked for once.
   * @throws RocketMQError NO_NAME_SERVER where none can be reached
   * @throws RocketMQError INVALID_EXPRESSION, UNSUPPORTED_BY_BROKER where a broker does not filter as a consumer wants
   * @throws RocketMQError UNSUPPORTED_BY_BROKER where a broker is too old for what a consumer does
   */
  async join(member: Member, options: CallOptions): Promise<void> {
    await this.#refreshNameServers()
    if (member.kind === 'consumer') {
      const conflicts = this.#groupConflicts(member, options)
      // A start that fails does the group no harm, so nobody need hear of conflicts.
      await Promise.all([this.#checkSubscriptions(member, options), conflicts])
      for (const error of await conflicts) {
        this.log.warn('a group is not as it should be', { error })
        member.onBackgroundError(error)
      }
    }
    // Whoever has given up has left already, and nobody would take the member out again.
    if (options.signal?.aborted) throw abortReason(options.signal)
    this.#members.add(member)
    await this.refreshRoutes(member.topics(), options)
  }

  async #refreshNameServers(): Promise<void> {
    this.#firstRefresh ??= this.nameServers.refresh()
    try {
      await this.#firstRefresh
    } catch (error) {
      this.#firstRefresh = undefined
      throw error
    }
  }

  async #checkSubscriptions(member: ConsumerMember, options: CallOptions): Promise<void> {
    const question = { group: member.group, onBackgroundError: member.onBackgroundError.bind(member) }
    await member.checkBrokers?.(options)
    const check = (subscription: SubscriptionData): Promise<void> =>
      checkSubscription(this, { ...question, subscription }, options)
    await Promise.all(member.consumerData().subscriptionDataSet.map(check))
  }

  async #groupConflicts(member: ConsumerMember, { signal }: CallOptions): Promise<RocketMQError[]> {
    const conflicts: RocketMQError[] = []
    const question = { data: member.consumerData(), report: (error: RocketMQError) => void conflicts.push(error) }
    await checkGroup(this, question, { signal, timeoutMs: CHECK_GROUP_MS })
    return conflicts
  }

  /** Takes a member out again and tells the brokers. */
  async leave(member: Member): Promise<void> {
    if (!this.#members.delete(member)) return
    if (member.kind !== 'admin') await this.#heartbeat.unregister(member)
    this.forgetUnneededRoutes()
  }

  /** Forgets the topics that no member needs: nobody keeps them fresh, so brokers that are gone would be told of us for ever. */
  forgetUnneededRoutes(): void {
    const needed = new Set(this.#topics())
    this.routes.keepOnly(needed)
    for (const topic of this.#denied) if (!needed.has(topic)) this.#denied.delete(topic)
  }

  /** Tells all brokers of all members now; failures are reported and do not reject. */
  async heartbeat(): Promise<void> {
    await this.#dropOfflineBrokers()
    await this.#heartbeat.beat()
  }

  /** As `heartbeat`, and a few times more where a broker answers that it cannot now: without it no group gets queues. */
  async announce({ signal }: CallOptions): Promise<void> {
    await this.heartbeat()
    for (let tried = 0; tried < HEARTBEAT_RETRIES && this.#heartbeat.isPutOff; tried++) {
      await this.clock.sleep(backoffMs(tried, HEARTBEAT_RETRY_FIRST_MS, HEARTBEAT_RETRY_LAST_MS), signal)
      await this.#heartbeat.beatAgain()
    }
  }

  /** Where sends and questions of administrators to a broker go: to its second address, where the options say so. */
  vipAddress(address: string): string {
    return this.options.vipChannelEnabled ? vipAddress(address) : address
  }

  /** Has requests of brokers for a group answered; the returned function ends that. */
  handle<C extends AnyCommand>(command: C, group: string, handler: GroupHandler<C>, groupOf?: GroupOf<C>): () => void {
    return this.#callbacks.handle(command, group, handler, groupOf)
  }

  /** MQVersion ordinal of a server; where nothing was heard of it yet, an empty heartbeat, which registers nothing, asks. */
  async learnVersion(address: string, options: CallOptions): Promise<number> {
    const channel = await this.remoting.connect(address, options)
    if (channel.peerVersion !== undefined) return channel.peerVersion
    const body = { clientID: this.clientId, producerDataSet: [], consumerDataSet: [] }
    await this.remoting.invoke(address, HEART_BEAT, { body }, options)
    return this.remoting.openChannel(address)?.peerVersion ?? 0
  }

  /**
   * Asks for the routes of topics; rejects with the first failure after all were asked for. One that is denied, as proxies
   * do, is no failure but reported, once: it may be the topic by which new ones are made, of which many have no need.
   */
  async refreshRoutes(topics: Iterable<string>, options: CallOptions): Promise<void> {
    const failures: unknown[] = []
    await mapBounded([...new Set(topics)], ROUTE_QUESTIONS_AT_ONCE, async topic => {
      try {
        await this.routes.refresh(topic, options)
        this.#denied.delete(topic)
      } catch (error) {
        if (RocketMQError.is(error) && error.code === 'PERMISSION_DENIED') this.#onDenied(topic, error)
        else failures.push(error)
      }
    })
    if (failures.length > 0) throw failures[0]
  }

  #onDenied(topic: string, error: RocketMQError): void {
    if (this.#denied.has(topic)) return
    this.#denied.add(topic)
    this.report('the route of a topic is denied', error)
  }

  /** Logs a failure that no call waits for, and tells every member. */
  report(what: string, cause: unknown): void {
    this.log.warn(what, { error: cause })
    this.#tellMembers(
      RocketMQError.is(cause) ? cause : new RocketMQError('INVALID_STATE', what, { cause: asError(cause) }),
    )
  }

  /** Stops the timer and closes all connections; members must have left. */
  async shutdown(): Promise<void> {
    await Promise.all([this.scheduler.stop(), this.#lostBrokers.stop()])
    await this.remoting.close()
  }

  #createRemoting(): RemotingClient {
    const { clock, connectTimeoutMs, requestTimeoutMs, serialization, language, namespaceV2, rpcInterceptors } =
      this.options
    return new RemotingClient({
      clock,
      log: this.log.child('remoting'),
      ...this.#security(),
      connectTimeoutMs,
      requestTimeoutMs,
      interceptors: rpcInterceptors?.reveal(),
      ...(this.names.namespace === '' ? {} : { names: this.names }),
      identity: {
        requestFields: namespaceV2 === '' ? undefined : { nsd: 'true', ns: namespaceV2 },
        version: ANNOUNCED_VERSION,
        serializeType: serialization,
        language: peerVersion =>
          language ?? (peerVersion !== undefined && peerVersion >= ANNOUNCED_VERSION ? 'NODE_JS' : 'OTHER'),
      },
      onOpened: (channel, reconnected) => void this.#onOpened(channel, reconnected),
      onClosed: (channel, error) => {
        this.log.info('a connection closed', { address: channel.address, error })
        this.#eachMember(member => member.onDisconnected?.(channel.address))
        void this.#heartbeat.onClosed(channel)
        this.#onLost(channel.address)
      },
    })
  }

  #security(): Pick<RemotingClientOptions, 'dial' | 'credentials' | 'hintIfSilent'> {
    const { clock, dialer, tls, credentials } = this.options
    const onRenewalFailed = (error: RocketMQError): void => this.report('credentials could not be renewed', error)
    const keeper = credentials && new CredentialsKeeper({ credentials: credentials.reveal(), clock, onRenewalFailed })
    if (tls === undefined)
      return {
        dial: dialer ?? dialTcpReusing,
        credentials: keeper,
        hintIfSilent: 'it may want TLS: see the option tls',
      }
    const options = tls.reveal()
    if (options.rejectUnauthorized === false)
      this.log.warn(
        'certificates of servers are not checked, as tls.rejectUnauthorized is false: anybody may pose as one',
      )
    const hintIfSilent = 'it may want another certificate: see tls.cert and tls.key'
    return { dial: tlsDialer(dialer ?? dialTcp, options), credentials: keeper, hintIfSilent }
  }

  async #onOpened(channel: Channel, reconnected: boolean): Promise<void> {
    const { address } = channel
    this.log.debug('connected', { address, reconnected })
    // Connections for short use beside the primary one carry no heartbeats.
    if (this.remoting.openChannel(address) !== channel) return
    await this.#heartbeat.onOpened(channel)
    if (reconnected) this.#eachMember(member => member.onReconnected?.())
  }

  #onLost(address: string): void {
    for (const broker of this.routes.addresses())
      if (broker.address === address) this.#lostBrokers.lost(broker.brokerName, address)
  }

  /** Whether a broker whose connection was lost is reached again, or another has its place, or it is gone for good. */
  #isUsable(brokerName: string, lostAddress: string): boolean {
    const addresses = this.routes.brokerAddresses(brokerName)
    if (addresses === undefined || this.remoting.openChannel(lostAddress) !== undefined) return true
    return addresses.has(MASTER_ID) && ![...addresses.values()].includes(lostAddress)
  }

  #topicsOn(brokerName: string): string[] {
    const isOn = (topic: string): boolean =>
      this.routes.get(topic)?.brokerDatas.some(data => data.brokerName === brokerName) ?? false
    return this.#topics().filter(isOn)
  }

  #schedule(): void {
    const { pollNameServerIntervalMs, heartbeatBrokerIntervalMs } = this.options
    const polls = new RoutePolls({
      everyMs: pollNameServerIntervalMs,
      least: ROUTE_QUESTIONS_AT_ONCE,
      topics: () => this.#topics(),
      ask: (topics, signal) => this.refreshRoutes(topics, { signal }),
    })
    this.scheduler.add({
      name: 'ask for routes',
      everyMs: () => polls.pauseMs,
      // Of each topic that no name server answers for it waits for the timeout.
      boundMs: ROUTES_BOUND_MS,
      // What was asked for may be needed no more when the answer comes.
      run: signal => polls.askNext(signal).finally(() => this.forgetUnneededRoutes()),
    })
    this.scheduler.add({
      name: 'heartbeat',
      everyMs: heartbeatBrokerIntervalMs,
      run: signal => this.announce({ signal }),
    })
    if (!this.nameServers.isDynamic) return
    this.scheduler.add({
      name: 'ask the address server',
      firstMs: ADDRESS_SERVER_FIRST_MS,
      everyMs: ADDRESS_SERVER_EVERY_MS,
      run: () => this.nameServers.refresh(),
    })
  }

  #topics(): string[] {
    return Array.from(this.#members).flatMap(member => [...member.topics()])
  }

  /** Brokers that are in no route any more are given up. */
  async #dropOfflineBrokers(): Promise<void> {
    const brokers = this.routes.addresses().flatMap(({ address }) => [address, this.vipAddress(address)])
    const needed = new Set([...brokers, ...this.nameServers.addresses])
    for (const address of this.remoting.addresses) {
      if (needed.has(address)) continue
      this.#heartbeat.forget(address)
      await this.remoting.release(address)
    }
  }

  #eachMember(visit: (member: Member) => void): void {
    for (const member of this.#members) visit(member)
  }

  #tellMembers(error: RocketMQError): void {
    this.#eachMember(member => member.onBackgroundError(error))
  }
}
