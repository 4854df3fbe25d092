import { encodeRecallHandle } from '../../model/recall-handle'
import { dlqTopic, isRetryTopic, RETRY_PREFIX } from '../../model/names'
import { PROPERTY } from '../../model/property-names'
import { Refusal } from '../../remoting/refusal'
import type { RequestContext } from '../../remoting/request-handlers'
import { decodeProperties } from '../../wire/properties'
import type { Broker } from '../broker'
import type { IncomingMessage } from '../message-writer'
import { JavaException } from '../refusal'
import type { TopicConfig } from '../topics'
import { sendBatch } from './send-batch'
import { admitToTopic } from './send-check'
import {
  REGION,
  REGION_FIELDS,
  type SendHeader,
  type SendReply,
  type SendRequest,
  offsetMsgId,
  queueOf,
  sendReplyHeader,
  slaveRefusal,
  sysFlagOf,
  unknownGroup,
} from './send-common'

/** Clients from 3.4.9 on say how often their messages may be consumed. */
const SAYS_MAX_RECONSUME_TIMES = 121

/** Stores a message or, where the header says so, a batch. */
export function sendMessage(broker: Broker, { header, body }: SendRequest, context: RequestContext): SendReply {
  if (!broker.isMaster && broker.generation.sends.slaveRefusal.code === 'SYSTEM_BUSY') throw slaveRefusal(broker)
  if (broker.generation.sends.needsBody && body.length === 0)
    throw new JavaException('java.lang.NullPointerException: the body is null')
  try {
    return store(broker, { header, body }, context)
  } catch (error) {
    throw error instanceof Refusal && !(error instanceof JavaException) ? error.with(REGION_FIELDS) : error
  }
}

function store(broker: Broker, { header, body }: SendRequest, context: RequestContext): SendReply {
  const topic = admitToTopic(broker, header, context)
  if (!broker.isMaster) throw slaveRefusal(broker)
  return header.batch === true
    ? sendBatch(broker, { header, body }, { topic, context })
    : sendOne(broker, { header, body }, { topic, context })
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
    dropsWait: !broker.generation.properties.keepsWait,
  }
  const { writer, transactions } = broker.state
  const stored = isHalf(message) ? transactions.prepare(message) : writer.put(message)
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

/** Whether a message is part of a transaction that is still open. */
function isHalf({ properties, reconsumeTimes }: IncomingMessage): boolean {
  if (properties[PROPERTY.TRAN_MSG]?.toLowerCase() !== 'true') return false
  return !(reconsumeTimes > 0 && Number(properties[PROPERTY.DELAY] ?? 0) > 0)
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
