import type { SubscriptionGroupConfig } from '../../commands/group'
import type { ReplyOf, RequestOf } from '../../commands/command'
import type { CONSUMER_SEND_MSG_BACK } from '../../commands/send'
import { dlqTopic, retryTopic } from '../../model/names'
import { isWritable } from '../../model/perm'
import { PROPERTY } from '../../model/property-names'
import { buildTopicSysFlag } from '../../model/unit-flag'
import type { RequestContext } from '../../remoting/request-handlers'
import { randomBelow } from '../../runtime/random'
import type { StoredMessage } from '../../wire/stored-message'
import type { Broker } from '../broker'
import { JavaException, refusal } from '../refusal'
import { unknownGroup } from './send-common'

type Request = RequestOf<typeof CONSUMER_SEND_MSG_BACK>
type Reply = ReplyOf<typeof CONSUMER_SEND_MSG_BACK>

/** Clients from 3.4.9 on say how often their messages may be consumed. */
const SAYS_MAX_RECONSUME_TIMES = 121
/** Level of the first retry, where the broker is to choose. */
const FIRST_LEVEL = 3

/** Stores a message once more: for another try after a while, or among the dead letters. */
export function consumerSendMsgBack(broker: Broker, { header }: Request, { frame }: RequestContext): Reply {
  if (!broker.isMaster) throw refusal('SYSTEM_ERROR', `no master available along with ${broker.ip}`)
  const group = broker.state.groups.find(header.group)
  if (group === undefined) throw unknownGroup(broker, header.group)
  if (group.retryQueueNums <= 0) return { code: 'SUCCESS' }
  const topicSysFlag = header.unitMode === true ? buildTopicSysFlag({ unit: false, hasUnitSub: true }) : 0
  const retry = broker.state.topics.ensure(retryTopic(header.group), group.retryQueueNums, { topicSysFlag })
  if (!isWritable(retry.perm))
    throw refusal('NO_PERMISSION', `the topic[${retry.topicName}] sending message is forbidden`)
  const message = broker.state.writer.find(header.offset)
  if (message === undefined) throw refusal('SYSTEM_ERROR', `look message by offset failed, ${header.offset}`)
  const saysMax = frame.version >= SAYS_MAX_RECONSUME_TIMES ? header.maxReconsumeTimes : undefined
  const isDead = message.reconsumeTimes >= (saysMax ?? group.retryMaxTimes) || header.delayLevel < 0
  if (isDead && broker.generation.sends.needsOriginTopic && header.originTopic === undefined)
    throw new JavaException('java.lang.NullPointerException: "topic" is null')
  if (isDead) putDead(broker, message, header.group)
  else putRetry(broker, message, { group, delayLevel: header.delayLevel })
  return { code: 'SUCCESS' }
}

function putDead(broker: Broker, message: StoredMessage, group: string): void {
  const { topicName } = broker.state.topics.ensure(dlqTopic(group), 1)
  put(broker, message, { topic: topicName, queueId: 0, delayLevel: 0 })
}

function putRetry(
  broker: Broker,
  message: StoredMessage,
  { group, delayLevel }: { group: SubscriptionGroupConfig; delayLevel: number },
): void {
  put(broker, message, {
    topic: retryTopic(group.groupName),
    queueId: randomBelow(group.retryQueueNums),
    delayLevel: delayLevel === 0 ? FIRST_LEVEL + message.reconsumeTimes : delayLevel,
  })
}

function put(
  broker: Broker,
  message: StoredMessage,
  { topic, queueId, delayLevel }: { topic: string; queueId: number; delayLevel: number },
): void {
  const { flag, body, sysFlag, bornTimestamp, bornHost, reconsumeTimes } = message
  const properties = { ...message.properties }
  properties[PROPERTY.RETRY_TOPIC] ??= message.storedTopic
  properties[PROPERTY.ORIGIN_MESSAGE_ID] ??= message.offsetMsgId
  properties[PROPERTY.WAIT] = 'false'
  properties[PROPERTY.DELAY] = String(delayLevel)
  broker.state.writer.put({
    topic,
    queueId,
    flag,
    body,
    properties,
    sysFlag,
    bornTimestamp,
    bornHost,
    storeHost: broker.storeHost,
    reconsumeTimes: reconsumeTimes + 1,
  })
}
