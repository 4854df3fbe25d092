import type { ReplyOf, RequestOf } from '../../commands/command'
import type {
  GET_CONSUMER_LIST_BY_GROUP,
  HEART_BEAT,
  LOCK_BATCH_MQ,
  UNLOCK_BATCH_MQ,
  UNREGISTER_CLIENT,
} from '../../commands/client'
import type { ConsumerData } from '../../commands/heartbeat-data'
import { retryTopic } from '../../model/names'
import { buildTopicSysFlag } from '../../model/unit-flag'
import type { RequestContext } from '../../remoting/request-handlers'
import { shuffled } from '../../runtime/random'
import type { Broker } from '../broker'
import { refusal } from '../refusal'

/** Registers the groups of a client on its channel; consumer groups get their retry topic. */
export function heartBeat(
  broker: Broker,
  { body }: RequestOf<typeof HEART_BEAT>,
  { channel, frame }: RequestContext,
): ReplyOf<typeof HEART_BEAT> {
  const isV2 = body.heartbeatFingerprint !== undefined && body.heartbeatFingerprint !== 0
  const admit = (data: ConsumerData): { admitted: boolean; notifies: boolean } => {
    const admission = admitGroup(broker, data)
    if (admission.admitted && !(isV2 && body.withoutSub === true))
      broker.state.filters.register(data.groupName, data.subscriptionDataSet)
    return admission
  }
  const changed = broker.clients.heartbeat(body, { channel, frame, admit })
  if (!broker.generation.clients.heartbeatV2) return { code: 'SUCCESS', header: {} }
  return { code: 'SUCCESS', header: { IS_SUPPORT_HEART_BEAT_V2: true, IS_SUB_CHANGE: isV2 ? changed : true } }
}

function admitGroup(broker: Broker, data: ConsumerData): { admitted: boolean; notifies: boolean } {
  const { topics, groups } = broker.state
  const config = groups.find(data.groupName)
  if (config === undefined) return { admitted: broker.generation.clients.registersUnknownGroups, notifies: true }
  const order = data.subscriptionDataSet.some(({ topic }) => topics.get(topic)?.order === true)
  const topicSysFlag = data.unitMode ? buildTopicSysFlag({ unit: false, hasUnitSub: true }) : 0
  topics.ensure(retryTopic(data.groupName), config.retryQueueNums, { order, topicSysFlag })
  return { admitted: true, notifies: config.notifyConsumerIdsChangedEnable }
}

/** Takes a group of a client away, on the channel that this came by; on another one nothing happens. */
export function unregisterClient(
  broker: Broker,
  { header }: RequestOf<typeof UNREGISTER_CLIENT>,
  { channel }: RequestContext,
): ReplyOf<typeof UNREGISTER_CLIENT> {
  const { clientID, producerGroup, consumerGroup } = header
  const { producers, consumers } = broker.clients
  if (producerGroup !== undefined) producers.unregister(producerGroup, channel, clientID)
  if (consumerGroup !== undefined) {
    const notifies = broker.state.groups.find(consumerGroup)?.notifyConsumerIdsChangedEnable ?? true
    consumers.unregister(consumerGroup, channel, notifies)
  }
  return { code: 'SUCCESS' }
}

/** Client ids of a group, in no order that one could rely on. */
export function getConsumerListByGroup(
  broker: Broker,
  { header }: RequestOf<typeof GET_CONSUMER_LIST_BY_GROUP>,
): ReplyOf<typeof GET_CONSUMER_LIST_BY_GROUP> {
  const members = broker.clients.consumers.get(header.consumerGroup)?.members.values() ?? []
  const consumerIdList = shuffled(Array.from(members, ({ clientId }) => clientId))
  if (consumerIdList.length === 0) throw refusal('SYSTEM_ERROR', `no consumer for this group, ${header.consumerGroup}`)
  return { code: 'SUCCESS', body: { consumerIdList } }
}

export function lockBatchMq(broker: Broker, { body }: RequestOf<typeof LOCK_BATCH_MQ>): ReplyOf<typeof LOCK_BATCH_MQ> {
  const lockOKMQSet = broker.locks.lock(body.consumerGroup, body.mqSet, body.clientId)
  return { code: 'SUCCESS', body: { lockOKMQSet } }
}

export function unlockBatchMq(
  broker: Broker,
  { body }: RequestOf<typeof UNLOCK_BATCH_MQ>,
): ReplyOf<typeof UNLOCK_BATCH_MQ> {
  broker.locks.unlock(body.consumerGroup, body.mqSet, body.clientId)
  return { code: 'SUCCESS' }
}
