import { GET_CONSUME_STATS, type OffsetWrapper } from '../commands/group'
import { type MessageQueue, compareMessageQueues } from '../model/message-queue'
import { isRetryTopic } from '../model/names'
import { checkGroup } from '../model/validators'
import type { AdminCall } from './admin-call'
import { brokersOfGroup } from './brokers-of-group'
import { checkStoredTopic } from './checks'
import { onEachBroker } from './on-each-broker'

/** How far a group is on one queue. */
export interface ConsumeQueueStats {
  /** The queue. */
  readonly queue: MessageQueue
  /** The offset that the next message of the queue will get. */
  readonly brokerOffset: number
  /** The offset that the group will read next, as it has committed; 0 where it never did. */
  readonly consumerOffset: number
  /** Messages from `consumerOffset` to `brokerOffset`. */
  readonly lag: number
  /** Messages handed to consumers and not committed; undefined for brokers before 5.0, which do not tell. */
  readonly inFlight: number | undefined
  /** Store time of the last message that was consumed, ms since 1970; 0 where there is none. */
  readonly lastTimestamp: number
}

/** How far a group is. */
export interface GroupConsumeStats {
  /** Name of the consumer group, without its namespace. */
  readonly consumerGroup: string
  /** Messages a second that the brokers have handed to the group lately. */
  readonly consumeTps: number
  /** Queues of the topics that the group has committed offsets of, its retry topics apart; none for a group that has none. */
  readonly queues: readonly ConsumeQueueStats[]
  /** Queues of its `%RETRY%` topics, where messages wait that failed before. */
  readonly retryQueues: readonly ConsumeQueueStats[]
  /** Sum over `queues`. */
  readonly lag: number
  /** Sum over `retryQueues`. */
  readonly retryLag: number
  /** Sum over all queues of brokers that tell it; undefined where none does. */
  readonly inFlight: number | undefined
}

/** How far a group is on all its topics, or on one of them. */
export async function consumeStats(
  call: AdminCall,
  consumerGroup: string,
  topic: string | undefined,
): Promise<GroupConsumeStats> {
  checkGroup(consumerGroup)
  if (topic !== undefined) checkStoredTopic(topic)
  const replies = await onEachBroker(
    await brokersOfGroup(call, consumerGroup, topic),
    `reading the progress of group ${consumerGroup}`,
    ({ address, brokerName: bname }) =>
      call.broker(address, GET_CONSUME_STATS, { header: { consumerGroup, topic, bname } }),
  )
  const all = replies
    .flatMap(({ body }) => body.offsetTable.map(([queue, offsets]) => statsOf(queue, offsets)))
    .sort((a, b) => compareMessageQueues(a.queue, b.queue))
  const retryQueues = all.filter(({ queue }) => isRetryTopic(queue.topic))
  const queues = all.filter(({ queue }) => !isRetryTopic(queue.topic))
  const inFlight = all.flatMap(each => (each.inFlight === undefined ? [] : [each.inFlight]))
  return {
    consumerGroup,
    consumeTps: sum(replies.map(({ body }) => body.consumeTps)),
    queues,
    retryQueues,
    lag: sum(queues.map(({ lag }) => lag)),
    retryLag: sum(retryQueues.map(({ lag }) => lag)),
    inFlight: inFlight.length === 0 ? undefined : sum(inFlight),
  }
}

function statsOf(
  queue: MessageQueue,
  { brokerOffset, consumerOffset, pullOffset, lastTimestamp }: OffsetWrapper,
): ConsumeQueueStats {
  return {
    queue,
    brokerOffset,
    consumerOffset,
    lag: brokerOffset - consumerOffset,
    inFlight: pullOffset < 0 ? undefined : pullOffset - consumerOffset,
    lastTimestamp,
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
