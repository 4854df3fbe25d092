import type { ReplyOf, RequestOf } from '../../commands/command'
import type { GET_CONSUME_STATS, OffsetWrapper } from '../../commands/group'
import type { MessageQueue } from '../../model/message-queue'
import type { Broker } from '../broker'

/** How far a group is on the topics that it has committed on or on one of them, queue by queue. */
export function getConsumeStats(
  broker: Broker,
  { header: { consumerGroup, topic } }: RequestOf<typeof GET_CONSUME_STATS>,
): ReplyOf<typeof GET_CONSUME_STATS> {
  const asked = topic === undefined || topic === '' ? broker.state.offsets.topicsOf(consumerGroup) : [topic]
  const offsetTable = asked
    .filter(each => isSubscribed(broker, consumerGroup, each))
    .flatMap(each => progressOn(broker, consumerGroup, each))
  return { code: 'SUCCESS', body: { consumeTps: 0, offsetTable } }
}

/** Topics that an online group no longer subscribes to are left out. */
function isSubscribed({ clients }: Broker, group: string, topic: string): boolean {
  const subscriptions = clients.consumers.get(group)?.subscriptions
  return subscriptions === undefined || subscriptions.size === 0 || subscriptions.has(topic)
}

function progressOn(broker: Broker, group: string, topic: string): (readonly [MessageQueue, OffsetWrapper])[] {
  const queues = broker.state.topics.get(topic)?.readQueueNums ?? 0
  return Array.from({ length: queues }, (_, queueId) => {
    const queue = { topic, brokerName: broker.name, queueId }
    return [queue, progressOf(broker, group, queue)] as const
  })
}

function progressOf({ state, generation }: Broker, group: string, { topic, queueId }: MessageQueue): OffsetWrapper {
  const queue = state.store.findQueue(topic, queueId)
  const consumerOffset = state.offsets.query(group, topic, queueId) ?? 0
  const pulled = state.offsets.queryPulled(group, topic, queueId) ?? 0
  const isStored = queue !== undefined && consumerOffset > queue.minOffset && consumerOffset <= queue.maxOffset
  return {
    brokerOffset: queue?.maxOffset ?? 0,
    consumerOffset,
    pullOffset: generation.offsets.pullOffsets ? Math.max(consumerOffset, pulled) : -1,
    lastTimestamp: isStored ? queue.storeTimeOf(consumerOffset - 1) : 0,
  }
}
