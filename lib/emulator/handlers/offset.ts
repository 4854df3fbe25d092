import type { ReplyOf, RequestOf } from '../../commands/command'
import type {
  GET_MAX_OFFSET,
  GET_MIN_OFFSET,
  QUERY_CONSUMER_OFFSET,
  SEARCH_OFFSET_BY_TIMESTAMP,
  UPDATE_CONSUMER_OFFSET,
} from '../../commands/offset'
import type { Broker } from '../broker'
import { refusal } from '../refusal'
import type { ConsumeQueue } from '../store/consume-queue'
import { type TimeBoundary, searchByTime } from '../store/search-by-time'

export function queryConsumerOffset(
  broker: Broker,
  { header }: RequestOf<typeof QUERY_CONSUMER_OFFSET>,
): ReplyOf<typeof QUERY_CONSUMER_OFFSET> {
  const { consumerGroup, topic, queueId, setZeroIfNotFound } = header
  const { state, generation } = broker
  const offset = state.offsets.query(consumerGroup, topic, queueId)
  if (offset !== undefined) return { code: 'SUCCESS', header: { offset } }
  if (generation.offsets.readsSetZero && setZeroIfNotFound === false) {
    return { code: 'QUERY_NOT_FOUND', remark: 'Not found, do not set to zero, maybe this group boot first' }
  }
  if (startsAtZero(broker, state.store.findQueue(topic, queueId))) return { code: 'SUCCESS', header: { offset: 0 } }
  return { code: 'QUERY_NOT_FOUND', remark: 'Not found, V3_0_6_SNAPSHOT maybe this group consumer boot first' }
}

/** A group that never committed begins at the start of a young queue, whatever its consumers would choose. */
function startsAtZero({ generation }: Broker, queue: ConsumeQueue | undefined): boolean {
  if (queue === undefined || queue.maxOffset === 0) return generation.offsets.zeroOnEmptyQueue
  return queue.minOffset === 0
}

export function updateConsumerOffset(
  broker: Broker,
  { header }: RequestOf<typeof UPDATE_CONSUMER_OFFSET>,
): ReplyOf<typeof UPDATE_CONSUMER_OFFSET> {
  const { consumerGroup, topic, queueId, commitOffset } = header
  const { groups, topics, offsets } = broker.state
  if (broker.generation.offsets.checksCommits) {
    if (!groups.has(consumerGroup)) throw refusal('SUBSCRIPTION_GROUP_NOT_EXIST', `Group ${consumerGroup} not exist!`)
    if (topics.get(topic) === undefined) throw refusal('TOPIC_NOT_EXIST', `Topic ${topic} not exist!`)
  }
  if (offsets.hasReset(consumerGroup, topic, queueId))
    return { code: 'SUCCESS', remark: 'Offset has been previously reset' }
  offsets.commit(consumerGroup, topic, { queueId, offset: commitOffset })
  return { code: 'SUCCESS' }
}

export function searchOffsetByTimestamp(
  broker: Broker,
  { header }: RequestOf<typeof SEARCH_OFFSET_BY_TIMESTAMP>,
): ReplyOf<typeof SEARCH_OFFSET_BY_TIMESTAMP> {
  const queue = broker.state.store.findQueue(header.topic, header.queueId)
  const boundary = boundaryOf(broker, header.boundaryType)
  const offset = queue === undefined ? 0 : searchByTime(queue, header.timestamp, boundary)
  return { code: 'SUCCESS', header: { offset } }
}

function boundaryOf({ generation }: Broker, asked: string | undefined): TimeBoundary {
  const { readsBoundary, timeBoundary } = generation.offsets
  return readsBoundary && asked?.toLowerCase() === 'upper' ? 'upper' : timeBoundary
}

export function getMaxOffset(
  broker: Broker,
  { header }: RequestOf<typeof GET_MAX_OFFSET>,
): ReplyOf<typeof GET_MAX_OFFSET> {
  const offset = broker.state.store.findQueue(header.topic, header.queueId)?.maxOffset ?? 0
  return { code: 'SUCCESS', header: { offset } }
}

export function getMinOffset(
  broker: Broker,
  { header }: RequestOf<typeof GET_MIN_OFFSET>,
): ReplyOf<typeof GET_MIN_OFFSET> {
  const offset = broker.state.store.findQueue(header.topic, header.queueId)?.minOffset ?? 0
  return { code: 'SUCCESS', header: { offset } }
}
