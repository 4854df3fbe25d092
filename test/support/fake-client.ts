import type { ClientInstance } from '../../lib/client/client-instance'
import { QueueOffsets } from '../../lib/client/queue-offsets'
import { WireNames } from '../../lib/client/wire-names'
import type { AnyCommand, RequestOf } from '../../lib/commands/command'
import { GET_ROUTEINFO_BY_TOPIC } from '../../lib/commands/route'
import { RocketMQError } from '../../lib/errors'
import type { TopicRoute } from '../../lib/model/topic-route'
import type { PendingRequest } from '../../lib/remoting/pending-request'
import type { CallOptions, RemotingClient } from '../../lib/remoting/remoting-client'
import type { NameServers } from '../../lib/routing/name-servers'
import { RouteTable } from '../../lib/routing/route-table'
import { withDeadline } from '../../lib/runtime/deadline'
import { Log } from '../../lib/runtime/log'
import { ManualClock } from '../../lib/runtime/manual-clock'
import { Scheduler } from '../../lib/runtime/scheduler'
import { Watchdog } from '../../lib/runtime/watchdog'
import { RecordingLogger } from './recording-log'

/** A request as it was sent. */
export interface SentRequest {
  readonly address: string
  readonly command: string
  readonly header: Record<string, unknown>
  readonly body: unknown
  readonly oneway: boolean
}

/** A request of the hot form, which the test answers by itself. */
export interface HotRequest {
  readonly address: string
  readonly entry: PendingRequest
  readonly timeoutMs: number
}

type Answer = (request: SentRequest) => unknown
type Callback = (request: unknown) => unknown

const REQUEST_TIMEOUT_MS = 3000

/**
 * What parts of the library take for their client: without sockets, on a clock that stands still. Real routes, offsets and
 * scheduler; requests are kept and answered by the test.
 */
export class FakeClient {
  readonly clientId = '10.0.0.1@1'
  readonly options = { unitMode: false }
  readonly names: WireNames
  readonly clock = new ManualClock(1_700_000_000_000)
  readonly logger = new RecordingLogger()
  readonly log = new Log('test', this.logger, this.clock)
  readonly requests: SentRequest[] = []
  readonly hot: HotRequest[] = []
  /** What was reported to the members. */
  readonly reported: unknown[] = []
  /** Versions of servers by address, for `learnVersion`; a function may throw. */
  readonly versions = new Map<string, () => number | Promise<number>>()
  /** Versions that open channels have learnt. */
  readonly peerVersions = new Map<string, number>()
  readonly topicRoutes = new Map<string, TopicRoute>()
  readonly changedRoutes: string[] = []
  readonly routes: RouteTable
  readonly offsets: QueueOffsets
  readonly scheduler: Scheduler
  readonly watchdog = new Watchdog()
  heartbeats = 0
  /** Called within each heartbeat. */
  onHeartbeat: () => unknown = () => undefined
  readonly #answers = new Map<string, Answer>()
  readonly #callbacks = new Map<string, Callback>()

  constructor(namespace = '') {
    this.names = new WireNames(namespace)
    const nameServers = { invoke: this.#askNameServer.bind(this) } as unknown as NameServers
    this.routes = new RouteTable(nameServers, topic => void this.changedRoutes.push(topic))
    this.offsets = new QueueOffsets(this.remoting, this.routes)
    const onStalled = (error: RocketMQError): void => this.report('stalled', error)
    this.scheduler = new Scheduler(this.clock, (task, error) => this.report(task, error), {
      watchdog: this.watchdog,
      onStalled,
    })
  }

  vipAddress(address: string): string {
    return address
  }

  /** This, as the library calls it. */
  get asClient(): ClientInstance {
    return this as unknown as ClientInstance
  }

  readonly remoting = {
    invoke: <C extends AnyCommand>(address: string, command: C, request: RequestOf<C>, options?: CallOptions) =>
      this.#send({ address, command: command.name, oneway: false, ...parts(request) }, options),
    invokeOneway: async <C extends AnyCommand>(address: string, command: C, request: RequestOf<C>): Promise<void> => {
      await this.#send({ address, command: command.name, oneway: true, ...parts(request) })
    },
    openChannel: (address: string) =>
      this.peerVersions.has(address) ? { peerVersion: this.peerVersions.get(address) } : undefined,
    request: (address: string, entry: PendingRequest, timeoutMs: number): void => {
      this.hot.push({ address, entry, timeoutMs })
    },
  } as unknown as RemotingClient

  /** Answers requests of a command: with a reply, a promise of one, or an error that is thrown. */
  on(command: AnyCommand, answer: Answer): this {
    this.#answers.set(command.name, answer)
    return this
  }

  /** The requests of a command so far. */
  sent(command: AnyCommand): SentRequest[] {
    return this.requests.filter(request => request.command === command.name)
  }

  /** Has name servers know a topic: brokers by name with their number of queues; each has a master, and a slave with id 1. */
  topic(topic: string, queues: Readonly<Record<string, number>>): this {
    const brokers = Object.entries(queues)
    this.topicRoutes.set(topic, {
      queueDatas: brokers.map(([brokerName, nums]) => ({
        brokerName,
        readQueueNums: nums,
        writeQueueNums: nums,
        perm: 6,
        topicSysFlag: 0,
      })),
      brokerDatas: brokers.map(([brokerName]) => ({
        cluster: 'c',
        brokerName,
        brokerAddrs: new Map([
          [0, `${brokerName}:10911`],
          [1, `${brokerName}:10921`],
        ]),
      })),
    })
    return this
  }

  /** As `topic`, and the route is known already. */
  async knownTopic(topic: string, queues: Readonly<Record<string, number>>): Promise<void> {
    this.topic(topic, queues)
    await this.routes.refresh(topic)
  }

  async heartbeat(): Promise<void> {
    this.heartbeats++
    await this.onHeartbeat()
  }

  handle(command: AnyCommand, group: string, handler: Callback): () => void {
    this.#callbacks.set(`${command.name} ${group}`, handler)
    return () => this.#callbacks.delete(`${command.name} ${group}`)
  }

  /** A broker sends a request. Undefined where nobody answers it. */
  callback<C extends AnyCommand>(command: C, group: string, request: RequestOf<C>): unknown {
    return this.#callbacks.get(`${command.name} ${group}`)?.(request)
  }

  get callbacks(): string[] {
    return [...this.#callbacks.keys()]
  }

  report(_what: string, cause: unknown): void {
    this.reported.push(cause)
  }

  async learnVersion(address: string): Promise<number> {
    const version = this.versions.get(address)
    if (version === undefined) throw new RocketMQError('CONNECT_FAILED', `cannot connect to ${address}`, { sent: 'NO' })
    return version()
  }

  async refreshRoutes(topics: Iterable<string>): Promise<void> {
    for (const topic of topics) await this.routes.refresh(topic)
  }

  /** Lets everything that is under way come to rest; no time passes. */
  settle(): Promise<void> {
    return this.clock.advance(0)
  }

  #send(request: SentRequest, { timeoutMs = REQUEST_TIMEOUT_MS, signal }: CallOptions = {}): Promise<unknown> {
    this.requests.push(request)
    const answer = this.#answers.get(request.command)
    const reply = async (): Promise<unknown> => {
      if (answer === undefined) throw new Error(`the test has no answer to ${request.command}`)
      return answer(request)
    }
    const { clock } = this
    const says = `no reply to ${request.command} from ${request.address} within ${timeoutMs} ms`
    const onTimeout = (): Error => new RocketMQError('REQUEST_TIMEOUT', says, { sent: 'UNKNOWN' })
    return withDeadline(reply(), { clock, timeoutMs, signal, onTimeout })
  }

  async #askNameServer(_command: AnyCommand, { header }: RequestOf<typeof GET_ROUTEINFO_BY_TOPIC>): Promise<unknown> {
    const answer = this.#answers.get(GET_ROUTEINFO_BY_TOPIC.name)
    const request = { address: 'namesrv', command: GET_ROUTEINFO_BY_TOPIC.name, header, body: undefined, oneway: false }
    this.requests.push(request)
    if (answer !== undefined) return answer(request)
    const body = this.topicRoutes.get(header.topic)
    return body === undefined ? { code: 'TOPIC_NOT_EXIST' } : { code: 'SUCCESS', body }
  }
}

function parts(request: object): { header: Record<string, unknown>; body: unknown } {
  const { header = {}, body } = request as { header?: Record<string, unknown>; body?: unknown }
  return { header, body }
}

/** A promise that the test settles. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
