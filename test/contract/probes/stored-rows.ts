import { LOCK_BATCH_MQ } from '../../../lib/commands/client'
import type { RequestOf } from '../../../lib/commands/command'
import { VIEW_MESSAGE_BY_ID } from '../../../lib/commands/message'
import { PULL_MESSAGE } from '../../../lib/commands/pull'
import { CONSUMER_SEND_MSG_BACK, SEND_BATCH_MESSAGE } from '../../../lib/commands/send'
import { buildPullSysFlag } from '../../../lib/model/pull-sys-flag'
import { systemClock } from '../../../lib/runtime/clock'
import { encodeBatchBody } from '../../../lib/wire/batch-body'
import { decodeOffsetMsgId } from '../../../lib/wire/message-id'
import { encodeProperties } from '../../../lib/wire/properties'
import { pullHeader } from '../../support/emulator-site'
import { sendHeader } from '../../support/send-header'
import { REGION, pulledTo, record, storedProperties, withHelp } from './answers'
import { anyNumber, byVersion, onlyIn4, since5 } from './expected'
import {
  type ProbeMessage,
  type Sent,
  type TopicSettings,
  freshGroup,
  freshTopic,
  isShown,
  ordersOf,
  send,
} from './given'
import { type Probe, rowsOf } from './probe'
import type { Stage } from './stage'

const view = rowsOf(VIEW_MESSAGE_BY_ID)
const pull = rowsOf(PULL_MESSAGE)

const IN_AN_HOUR = Math.ceil(systemClock.now() / 1000 + 3600) * 1000

/** What the broker makes of a message: what of its record is not as it was sent. */
interface StoredRow {
  readonly name: string
  readonly message: ProbeMessage
  readonly topic?: TopicSettings
  readonly stored: (sent: Sent, stage: Stage) => Record<string, unknown>
}

function stored({ name, message, topic = {}, stored: differs }: StoredRow): Probe {
  return view({
    name,
    given: async stage => send(stage, await freshTopic(stage, topic), message),
    request: ({ commitLogOffset }) => ({ header: { offset: commitLogOffset } }),
    code: 'SUCCESS',
    answer: (sent, stage) => ({ messages: [record(stage, sent, differs(sent, stage))] }),
  })
}

export const STORED_ROWS = [
  stored({
    name: 'a message is stored with the flags and the count of its send',
    message: { flag: 7, header: { sysFlag: 1, reconsumeTimes: 2 } },
    stored: () => ({ sysFlag: 1, reconsumeTimes: 2 }),
  }),
  stored({
    name: 'a message of a topic with several tags has a flag of that',
    message: { properties: { TAGS: 'a || b' } },
    topic: { topicFilterType: 'MULTI_TAG' },
    stored: () => ({ sysFlag: 2 }),
  }),
  stored({
    name: 'a WAIT property is stored by 5.x alone',
    message: { properties: { WAIT: 'true' } },
    stored: (_, stage) => ({ properties: storedProperties(stage, { WAIT: since5('true') }) }),
  }),
  stored({
    name: 'the cluster, and in 5.x the region and the trace switch, are those of the broker',
    message: { properties: { CLUSTER: 'mine', MSG_REGION: 'mine', TRACE_ON: 'false' } },
    stored: (_, stage) => ({
      properties: {
        ...storedProperties(stage),
        MSG_REGION: byVersion({ '4.9': 'mine', '5': REGION.MSG_REGION }),
        TRACE_ON: byVersion({ '4.9': 'false', '5': REGION.TRACE_ON }),
      },
    }),
  }),
  stored({
    name: 'a message with a delay waits under the topic of delays',
    message: { properties: { DELAY: '18' } },
    stored: ({ topic }, stage) => ({
      ...inQueue('SCHEDULE_TOPIC_XXXX', 17),
      properties: storedProperties(stage, { DELAY: '18', REAL_TOPIC: topic, REAL_QID: '0' }),
    }),
  }),
  stored({
    name: 'a delay level above the highest is the highest',
    message: { properties: { DELAY: '99' } },
    stored: ({ topic }, stage) => ({
      ...inQueue('SCHEDULE_TOPIC_XXXX', 17),
      properties: storedProperties(stage, { DELAY: '18', REAL_TOPIC: topic, REAL_QID: '0' }),
    }),
  }),
  stored({
    name: 'a timer message waits under the topic of timers in 5.x',
    message: { properties: { TIMER_DELIVER_MS: String(IN_AN_HOUR) } },
    stored: ({ topic, queueOffset }, stage) => ({
      topic: byVersion({ '4.9': topic, '5': 'rmq_sys_wheel_timer' }),
      queueOffset,
      properties: storedProperties(stage, {
        TIMER_DELIVER_MS: String(IN_AN_HOUR),
        TIMER_OUT_MS: since5(String(IN_AN_HOUR - 1000)),
        REAL_TOPIC: since5(topic),
        REAL_QID: since5('0'),
      }),
    }),
  }),
  stored({
    name: 'a delay level wins over a timer in 5.x',
    message: { properties: { DELAY: '18', TIMER_DELIVER_MS: String(IN_AN_HOUR) } },
    stored: ({ topic }, stage) => ({
      ...inQueue('SCHEDULE_TOPIC_XXXX', 17),
      properties: storedProperties(stage, {
        DELAY: '18',
        TIMER_DELIVER_MS: onlyIn4(String(IN_AN_HOUR)),
        REAL_TOPIC: topic,
        REAL_QID: '0',
      }),
    }),
  }),
  stored({
    name: 'a priority stays among the properties',
    message: { properties: { _SYS_MSG_PRIORITY_: '0' } },
    stored: () => ({}),
  }),
  stored({
    name: 'a priority of a message with a sharding key is taken away by 5.x',
    message: { properties: { _SYS_MSG_PRIORITY_: '0', __SHARDINGKEY: 'k' } },
    stored: (_, stage) => ({
      properties: storedProperties(stage, { _SYS_MSG_PRIORITY_: onlyIn4('0'), __SHARDINGKEY: 'k' }),
    }),
  }),
  view({
    name: 'the properties of a batch go to its messages in 4.9 alone',
    given: async stage => {
      const properties = encodeProperties({ UNIQ_KEY: 'own' })
      const body = encodeBatchBody([{ flag: 3, body: Buffer.from('one'), properties }])
      const header = sendHeader(await freshTopic(stage), {
        batch: true,
        properties: encodeProperties({ KEYS: 'all' }),
      })
      const reply = await stage.invoke(SEND_BATCH_MESSAGE, { header, body })
      const commitLogOffset = decodeOffsetMsgId(reply.header.msgId).commitLogOffset.toNumber()
      return { topic: header.topic, commitLogOffset }
    },
    request: ({ commitLogOffset }) => ({ header: { offset: commitLogOffset } }),
    code: 'SUCCESS',
    answer: ({ topic, commitLogOffset }, stage) => {
      const sent = {
        topic,
        commitLogOffset,
        queueId: 0,
        queueOffset: 0,
        flag: 3,
        body: 'one',
        properties: {},
        msgId: '',
      }
      const properties = { UNIQ_KEY: 'own', KEYS: onlyIn4('all'), CLUSTER: onlyIn4(stage.broker.cluster) }
      return { messages: [record(stage, sent, { properties })] }
    },
  }),
]

const inQueue = (topic: string, queueId: number) => ({ topic, queueId, queueOffset: anyNumber })

type Header = Partial<RequestOf<typeof PULL_MESSAGE>['header']>

const pullOf = (topic: string, header: Header = {}) => ({
  header: pullHeader(topic, { consumerGroup: 'probes', ...header }),
})

/** A message in queue 0 that a group has given back. */
interface GivenBack {
  readonly group: string
  readonly sent: Sent
}

async function giveBack(
  stage: Stage,
  header: Partial<RequestOf<typeof CONSUMER_SEND_MSG_BACK>['header']>,
): Promise<GivenBack> {
  const { topic, sent } = await ordersOf(stage, 1)
  const [first] = sent as [Sent]
  const group = await freshGroup(stage)
  const to = { offset: first.commitLogOffset, group, delayLevel: 0, originTopic: topic, maxReconsumeTimes: 16 }
  await stage.invoke(CONSUMER_SEND_MSG_BACK, { header: { ...to, ...header } })
  return { group, sent: first }
}

/** Two messages that are found a second later, which is waited for once. */
async function inASecond(stage: Stage): Promise<{ givenBack: GivenBack; delayed: Sent }> {
  const delayed = await send(stage, await freshTopic(stage), { properties: { DELAY: '1' } })
  return { delayed, givenBack: await giveBack(stage, { delayLevel: 1 }) }
}

/** Of a pull that waits for a message. */
const HELD = { sysFlag: buildPullSysFlag({ subscription: true, suspend: true }), suspendTimeoutMillis: 8000 }

/** The first message of a queue, which came there by the broker. */
const moved = (stage: Stage, sent: Sent, rest: Record<string, unknown>) => ({
  remark: 'FOUND',
  fields: pulledTo(1, [0, 1]),
  messages: [record(stage, sent, { queueOffset: 0, commitLogOffset: anyNumber, ...rest })],
})

/** A message sent to the retry topic of a group of its own, as one that was consumed before. */
async function sendRetry(stage: Stage, reconsumeTimes: number): Promise<GivenBack> {
  const group = await freshGroup(stage)
  const sent = await send(stage, `%RETRY%${group}`, { header: { reconsumeTimes, maxReconsumeTimes: 3 } })
  return { group, sent }
}

/** What becomes of messages that come back. */
export const COME_BACK_ROWS = [
  pull({
    name: 'a message that was given back is found again',
    given: async stage => (await stage.shared(inASecond)).givenBack,
    request: ({ group }) => pullOf(`%RETRY%${group}`, HELD),
    code: 'SUCCESS',
    answer: ({ group, sent }, stage) =>
      moved(stage, sent, {
        topic: `%RETRY%${group}`,
        reconsumeTimes: 1,
        properties: storedProperties(stage, {
          RETRY_TOPIC: sent.topic,
          ORIGIN_MESSAGE_ID: sent.msgId,
          WAIT: 'false',
          DELAY: '1',
          REAL_TOPIC: `%RETRY%${group}`,
          REAL_QID: '0',
        }),
      }),
  }),
  pull({
    name: 'a message that was given back for good is among the dead letters',
    given: async stage => {
      const given = await giveBack(stage, { delayLevel: -1 })
      await isShown(stage, { topic: `%DLQ%${given.group}`, queueId: 0, queueOffset: 0 })
      return given
    },
    request: ({ group }) => pullOf(`%DLQ%${group}`),
    code: 'SUCCESS',
    answer: ({ group, sent }, stage) =>
      moved(stage, sent, {
        topic: `%DLQ%${group}`,
        reconsumeTimes: 1,
        properties: storedProperties(stage, {
          RETRY_TOPIC: sent.topic,
          ORIGIN_MESSAGE_ID: sent.msgId,
          WAIT: 'false',
          DELAY: '0',
        }),
      }),
  }),
  pull({
    name: 'a message sent to a retry topic once too often is among the dead letters',
    given: async stage => {
      const given = await sendRetry(stage, 4)
      await isShown(stage, { topic: `%DLQ%${given.group}`, queueId: 0, queueOffset: 0 })
      return given
    },
    request: ({ group }) => pullOf(`%DLQ%${group}`),
    code: 'SUCCESS',
    answer: ({ group, sent }, stage) =>
      moved(stage, sent, {
        topic: `%DLQ%${group}`,
        reconsumeTimes: 4,
        properties: storedProperties(stage, { DELAY: since5('-1') }),
      }),
  }),
  pull({
    name: 'a message sent to a retry topic as often as it may be is a dead letter to 4.9 alone',
    given: async stage => {
      const given = await sendRetry(stage, 3)
      const topic = stage.version === '4.9' ? `%DLQ%${given.group}` : given.sent.topic
      await isShown(stage, { topic, queueId: 0, queueOffset: 0 })
      return given
    },
    request: ({ group }) => pullOf(`%DLQ%${group}`),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'TOPIC_NOT_EXIST' } as const),
    answer: ({ group, sent }, stage) => {
      const dead = moved(stage, sent, { topic: `%DLQ%${group}`, reconsumeTimes: 3 })
      const notThere = withHelp(`topic[%DLQ%${group}] not exist, apply first please! `)
      return {
        remark: byVersion<unknown>({ '4.9': dead.remark, '5': notThere }),
        fields: onlyIn4(dead.fields),
        messages: onlyIn4(dead.messages),
      }
    },
  }),
  pull({
    name: 'a retried message of a group that holds a lock is a dead letter to 5.x',
    given: async stage => {
      const group = await freshGroup(stage)
      const mqSet = [{ topic: 'Orders', brokerName: stage.broker.name, queueId: 0 }]
      await stage.invoke(LOCK_BATCH_MQ, { body: { consumerGroup: group, clientId: 'a', mqSet, onlyThisBroker: false } })
      const sent = await send(stage, `%RETRY%${group}`, { header: { reconsumeTimes: 1, maxReconsumeTimes: 3 } })
      const topic = stage.version === '5' ? `%DLQ%${group}` : sent.topic
      await isShown(stage, { topic, queueId: 0, queueOffset: 0 })
      return { topic, sent }
    },
    request: ({ topic }) => pullOf(topic),
    code: 'SUCCESS',
    answer: ({ topic, sent }, stage) =>
      moved(stage, sent, {
        topic,
        reconsumeTimes: 1,
        properties: storedProperties(stage, { DELAY: since5('-1') }),
      }),
  }),
  pull({
    name: 'a delayed message is found after its delay',
    given: async stage => (await stage.shared(inASecond)).delayed,
    request: ({ topic }) => pullOf(topic, HELD),
    code: 'SUCCESS',
    answer: (sent, stage) =>
      moved(stage, sent, {
        properties: storedProperties(stage, { DELAY: '1', REAL_TOPIC: sent.topic, REAL_QID: '0' }),
      }),
  }),
]
