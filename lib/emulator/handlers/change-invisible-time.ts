import type { ReplyOf, RequestOf } from '../../commands/command'
import type { CHANGE_MESSAGE_INVISIBLETIME } from '../../commands/pop'
import { isBlank } from '../../model/java-text'
import type { RequestContext } from '../../remoting/request-handlers'
import { ExtraInfoParts } from '../../wire/pop-extra-info'
import type { Broker } from '../broker'
import { NO_REMARK, refusal } from '../refusal'
import { noTopic, wrongQueue } from './pop-admission'

type Header = RequestOf<typeof CHANGE_MESSAGE_INVISIBLETIME>['header']
type Reply = ReplyOf<typeof CHANGE_MESSAGE_INVISIBLETIME>

const NO_HEADER = { popTime: '0', invisibleTime: '0', reviveQid: '0' }

/** Hides a message for another while from now on, whether or not its pop is still known. */
export function changeMessageInvisibleTime(
  broker: Broker,
  { header }: RequestOf<typeof CHANGE_MESSAGE_INVISIBLETIME>,
  { channel }: RequestContext,
): Reply {
  const { topic, queueId, offset, liteTopic = '' } = header
  const config = broker.state.topics.get(topic)
  if (config === undefined) throw noTopic(broker, topic, NO_HEADER)
  if (queueId >= config.readQueueNums || queueId < 0)
    throw refusal('MESSAGE_ILLEGAL', wrongQueue(config, queueId, channel), NO_HEADER)
  const { minOffset = 0, maxOffset = 0 } = broker.state.store.findQueue(topic, queueId) ?? {}
  // There are no light topics here, so no message of one either.
  if (offset < minOffset || offset >= maxOffset || !isBlank(liteTopic))
    throw refusal('NO_MESSAGE', NO_REMARK, NO_HEADER)
  const parts = new ExtraInfoParts(header.extraInfo)
  return { code: 'SUCCESS', remark: NO_REMARK, header: (parts.isOrder ? hideInOrder : hide)(broker, header, parts) }
}

function hide(
  broker: Broker,
  { topic, consumerGroup: group, queueId, offset, invisibleTime, suspend = false }: Header,
  parts: ExtraInfoParts,
): Reply['header'] {
  const { checkpoints } = broker.state.pops
  const { brokerName, reviveQid, ckQueueOffset: startOffset } = parts
  if (checkpoints.isFull) throw refusal('SYSTEM_ERROR', NO_REMARK, NO_HEADER)
  const place = { topic, group, queueId, brokerName }
  const popTime = checkpoints.freePopTime({ ...place, startOffset: offset })
  checkpoints.ack({ ...place, startOffset, popTime: parts.popTime }, [offset])
  checkpoints.add({ ...place, startOffset: offset, popTime, invisibleTime, offsets: [offset], suspend })
  return { popTime, invisibleTime, reviveQid }
}

function hideInOrder(
  broker: Broker,
  { topic, consumerGroup: group, queueId, offset, invisibleTime }: Header,
  { popTime, reviveQid }: ExtraInfoParts,
): Reply['header'] {
  const { offsets, pops } = broker.state
  if (offset < (offsets.query(group, topic, queueId) ?? -1)) return { popTime: 0, invisibleTime: 0, reviveQid: 0 }
  const visibleAt = broker.clock.now() + invisibleTime
  pops.orders.setVisibleTime({ topic, group, queueId }, { offset, popTime }, visibleAt)
  return { popTime, invisibleTime: visibleAt - popTime, reviveQid }
}
