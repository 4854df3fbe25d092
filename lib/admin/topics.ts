import { DELETE_TOPIC_IN_NAMESRV, GET_ALL_TOPIC_LIST_FROM_NAMESERVER } from '../commands/route'
import { DELETE_TOPIC_IN_BROKER, GET_TOPIC_STATS_INFO, type TopicOffset } from '../commands/topic'
import { type MessageQueue, compareMessageQueues } from '../model/message-queue'
import type { TopicRoute } from '../model/topic-route'
import type { AdminCall } from './admin-call'
import { mastersOf, readersOf } from './brokers'
import { checkStoredTopic } from './checks'
import { freeOrder } from './create-topic'
import { onEachBroker } from './on-each-broker'

/** The messages that one queue of a topic holds. */
export interface TopicQueueStats extends TopicOffset {
  /** The queue. */
  readonly queue: MessageQueue
}

export async function deleteTopic(call: AdminCall, topic: string): Promise<void> {
  checkStoredTopic(topic)
  await onEachBroker(await mastersOf(call, {}), `deleting topic ${topic}`, ({ address }) =>
    call.broker(address, DELETE_TOPIC_IN_BROKER, { header: { topic } }),
  )
  await call.everyNameServer(DELETE_TOPIC_IN_NAMESRV, { header: { topic } })
  await freeOrder(call, topic)
}

/** Names of all topics, in order. */
export async function listTopics(call: AdminCall): Promise<string[]> {
  const { body } = await call.nameServer(GET_ALL_TOPIC_LIST_FROM_NAMESERVER, {})
  return [...new Set(body.topicList)].sort()
}

export async function topicRoute(call: AdminCall, topic: string): Promise<TopicRoute> {
  checkStoredTopic(topic)
  return call.route(topic)
}

export async function topicStats(call: AdminCall, topic: string): Promise<TopicQueueStats[]> {
  checkStoredTopic(topic)
  const replies = await onEachBroker(
    readersOf(await call.route(topic)),
    `reading the stats of topic ${topic}`,
    target => call.broker(target.address, GET_TOPIC_STATS_INFO, { header: { topic, bname: target.brokerName } }),
  )
  return replies
    .flatMap(({ body }) => body.offsetTable.map(([queue, offset]) => ({ queue, ...offset })))
    .sort((a, b) => compareMessageQueues(a.queue, b.queue))
}
