import { HEART_BEAT } from '../../../lib/commands/client'
import type { ConsumerData } from '../../../lib/commands/heartbeat-data'
import { type SubscriptionGroupConfig, UPDATE_AND_CREATE_SUBSCRIPTIONGROUP } from '../../../lib/commands/group'
import { GET_MAX_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../../lib/commands/offset'
import { SEND_BATCH_MESSAGE, SEND_MESSAGE_V2 } from '../../../lib/commands/send'
import { UPDATE_AND_CREATE_TOPIC } from '../../../lib/commands/topic'
import type { RequestOf } from '../../../lib/commands/command'
import { groupConfig } from '../../../lib/emulator/groups'
import { encodeBatchBody } from '../../../lib/wire/batch-body'
import { decodeOffsetMsgId } from '../../../lib/wire/message-id'
import { encodeProperties } from '../../../lib/wire/properties'
import { sendHeader } from '../../support/send-header'
import { answered } from '../../support/until'
import type { Asker, Stage } from './stage'

type TopicHeader = RequestOf<typeof UPDATE_AND_CREATE_TOPIC>['header']
/** What a row says of a topic that it needs. */
export type TopicSettings = Partial<Omit<TopicHeader, 'topic'>>
/** What a row says of the send of a message that it needs. */
export type SendSettings = Partial<RequestOf<typeof SEND_MESSAGE_V2>['header']>

/** A message of a probe. */
export interface ProbeMessage {
  readonly queueId?: number
  readonly body?: string
  readonly properties?: Record<string, string>
  readonly flag?: number
  /** What else its send says. */
  readonly header?: SendSettings
}

/** Where a message of a probe is, and what it was. */
export interface Sent extends Required<Omit<ProbeMessage, 'header'>> {
  readonly topic: string
  readonly queueOffset: number
  readonly commitLogOffset: number
  /** What the broker answered. */
  readonly msgId: string
}

/** Header that creates or changes a topic of one queue, or as `rest` says. */
export function topicHeader(topic: string, rest: TopicSettings = {}): TopicHeader {
  return {
    topic,
    defaultTopic: 'TBW102',
    readQueueNums: 1,
    writeQueueNums: 1,
    perm: 6,
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: 0,
    order: false,
    ...rest,
  }
}

/** Creates a topic of the row's own. */
export async function freshTopic(stage: Stage, rest: TopicSettings = {}): Promise<string> {
  const topic = stage.unique('Probe')
  await stage.invoke(UPDATE_AND_CREATE_TOPIC, { header: topicHeader(topic, rest) })
  return topic
}

/** Stores messages one after the other and resolves when pulls see them. */
export async function sendAll(stage: Stage, topic: string, messages: readonly ProbeMessage[]): Promise<Sent[]> {
  const sent: Sent[] = []
  for (const message of messages) sent.push(await send(stage, topic, message))
  const last = new Map(sent.map(({ queueId, queueOffset }) => [queueId, queueOffset]))
  for (const [queueId, queueOffset] of last) await isShown(stage, { topic, queueId, queueOffset })
  return sent
}

/** Stores a message, wherever the broker puts it. */
export async function send(stage: Stage, topic: string, message: ProbeMessage = {}): Promise<Sent> {
  const { queueId = 0, body = 'hello', properties = {}, flag = 0 } = message
  const text = encodeProperties(properties)
  const header = sendHeader(topic, { queueId, flag, properties: text, ...message.header })
  const reply = await stage.invoke(SEND_MESSAGE_V2, { header, body: Buffer.from(body) })
  const { msgId, queueOffset } = reply.header
  const commitLogOffset = decodeOffsetMsgId(msgId).commitLogOffset.toNumber()
  return { topic, queueId, body, properties, flag, queueOffset, commitLogOffset, msgId }
}

/** Stores so many messages at once, which have the same properties. */
export async function sendMany(stage: Stage, count: number, properties: Record<string, string>): Promise<string> {
  const topic = await freshTopic(stage)
  const entry = { flag: 0, body: Buffer.from('x'), properties: encodeProperties(properties) }
  const body = encodeBatchBody(Array<typeof entry>(count).fill(entry))
  await stage.invoke(SEND_BATCH_MESSAGE, { header: sendHeader(topic, { batch: true }), body })
  await isShown(stage, { topic, queueId: 0, queueOffset: count - 1 })
  return topic
}

/** Resolves when pulls see a message: brokers acknowledge it before its queue shows it. */
export async function isShown(
  stage: Stage,
  { topic, queueId, queueOffset }: { topic: string; queueId: number; queueOffset: number },
): Promise<void> {
  const ask = async (): Promise<number> =>
    (await stage.invoke(GET_MAX_OFFSET, { header: { topic, queueId } })).header.offset
  await answered(ask, maxOffset => maxOffset > queueOffset, { what: `message ${queueOffset} of ${topic}:${queueId}` })
}

/** A topic with messages in queue 0 and none in queue 1; rows that share it leave it as it is. */
export interface Orders {
  readonly topic: string
  readonly sent: readonly Sent[]
}

/** Three messages: tags `a`, `b`, `a`. */
export async function orders(stage: Stage): Promise<Orders> {
  const topic = await freshTopic(stage, { readQueueNums: 2, writeQueueNums: 2 })
  const properties = (i: number): Record<string, string> => {
    return { KEYS: `k${i} all`, TAGS: i === 1 ? 'b' : 'a', UNIQ_KEY: `${topic}-${i}` }
  }
  const messages = [0, 1, 2].map(i => ({ body: `message ${i}`, properties: properties(i), flag: i }))
  return { topic, sent: await sendAll(stage, topic, messages) }
}

/** A topic of its own with so many messages in queue 0. */
export async function ordersOf(stage: Stage, count: number): Promise<Orders> {
  const topic = await freshTopic(stage)
  const messages = Array.from({ length: count }, (_, i) => ({ body: `message ${i}` }))
  return { topic, sent: await sendAll(stage, topic, messages) }
}

/** Creates a group of the row's own. */
export async function freshGroup(stage: Stage, rest: Partial<SubscriptionGroupConfig> = {}): Promise<string> {
  const group = stage.unique('probe')
  await stage.invoke(UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, { body: groupConfig(group, rest) })
  return group
}

/** Registers groups of a client. */
export async function heartbeat(
  stage: Stage,
  clientID: string,
  { consumers = [], producers = [], ...asker }: { consumers?: ConsumerData[]; producers?: string[] } & Asker,
): Promise<void> {
  const producerDataSet = producers.map(groupName => ({ groupName }))
  await stage.invoke(HEART_BEAT, { body: { clientID, producerDataSet, consumerDataSet: consumers } }, asker)
}

/** Commits an offset of a group. */
export async function commit(
  stage: Stage,
  at: { consumerGroup: string; topic: string; queueId: number; commitOffset: number },
): Promise<void> {
  await stage.invoke(UPDATE_CONSUMER_OFFSET, { header: at })
}
