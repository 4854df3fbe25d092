import type { ClusterInfo } from '../commands/route'
import { GET_BROKER_CLUSTER_INFO } from '../commands/route'
import { RocketMQError } from '../errors'
import { type BrokerData, MASTER_ID, type TopicRoute } from '../model/topic-route'
import type { AdminCall } from './admin-call'

/** A broker that a request goes to. */
export interface BrokerTarget {
  readonly brokerName: string
  readonly address: string
}

/** Which brokers a setting is for; all masters of all clusters where nothing is said. */
export interface BrokerScope {
  /** Only the masters of this cluster. */
  readonly clusterName?: string | undefined
  /** Only the broker with this address, `host:port`. */
  readonly brokerAddress?: string | undefined
}

/** All brokers by name, and the names by cluster, as a name server knows them. */
export async function clusterInfo(call: AdminCall): Promise<ClusterInfo> {
  return (await call.nameServer(GET_BROKER_CLUSTER_INFO, {})).body
}

/**
 * Every master of a scope.
 * @throws RocketMQError BROKER_NOT_FOUND where there is none
 */
export async function mastersOf(call: AdminCall, { clusterName, brokerAddress }: BrokerScope): Promise<BrokerTarget[]> {
  const info = await clusterInfo(call)
  if (brokerAddress !== undefined)
    return [{ brokerName: nameOf(info, brokerAddress) ?? brokerAddress, address: brokerAddress }]
  const names = clusterName === undefined ? undefined : info.clusterAddrTable.get(clusterName)
  if (clusterName !== undefined && names === undefined) {
    const known = [...info.clusterAddrTable.keys()].join(', ') || 'none'
    throw new RocketMQError('BROKER_NOT_FOUND', `no name server knows a cluster ${clusterName}; there is ${known}`)
  }
  const brokers = [...info.brokerAddrTable.values()].filter(({ brokerName }) => names?.includes(brokerName) ?? true)
  const masters = targetsOf(brokers, masterOf)
  if (masters.length > 0) return masters
  const where = clusterName === undefined ? '' : ` of cluster ${clusterName}`
  throw new RocketMQError('BROKER_NOT_FOUND', `no master${where} is registered at the name servers: start a broker`)
}

/** One broker of each name in a route, its master where there is one: whom to ask about what is stored. */
export function readersOf({ brokerDatas }: Pick<TopicRoute, 'brokerDatas'>): BrokerTarget[] {
  return targetsOf(brokerDatas, readerOf)
}

/** As `readersOf`, for all brokers there are. */
export async function everyReader(call: AdminCall): Promise<BrokerTarget[]> {
  return readersOf({ brokerDatas: [...(await clusterInfo(call)).brokerAddrTable.values()] })
}

/** Name of the broker that has this address, as a name server knows it. */
export function nameOf({ brokerAddrTable }: ClusterInfo, address: string): string | undefined {
  const holder = [...brokerAddrTable.values()].find(({ brokerAddrs }) => [...brokerAddrs.values()].includes(address))
  return holder?.brokerName
}

function masterOf({ brokerAddrs }: BrokerData): string | undefined {
  return brokerAddrs.get(MASTER_ID)
}

function readerOf(broker: BrokerData): string | undefined {
  return masterOf(broker) ?? broker.brokerAddrs.values().next().value
}

function targetsOf(
  brokers: readonly BrokerData[],
  addressOf: (broker: BrokerData) => string | undefined,
): BrokerTarget[] {
  const targets = brokers.flatMap(broker => {
    const address = addressOf(broker)
    return address === undefined ? [] : [{ brokerName: broker.brokerName, address }]
  })
  return targets.sort((a, b) => (a.brokerName < b.brokerName ? -1 : Number(a.brokerName > b.brokerName)))
}
