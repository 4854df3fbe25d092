import type { RequestOf } from '../../commands/command'
import type { SubscriptionGroupConfig } from '../../commands/group'
import type { PULL_MESSAGE } from '../../commands/pull'
import { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import { readPullSysFlag } from '../../model/pull-sys-flag'
import { SUB_ALL, buildSubscriptionData, isTagType } from '../../model/subscription'
import type { Broker } from '../broker'
import { propertyFilter, tagsFilter } from '../message-filter'
import { refusal, seeHelp } from '../refusal'
import type { Sql92Condition } from '../sql92/expression'
import type { MessageFilter } from '../store/read-messages'
import { forbidden } from './pull-forbidden'

type Header = RequestOf<typeof PULL_MESSAGE>['header']

/**
 * What a pull is to be given, by the subscription that it carries or else that of its group's heartbeats; undefined for
 * every message.
 */
export function filterOf(broker: Broker, header: Header, group: SubscriptionGroupConfig): MessageFilter | undefined {
  return readPullSysFlag(header.sysFlag).subscription
    ? filterInRequest(broker, header)
    : filterOfHeartbeat(broker, header, group)
}

/** An answer where the broker is told to filter by what it does not filter by. */
export function checkType({ state }: Broker, type: string): void {
  if (isTagType(type) || state.enablePropertyFilter) return
  throw refusal('SYSTEM_ERROR', `The broker does not support consumer to filter message by ${type}`)
}

function filterInRequest(broker: Broker, header: Header): MessageFilter | undefined {
  const { topic, subscription, expressionType, subVersion } = header
  if (expressionType !== undefined && !isTagType(expressionType)) {
    if (subscription === undefined || subscription === '') throw unparsable()
    checkType(broker, expressionType)
    return byProperties(broker, broker.state.filters.tryCompile(expressionType, subscription))
  }
  try {
    return byTags(buildSubscriptionData(topic, subscription, subVersion))
  } catch (error) {
    throw RocketMQError.is(error) ? unparsable() : error
  }
}

function unparsable(): Error {
  return refusal('SUBSCRIPTION_PARSE_FAILED', "parse the consumer's subscription failed")
}

function filterOfHeartbeat(broker: Broker, header: Header, group: SubscriptionGroupConfig): MessageFilter | undefined {
  const subscription = subscriptionOfHeartbeat(broker, header, group)
  if (isTagType(subscription.expressionType)) return byTags(subscription)
  const filter = broker.state.filters.get(header.consumerGroup, header.topic)
  if (filter === undefined) {
    const remark = "The broker's consumer filter data is not exist!Your expression may be wrong!"
    throw refusal('FILTER_DATA_NOT_EXIST', remark)
  }
  if (filter.version < header.subVersion)
    throw refusal('FILTER_DATA_NOT_LATEST', "the consumer's consumer filter data not latest")
  checkType(broker, subscription.expressionType)
  return subscription.classFilterMode ? undefined : byProperties(broker, filter.condition)
}

function subscriptionOfHeartbeat(
  broker: Broker,
  { consumerGroup, topic, subVersion }: Header,
  group: SubscriptionGroupConfig,
): SubscriptionData {
  const { clients, generation } = broker
  const online = clients.consumers.get(consumerGroup)
  if (online === undefined)
    throw refusal('SUBSCRIPTION_NOT_EXIST', `the consumer's group info not exist${seeHelp(generation)}`)
  if (!group.consumeBroadcastEnable && online.messageModel === 'BROADCASTING')
    throw forbidden(broker, 'BROADCASTING', `the consumer group[${consumerGroup}] can not consume by broadcast way`)
  const subscription = online.subscriptions.get(topic)
  if (subscription === undefined)
    throw refusal('SUBSCRIPTION_NOT_EXIST', `the consumer's subscription not exist${seeHelp(generation)}`)
  if (subscription.subVersion < subVersion)
    throw refusal('SUBSCRIPTION_NOT_LATEST', "the consumer's subscription not latest")
  return subscription
}

const filters = new WeakMap<SubscriptionData, MessageFilter>()

function byTags(subscription: SubscriptionData): MessageFilter | undefined {
  if (subscription.subString === SUB_ALL || subscription.classFilterMode) return undefined
  let filter = filters.get(subscription)
  if (filter === undefined) filters.set(subscription, (filter = tagsFilter(subscription.codeSet)))
  return filter
}

/** Real brokers, too, give every message to a pull whose own expression they cannot read. */
function byProperties({ state }: Broker, condition: Sql92Condition | undefined): MessageFilter | undefined {
  return condition === undefined ? undefined : propertyFilter(state.store.log, condition)
}
