import type { ResolvedClientOptions } from '../../lib/client/client-options'
import type { AdminMember, ConsumerMember, ProducerMember } from '../../lib/client/member'
import { resolveClientOptions } from '../../lib/client/resolve-client-options'
import type { ReplyOf } from '../../lib/commands/command'
import { GET_ROUTEINFO_BY_TOPIC } from '../../lib/commands/route'
import type { RocketMQError } from '../../lib/errors'
import type { TopicRoute } from '../../lib/model/topic-route'
import { ManualClock } from '../../lib/runtime/manual-clock'
import { RecordingLogger } from './recording-log'
import { RegisteringBroker } from './registering-broker'
import { ScriptedServer } from './scripted-server'

/** A name server and a broker on loopback, for clients on a clock that stands still. */
export class ClientSite {
  readonly clock: ManualClock
  readonly nameServer: ScriptedServer
  readonly broker: RegisteringBroker
  readonly logger = new RecordingLogger()
  /** What the name server tells. */
  readonly routes = new Map<string, TopicRoute>()
  /** Topics in the order in which they were asked for. */
  readonly asked: string[] = []

  private constructor(clock: ManualClock, nameServer: ScriptedServer, broker: RegisteringBroker) {
    this.clock = clock
    this.nameServer = nameServer
    this.broker = broker
    nameServer.handlers.on(GET_ROUTEINFO_BY_TOPIC, ({ header }): ReplyOf<typeof GET_ROUTEINFO_BY_TOPIC> => {
      this.asked.push(header.topic)
      const body = this.routes.get(header.topic)
      return body === undefined ? { code: 'TOPIC_NOT_EXIST' } : { code: 'SUCCESS', body }
    })
  }

  static async start(): Promise<ClientSite> {
    const clock = new ManualClock()
    const nameServer = await ScriptedServer.start({ clock })
    return new ClientSite(clock, nameServer, await RegisteringBroker.start(clock))
  }

  /** Options of a client of this site. */
  options(advanced: object = {}, namesrvAddr = this.nameServer.address): ResolvedClientOptions {
    const { clock, logger } = this
    return resolveClientOptions({ namesrvAddr, logger, advanced: { clock, ...advanced } })
  }

  /** Has a topic of so many queues on the broker, or on the broker at another address. */
  topic(topic: string, { queues = 2, address = this.broker.address } = {}): void {
    this.routes.set(topic, {
      queueDatas: [{ brokerName: 'b', readQueueNums: queues, writeQueueNums: queues, perm: 6, topicSysFlag: 0 }],
      brokerDatas: [{ cluster: 'c', brokerName: 'b', brokerAddrs: new Map([[0, address]]) }],
    })
  }

  async stop(): Promise<void> {
    await this.nameServer.stop()
    await this.broker.server.stop()
  }
}

/** What a member of a test was told. */
export interface Told {
  readonly changed: string[]
  readonly errors: RocketMQError[]
  reconnected: number
  readonly disconnected: string[]
}

function toldBy(topics: readonly string[]) {
  const told: Told = { changed: [], errors: [], reconnected: 0, disconnected: [] }
  const base = {
    told,
    topics: () => topics,
    onRouteChanged: (topic: string) => void told.changed.push(topic),
    onDisconnected: (address: string) => void told.disconnected.push(address),
    onReconnected: () => void told.reconnected++,
    onBackgroundError: (error: RocketMQError) => void told.errors.push(error),
  }
  return base
}

export function producerOf(group: string, ...topics: string[]): ProducerMember & { told: Told } {
  return { kind: 'producer', group, ...toldBy(topics) }
}

export function adminOf(group: string, ...topics: string[]): AdminMember & { told: Told } {
  return { kind: 'admin', group, ...toldBy(topics) }
}

export function consumerOf(group: string, ...topics: string[]): ConsumerMember & { told: Told } {
  const consumerData = (): ReturnType<ConsumerMember['consumerData']> => ({
    groupName: group,
    consumeType: 'CONSUME_PASSIVELY',
    messageModel: 'CLUSTERING',
    consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
    subscriptionDataSet: [],
    unitMode: false,
  })
  return { kind: 'consumer', group, consumerData, ...toldBy(topics) }
}
