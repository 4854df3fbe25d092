import { randomUUID } from 'node:crypto'
import {
  type AnyCommand,
  type Peer,
  type ReplyOf,
  type RequestOf,
  decodeReply,
  encodeRequest,
} from '../../../lib/commands/command'
import { GET_BROKER_CLUSTER_INFO } from '../../../lib/commands/route'
import type { EmulatedVersion } from '../../../lib/emulator/index'
import { type ClientIdentity, FrameConnection } from './frame-connection'

/** What probes are run on. */
export interface Servers {
  readonly version: EmulatedVersion
  readonly namesrvAddr: string
}

/** Whose connection a request takes: that of all rows where nothing is said. */
export interface Asker {
  readonly client?: ClientIdentity
  /** Names a connection besides the one that the client has. */
  readonly which?: string
}

/** The broker that is probed. */
export interface ProbedBroker {
  readonly name: string
  readonly cluster: string
  readonly address: string
}

/** One name server and one broker, with a connection to each, and what the rows share there. */
export class Stage {
  readonly version: EmulatedVersion
  /** Address of the name server. */
  readonly namesrv: string
  readonly #connections = new Map<string, Promise<FrameConnection>>()
  readonly #shared = new Map<unknown, Promise<unknown>>()
  #broker: ProbedBroker | undefined

  private constructor({ version, namesrvAddr }: Servers) {
    this.version = version
    this.namesrv = namesrvAddr.split(/[;,]/)[0] as string
  }

  static async open(servers: Servers): Promise<Stage> {
    const stage = new Stage(servers)
    const { body } = await stage.invoke(GET_BROKER_CLUSTER_INFO, {})
    const [data] = body.brokerAddrTable.values()
    const address = data?.brokerAddrs.get(0)
    if (data === undefined || address === undefined) throw new Error(`${stage.namesrv} knows no master to probe`)
    stage.#broker = { name: data.brokerName, cluster: data.cluster, address }
    return stage
  }

  get broker(): ProbedBroker {
    if (this.#broker === undefined) throw new Error('the broker is not known yet')
    return this.#broker
  }

  /** The connection of a kind of client; each is opened once. */
  connection(peer: Peer, { client = {}, which = '' }: Asker = {}): Promise<FrameConnection> {
    const address = peer === 'namesrv' ? this.namesrv : this.broker.address
    const key = JSON.stringify([address, client, which])
    let connection = this.#connections.get(key)
    if (connection === undefined) this.#connections.set(key, (connection = FrameConnection.open(address, client)))
    return connection
  }

  /** A request that must succeed. */
  async invoke<C extends AnyCommand>(command: C, request: RequestOf<C>, asker: Asker = {}): Promise<ReplyOf<C>> {
    const connection = await this.connection(command.peer, asker)
    const frame = await connection.request(command, encodeRequest(command, request))
    return decodeReply(command, frame, { address: command.peer === 'namesrv' ? this.namesrv : this.broker.address })
  }

  /** What rows that change nothing share: made when it is first asked for. */
  shared<T>(make: (stage: Stage) => Promise<T>): Promise<T> {
    let made = this.#shared.get(make) as Promise<T> | undefined
    if (made === undefined) this.#shared.set(make, (made = make(this)))
    return made
  }

  /** A name that no other run has. */
  unique(prefix: string): string {
    return `${prefix}-${randomUUID().slice(0, 13)}`
  }

  /** Answers that no request of a probe had waited for. */
  async strayReplies(): Promise<number> {
    const connections = await Promise.all(this.#connections.values())
    return connections.reduce((sum, { strayReplies }) => sum + strayReplies, 0)
  }

  async close(): Promise<void> {
    for (const connection of await Promise.all(this.#connections.values())) connection.close()
  }
}
