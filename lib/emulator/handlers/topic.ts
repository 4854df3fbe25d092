import type { ReplyOf, RequestOf } from '../../commands/command'
import type {
  DELETE_TOPIC_IN_BROKER,
  GET_TOPIC_CONFIG,
  GET_TOPIC_STATS_INFO,
  UPDATE_AND_CREATE_TOPIC,
} from '../../commands/topic'
import type { TopicOffset } from '../../commands/topic'
import { isBlank } from '../../model/java-text'
import { popRetryTopic } from '../../model/names'
import type { Broker } from '../broker'
import { JavaException, NO_REMARK, refusal } from '../refusal'
import type { ConsumeQueue } from '../store/consume-queue'
import { type TopicConfig, type TopicFilterType, topicConfig } from '../topics'
import { changedAttributes } from '../topic-attributes'
import { checkTopicName } from './topic-name'

const SLAVE_REMARK = "Can't modify topic or subscription group from slave broker, please execute it from master broker."

/** A slave has no topics and groups of its own. */
export function refuseOnSlave({ isMaster }: Broker): void {
  if (!isMaster) throw refusal('SYSTEM_ERROR', SLAVE_REMARK)
}

export function updateAndCreateTopic(
  broker: Broker,
  { header }: RequestOf<typeof UPDATE_AND_CREATE_TOPIC>,
): ReplyOf<typeof UPDATE_AND_CREATE_TOPIC> {
  refuseOnSlave(broker)
  const { topic, readQueueNums, writeQueueNums, perm, topicSysFlag = 0, order = false } = header
  checkTopicName(broker.generation, topic)
  refuseSystemTopic(broker, topic)
  const { topics } = broker.state
  topics.put(
    topicConfig(topic, writeQueueNums, {
      readQueueNums,
      perm,
      topicSysFlag,
      topicFilterType: filterTypeOf(header.topicFilterType),
      ...(broker.generation.topics.hasAttributes
        ? { order, attributes: changedAttributes(topics.get(topic)?.attributes, header.attributes) }
        : {}),
    }),
  )
  return { code: 'SUCCESS', remark: NO_REMARK }
}

/** Deletes a topic here; name servers keep its route until they are told too. */
export function deleteTopicInBroker(
  broker: Broker,
  { header: { topic } }: RequestOf<typeof DELETE_TOPIC_IN_BROKER>,
): ReplyOf<typeof DELETE_TOPIC_IN_BROKER> {
  refuseOnSlave(broker)
  const { generation, state } = broker
  if (isBlank(topic)) throw refusal(generation.invalidParameter, 'The specified topic is blank.')
  if (!generation.quotesNames) checkTopicName(generation, topic)
  refuseSystemTopic(broker, topic)
  const retryTopics = state.offsets.groupsOf(topic).map(group => popRetryTopic(topic, group))
  for (const each of [topic, ...retryTopics.filter(name => state.topics.get(name) !== undefined)])
    deleteTopic(broker, each)
  return { code: 'SUCCESS' }
}

function deleteTopic({ generation, state }: Broker, topic: string): void {
  state.topics.delete(topic)
  state.store.deleteTopic(topic)
  state.pops.orders.deleteTopic(topic)
  if (generation.topics.deletesOffsets) state.offsets.deleteTopic(topic)
}

export function getTopicConfig(
  { state }: Broker,
  { header: { topic } }: RequestOf<typeof GET_TOPIC_CONFIG>,
): ReplyOf<typeof GET_TOPIC_CONFIG> {
  const body = state.topics.get(topic)
  if (body === undefined) throw refusal('TOPIC_NOT_EXIST', `No topic in this broker. topic: ${topic}`)
  return { code: 'SUCCESS', body }
}

export function getTopicStatsInfo(
  broker: Broker,
  { header: { topic } }: RequestOf<typeof GET_TOPIC_STATS_INFO>,
): ReplyOf<typeof GET_TOPIC_STATS_INFO> {
  const config = broker.state.topics.get(topic)
  if (config === undefined) throw refusal('TOPIC_NOT_EXIST', `topic[${topic}] not exist`)
  const queues = Array.from({ length: statsQueues(broker, config) }, (_, queueId) => queueId)
  const brokerName = broker.name
  return {
    code: 'SUCCESS',
    body: {
      offsetTable: queues.map(queueId => {
        const queue = broker.state.store.findQueue(topic, queueId)
        return [{ topic, brokerName, queueId }, rangeOf(queue)] as const
      }),
    },
  }
}

function statsQueues({ generation }: Broker, { readQueueNums, writeQueueNums }: TopicConfig): number {
  return generation.topics.statsOfReadQueues ? Math.max(readQueueNums, writeQueueNums) : writeQueueNums
}

function rangeOf(queue: ConsumeQueue | undefined): TopicOffset {
  if (queue === undefined) return { minOffset: 0, maxOffset: 0, lastUpdateTimestamp: 0 }
  const { minOffset, maxOffset } = queue
  return { minOffset, maxOffset, lastUpdateTimestamp: maxOffset > minOffset ? queue.storeTimeOf(maxOffset - 1) : 0 }
}

function refuseSystemTopic({ generation, state }: Broker, topic: string): void {
  if (state.topics.isSystem(topic))
    throw refusal(generation.invalidParameter, `The topic[${topic}] is conflict with system topic.`)
}

function filterTypeOf(text: string): TopicFilterType {
  if (text === 'SINGLE_TAG' || text === 'MULTI_TAG') return text
  throw new JavaException(
    `org.apache.rocketmq.remoting.exception.RemotingCommandException: topicFilterType = [${text}] value invalid`,
  )
}
