import type { ReplyOf, RequestOf } from '../../commands/command'
import type { SEND_MESSAGE, SEND_MESSAGE_V2 } from '../../commands/send'
import { encodeRecallHandle } from '../../model/recall-handle'
import { dlqTopic, isRetryTopic, RETRY_PREFIX } from '../../model/names'
import { PROPERTY } from '../../model/property-names'
import { SYS_FLAG } from '../../model/sys-flag'
import type { RequestContext } from '../../remoting/request-handlers'
import { randomBelow } from '../../runtime/random'
import { createOffsetMsgId } from '../../wire/message-id'
import { decodeProperties } from '../../wire/properties'
import type { Broker } from '../broker'
import type { IncomingMessage } from '../message-writer'
import { refusal, seeHelp } from '../refusal'
import type { StoredAt } from '../store/message-store'
import type { TopicConfig } from '../topics'
import { sendBatch } from './send-batch'
import { admitToTopic } from './send-check'

/** The header of a send, whichever of its forms it came in. */
export type SendHeader = RequestOf<typeof SEND_MESSAGE>['header'] | RequestOf<typeof SEND_MESSAGE_V2>['header']
export type SendReply = ReplyOf<typeof SEND_MESSAGE>
type SendRequest = RequestOf<typeof SEND_MESSAGE> | RequestOf<typeof SEND_MESSAGE_V2>

const REGION = 'DefaultRegion'
/** Clients from 3.4.9 on say how often their messages may be consumed. */
const SAYS_MAX_RECONSUME_TIMES = 121

/** Stores a message or, where the header says so, a batch. */
export function sendMessage(broker: Broker, { header, body }: SendRequest, context: RequestContext): SendReply {
  if (!broker.isMaster && broker.generation.sends.slaveRefusal.code === 'SYSTEM_BUSY') throw slaveRefusal(broker)
  if (broker.generation.sends.needsBody && body.length === 0)
    throw refusal('SYSTEM_ERROR', 'java.lang.NullPointerException')
  const topic = admitToTopic(broker, header, context)
  if (!broker.isMaster) throw slaveRefusal(broker)
  return header.batch === true
    ? sendBatch(broker, { header, body }, { topic, context })
    : sendOne(broker, { header, body }, { topic, context })
}

/** A slave stores nothing for clients. */
export function slaveRefusal({ generation }: Broker): Error {
  const { code, remark } = generation.sends.slaveRefusal
  return refusal(code, remark)
}

export function queueOf(header: SendHeader, { writeQueueNums }: TopicConfig): number {
  if (header.queueId >= 0) return header.queueId
  if (writeQueueNums === 0) throw refusal('SYSTEM_ERROR', 'java.lang.ArithmeticException: / by zero')
  return randomBelow(writeQueueNums)
}

export function sysFlagOf(header: SendHeader, { topicFilterType }: TopicConfig): number {
  return topicFilterType === 'MULTI_TAG' ? header.sysFlag | SYS_FLAG.MULTI_TAGS : header.sysFlag
}

export function offsetMsgId(broker: Broker, commitLogOffset: number): string {
  const offset = Buffer.allocUnsafe(8)
  offset.writeUInt32BE(Math.floor(commitLogOffset / 2 ** 32), 0)
  offset.writeUInt32BE(commitLogOffset >>> 0, 4)
  return createOffsetMsgId(broker.storeHost, offset)
}

/** What the answers to all sends have in common. */
export function sendReplyHeader(
  msgId: string,
  queueId: number,
  { queueOffset }: StoredAt,
): { msgId: string; queueId: number; queueOffset: number; MSG_REGION: string; TRACE_ON: string } {
  return { msgId, queueId, queueOffset, MSG_REGION: REGION, TRACE_ON: 'true' }
}

function sendOne(
  broker: Broker,
  { header, body }: SendRequest,
  { topic, context }: { topic: TopicConfig; context: RequestContext },
): SendReply {
  const properties = decodeProperties(header.properties ?? '')
  const queueId = priorityQueue(broker, properties, topic) ?? queueOf(header, topic)
  const dead = deadLetterTopic(broker, header, { context, properties })
  complete(broker, properties)
  const message: IncomingMessage = {
    topic: dead?.topicName ?? header.topic,
    queueId: dead === undefined ? queueId : 0,
    flag: header.flag,
    body,
    properties,
    sysFlag: sysFlagOf(header, dead ?? topic),
    bornTimestamp: header.bornTimestamp,
    bornHost: broker.bornHost(context.channel),
    storeHost: broker.storeHost,
    reconsumeTimes: header.reconsumeTimes ?? 0,
  }
  refuseTransaction(broker, message)
  const stored = broker.state.writer.put(message)
  const common = sendReplyHeader(offsetMsgId(broker, stored.commitLogOffset), queueId, stored)
  return { code: 'SUCCESS', header: { ...common, ...replyExtras(broker, properties) } }
}

/** Adds what brokers add to the properties that they store. */
function complete({ generation, state, uniqueIds }: Broker, properties: Record<string, string>): void {
  delete properties[PROPERTY.POP_CK]
  if (generation.properties.complete) {
    properties[PROPERTY.MSG_REGION] = REGION
    properties[PROPERTY.TRACE_ON] = 'true'
    properties[PROPERTY.UNIQ_KEY] ??= uniqueIds.next()
  }
  properties[PROPERTY.CLUSTER] = state.clusterName
}

function replyExtras(
  { generation, name }: Broker,
  properties: Readonly<Record<string, string>>,
): { transactionId?: string; recallHandle?: string } {
  if (!generation.sends.transactionId) return {}
  const uniqueKey = properties[PROPERTY.UNIQ_KEY] ?? ''
  const outAt = properties[PROPERTY.TIMER_OUT_MS]
  const realTopic = properties[PROPERTY.REAL_TOPIC]
  if (outAt === undefined || realTopic === undefined || isRetryTopic(realTopic)) return { transactionId: uniqueKey }
  const timestamp = String(Number(outAt) + 1)
  const recallHandle = encodeRecallHandle({ topic: realTopic, brokerName: name, timestamp, messageId: uniqueKey })
  return { transactionId: uniqueKey, recallHandle }
}

/** Transactions come with their own commands; without them a broker refuses half messages as one that was told to. */
function refuseTransaction(broker: Broker, { properties, reconsumeTimes }: IncomingMessage): void {
  if (properties[PROPERTY.TRAN_MSG]?.toLowerCase() !== 'true') return
  if (reconsumeTimes > 0 && Number(properties[PROPERTY.DELAY] ?? 0) > 0) return
  throw refusal('NO_PERMISSION', `the broker[${broker.ip}] sending transaction message is forbidden`)
}

/** The queue of a message with a priority; one that is special in another way has none. */
function priorityQueue(
  { generation }: Broker,
  properties: Record<string, string>,
  { writeQueueNums }: TopicConfig,
): number | undefined {
  const priority = Number.parseInt(properties[PROPERTY.PRIORITY] ?? '', 10)
  if (!generation.properties.complete || !(priority >= 0)) return undefined
  if (isSpecial(properties)) {
    delete properties[PROPERTY.PRIORITY]
    return undefined
  }
  return Math.min(priority, writeQueueNums - 1)
}

function isSpecial(properties: Readonly<Record<string, string>>): boolean {
  const { DELAY, TIMER_DELIVER_MS, TIMER_DELAY_SEC, TIMER_DELAY_MS, SHARDING_KEY, TRAN_MSG } = PROPERTY
  return [DELAY, TIMER_DELIVER_MS, TIMER_DELAY_SEC, TIMER_DELAY_MS, SHARDING_KEY, TRAN_MSG].some(
    name => properties[name] !== undefined,
  )
}

/** The dead letters, for a message that was sent to a retry topic once too often. */
function deadLetterTopic(
  broker: Broker,
  header: SendHeader,
  { context, properties }: { context: RequestContext; properties: Record<string, string> },
): TopicConfig | undefined {
  if (!isRetryTopic(header.topic)) return undefined
  const group = header.topic.slice(RETRY_PREFIX.length)
  const config = broker.state.groups.find(group)
  if (config === undefined) throw unknownGroup(broker, group)
  const saysMax = context.frame.version >= SAYS_MAX_RECONSUME_TIMES
  const max = (saysMax ? header.maxReconsumeTimes : undefined) ?? config.retryMaxTimes
  const { isDead, orderlyToDeadLetters } = broker.generation.sends
  const isOrderly = orderlyToDeadLetters && broker.locks.anyHeld(group)
  if (!isDead(header.reconsumeTimes ?? 0, max) && !isOrderly) return undefined
  // 4.9 means to take the delay away too, but it stays.
  if (orderlyToDeadLetters) properties[PROPERTY.DELAY] = '-1'
  return broker.state.topics.ensure(dlqTopic(group), 1)
}

export function unknownGroup({ generation }: Broker, group: string): Error {
  return refusal('SUBSCRIPTION_GROUP_NOT_EXIST', `subscription group not exist, ${group} ${seeHelp(generation)}`)
}
