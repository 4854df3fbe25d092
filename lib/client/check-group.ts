import { GET_CONSUMER_CONNECTION_LIST } from '../commands/group'
import type { ConsumerData } from '../commands/heartbeat-data'
import { RocketMQError } from '../errors'
import type { SubscriptionData } from '../model/consumer-types'
import { isRetryTopic } from '../model/names'
import { isTagType } from '../model/subscription'
import { MASTER_ID } from '../model/topic-route'
import type { CallOptions, RemotingClient } from '../remoting/remoting-client'
import type { RouteTable } from '../routing/route-table'
import type { Log } from '../runtime/log'

/** Who asks. */
export interface GroupChecker {
  readonly clientId: string
  readonly remoting: Pick<RemotingClient, 'invoke'>
  readonly routes: Pick<RouteTable, 'fetch'>
  readonly log: Log
}

/**
 * Asks one broker for the members that a group has, and reports what takes messages away without an error: another client
 * with this client's id, with which brokers mistake it, and members that subscribe otherwise, of whom the latest heartbeat
 * decides for all. It comes before the first heartbeat, after which brokers tell of this member itself. A broker that
 * cannot be asked, or refuses, holds nothing up.
 */
export async function checkGroup(
  client: GroupChecker,
  { data, report }: { data: ConsumerData; report: (error: RocketMQError) => void },
  call: CallOptions,
): Promise<void> {
  const { groupName: group, subscriptionDataSet } = data
  const topic = subscriptionDataSet.find(subscription => !isRetryTopic(subscription.topic))?.topic
  if (topic === undefined) return
  try {
    const [broker] = (await client.routes.fetch(topic, call))?.brokerDatas ?? []
    const address = broker?.brokerAddrs.get(MASTER_ID)
    if (address === undefined) return
    const request = { header: { consumerGroup: group } }
    const reply = await client.remoting.invoke(address, GET_CONSUMER_CONNECTION_LIST, request, call)
    if (reply.code !== 'SUCCESS' || reply.body.connectionSet.length === 0) return
    const { connectionSet, subscriptionTable, messageModel } = reply.body
    const namesake = connectionSet.find(({ clientId }) => clientId === client.clientId)
    if (namesake !== undefined) {
      const says = `group ${group} has a client with id ${client.clientId} already, from ${namesake.clientAddr}: brokers take two clients with one id for one, and queues are left unread; give each another instanceName`
      report(new RocketMQError('GROUP_CONFLICT', says, { group, address }))
    }
    const differences = differencesOf(data, { subscriptionTable, messageModel })
    if (differences.length > 0) {
      const says = `members of group ${group} do not want the same, and the last of them decides for all: ${differences.join('; ')}. Give all members the same subscriptions, or each kind a group of its own`
      report(new RocketMQError('GROUP_CONFLICT', says, { group, address }))
    }
  } catch (error) {
    if (call.signal?.aborted === true) throw error
    client.log.debug('the members of a group could not be asked for', { group, error })
  }
}

interface Others {
  readonly subscriptionTable: ReadonlyMap<string, SubscriptionData>
  readonly messageModel: string | undefined
}

function differencesOf({ subscriptionDataSet, messageModel }: ConsumerData, others: Others): string[] {
  const ours = new Map(subscriptionDataSet.map(subscription => [subscription.topic, subscription]))
  const topics = new Set([...ours.keys(), ...others.subscriptionTable.keys()])
  const wanted = (subscription: SubscriptionData | undefined): string =>
    subscription === undefined ? 'nothing' : `${subscription.expressionType} '${expressionOf(subscription)}'`
  const found = [...topics].flatMap(topic => {
    if (isRetryTopic(topic)) return []
    const [here, there] = [wanted(ours.get(topic)), wanted(others.subscriptionTable.get(topic))]
    return here === there ? [] : [`of topic ${topic} this one wants ${here}, others ${there}`]
  })
  const isOtherModel = others.messageModel !== undefined && others.messageModel !== messageModel
  return isOtherModel ? [...found, `this one is ${messageModel}, others are ${others.messageModel}`] : found
}

/** The order of tags does not matter. */
function expressionOf({ expressionType, subString, tagsSet }: SubscriptionData): string {
  if (!isTagType(expressionType) || tagsSet.length === 0) return subString.trim()
  return [...tagsSet].sort().join(' || ')
}
