import type { ReplyOf, RequestOf } from '../../commands/command'
import type {
  DELETE_SUBSCRIPTIONGROUP,
  GET_CONSUMER_CONNECTION_LIST,
  GET_PRODUCER_CONNECTION_LIST,
  QUERY_TOPIC_CONSUME_BY_WHO,
  UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
} from '../../commands/group'
import type { Broker } from '../broker'
import { connectionOf } from '../client-registration'
import { refusal } from '../refusal'
import { refuseOnSlave } from './topic'
import { checkGroupName } from './topic-name'

export function updateAndCreateSubscriptionGroup(
  broker: Broker,
  { body }: RequestOf<typeof UPDATE_AND_CREATE_SUBSCRIPTIONGROUP>,
): ReplyOf<typeof UPDATE_AND_CREATE_SUBSCRIPTIONGROUP> {
  refuseOnSlave(broker)
  checkGroupName(broker.generation, body.groupName)
  broker.state.groups.put(body)
  return { code: 'SUCCESS' }
}

export function deleteSubscriptionGroup(
  broker: Broker,
  { header }: RequestOf<typeof DELETE_SUBSCRIPTIONGROUP>,
): ReplyOf<typeof DELETE_SUBSCRIPTIONGROUP> {
  refuseOnSlave(broker)
  const { groups, offsets } = broker.state
  groups.delete(header.groupName)
  const removes = broker.generation.offsets.readsSetZero ? header.cleanOffset : header.removeOffset
  if (removes === true) offsets.deleteGroup(header.groupName)
  return { code: 'SUCCESS' }
}

export function getConsumerConnectionList(
  broker: Broker,
  { header: { consumerGroup } }: RequestOf<typeof GET_CONSUMER_CONNECTION_LIST>,
): ReplyOf<typeof GET_CONSUMER_CONNECTION_LIST> {
  const group = broker.clients.consumers.get(consumerGroup)
  if (group === undefined)
    return { code: 'CONSUMER_NOT_ONLINE', remark: `the consumer group[${consumerGroup}] not online` }
  const { members, subscriptions: subscriptionTable, consumeType, messageModel, consumeFromWhere } = group
  const connectionSet = Array.from(members.values(), connectionOf)
  return {
    code: 'SUCCESS',
    body: { connectionSet, subscriptionTable, consumeType, messageModel, consumeFromWhere },
  }
}

export function getProducerConnectionList(
  broker: Broker,
  { header: { producerGroup } }: RequestOf<typeof GET_PRODUCER_CONNECTION_LIST>,
): ReplyOf<typeof GET_PRODUCER_CONNECTION_LIST> {
  const members = broker.clients.producers.members(producerGroup)
  if (members === undefined) throw refusal('SYSTEM_ERROR', `the producer group[${producerGroup}] not exist`)
  return { code: 'SUCCESS', body: { connectionSet: members.map(connectionOf) } }
}

export function queryTopicConsumeByWho(
  { clients, state }: Broker,
  { header: { topic } }: RequestOf<typeof QUERY_TOPIC_CONSUME_BY_WHO>,
): ReplyOf<typeof QUERY_TOPIC_CONSUME_BY_WHO> {
  const groups = new Set([...clients.consumers.groupsOf(topic), ...state.offsets.groupsOf(topic)])
  return { code: 'SUCCESS', body: { groupList: [...groups] } }
}
