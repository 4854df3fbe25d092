import type { ReplyOf, RequestOf } from '../../commands/command'
import type { ACK_MESSAGE, BATCH_ACK_MESSAGE, BatchAck } from '../../commands/pop'
import { isBlank } from '../../model/java-text'
import type { Channel } from '../../remoting/channel'
import type { RequestContext } from '../../remoting/request-handlers'
import { ExtraInfoParts, POP_ORDER_REVIVE_QUEUE, realTopicOf } from '../../wire/pop-extra-info'
import type { Broker } from '../broker'
import type { GroupQueue } from '../pop/order-infos'
import { JavaException, refusal } from '../refusal'
import type { ConsumeQueue } from '../store/consume-queue'
import { noTopic, wrongQueue } from './pop-admission'

/** Acknowledges a popped message; too late, or of a handle that belongs to nothing, it is a success all the same. */
export function ackMessage(
  broker: Broker,
  { header }: RequestOf<typeof ACK_MESSAGE>,
  { channel }: RequestContext,
): ReplyOf<typeof ACK_MESSAGE> {
  const { topic, consumerGroup: group, queueId, offset, extraInfo, liteTopic = '' } = header
  const config = broker.state.topics.get(topic)
  if (config === undefined) throw noTopic(broker, topic)
  if (queueId >= config.readQueueNums || queueId < 0)
    throw refusal('MESSAGE_ILLEGAL', wrongQueue(config, queueId, channel))
  // No group is bound to a topic of light ones here.
  if (!isBlank(liteTopic)) throw refusal('INVALID_PARAMETER', 'group type or bind topic not match.')
  const { minOffset = 0, maxOffset = 0 } = broker.state.store.findQueue(topic, queueId) ?? {}
  if (offset < minOffset || offset > maxOffset) {
    const remark = `offset is illegal, key:${topic}@${queueId}, commit:${offset}, store:${minOffset}~${maxOffset}`
    throw refusal('NO_MESSAGE', remark)
  }
  const { brokerName, reviveQid, ckQueueOffset: startOffset, popTime } = new ExtraInfoParts(extraInfo)
  if (reviveQid === POP_ORDER_REVIVE_QUEUE) ackInOrder(broker, { topic, group, queueId }, { offset, popTime, channel })
  else broker.state.pops.checkpoints.ack({ topic, group, queueId, startOffset, popTime, brokerName }, [offset])
  return { code: 'SUCCESS' }
}

/** Acknowledges many; what is wrong is passed over. */
export function batchAckMessage(
  broker: Broker,
  { body: { brokerName, acks } }: RequestOf<typeof BATCH_ACK_MESSAGE>,
  { channel }: RequestContext,
): ReplyOf<typeof BATCH_ACK_MESSAGE> {
  if (acks.length === 0) throw refusal('NO_MESSAGE')
  for (const ack of acks) ackPop(broker, ack, { brokerName: brokerName ?? broker.name, channel })
  return { code: 'SUCCESS' }
}

function ackPop(
  broker: Broker,
  ack: BatchAck,
  { brokerName, channel }: { brokerName: string; channel: Channel },
): void {
  const { consumerGroup: group, queueId, startOffset, popTime, reviveQueueId, retry } = ack
  if (!['0', '1', '2'].includes(retry))
    throw new JavaException('java.lang.IllegalArgumentException: getRetry fail, format is wrong')
  const topic = realTopicOf(retry, ack.topic, group)
  const offsets = setBits(ack, broker.state.store.findQueue(topic, queueId))
  if (reviveQueueId !== POP_ORDER_REVIVE_QUEUE) {
    broker.state.pops.checkpoints.ack({ topic, group, queueId, startOffset, popTime, brokerName }, offsets)
    return
  }
  for (const offset of offsets) ackInOrder(broker, { topic, group, queueId }, { offset, popTime, channel })
}

/** The offsets that are told, of those that the queue has. */
function setBits({ bitSet, startOffset }: BatchAck, queue: ConsumeQueue | undefined): number[] {
  const { minOffset = 0, maxOffset = 0 } = queue ?? {}
  const offsets: number[] = []
  const end = Math.min(maxOffset + 1, startOffset + bitSet.length * 8)
  for (let offset = Math.max(startOffset, minOffset); offset < end; offset++) {
    const bit = offset - startOffset
    if (((bitSet[Math.floor(bit / 8)] ?? 0) & (1 << (bit % 8))) !== 0) offsets.push(offset)
  }
  return offsets
}

function ackInOrder(
  broker: Broker,
  queue: GroupQueue,
  { offset, popTime, channel }: { offset: number; popTime: number; channel: Channel },
): void {
  const { topic, group, queueId } = queue
  const { offsets, pops } = broker.state
  const committed = offsets.query(group, topic, queueId) ?? -1
  if (offset < committed) return
  const next = pops.orders.ack(queue, offset, popTime)
  if (next === 'STALE') return
  if (next === 'ILLEGAL') {
    const remark = `offset is illegal, key:${topic}@${group}@${queueId}, old:${committed}, commit:${offset}, next:-1, /${channel.address}`
    throw refusal('MESSAGE_ILLEGAL', remark)
  }
  if (!offsets.hasReset(group, topic, queueId)) offsets.commit(group, topic, { queueId, offset: next })
  if (!pops.orders.isBlocked(queue, undefined)) broker.pops.wake(queue)
}
