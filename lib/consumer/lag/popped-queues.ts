import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import { mapBounded } from '../../runtime/map-bounded'
import type { LaggingQueue, LagQuestion } from './measure-lag'

/** Queues that brokers are asked about at a time. */
const QUEUES_AT_ONCE = 8

/**
 * The queues behind places that are popped, each with what the group has committed on it: brokers keep the books of POP, so
 * this is what they can tell. A queue on which nothing is committed yet has nothing to be behind with.
 * @param places queues, or -1 for all that a broker has of the topic
 * @throws RocketMQError what the first request that failed did so with
 */
export async function poppedQueues(
  places: readonly MessageQueue[],
  { client, consumerGroup, call }: LagQuestion,
): Promise<LaggingQueue[]> {
  const queues = new Map<string, MessageQueue>()
  for (const place of places) {
    const ofBroker = client.routes.subscribeQueues(place.topic).filter(each => each.brokerName === place.brokerName)
    for (const queue of place.queueId < 0 ? ofBroker : [place]) queues.set(messageQueueKey(queue), queue)
  }
  return mapBounded([...queues.values()], QUEUES_AT_ONCE, async queue => {
    const offset = await client.offsets.committed(consumerGroup, queue, call)
    const end = offset ?? (await client.offsets.maxOffset(queue, call))
    return { queue, offset: end, storedAt: undefined, lastMaxOffset: end }
  })
}
