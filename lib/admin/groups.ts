import { CALL_OPTIONS } from '../client/checked-options'
import {
  type Connection,
  type ConsumerConnection,
  DELETE_SUBSCRIPTIONGROUP,
  GET_CONSUMER_CONNECTION_LIST,
  GET_PRODUCER_CONNECTION_LIST,
  type SubscriptionGroupConfig,
  UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
  subscriptionGroupConfigOf,
} from '../commands/group'
import { BrokerError, RocketMQError } from '../errors'
import type { SubscriptionData } from '../model/consumer-types'
import type { OptionNames } from '../model/option-checks'
import { checkConsumerGroup, checkGroup } from '../model/validators'
import type { CallOptions } from '../remoting/remoting-client'
import type { AdminCall } from './admin-call'
import { type BrokerScope, type BrokerTarget, everyReader, mastersOf, readersOf } from './brokers'
import { brokersOfGroup } from './brokers-of-group'
import { checkScope, checkStoredTopic } from './checks'
import { onEachBroker } from './on-each-broker'

/** A consumer group as it shall be; defaults are Java's. A group that exists is changed to it. */
export interface GroupSettings extends BrokerScope, CallOptions {
  /** Name of the group. */
  readonly consumerGroup: string
  /** False stops the group from consuming; default true. */
  readonly consumeEnable?: boolean
  /** Whether new queues may be read from their beginning; default true. */
  readonly consumeFromMinEnable?: boolean
  /** False forbids the broadcasting model; default true. */
  readonly consumeBroadcastEnable?: boolean
  /** True keeps messages that POP consumers failed on in order; default false. */
  readonly consumeMessageOrderly?: boolean
  /** Queues of the retry topic; default 1. */
  readonly retryQueueNums?: number
  /** How often a message is tried again before it becomes a dead letter, at most; default 16. */
  readonly retryMaxTimes?: number
  /** Id of the broker that consumers read from by preference; default 0, the master. */
  readonly brokerId?: number
  /** Id of the broker that slow consumers are sent to; default 1, the first slave. */
  readonly whichBrokerWhenConsumeSlowly?: number
  /** Whether members are told at once when another comes or goes; default true. */
  readonly notifyConsumerIdsChangedEnable?: boolean
}

/** Their names. */
export const GROUP_SETTINGS: OptionNames<GroupSettings> = {
  ...CALL_OPTIONS,
  clusterName: true,
  brokerAddress: true,
  consumerGroup: true,
  consumeEnable: true,
  consumeFromMinEnable: true,
  consumeBroadcastEnable: true,
  consumeMessageOrderly: true,
  retryQueueNums: true,
  retryMaxTimes: true,
  brokerId: true,
  whichBrokerWhenConsumeSlowly: true,
  notifyConsumerIdsChangedEnable: true,
}

export async function createGroup(call: AdminCall, settings: GroupSettings): Promise<void> {
  const body = configOf(settings)
  await onEachBroker(await mastersOf(call, settings), `creating group ${body.groupName}`, ({ address }) =>
    call.broker(address, UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, { body }),
  )
}

export async function deleteGroup(call: AdminCall, groupName: string, cleanOffsets: boolean): Promise<void> {
  checkGroup(groupName)
  const header = { groupName, cleanOffset: cleanOffsets, removeOffset: cleanOffsets }
  await onEachBroker(await mastersOf(call, {}), `deleting group ${groupName}`, ({ address }) =>
    call.broker(address, DELETE_SUBSCRIPTIONGROUP, { header }),
  )
}

/** The members of a consumer group as their brokers list them; undefined where nobody is online. */
export async function consumerConnections(
  call: AdminCall,
  consumerGroup: string,
): Promise<ConsumerConnection | undefined> {
  checkGroup(consumerGroup)
  const replies = await onEachBroker(
    await brokersOfGroup(call, consumerGroup),
    `listing the members of group ${consumerGroup}`,
    ({ address }) => call.broker(address, GET_CONSUMER_CONNECTION_LIST, { header: { consumerGroup } }),
  )
  const online = replies.flatMap(reply => (reply.code === 'SUCCESS' ? [reply.body] : []))
  const [first] = online
  if (first === undefined) return undefined
  return {
    ...first,
    connectionSet: byClient(online.flatMap(({ connectionSet }) => connectionSet)),
    subscriptionTable: newest(online.flatMap(({ subscriptionTable }) => [...subscriptionTable])),
  }
}

/** The members of a producer group; none where nobody is online. */
export async function producerConnections(
  call: AdminCall,
  producerGroup: string,
  topic: string | undefined,
): Promise<Connection[]> {
  checkGroup(producerGroup)
  if (topic !== undefined) checkStoredTopic(topic)
  const targets = topic === undefined ? await everyReader(call) : readersOf(await call.route(topic))
  const lists = await onEachBroker(targets, `listing the members of producer group ${producerGroup}`, target =>
    producersOn(call, target, producerGroup),
  )
  return byClient(lists.flat())
}

async function producersOn(
  call: AdminCall,
  { address }: BrokerTarget,
  producerGroup: string,
): Promise<readonly Connection[]> {
  try {
    return (await call.broker(address, GET_PRODUCER_CONNECTION_LIST, { header: { producerGroup } })).body.connectionSet
  } catch (error) {
    // Brokers have no code of its own for this; the same one with another remark is a real failure.
    if (BrokerError.is(error, 'SYSTEM_ERROR') && error.remark?.includes('not exist') === true) return []
    throw error
  }
}

function configOf(settings: GroupSettings): SubscriptionGroupConfig {
  const { consumerGroup } = settings
  checkConsumerGroup(consumerGroup)
  checkScope(settings)
  try {
    return subscriptionGroupConfigOf({ ...settings, groupName: consumerGroup })
  } catch (cause) {
    const says = `a setting of group ${consumerGroup} is of the wrong type`
    throw new RocketMQError('INVALID_ARGUMENT', says, { group: consumerGroup, cause })
  }
}

/** A client has a connection to each broker; it counts once. */
function byClient(connections: readonly Connection[]): Connection[] {
  const clients = new Map(connections.map(connection => [connection.clientId, connection]))
  return [...clients.values()].sort((a, b) => (a.clientId < b.clientId ? -1 : Number(a.clientId > b.clientId)))
}

function newest(entries: readonly (readonly [string, SubscriptionData])[]): Map<string, SubscriptionData> {
  const table = new Map<string, SubscriptionData>()
  for (const [topic, subscription] of entries) {
    const known = table.get(topic)
    if (known === undefined || known.subVersion < subscription.subVersion) table.set(topic, subscription)
  }
  return table
}
