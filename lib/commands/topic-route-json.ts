import { parseJavaInteger } from '../model/java-text'
import { type QueueMapping, logicalQueuesOf } from '../model/logical-queues'
import type { BrokerData, QueueData, TopicRoute } from '../model/topic-route'
import { malformed } from './command'
import { boundOf, entriesOf, fieldsOf, listOf, numberOf, optionalTextOf, textOf } from './shape'

/** More queues than this on one broker is no real topic; the bound keeps a hostile answer from filling memory. */
const MAX_QUEUES_PER_BROKER = 65_536

/** A route as name servers send it, with quoted or bare broker ids. */
export function topicRouteOf(value: unknown): TopicRouteReply {
  const what = 'a topic route'
  const fields = fieldsOf(value, what)
  const orderTopicConf = optionalTextOf(fields['orderTopicConf'], what)
  const mappings = entriesOf(fields['topicQueueMappingByBroker'], what, { key: textOf, value: mappingOf })
  return {
    ...(orderTopicConf === undefined ? {} : { orderTopicConf }),
    queueDatas: listOf(fields['queueDatas'], what, queueDataOf),
    brokerDatas: listOf(fields['brokerDatas'], what, brokerDataOf),
    ...(mappings.length === 0 ? {} : { logicalQueues: logicalQueuesOf(mappings.map(([, mapping]) => mapping)) }),
  }
}

/** What one broker hosts of a static topic. */
function mappingOf(value: unknown, what: string): QueueMapping {
  const fields = fieldsOf(value, what)
  const queueIds = entriesOf(fields['currIdMap'], what, { key: queueIdOf, value: numberOf }).map(([id]) => id)
  return {
    brokerName: textOf(fields['bname'], what),
    scope: textOf(fields['scope'], what),
    totalQueues: queueNumsOf(fields['totalQueues'], what),
    epoch: boundOf(fields['epoch'], what),
    queueIds,
  }
}

function queueIdOf(value: unknown, what: string): number {
  const id = parseJavaInteger(textOf(value, what))
  if (id === undefined) throw malformed(`a queue id in ${what}`)
  return queueNumsOf(id, what)
}

function queueDataOf(value: unknown, what: string): QueueData {
  const fields = fieldsOf(value, what)
  return {
    brokerName: textOf(fields['brokerName'], what),
    readQueueNums: queueNumsOf(fields['readQueueNums'], what),
    writeQueueNums: queueNumsOf(fields['writeQueueNums'], what),
    perm: numberOf(fields['perm'], what),
    topicSysFlag: numberOf(fields['topicSysFlag'], what),
  }
}

function queueNumsOf(value: unknown, what: string): number {
  const nums = numberOf(value, what)
  if (!Number.isInteger(nums) || nums < 0 || nums > MAX_QUEUES_PER_BROKER)
    throw malformed(`the number of queues in ${what}`)
  return nums
}

/** Addresses of one broker name, with quoted or bare ids. */
export function brokerDataOf(value: unknown, what: string): BrokerData {
  const fields = fieldsOf(value, what)
  const zoneName = optionalTextOf(fields['zoneName'], what)
  return {
    cluster: optionalTextOf(fields['cluster'], what) ?? '',
    brokerName: textOf(fields['brokerName'], what),
    brokerAddrs: new Map(entriesOf(fields['brokerAddrs'], what, { key: brokerIdOf, value: textOf })),
    ...(zoneName === undefined ? {} : { zoneName }),
  }
}

function brokerIdOf(value: unknown, what: string): number {
  const id = parseJavaInteger(textOf(value, `a broker id in ${what}`))
  if (!Number.isSafeInteger(id)) throw malformed(`a broker id in ${what}`)
  return id as number
}

/** What name servers tell of a broker that is no concern of clients. */
export interface BrokerFacts {
  /** 5.x: whether a slave may do some of the work of a master that is gone. */
  readonly enableActingMaster?: boolean
}

/** A broker as a name server answers it. */
export type BrokerDataReply = BrokerData & BrokerFacts

/** A route as a name server answers it. */
export interface TopicRouteReply extends TopicRoute {
  readonly brokerDatas: readonly BrokerDataReply[]
  /** Broker ids as bare numbers, for peers older than 4.9.4 that did not ask for standard JSON. */
  readonly bareBrokerIds?: boolean
}

/** A route as a name server writes it. */
export function plainTopicRoute({ bareBrokerIds = false, ...route }: TopicRouteReply): unknown {
  return {
    ...route,
    brokerDatas: route.brokerDatas.map(data => plainBrokerData(data, bareBrokerIds)),
    filterServerTable: {},
  }
}

/** The cluster info always has bare broker ids, whatever the peer's version. */
export function plainBrokerData(data: BrokerData, bareBrokerIds: boolean): unknown {
  return { ...data, brokerAddrs: bareBrokerIds ? new Map(data.brokerAddrs) : Object.fromEntries(data.brokerAddrs) }
}
