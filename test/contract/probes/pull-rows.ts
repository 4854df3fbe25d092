import type { RequestOf } from '../../../lib/commands/command'
import { INVOKE_BROKER_TO_RESET_OFFSET } from '../../../lib/commands/group'
import { LITE_PULL_MESSAGE, PULL_MESSAGE } from '../../../lib/commands/pull'
import { DELETE_TOPIC_IN_BROKER } from '../../../lib/commands/topic'
import { buildPullSysFlag } from '../../../lib/model/pull-sys-flag'
import { subscription, consumerData, pullHeader } from '../../support/emulator-site'
import { exceptionRemark, pulledTo, record, withHelp } from './answers'
import { byVersion, since5 } from './expected'
import { type Orders, freshGroup, freshTopic, heartbeat, orders, ordersOf, sendAll, sendMany } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const pull = rowsOf(PULL_MESSAGE)

type Header = Partial<RequestOf<typeof PULL_MESSAGE>['header']>

const request = ({ topic }: { topic: string }, header: Header = {}) => ({
  header: pullHeader(topic, { consumerGroup: 'probes', ...header }),
})

const records = (stage: Stage, { sent }: Orders, ...offsets: number[]): unknown[] =>
  sent.filter(({ queueOffset }) => offsets.includes(queueOffset)).map(each => record(stage, each))

const ofThree = [0, 3] as const
const shared = (stage: Stage): Promise<Orders> => stage.shared(orders)

export const PULL_ROWS = [
  pull({
    name: 'all messages of a queue are found',
    given: shared,
    request: given => request(given),
    code: 'SUCCESS',
    answer: (given, stage) => ({
      remark: 'FOUND',
      fields: pulledTo(3, ofThree),
      messages: records(stage, given, 0, 1, 2),
    }),
  }),
  pull({
    name: 'messages from an offset on are found',
    given: shared,
    request: given => request(given, { queueOffset: 1 }),
    code: 'SUCCESS',
    answer: (given, stage) => ({
      remark: 'FOUND',
      fields: pulledTo(3, ofThree),
      messages: records(stage, given, 1, 2),
    }),
  }),
  pull({
    name: 'no more messages are found than were asked for',
    given: shared,
    request: given => request(given, { maxMsgNums: 1 }),
    code: 'SUCCESS',
    answer: (given, stage) => ({ remark: 'FOUND', fields: pulledTo(1, ofThree), messages: records(stage, given, 0) }),
  }),
  pull({
    name: 'one message is found where none was asked for',
    given: shared,
    request: given => request(given, { maxMsgNums: 0 }),
    code: 'SUCCESS',
    answer: (given, stage) => ({ remark: 'FOUND', fields: pulledTo(1, ofThree), messages: records(stage, given, 0) }),
  }),
  pull({
    name: 'no more than 32 messages are found',
    given: stage => ordersOf(stage, 33),
    request: given => request(given, { maxMsgNums: 100 }),
    code: 'SUCCESS',
    answer: (given, stage) => ({
      remark: 'FOUND',
      fields: pulledTo(32, [0, 33]),
      messages: records(stage, given, ...Array(32).keys()),
    }),
  }),
  pull({
    name: 'messages of a tag are found',
    given: shared,
    request: given => request(given, { subscription: 'a' }),
    code: 'SUCCESS',
    answer: (given, stage) => ({
      remark: 'FOUND',
      fields: pulledTo(3, ofThree),
      messages: records(stage, given, 0, 2),
    }),
  }),
  pull({
    name: 'messages of one tag of several are found',
    given: shared,
    request: given => request(given, { subscription: 'x || b' }),
    code: 'SUCCESS',
    answer: (given, stage) => ({ remark: 'FOUND', fields: pulledTo(3, ofThree), messages: records(stage, given, 1) }),
  }),
  pull({
    name: 'where no message has the tag the next offset is told, to go on with at once',
    given: shared,
    request: given => request(given, { subscription: 'x' }),
    code: 'PULL_RETRY_IMMEDIATELY',
    answer: { remark: 'NO_MATCHED_MESSAGE', fields: pulledTo(3, ofThree) },
  }),
  pull({
    name: 'at the end there is nothing yet',
    given: shared,
    request: given => request(given, { queueOffset: 3 }),
    code: 'PULL_NOT_FOUND',
    answer: { remark: 'OFFSET_OVERFLOW_ONE', fields: pulledTo(3, ofThree) },
  }),
  pull({
    name: 'beyond the end the end is told',
    given: shared,
    request: given => request(given, { queueOffset: 4 }),
    code: 'PULL_OFFSET_MOVED',
    answer: { remark: 'OFFSET_OVERFLOW_BADLY', fields: pulledTo(3, ofThree) },
  }),
  pull({
    name: 'before the first offset the first is told',
    given: shared,
    request: given => request(given, { queueOffset: -1 }),
    code: 'PULL_OFFSET_MOVED',
    answer: { remark: 'OFFSET_TOO_SMALL', fields: pulledTo(0, ofThree) },
  }),
  pull({
    name: 'an empty queue has nothing yet',
    given: shared,
    request: given => request(given, { queueId: 1 }),
    code: 'PULL_NOT_FOUND',
    answer: { remark: 'NO_MESSAGE_IN_QUEUE', fields: pulledTo(0, [0, 0]) },
  }),
  pull({
    name: 'beyond the end of an empty queue 0 is told',
    given: shared,
    request: given => request(given, { queueId: 1, queueOffset: 1 }),
    code: 'PULL_OFFSET_MOVED',
    answer: { remark: 'NO_MESSAGE_IN_QUEUE', fields: pulledTo(0, [0, 0]) },
  }),
  pull({
    name: 'a message that arrives ends the wait of a pull',
    given: async stage => ({ topic: await freshTopic(stage), sent: [] as Orders['sent'] }),
    request: given =>
      request(given, { sysFlag: buildPullSysFlag({ subscription: true, suspend: true }), suspendTimeoutMillis: 8000 }),
    meanwhile: async (given, stage) => {
      given.sent = await sendAll(stage, given.topic, [{}])
    },
    code: 'SUCCESS',
    answer: (given, stage) => ({ remark: 'FOUND', fields: pulledTo(1, [0, 1]), messages: records(stage, given, 0) }),
  }),
  pull({
    name: 'a group that is online may leave its subscription out',
    given: async stage => {
      const given = await shared(stage)
      const group = await freshGroup(stage)
      await heartbeat(stage, group, {
        consumers: [
          consumerData(group, [], {
            subscriptionDataSet: [subscription(given.topic, { subString: 'b', tagsSet: ['b'], codeSet: [98] })],
          }),
        ],
      })
      return { ...given, group }
    },
    request: given => request(given, { consumerGroup: given.group, sysFlag: 0, subVersion: 1 }),
    without: ['subscription', 'expressionType'],
    code: 'SUCCESS',
    answer: (given, stage) => ({ remark: 'FOUND', fields: pulledTo(3, ofThree), messages: records(stage, given, 1) }),
  }),
  pull({
    name: 'a group may be told another broker to read from when it is slow, but is not',
    given: async stage => ({
      ...(await shared(stage)),
      group: await freshGroup(stage, { whichBrokerWhenConsumeSlowly: 7 }),
    }),
    request: given => request(given, { consumerGroup: given.group, queueOffset: 3 }),
    code: 'PULL_NOT_FOUND',
    answer: { remark: 'OFFSET_OVERFLOW_ONE', fields: pulledTo(3, ofThree) },
  }),
  pull({
    name: 'after a reset by an administrator of 5.x the offset is told; 4.9 leaves that to members',
    given: async stage => {
      const given = await shared(stage)
      const group = await freshGroup(stage)
      if (stage.version === '5') {
        const header = { topic: given.topic, group, timestamp: 0, isForce: true, queueId: 0, offset: 2 }
        await stage.invoke(INVOKE_BROKER_TO_RESET_OFFSET, { header })
      }
      return { ...given, group }
    },
    request: given => request(given, { consumerGroup: given.group, queueOffset: 3 }),
    code: byVersion({ '4.9': 'PULL_NOT_FOUND', '5': 'PULL_OFFSET_MOVED' } as const),
    answer: {
      remark: byVersion({ '4.9': 'OFFSET_OVERFLOW_ONE', '5': 'OFFSET_RESET' }),
      fields: pulledTo(byVersion({ '4.9': '3', '5': '2' }), ofThree),
    },
  }),
  pull({
    name: 'without an expression all messages are found',
    given: shared,
    request: given => request(given, { queueOffset: 2 }),
    without: ['subscription', 'expressionType'],
    code: 'SUCCESS',
    answer: (given, stage) => ({ remark: 'FOUND', fields: pulledTo(3, ofThree), messages: records(stage, given, 2) }),
  }),
  pull({
    name: 'a negative number of messages is one in 5.x, and an exception in 4.9',
    given: shared,
    request: given => request(given, { maxMsgNums: -1 }),
    code: byVersion({ '4.9': 'SYSTEM_ERROR', '5': 'SUCCESS' } as const),
    answer: (given, stage) => ({
      remark: byVersion<unknown>({ '4.9': exceptionRemark, '5': 'FOUND' }),
      fields: since5(pulledTo(1, ofThree)),
      messages: since5(records(stage, given, 0)),
    }),
  }),
  pull({
    name: 'a limit of bytes is not kept',
    given: shared,
    request: given => request(given, { maxMsgBytes: 1 }),
    code: 'SUCCESS',
    answer: (given, stage) => ({
      remark: 'FOUND',
      fields: pulledTo(3, ofThree),
      messages: records(stage, given, 0, 1, 2),
    }),
  }),
  pull({
    name: 'messages of another tag with the same hash are found, too',
    given: async stage => {
      const topic = await freshTopic(stage)
      return { topic, sent: await sendAll(stage, topic, [{ properties: { TAGS: 'Aa' } }]) }
    },
    request: given => request(given, { subscription: 'BB' }),
    code: 'SUCCESS',
    answer: (given, stage) => ({ remark: 'FOUND', fields: pulledTo(1, [0, 1]), messages: records(stage, given, 0) }),
  }),
  pull({
    name: 'no more than 800 messages are looked at for a tag',
    given: async stage => ({ topic: await sendMany(stage, 801, { TAGS: 'a' }) }),
    request: given => request(given, { subscription: 'b' }),
    code: 'PULL_RETRY_IMMEDIATELY',
    answer: { remark: 'NO_MATCHED_MESSAGE', fields: pulledTo(800, [0, 801]) },
  }),
  pull({
    name: 'no more than 256 KiB are found',
    given: async stage => {
      const topic = await freshTopic(stage)
      return { topic, sent: await sendAll(stage, topic, Array(3).fill({ body: 'x'.repeat(100_000) })) }
    },
    request: given => request(given),
    code: 'SUCCESS',
    answer: (given, stage) => ({ remark: 'FOUND', fields: pulledTo(2, [0, 3]), messages: records(stage, given, 0, 1) }),
  }),
  pull({
    name: 'a message above 256 KiB is found alone',
    given: async stage => {
      const topic = await freshTopic(stage)
      return { topic, sent: await sendAll(stage, topic, [{ body: 'x'.repeat(300_000) }, {}]) }
    },
    request: given => request(given),
    code: 'SUCCESS',
    answer: (given, stage) => ({ remark: 'FOUND', fields: pulledTo(1, [0, 2]), messages: records(stage, given, 0) }),
  }),
  pull({
    name: 'a topic that was deleted is told',
    given: async stage => {
      const given = await ordersOf(stage, 1)
      await stage.invoke(DELETE_TOPIC_IN_BROKER, { header: { topic: given.topic } })
      return given
    },
    request: given => request(given),
    code: 'TOPIC_NOT_EXIST',
    answer: ({ topic }) => ({ remark: withHelp(`topic[${topic}] not exist, apply first please! `) }),
  }),
]

const litePull = rowsOf(LITE_PULL_MESSAGE)
const ONLY_BY_5 = byVersion({ '4.9': 'REQUEST_CODE_NOT_SUPPORTED', '5': 'SUCCESS' } as const)
const NOT_SUPPORTED = ' request type 361 not supported'

export const LITE_PULL_ROWS = [
  litePull({
    name: 'messages are found as by other pulls; 4.9 does not know the request',
    given: shared,
    request: given => request(given),
    code: ONLY_BY_5,
    answer: (given, stage) => ({
      remark: byVersion({ '4.9': NOT_SUPPORTED, '5': 'FOUND' }),
      fields: since5(pulledTo(3, ofThree)),
      messages: since5(records(stage, given, 0, 1, 2)),
    }),
  }),
  litePull({
    name: 'at the end there is nothing yet',
    given: shared,
    request: given => request(given, { queueOffset: 3 }),
    code: byVersion({ '4.9': 'REQUEST_CODE_NOT_SUPPORTED', '5': 'PULL_NOT_FOUND' } as const),
    answer: {
      remark: byVersion({ '4.9': NOT_SUPPORTED, '5': 'OFFSET_OVERFLOW_ONE' }),
      fields: since5(pulledTo(3, ofThree)),
    },
  }),
]
