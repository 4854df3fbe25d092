import { RESET_CONSUMER_CLIENT_OFFSET } from '../../commands/callback'
import type { ReplyOf, RequestOf } from '../../commands/command'
import type { INVOKE_BROKER_TO_RESET_OFFSET } from '../../commands/group'
import type { MessageQueue } from '../../model/message-queue'
import type { RequestContext } from '../../remoting/request-handlers'
import type { Broker } from '../broker'
import { JavaException, NO_REMARK, refusal } from '../refusal'
import { searchByTime } from '../store/search-by-time'

type Header = RequestOf<typeof INVOKE_BROKER_TO_RESET_OFFSET>['header']
type Reply = ReplyOf<typeof INVOKE_BROKER_TO_RESET_OFFSET>
type QueueOffset = readonly [MessageQueue, number]

/** Sets the offsets of a group to a time, or has the members of the group do it. */
export function invokeBrokerToResetOffset(
  broker: Broker,
  { header }: RequestOf<typeof INVOKE_BROKER_TO_RESET_OFFSET>,
  { frame }: RequestContext,
): Reply {
  if (broker.generation.offsets.resetByBroker) return resetByBroker(broker, header)
  // 4.9 looks at the language and cannot bear one that it does not know.
  if (frame.language === undefined || !broker.generation.languages.has(frame.language))
    throw new JavaException('java.lang.NullPointerException: "language" is null')
  return resetByMembers(broker, header)
}

function resetByBroker(broker: Broker, header: Header): Reply {
  const { topic, group } = header
  if (!broker.isMaster) throw refusal('SYSTEM_ERROR', 'Can not reset offset in slave broker')
  const config = broker.state.topics.get(topic)
  if (config === undefined) throw refusal('TOPIC_NOT_EXIST', `Topic ${topic} does not exist`)
  if (!broker.state.groups.has(group)) throw refusal('SUBSCRIPTION_GROUP_NOT_EXIST', `Group ${group} does not exist`)
  const offsetTable = isOneQueue(header)
    ? [[queueOf(broker, topic, header.queueId), oneOffset(broker, header)] as const]
    : offsetsAt(broker, header, config.readQueueNums)
  if (offsetTable.length === 0) throw refusal('SYSTEM_ERROR', 'No queues to reset.')
  for (const [{ queueId }, offset] of offsetTable) broker.state.offsets.assignReset(group, topic, { queueId, offset })
  return { code: 'SUCCESS', body: { offsetTable } }
}

function isOneQueue(header: Header): header is Header & { queueId: number } {
  return header.queueId !== undefined && header.queueId >= 0
}

function oneOffset(broker: Broker, { topic, queueId, offset, timestamp }: Header & { queueId: number }): number {
  if (offset === undefined || offset === -1) return offsetAt(broker, { topic, queueId, timestamp })
  const queue = broker.state.store.findQueue(topic, queueId)
  const min = queue?.minOffset ?? 0
  const max = queue?.maxOffset ?? 0
  if (offset >= min && offset <= max + 1) return offset
  throw refusal('SYSTEM_ERROR', `Target offset ${offset} not in consume queue range [${min}-${max}]`)
}

function resetByMembers(broker: Broker, header: Header): Reply {
  const { topic, group, timestamp, isForce } = header
  const config = broker.state.topics.get(topic)
  if (config === undefined) {
    const remark = `[reset-offset] reset offset failed, no topic in this broker. topic=${topic}`
    throw refusal('SYSTEM_ERROR', remark)
  }
  const offsetTable = offsetsAt(broker, header, config.writeQueueNums).map(([queue, offset]): QueueOffset => {
    const committed = broker.state.offsets.query(group, topic, queue.queueId)
    if (committed === undefined) throw refusal('SYSTEM_ERROR', `THe consumer group <${group}> not exist`)
    return [queue, isForce || offset < committed ? offset : committed]
  })
  const members = broker.clients.consumers.get(group)?.members
  if (members === undefined) {
    const remark = `Consumer not online, so can not reset offset, Group: ${group} Topic: ${topic} Timestamp: ${timestamp}`
    return { code: 'CONSUMER_NOT_ONLINE', remark }
  }
  const push = { header: { topic, group, timestamp, isForce: false }, body: { offsetTable } }
  for (const channel of members.keys()) broker.push(channel, RESET_CONSUMER_CLIENT_OFFSET, push)
  return { code: 'SUCCESS', remark: NO_REMARK, body: { offsetTable } }
}

function offsetsAt(broker: Broker, { topic, timestamp }: Header, queues: number): QueueOffset[] {
  return Array.from({ length: queues }, (_, queueId) => {
    return [queueOf(broker, topic, queueId), offsetAt(broker, { topic, queueId, timestamp })] as const
  })
}

function offsetAt(
  { state, generation }: Broker,
  { topic, queueId, timestamp }: { topic: string; queueId: number; timestamp: number },
): number {
  const queue = state.store.findQueue(topic, queueId)
  if (queue === undefined) return 0
  return timestamp < 0 ? queue.maxOffset : searchByTime(queue, timestamp, generation.offsets.timeBoundary)
}

function queueOf({ name }: Broker, topic: string, queueId: number): MessageQueue {
  return { topic, brokerName: name, queueId }
}
