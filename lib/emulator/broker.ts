import { type AnyCommand, type RequestOf, encodeRequest } from '../commands/command'
import { NOTIFY_CONSUMER_IDS_CHANGED } from '../commands/callback'
import { CHECK_TRANSACTION_STATE } from '../commands/transaction'
import type { MessageQueue } from '../model/message-queue'
import { isReadable } from '../model/perm'
import { MASTER_ID } from '../model/topic-route'
import type { Channel } from '../remoting/channel'
import type { RequestHandlers } from '../remoting/request-handlers'
import type { Clock } from '../runtime/clock'
import { WorkSlots } from '../runtime/work-slots'
import { Scheduler } from '../runtime/scheduler'
import { hostBytes } from '../wire/host-address'
import type { RemotingCommand } from '../wire/remoting-command'
import { UniqueIds } from '../wire/unique-id'
import type { BrokerState } from './broker-state'
import { Clients } from './clients'
import { EmulatedServer, type EmulatorShared } from './emulated-server'
import type { Generation } from './generation'
import { QueueLocks } from './locks'
import { LongPolling } from './long-polling'
import type { NameServer } from './name-server'
import type { GroupQueue } from './pop/order-infos'
import { PopPolling } from './pop/pop-polling'
import type { BrokerIdentity } from './routes'
import type { ConsumeQueue } from './store/consume-queue'

const SWEEP_PULLS_MS = 5000
const DROP_EXPIRED_MS = 10_000
const REGISTER_MS = 30_000

export interface BrokerOptions {
  readonly shared: EmulatorShared
  readonly state: BrokerState
  /** 0: the master. */
  readonly id: number
  readonly nameServers: readonly NameServer[]
}

/** One emulated broker, a master or a slave: its socket, and what it knows of those who are connected. */
export class Broker {
  readonly state: BrokerState
  readonly id: number
  readonly generation: Generation
  readonly clock: Clock
  readonly uniqueIds: UniqueIds
  clients: Clients
  locks: QueueLocks
  readonly longPolling: LongPolling
  /** Pops that wait, and questions whether a pop would find messages. */
  readonly pops: PopPolling
  readonly notifications: PopPolling
  readonly #options: BrokerOptions
  readonly #server: EmulatedServer
  readonly #turns = new WorkSlots(1)
  readonly #bornHosts = new WeakMap<Channel, Buffer>()
  #scheduler: Scheduler | undefined
  #stopListening: (() => void) | undefined
  #storeHost: Buffer | undefined
  #popCount = 0

  constructor(options: BrokerOptions) {
    const { shared, state, id } = options
    this.#options = options
    this.state = state
    this.id = id
    this.generation = shared.generation
    this.clock = shared.clock
    this.uniqueIds = new UniqueIds({ clock: shared.clock })
    this.clients = this.#newClients()
    this.locks = new QueueLocks(shared.clock)
    this.longPolling = new LongPolling(shared.clock)
    this.pops = new PopPolling({ ...shared, wakes: 'first' })
    this.notifications = new PopPolling({ ...shared, wakes: 'last' })
    this.#server = new EmulatedServer({
      ...shared,
      port: 0,
      broker: { name: state.brokerName, id },
      onClosed: channel => this.clients.onChannelClosed(channel),
    })
  }

  get name(): string {
    return this.state.brokerName
  }

  get isMaster(): boolean {
    return this.id === MASTER_ID
  }

  /** `ip:port`; it is kept over `stop` and `start`. */
  get address(): string {
    return this.#server.address
  }

  /** The address without its port, as remarks name it. */
  get ip(): string {
    return this.address.slice(0, this.address.lastIndexOf(':'))
  }

  get isRunning(): boolean {
    return this.#scheduler !== undefined
  }

  /** The address as stored records hold it. */
  get storeHost(): Buffer {
    return (this.#storeHost ??= hostBytes(this.address))
  }

  /** The other end of a channel as stored records hold it. */
  bornHost(channel: Channel): Buffer {
    let bytes = this.#bornHosts.get(channel)
    if (bytes === undefined) this.#bornHosts.set(channel, (bytes = hostBytes(channel.address)))
    return bytes
  }

  /** What it does with requests. */
  get handlers(): RequestHandlers {
    return this.#server.handlers
  }

  /** All queues of a topic that may be read, on whichever broker; undefined where no broker has the topic. */
  queuesOf(topic: string): MessageQueue[] | undefined {
    const [server] = this.#options.nameServers
    return server?.routes.route(topic)?.queueDatas.flatMap(({ brokerName, perm, readQueueNums }) => {
      const count = isReadable(perm) ? readQueueNums : 0
      return Array.from({ length: count }, (_, queueId) => ({ topic, brokerName, queueId }))
    })
  }

  /** Pops are spread over as many queues of the revive log; only their receipt handles tell which. */
  nextReviveQueue(queues: number): number {
    return this.#popCount++ % queues
  }

  /** Handles a request once more that has waited. */
  handleAgain(frame: RemotingCommand, channel: Channel): void {
    this.#server.handlers.dispatch(frame, channel)
  }

  /** Sends a request to a client, which it does not answer. */
  push<C extends AnyCommand>(channel: Channel, command: C, request: RequestOf<C>): void {
    const { controls } = this.#options.shared
    const context = { broker: this.name, brokerId: this.id, channel, frame: undefined }
    controls.push(command, request, { context, send: () => channel.oneway(encodeRequest(command, request)) })
  }

  /** Listens and registers with all name servers; does nothing while it runs. */
  start(): Promise<void> {
    return this.#turns.run(() => this.#start())
  }

  /** Leaves the routes and closes its port and all connections; messages, topics, groups and offsets are kept. */
  stop(): Promise<void> {
    return this.#turns.run(() => this.#stop())
  }

  /** `stop` and `start`. */
  restart(): Promise<void> {
    return this.#turns.run(async () => {
      await this.#stop()
      await this.#start()
    })
  }

  async #start(): Promise<void> {
    if (this.isRunning) return
    const { state } = this.#options
    await this.#server.start()
    this.clients = this.#newClients()
    this.locks = new QueueLocks(this.clock)
    if (this.isMaster) {
      state.masterIsUp = true
      state.onTopicChanged = config => this.#eachNameServer(server => server.register(this.#identity, [config]))
      state.masterHost = this.storeHost
      state.writer.delayed.start()
      state.pops.onReady = (queue, reason) => this.#onReady(queue, reason)
      state.pops.checkpoints.start()
    }
    if (this.isMaster || this.generation.pulls.slavesWake)
      this.#stopListening = state.store.onAppended(queue => this.#onArrived(queue))
    this.#register()
    this.#scheduler = this.#newScheduler()
  }

  async #stop(): Promise<void> {
    if (!this.isRunning) return
    const { state } = this.#options
    const scheduler = this.#scheduler
    this.#scheduler = undefined
    this.#eachNameServer(server => server.unregister(this.#identity))
    if (this.isMaster) {
      state.masterIsUp = false
      state.onTopicChanged = () => undefined
      state.writer.delayed.stop()
      state.pops.checkpoints.stop()
      state.pops.onReady = () => undefined
      state.offsets.forgetUnsaved()
    }
    this.#stopListening?.()
    this.longPolling.clear()
    this.pops.clear()
    this.notifications.clear()
    await Promise.all([scheduler?.stop(), this.#server.stop()])
  }

  #onArrived(queue: ConsumeQueue): void {
    this.longPolling.onArrived(queue)
    this.pops.onArrived(queue.topic, queue.queueId)
    this.notifications.onArrived(queue.topic, queue.queueId)
  }

  #onReady(queue: GroupQueue, reason: 'CAME_AGAIN' | 'UNLOCKED'): void {
    const { topic, group, queueId } = queue
    if (reason === 'CAME_AGAIN') {
      this.pops.wakeBoth(queue)
      this.notifications.wakeBoth(queue)
      return
    }
    const { store, offsets } = this.state
    if ((store.findQueue(topic, queueId)?.maxOffset ?? 0) <= (offsets.query(group, topic, queueId) ?? 0)) return
    if (!this.pops.wake({ topic, group, queueId: -1 })) this.pops.wake(queue)
    this.notifications.onArrived(topic, queueId)
  }

  get #identity(): BrokerIdentity {
    const { clusterName, brokerName } = this.state
    return { clusterName, brokerName, brokerId: this.id, address: this.address }
  }

  #newClients(): Clients {
    const { clock, generation } = this
    const notify = (channel: Channel, consumerGroup: string): void => {
      this.push(channel, NOTIFY_CONSUMER_IDS_CHANGED, { header: { consumerGroup } })
    }
    return new Clients({ clock, generation, notify })
  }

  #newScheduler(): Scheduler {
    const { log } = this.#options.shared
    const scheduler = new Scheduler(this.clock, (task, error) => log.error('a duty failed', { task, error }))
    scheduler.add({ name: 'pulls', everyMs: SWEEP_PULLS_MS, run: () => this.longPolling.sweep() })
    scheduler.add({ name: 'clients', everyMs: DROP_EXPIRED_MS, run: () => this.clients.dropExpired() })
    const everyMs = this.state.transactionCheckIntervalMs
    if (this.isMaster) scheduler.add({ name: 'transactions', everyMs, run: () => this.#checkTransactions() })
    scheduler.add({ name: 'register', everyMs: REGISTER_MS, run: () => this.#register() })
    return scheduler
  }

  /** Asks producers about transactions that have been open for too long; where a group has none, nobody is asked. */
  #checkTransactions(): void {
    this.state.transactions.check((group, question) => {
      const channel = this.clients.producers.anyChannel(group)
      const header = this.generation.transactions.checkNamesTopic
        ? { ...question.header, bname: this.name }
        : question.header
      if (channel !== undefined) this.push(channel, CHECK_TRANSACTION_STATE, { ...question, header })
    })
  }

  /** Name servers that forgot a topic learn of it again. */
  #register(): void {
    const topics = this.isMaster ? this.state.topics.all() : []
    this.#eachNameServer(server => server.register(this.#identity, topics))
  }

  #eachNameServer(tell: (server: NameServer) => void): void {
    for (const server of this.#options.nameServers) tell(server)
  }
}
