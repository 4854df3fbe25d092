import { RocketMQError } from '../errors'
import { parseJavaInt } from '../model/java-text'
import { type LogicalQueues, isNowhere } from '../model/logical-queues'
import type { MessageQueue } from '../model/message-queue'
import { isReadable, isWritable } from '../model/perm'
import { type BrokerData, MASTER_ID, type QueueData, type TopicRoute } from '../model/topic-route'

/** Queues of one topic beyond this are no real topic; the bound keeps a hostile route from filling memory. */
const MAX_QUEUES = 1 << 20

/** Where messages of a topic can be sent (Java `TopicPublishInfo`). */
export interface TopicPublishInfo {
  /** True where the route fixes the order of the queues. */
  readonly orderTopic: boolean
  readonly queues: readonly MessageQueue[]
}

/**
 * The queues that a topic can be written to: those of its order configuration as they stand there, else those of writable
 * brokers with a master, by broker name and queue id. Throws PROTOCOL_ERROR where the route cannot be meant.
 */
export function publishInfoOf(topic: string, route: TopicRoute): TopicPublishInfo {
  const { orderTopicConf = '' } = route
  if (orderTopicConf !== '')
    return { orderTopic: true, queues: expand(topic, parseOrderTopicConf(topic, orderTopicConf)) }
  if (route.logicalQueues !== undefined) {
    const queues = logicalQueues(topic, route.logicalQueues, host => !isNowhere(host))
    return { orderTopic: false, queues }
  }
  const mastered = new Set(
    route.brokerDatas.filter(({ brokerAddrs }) => brokerAddrs.has(MASTER_ID)).map(({ brokerName }) => brokerName),
  )
  const writable = byBrokerName(route.queueDatas).filter(
    ({ perm, brokerName }) => isWritable(perm) && mastered.has(brokerName),
  )
  return {
    orderTopic: false,
    queues: expand(
      topic,
      writable.map(({ brokerName, writeQueueNums }) => [brokerName, writeQueueNums]),
    ),
  }
}

/**
 * The queues that a topic can be read from, by broker name and queue id; slaves serve those of brokers without a master.
 * Throws PROTOCOL_ERROR where the route cannot be meant.
 */
export function subscribeQueuesOf(topic: string, route: TopicRoute): readonly MessageQueue[] {
  if (route.logicalQueues !== undefined) return logicalQueues(topic, route.logicalQueues, () => true)
  const readable = byBrokerName(route.queueDatas).filter(({ perm }) => isReadable(perm))
  return expand(
    topic,
    readable.map(({ brokerName, readQueueNums }) => [brokerName, readQueueNums]),
  )
}

/** The queues of a static topic, by id, as Java has them. */
function logicalQueues(topic: string, all: LogicalQueues, isWanted: (host: string) => boolean): MessageQueue[] {
  const queues = [...all].flatMap(([brokerName, hosts]) =>
    [...hosts].flatMap(([queueId, host]) => (isWanted(host) ? [{ topic, brokerName, queueId }] : [])),
  )
  return queues.sort((a, b) => a.queueId - b.queueId)
}

/** True where a route says something else than the one before; the order of brokers and their cluster do not count. */
export function routeChanged(before: TopicRoute | undefined, now: TopicRoute): boolean {
  return before === undefined || comparable(before) !== comparable(now)
}

/** Number of queues by broker name, in order. */
type QueueCounts = readonly (readonly [brokerName: string, count: number])[]

function expand(topic: string, counts: QueueCounts): MessageQueue[] {
  const total = counts.reduce((sum, [, count]) => sum + Math.max(0, count), 0)
  if (total > MAX_QUEUES) throw malformed(topic, `it has ${total} queues, more than ${MAX_QUEUES}`)
  const queues: MessageQueue[] = []
  for (const [brokerName, count] of counts) {
    for (let queueId = 0; queueId < count; queueId++) queues.push({ topic, brokerName, queueId })
  }
  return queues
}

/** Reads `broker-a:4;broker-b:4`. */
function parseOrderTopicConf(topic: string, conf: string): QueueCounts {
  return conf
    .split(';')
    .filter(part => part !== '')
    .map(part => {
      const [brokerName = '', text = ''] = part.split(':')
      const count = parseJavaInt(text)
      if (brokerName === '' || count === undefined)
        throw malformed(topic, `its orderTopicConf '${conf}' is not broker:queues;broker:queues`)
      return [brokerName, count]
    })
}

function comparable({ orderTopicConf, queueDatas, brokerDatas, logicalQueues: logical }: TopicRoute): string {
  const queues = byBrokerName(queueDatas).map(data => [
    data.brokerName,
    data.perm,
    data.readQueueNums,
    data.writeQueueNums,
    data.topicSysFlag,
  ])
  const brokers = byBrokerName(brokerDatas).map(data => [data.brokerName, addressesOf(data)])
  const hosts = [...(logical ?? [])].map(([name, byId]) => [name, [...byId].sort(([a], [b]) => a - b)])
  return JSON.stringify([orderTopicConf, queues, brokers, hosts])
}

function addressesOf({ brokerAddrs }: BrokerData): [number, string][] {
  return [...brokerAddrs].sort(([a], [b]) => a - b)
}

function byBrokerName<T extends QueueData | BrokerData>(datas: readonly T[]): T[] {
  return [...datas].sort((a, b) => (a.brokerName < b.brokerName ? -1 : Number(a.brokerName > b.brokerName)))
}

function malformed(topic: string, says: string): RocketMQError {
  return new RocketMQError('PROTOCOL_ERROR', `the route of topic ${topic} cannot be used: ${says}`, { topic })
}
