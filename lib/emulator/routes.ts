import type { ClusterInfo } from '../commands/route'
import type { BrokerDataReply, BrokerFacts, TopicRouteReply } from '../commands/topic-route-json'
import type { QueueData } from '../model/topic-route'
import type { TopicConfig } from './topics'

/** A broker as it presents itself to name servers. */
export interface BrokerIdentity {
  readonly clusterName: string
  readonly brokerName: string
  readonly brokerId: number
  readonly address: string
}

interface KnownBroker {
  readonly cluster: string
  readonly brokerName: string
  readonly addresses: Map<number, string>
}

/** What one name server knows of brokers and topics (Java `RouteInfoManager`). */
export class RouteTables {
  readonly #alsoTold: BrokerFacts
  readonly #brokers = new Map<string, KnownBroker>()
  readonly #topics = new Map<string, Map<string, QueueData>>()

  /** `alsoTold`: what routes tell of every broker besides its name and addresses. */
  constructor(alsoTold: BrokerFacts = {}) {
    this.#alsoTold = alsoTold
  }

  /** A broker is up; `topics` are those that are new or changed, of a master only. */
  register({ clusterName, brokerName, brokerId, address }: BrokerIdentity, topics: readonly TopicConfig[]): void {
    let broker = this.#brokers.get(brokerName)
    if (broker === undefined) {
      broker = { cluster: clusterName, brokerName, addresses: new Map() }
      this.#brokers.set(brokerName, broker)
    }
    broker.addresses.set(brokerId, address)
    for (const topic of topics) this.#putQueues(brokerName, topic)
  }

  /** A broker is gone. Its topics go with the last address of its name. */
  unregister({ brokerName, brokerId, address }: BrokerIdentity): void {
    const broker = this.#brokers.get(brokerName)
    if (broker?.addresses.get(brokerId) !== address) return
    broker.addresses.delete(brokerId)
    if (broker.addresses.size > 0) return
    this.#brokers.delete(brokerName)
    for (const topic of [...this.#topics.keys()]) this.#dropQueues(topic, brokerName)
  }

  /** Where a topic lives; undefined where no broker that is up has it. */
  route(topic: string): TopicRouteReply | undefined {
    const queueDatas = [...(this.#topics.get(topic)?.values() ?? [])]
    const brokerDatas = queueDatas.flatMap(({ brokerName }) => this.#brokerData(brokerName))
    return brokerDatas.length === 0 ? undefined : { queueDatas, brokerDatas }
  }

  topicNames(): string[] {
    return [...this.#topics.keys()]
  }

  clusterInfo(): ClusterInfo {
    const clusterAddrTable = new Map<string, string[]>()
    for (const { cluster, brokerName } of this.#brokers.values()) {
      clusterAddrTable.set(cluster, [...(clusterAddrTable.get(cluster) ?? []), brokerName])
    }
    const names = [...this.#brokers.keys()]
    const brokerAddrTable = new Map(names.flatMap(name => this.#brokerData(name).map(data => [name, data] as const)))
    return { brokerAddrTable, clusterAddrTable }
  }

  /** Forgets a topic, on the brokers of one cluster where one is given; brokers that have it bring it back. */
  deleteTopic(topic: string, clusterName?: string): void {
    if (clusterName === undefined || clusterName === '') this.#topics.delete(topic)
    for (const { cluster, brokerName } of this.#brokers.values()) {
      if (cluster === clusterName) this.#dropQueues(topic, brokerName)
    }
  }

  #putQueues(brokerName: string, config: TopicConfig): void {
    let queues = this.#topics.get(config.topicName)
    if (queues === undefined) this.#topics.set(config.topicName, (queues = new Map<string, QueueData>()))
    const { readQueueNums, writeQueueNums, perm, topicSysFlag } = config
    queues.set(brokerName, { brokerName, readQueueNums, writeQueueNums, perm, topicSysFlag })
  }

  #dropQueues(topic: string, brokerName: string): void {
    const queues = this.#topics.get(topic)
    queues?.delete(brokerName)
    if (queues?.size === 0) this.#topics.delete(topic)
  }

  #brokerData(brokerName: string): BrokerDataReply[] {
    const broker = this.#brokers.get(brokerName)
    if (broker === undefined) return []
    return [{ cluster: broker.cluster, brokerName, brokerAddrs: new Map(broker.addresses), ...this.#alsoTold }]
  }
}
