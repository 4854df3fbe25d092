import type { LogicalQueues } from './logical-queues'

/** Queues of a topic on one broker (Java `QueueData`). */
export interface QueueData {
  readonly brokerName: string
  readonly readQueueNums: number
  readonly writeQueueNums: number
  /** Bits of `perm.ts`. */
  readonly perm: number
  readonly topicSysFlag: number
}

/** Addresses of one broker name (Java `BrokerData`). */
export interface BrokerData {
  readonly cluster: string
  readonly brokerName: string
  /** Broker id to `host:port`; id 0 is the master, others are slaves. */
  readonly brokerAddrs: ReadonlyMap<number, string>
  readonly zoneName?: string
}

/** Where a topic lives (Java `TopicRouteData`). */
export interface TopicRoute {
  /** `broker-a:4;broker-b:4` for topics with a fixed order of queues. */
  readonly orderTopicConf?: string
  readonly queueDatas: readonly QueueData[]
  readonly brokerDatas: readonly BrokerData[]
  /** For static topics, whose queues are the same wherever they are hosted. */
  readonly logicalQueues?: LogicalQueues
}

/** Id of the master among the addresses of a broker name. */
export const MASTER_ID = 0
