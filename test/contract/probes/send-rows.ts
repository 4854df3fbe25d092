import type { RequestOf } from '../../../lib/commands/command'
import { SEND_MESSAGE, SEND_MESSAGE_V2 } from '../../../lib/commands/send'
import { DELETE_TOPIC_IN_BROKER, UPDATE_AND_CREATE_TOPIC } from '../../../lib/commands/topic'
import { encodeRecallHandle } from '../../../lib/model/recall-handle'
import { systemClock } from '../../../lib/runtime/clock'
import { encodeProperties } from '../../../lib/wire/properties'
import { sendHeader } from '../../support/send-header'
import { ILLEGAL, INVALID, REGION, exceptionRemark, storedAt, withHelp } from './answers'
import { anyOffset, below, byVersion, like, onlyIn4, since5 } from './expected'
import { freshTopic, ordersOf, sendAll, topicHeader } from './given'
import { rowsOf } from './probe'

const BODY = Buffer.from('hello')
/** A whole second, so that what the broker rounds it to is known. */
const IN_AN_HOUR = Math.ceil(systemClock.now() / 1000 + 3600) * 1000
const ILLEGAL_TIMER =
  'timer message illegal, the delay time should not be bigger than the max delay 259200000ms; or if set del msg, the delay time should be bigger than the current time'

const send = rowsOf(SEND_MESSAGE_V2)
const sendLong = rowsOf(SEND_MESSAGE)

type Header = Partial<RequestOf<typeof SEND_MESSAGE_V2>['header']>

const request = (topic: string, header: Header = {}, body: Uint8Array = BODY) => ({
  header: sendHeader(topic, header),
  body,
})
const properties = (all: Record<string, string>): Header => ({ properties: encodeProperties(all) })

function illegalQueue(topic: string): unknown {
  const config = `topicName=${topic}, readQueueNums=2, writeQueueNums=1, perm=RW-, topicFilterType=SINGLE_TAG, topicSysFlag=0, order=false`
  const remark = (rest: string): unknown =>
    like(new RegExp(`request queueId\\[2\\] is illegal, TopicConfig \\[${config}${rest}\\] Producer: [\\d.]+:\\d+`))
  return byVersion({ '4.9': remark(''), '5': remark(', attributes=\\{\\}') })
}

export const SEND_ROWS = [
  send({
    name: 'the first message of a queue gets offset 0',
    given: freshTopic,
    request: topic => request(topic, properties({ UNIQ_KEY: 'the-unique-key' })),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage, { transactionId: since5('the-unique-key') }) }),
  }),
  send({
    name: 'the next message of a queue gets the next offset; a missing unique key is made by 5.x',
    given: async stage => {
      const topic = await freshTopic(stage)
      await sendAll(stage, topic, [{}, {}])
      return topic
    },
    request: topic => request(topic),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage, { queueOffset: '2' }) }),
  }),
  send({
    name: 'queue -1 is any queue',
    given: stage => freshTopic(stage, { writeQueueNums: 3, readQueueNums: 3 }),
    request: topic => request(topic, { queueId: -1 }),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage, { queueId: below(3) }) }),
  }),
  send({
    name: 'a topic that nobody created is created after TBW102',
    given: async stage => stage.unique('Probe'),
    request: topic => request(topic, { queueId: 3 }),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage, { queueId: '3' }) }),
  }),
  send({
    name: 'no topic is created after one that is not there',
    given: async stage => stage.unique('Probe'),
    request: topic => request(topic, { defaultTopic: 'not-there' }),
    code: 'TOPIC_NOT_EXIST',
    answer: topic => ({ remark: withHelp(`topic[${topic}] not exist, apply first please!`), fields: REGION }),
  }),
  send({
    name: 'no topic is created after one that lets none inherit from it',
    given: async stage => stage.unique('Probe'),
    request: topic => request(topic, { defaultTopic: 'SELF_TEST_TOPIC' }),
    code: 'TOPIC_NOT_EXIST',
    answer: topic => ({ remark: withHelp(`topic[${topic}] not exist, apply first please!`), fields: REGION }),
  }),
  send({
    name: 'a topic that is created without queues has none to write',
    given: async stage => stage.unique('Probe'),
    request: topic => request(topic, { defaultTopicQueueNums: 0 }),
    code: INVALID,
    answer: { remark: like(/request queueId\[0\] is illegal, TopicConfig \[.* writeQueueNums=0,.*/), fields: REGION },
  }),
  send({
    name: 'a topic that was deleted and created again begins at offset 0',
    given: async stage => {
      const { topic } = await ordersOf(stage, 1)
      await stage.invoke(DELETE_TOPIC_IN_BROKER, { header: { topic } })
      await stage.invoke(UPDATE_AND_CREATE_TOPIC, { header: topicHeader(topic) })
      return topic
    },
    request: topic => request(topic),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage) }),
  }),
  send({
    name: 'a topic may be without write permission all the same',
    given: stage => freshTopic(stage, { perm: 4 }),
    request: topic => request(topic),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage) }),
  }),
  send({
    name: 'a topic name with illegal characters is refused',
    request: () => request('no/topic'),
    code: INVALID,
    answer: {
      remark: byVersion({
        '4.9': 'The specified topic contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$',
        '5': 'The specified topic: no/topic, contains illegal characters, allowing only ^[%|a-zA-Z0-9_-]+$',
      }),
      fields: REGION,
    },
  }),
  send({
    name: 'a blank topic name is refused',
    request: () => request(' '),
    code: INVALID,
    answer: { remark: 'The specified topic is blank.', fields: REGION },
  }),
  send({
    name: 'a topic name that is too long is refused',
    request: () => request('T'.repeat(128)),
    code: INVALID,
    answer: {
      remark: byVersion({
        '4.9': 'The specified topic is longer than topic max length.',
        '5': `The specified topic: ${'T'.repeat(128)}, is longer than topic max length: 127`,
      }),
      fields: REGION,
    },
  }),
  send({
    name: 'a topic of the broker itself takes no messages of clients',
    request: () => request('SCHEDULE_TOPIC_XXXX'),
    code: 'NO_PERMISSION',
    answer: { remark: 'Sending message to topic[SCHEDULE_TOPIC_XXXX] is forbidden.', fields: REGION },
  }),
  send({
    name: 'the topic of prepared messages takes no messages of clients',
    request: () => request('RMQ_SYS_TRANS_HALF_TOPIC'),
    code: 'NO_PERMISSION',
    answer: { remark: 'Sending message to topic[RMQ_SYS_TRANS_HALF_TOPIC] is forbidden.', fields: REGION },
  }),
  send({
    name: 'properties may be left out',
    given: freshTopic,
    request: topic => request(topic),
    without: ['i', 'j', 'k', 'm'],
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage) }),
  }),
  send({
    name: 'what is no property is ignored',
    given: freshTopic,
    request: topic => request(topic, { properties: 'neither name nor value' }),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage) }),
  }),
  send({
    name: 'a queue id beyond the queues of the topic is refused',
    given: stage => freshTopic(stage, { readQueueNums: 2 }),
    request: topic => request(topic, { queueId: 2 }),
    code: INVALID,
    answer: topic => ({ remark: illegalQueue(topic), fields: REGION }),
  }),
  send({
    name: 'a queue that can only be read is written all the same',
    given: stage => freshTopic(stage, { readQueueNums: 2 }),
    request: topic => request(topic, { queueId: 1 }),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage, { queueId: '1' }) }),
  }),
  send({
    name: 'any queue of a topic without queues to write is an exception',
    given: stage => freshTopic(stage, { writeQueueNums: 0 }),
    request: topic => request(topic, { queueId: -1 }),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  send({
    name: 'an empty body is stored by 4.9 only',
    given: freshTopic,
    request: topic => request(topic, {}, Buffer.alloc(0)),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'SYSTEM_ERROR' } as const),
    answer: (_, stage) => ({
      remark: since5(exceptionRemark),
      fields: onlyIn4(storedAt(stage)),
    }),
  }),
  send({
    name: 'a body above 4 MiB is refused',
    given: freshTopic,
    request: topic => request(topic, {}, Buffer.alloc(4 * 1024 * 1024 + 1)),
    code: 'MESSAGE_ILLEGAL',
    answer: { remark: ILLEGAL, fields: REGION },
  }),
  send({
    name: 'properties above 32 KiB are refused',
    given: freshTopic,
    request: topic => request(topic, properties({ large: 'x'.repeat(32_768) })),
    code: 'MESSAGE_ILLEGAL',
    answer: { remark: ILLEGAL, fields: REGION },
  }),
  send({
    name: 'a header without a required field is an exception',
    given: freshTopic,
    request: topic => request(topic),
    without: ['e'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  send({
    name: 'a header with text for a number is an exception',
    request: () => ({ raw: { extFields: { a: 'probes', b: 'T', c: 'TBW102', d: 'four' }, body: BODY } }),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]

/** Messages that are not stored where they were sent, or not at once. */
export const SPECIAL_SEND_ROWS = [
  send({
    name: 'a message with a delay level is at some offset of the delayed ones',
    given: freshTopic,
    request: topic => request(topic, properties({ DELAY: '18' })),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage, { queueOffset: anyOffset }) }),
  }),
  send({
    name: 'a delay level above the highest is the highest',
    given: freshTopic,
    request: topic => request(topic, properties({ DELAY: '99' })),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage, { queueOffset: anyOffset }) }),
  }),
  send({
    name: 'a delay level that is no number is an exception',
    given: freshTopic,
    request: topic => request(topic, properties({ DELAY: 'soon' })),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  send({
    name: 'a timer message can be recalled by its handle; 4.9 knows no timers',
    given: freshTopic,
    request: topic => request(topic, properties({ TIMER_DELIVER_MS: String(IN_AN_HOUR), UNIQ_KEY: 'timer' })),
    code: 'SUCCESS',
    answer: (topic, stage) => ({
      fields: storedAt(stage, {
        transactionId: since5('timer'),
        queueOffset: byVersion<unknown>({ '4.9': '0', '5': anyOffset }),
        recallHandle: since5(
          encodeRecallHandle({
            topic,
            brokerName: stage.broker.name,
            timestamp: String(IN_AN_HOUR - 999),
            messageId: 'timer',
          }),
        ),
      }),
    }),
  }),
  send({
    name: 'a timer beyond 3 days is refused by 5.x',
    given: freshTopic,
    request: topic => request(topic, properties({ TIMER_DELAY_SEC: String(3 * 86_400 + 60) })),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'MESSAGE_ILLEGAL' } as const),
    answer: (_, stage) => ({
      remark: since5(ILLEGAL_TIMER),
      fields: byVersion<unknown>({ '4.9': storedAt(stage), '5': REGION }),
    }),
  }),
  send({
    name: 'a timer that is no number is refused by 5.x',
    given: freshTopic,
    request: topic => request(topic, properties({ TIMER_DELAY_MS: 'soon' })),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'MESSAGE_ILLEGAL' } as const),
    answer: (_, stage) => ({
      remark: since5(ILLEGAL_TIMER),
      fields: byVersion<unknown>({ '4.9': storedAt(stage), '5': REGION }),
    }),
  }),
  send({
    name: 'a priority chooses the queue in 5.x',
    given: stage => freshTopic(stage, { writeQueueNums: 4, readQueueNums: 4 }),
    request: topic => request(topic, properties({ _SYS_MSG_PRIORITY_: '2' })),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage, { queueId: byVersion({ '4.9': '0', '5': '2' }) }) }),
  }),
  send({
    name: 'a retry topic of a group that may not be is refused by 5.x',
    request: () => request('%RETRY%'),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'SUBSCRIPTION_GROUP_NOT_EXIST' } as const),
    answer: (_, stage) => ({
      remark: since5(withHelp('subscription group not exist,  ')),
      fields: byVersion<unknown>({ '4.9': storedAt(stage, { queueOffset: anyOffset }), '5': REGION }),
    }),
  }),
  send({
    name: 'a retry topic is created with its group',
    given: async stage => `%RETRY%${stage.unique('probe')}`,
    request: topic => request(topic, { reconsumeTimes: 1, maxReconsumeTimes: 3 }),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage) }),
  }),
  send({
    name: 'the dead letters of a group are created as any topic',
    given: async stage => `%DLQ%${stage.unique('probe')}`,
    request: topic => request(topic),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage) }),
  }),
  send({
    name: 'dead letters with a long name are a topic to 5.x, but nothing is stored under it',
    given: async stage => `%DLQ%${stage.unique('g'.repeat(120))}`,
    request: topic => request(topic),
    code: byVersion({ '4.9': 'SYSTEM_ERROR', '5': 'MESSAGE_ILLEGAL' } as const),
    answer: {
      remark: byVersion({ '4.9': 'The specified topic is longer than topic max length.', '5': ILLEGAL }),
      fields: REGION,
    },
  }),
  send({
    name: 'a message that was consumed too often goes to the dead letters',
    given: async stage => `%RETRY%${stage.unique('probe')}`,
    request: topic => request(topic, { reconsumeTimes: 4, maxReconsumeTimes: 3 }),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage) }),
  }),
]

export const LONG_SEND_ROWS = [
  sendLong({
    name: 'a message is stored the same with the long names of fields',
    given: freshTopic,
    request: topic => request(topic, properties({ UNIQ_KEY: 'long' })),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage, { transactionId: since5('long') }) }),
  }),
  sendLong({
    name: 'optional fields may be left out',
    given: freshTopic,
    request: topic => request(topic),
    without: ['properties', 'reconsumeTimes', 'unitMode', 'batch'],
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage) }),
  }),
  sendLong({
    name: 'a header without a topic is one with a blank name to 4.9, and an exception in 5.x',
    request: () => request('none'),
    without: ['topic'],
    code: 'SYSTEM_ERROR',
    answer: {
      remark: byVersion<unknown>({ '4.9': 'The specified topic is blank.', '5': exceptionRemark }),
      fields: onlyIn4(REGION),
    },
  }),
  sendLong({
    name: 'a topic name with illegal characters is refused',
    request: () => request('no topic'),
    code: INVALID,
    answer: { remark: like(/The specified topic.* contains illegal characters, .*/), fields: REGION },
  }),
  sendLong({
    name: 'a client with a binary header is answered in it by 4.9, and in JSON by 5.x',
    client: { serializeType: 'ROCKETMQ' },
    given: freshTopic,
    request: topic => request(topic),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage) }),
  }),
]
