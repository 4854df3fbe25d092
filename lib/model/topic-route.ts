import type { LogicalQueues } from './logical-queues'

/** Queues of a topic on one broker (Java `QueueData`). */
export interface QueueData {
  /** Name of the broker. */
  readonly brokerName: string
  /** How many queues consumers read. */
  readonly readQueueNums: number
  /** How many queues producers write. */
  readonly writeQueueNums: number
  /** Bits of `perm.ts`. */
  readonly perm: number
  /** RocketMQ's bits of the topic. */
  readonly topicSysFlag: number
}

/** Addresses of one broker name (Java `BrokerData`). */
export interface BrokerData {
  /** Name of the cluster that it belongs to. */
  readonly cluster: string
  /** Name that a master and its slaves share. */
  readonly brokerName: string
  /** Broker id to `host:port`; id 0 is the master, others are slaves. */
  readonly brokerAddrs: ReadonlyMap<number, string>
  /** Name of the zone that it stands in, where the broker tells one. */
  readonly zoneName?: string
}

/** Where a topic lives (Java `TopicRouteData`). */
export interface TopicRoute {
  /** `broker-a:4;broker-b:4` for topics with a fixed order of queues. */
  readonly orderTopicConf?: string
  /** Its queues, by broker. */
  readonly queueDatas: readonly QueueData[]
  /** Addresses of its brokers. */
  readonly brokerDatas: readonly BrokerData[]
  /** For static topics, whose queues are the same wherever they are hosted. */
  readonly logicalQueues?: LogicalQueues
}

/** Id of the master among the addresses of a broker name. */
export const MASTER_ID = 0
