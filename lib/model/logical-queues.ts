/** What name servers tell of the queues of a static topic that one broker hosts (Java `TopicQueueMappingInfo`). */
export interface QueueMapping {
  readonly brokerName: string
  readonly scope: string
  readonly totalQueues: number
  /** A larger one is newer. */
  readonly epoch: number
  /** Ids of logical queues that the broker hosts. */
  readonly queueIds: readonly number[]
}

/** The queues of a static topic by the name of the broker that stands for all its hosts, then by id: the host of each. */
export type LogicalQueues = ReadonlyMap<string, ReadonlyMap<number, string>>

const PREFIX = '__syslo__'
const GLOBAL_SCOPE = '__global__'
/** A queue that is missing at present is on no broker. */
const NOWHERE = `${PREFIX}none__`
/** Queues of one topic beyond this are no real topic; the bound keeps a hostile route from filling memory. */
const MAX_QUEUES = 1 << 16

/** True for the name of a broker that stands for all hosts of a static topic. */
export function isLogicalBroker(brokerName: string): boolean {
  return brokerName.startsWith(PREFIX)
}

/** The name that queues of a static topic have for their broker (Java `TopicQueueMappingUtils.getMockBrokerName`). */
export function logicalBrokerName(scope: string): string {
  return PREFIX + (scope === GLOBAL_SCOPE ? scope.slice(2) : scope)
}

/** Who hosts which queue: of several that say so, the one with the newest epoch (Java `ClientMetadata`). */
export function logicalQueuesOf(mappings: readonly QueueMapping[]): LogicalQueues {
  const scopes = new Map<string, Map<number, string>>()
  // A later one takes the place of an earlier one.
  for (const mapping of [...mappings].sort((a, b) => a.epoch - b.epoch)) {
    const name = logicalBrokerName(mapping.scope)
    const hosts = scopes.get(name) ?? new Map<number, string>()
    scopes.set(name, hosts)
    for (const queueId of mapping.queueIds) hosts.set(queueId, mapping.brokerName)
  }
  for (const [name, hosts] of scopes) {
    const sizes = mappings
      .filter(({ scope }) => logicalBrokerName(scope) === name)
      .map(({ totalQueues }) => totalQueues)
    const total = Math.min(Math.max(...sizes), MAX_QUEUES)
    for (let queueId = 0; queueId < total; queueId++) if (!hosts.has(queueId)) hosts.set(queueId, NOWHERE)
  }
  return scopes
}

/** True for the host of a queue that is on no broker at present. */
export function isNowhere(host: string): boolean {
  return host === NOWHERE
}
