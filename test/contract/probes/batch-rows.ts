import type { RequestOf } from '../../../lib/commands/command'
import { SEND_BATCH_MESSAGE, SEND_MESSAGE_V2 } from '../../../lib/commands/send'
import { encodeBatchBody } from '../../../lib/wire/batch-body'
import { encodeProperties } from '../../../lib/wire/properties'
import { sendHeader } from '../../support/send-header'
import { ILLEGAL, INVALID, REGION, exceptionRemark, offsetMsgIdsOf, storedAt, withHelp } from './answers'
import { ABSENT, byVersion, like, onlyIn4, since5 } from './expected'
import { freshTopic, sendAll } from './given'
import { rowsOf } from './probe'

const batch = rowsOf(SEND_BATCH_MESSAGE)
const plain = rowsOf(SEND_MESSAGE_V2)

type Header = Partial<RequestOf<typeof SEND_BATCH_MESSAGE>['header']>

const TWO = encodeBatchBody([
  { flag: 0, body: Buffer.from('one'), properties: encodeProperties({ UNIQ_KEY: 'one' }) },
  { flag: 0, body: Buffer.from('two'), properties: encodeProperties({ UNIQ_KEY: 'two' }) },
])

const request = (topic: string, header: Header = {}, body: Uint8Array = TWO) => ({
  header: sendHeader(topic, { batch: true, ...header }),
  body,
})

export const BATCH_ROWS = [
  batch({
    name: 'messages of a batch get consecutive offsets, of which the first is told',
    given: async stage => {
      const topic = await freshTopic(stage)
      await sendAll(stage, topic, [{}])
      return topic
    },
    request: topic => request(topic),
    code: 'SUCCESS',
    answer: (_, stage) => ({
      fields: storedAt(stage, { msgId: offsetMsgIdsOf(stage, 2), queueOffset: '1', transactionId: ABSENT }),
    }),
  }),
  batch({
    name: 'the unique key of the batch as a whole is its transaction id in 5.x',
    given: freshTopic,
    request: topic => request(topic, { properties: encodeProperties({ UNIQ_KEY: 'both', WAIT: 'true' }) }),
    code: 'SUCCESS',
    answer: (_, stage) => ({
      fields: storedAt(stage, { msgId: offsetMsgIdsOf(stage, 2), transactionId: since5('both') }),
    }),
  }),
  plain({
    name: 'a batch is one by its header, whatever the command',
    given: freshTopic,
    request: topic => request(topic),
    code: 'SUCCESS',
    answer: (_, stage) => ({
      fields: storedAt(stage, { msgId: offsetMsgIdsOf(stage, 2), transactionId: ABSENT }),
    }),
  }),
  batch({
    name: 'a batch without the header that says so is one message',
    given: freshTopic,
    request: topic => request(topic, { batch: false }),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage) }),
  }),
  batch({
    name: 'a delay level of the batch is refused',
    given: freshTopic,
    request: topic => request(topic, { properties: encodeProperties({ DELAY: '3' }) }),
    code: 'MESSAGE_ILLEGAL',
    answer: { remark: ILLEGAL, fields: REGION },
  }),
  batch({
    name: 'a batch to a retry topic is refused by 5.x',
    given: async stage => `%RETRY%${stage.unique('probe')}`,
    request: topic => request(topic),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'MESSAGE_ILLEGAL' } as const),
    answer: (topic, stage) => ({
      remark: since5(`batch request does not support retry group ${topic}`),
      fields: byVersion<unknown>({
        '4.9': storedAt(stage, { msgId: offsetMsgIdsOf(stage, 2) }),
        '5': REGION,
      }),
    }),
  }),
  batch({
    name: 'an empty batch is an exception',
    given: freshTopic,
    request: topic => request(topic, {}, Buffer.alloc(0)),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  batch({
    name: 'a body that is no batch is an exception',
    given: freshTopic,
    request: topic => request(topic, {}, Buffer.from('no batch at all')),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  batch({
    name: 'a message of a batch may have no body',
    given: freshTopic,
    request: topic => request(topic, {}, encodeBatchBody([{ flag: 0, body: Buffer.alloc(0), properties: '' }])),
    code: 'SUCCESS',
    answer: (_, stage) => ({ fields: storedAt(stage, { transactionId: ABSENT }) }),
  }),
  batch({
    name: 'a batch above 4 MiB is refused by 4.9 and an exception in 5.x',
    given: freshTopic,
    request: topic => request(topic, {}, largeBatch()),
    code: byVersion({ '4.9': 'MESSAGE_ILLEGAL', '5': 'SYSTEM_ERROR' } as const),
    answer: {
      remark: byVersion<unknown>({ '4.9': ILLEGAL, '5': exceptionRemark }),
      fields: onlyIn4(REGION),
    },
  }),
  batch({
    name: 'a topic that is not there is told',
    given: async stage => stage.unique('Probe'),
    request: topic => request(topic, { defaultTopic: 'not-there' }),
    code: 'TOPIC_NOT_EXIST',
    answer: topic => ({ remark: withHelp(`topic[${topic}] not exist, apply first please!`), fields: REGION }),
  }),
  batch({
    name: 'a queue id beyond the queues of the topic is refused',
    given: freshTopic,
    request: topic => request(topic, { queueId: 1 }),
    code: INVALID,
    answer: { remark: like(/request queueId\[1\] is illegal, TopicConfig \[.*\] Producer: .*/), fields: REGION },
  }),
  batch({
    name: 'a header without a topic is one with a blank name to 4.9, and an exception in 5.x',
    given: freshTopic,
    request: topic => request(topic),
    without: ['b'],
    code: 'SYSTEM_ERROR',
    answer: {
      remark: byVersion<unknown>({ '4.9': 'The specified topic is blank.', '5': exceptionRemark }),
      fields: onlyIn4(REGION),
    },
  }),
]

function largeBatch(): Buffer {
  return encodeBatchBody([0, 1].map(() => ({ flag: 0, body: Buffer.alloc(2_200_000), properties: '' })))
}
