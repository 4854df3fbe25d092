import { CHANGE_MESSAGE_INVISIBLETIME, POP_MESSAGE } from '../../../lib/commands/pop'
import { record, withHelp } from './answers'
import { anyNumber, anyTime, below, like } from './expected'
import { freshGroup, freshTopic, sendAll } from './given'
import {
  type Popped,
  answerOf5,
  by5,
  foundNothing,
  handleOfFirst,
  illegalQueue,
  ownOrders,
  pop,
  popHeader,
  poppedFields,
} from './pop-given'
import { type Answer, rowsOf } from './probe'
import type { Stage } from './stage'

const row = rowsOf(POP_MESSAGE)
const says = (answer: Answer): Answer => answerOf5(POP_MESSAGE, answer)

const records = (stage: Stage, { sent }: Popped, ...offsets: number[]): unknown[] =>
  sent.filter(({ queueOffset }) => offsets.includes(queueOffset)).map(each => record(stage, each))

const REFUSED = { popTime: '0', invisibleTime: '0', reviveQid: '0', restNum: '0' }
const NOTHING = 'NO_MESSAGE_IN_QUEUE'

/** A group that has the messages in order, and the first pop of it done. */
async function poppedInOrder(stage: Stage): Promise<Popped & { handle: string }> {
  const given = await ownOrders(stage)
  return { ...given, handle: await handleOfFirst(stage, given, { order: true, attemptId: 'first' }) }
}

const inOrder = (rest: Record<string, unknown>): unknown => poppedFields({ reviveQid: '999', ...rest })

export const POP_ROWS = [
  row({
    name: 'all messages of a queue are given',
    given: ownOrders,
    request: given => popHeader(given),
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({ remark: 'FOUND', fields: poppedFields(), messages: records(stage, given, 0, 1, 2) }),
  }),
  row({
    name: 'all messages of all queues are given',
    given: ownOrders,
    request: given => popHeader(given, { queueId: -1 }),
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({ remark: 'FOUND', fields: poppedFields(), messages: records(stage, given, 0, 1, 2) }),
  }),
  row({
    name: 'no more messages are given than were asked for, and the rest is told',
    given: ownOrders,
    request: given => popHeader(given, { maxMsgNums: 1 }),
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({
        remark: 'FOUND',
        fields: poppedFields({ msgOffsetInfo: '0 0 0', restNum: '2' }),
        messages: records(stage, given, 0),
      }),
  }),
  row({
    name: 'the next pop goes on behind the last',
    given: async stage => {
      const given = await ownOrders(stage)
      await pop(stage, given, { maxMsgNums: 1 })
      return given
    },
    request: given => popHeader(given),
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({
        remark: 'FOUND',
        fields: poppedFields({ startOffsetInfo: '0 0 1', msgOffsetInfo: '0 0 1,2' }),
        messages: records(stage, given, 1, 2),
      }),
  }),
  row({
    name: 'what others have is not given',
    given: async stage => {
      const given = await ownOrders(stage)
      await pop(stage, given)
      return given
    },
    request: given => popHeader(given),
    code: by5('POLLING_TIMEOUT'),
    answer: says({ remark: NOTHING, fields: foundNothing() }),
  }),
  row({
    name: 'a queue without messages has none',
    given: ownOrders,
    request: given => popHeader(given, { queueId: 1 }),
    code: by5('POLLING_TIMEOUT'),
    answer: says({ remark: NOTHING, fields: foundNothing() }),
  }),
  row({
    name: 'a new group that does not begin with the oldest message does so where the queue is young',
    given: ownOrders,
    request: given => popHeader(given, { initMode: 1 }),
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({ remark: 'FOUND', fields: poppedFields(), messages: records(stage, given, 0, 1, 2) }),
  }),
  row({
    name: 'messages of a tag are given',
    given: ownOrders,
    request: given => popHeader(given, { exp: 'a', expType: 'TAG' }),
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({
        remark: 'FOUND',
        fields: poppedFields({ msgOffsetInfo: '0 0 0,2' }),
        messages: records(stage, given, 0, 2),
      }),
  }),
  row({
    name: 'messages behind others of another tag are told by their own offsets',
    given: ownOrders,
    request: given => popHeader(given, { exp: 'b', maxMsgNums: 1 }),
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({
        remark: 'FOUND',
        fields: poppedFields({ msgOffsetInfo: '0 0 1', restNum: '1' }),
        messages: records(stage, given, 1),
      }),
  }),
  row({
    name: 'messages of which an expression is true are given',
    given: ownOrders,
    request: given => popHeader(given, { exp: "TAGS = 'b'", expType: 'SQL92' }),
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({ remark: 'FOUND', fields: poppedFields({ msgOffsetInfo: '0 0 1' }), messages: records(stage, given, 1) }),
  }),
  row({
    name: 'none is given where none has the tag',
    given: ownOrders,
    request: given => popHeader(given, { exp: 'x', expType: 'TAG' }),
    code: by5('POLLING_TIMEOUT'),
    answer: says({ remark: NOTHING, fields: foundNothing() }),
  }),
  row({
    name: 'none is given where none is asked for',
    given: ownOrders,
    request: given => popHeader(given, { maxMsgNums: 0 }),
    code: by5('POLLING_TIMEOUT'),
    answer: says({ remark: NOTHING, fields: foundNothing({ restNum: '3' }) }),
  }),
  // Real brokers do not see one that arrives between their look and the wait; at its end they look again.
  row({
    name: 'a message that arrives ends the wait',
    given: async stage => ({
      topic: await freshTopic(stage),
      group: await freshGroup(stage),
      sent: [] as Popped['sent'],
    }),
    request: given => popHeader(given, { queueId: -1, pollTime: 6000 }),
    meanwhile: async (given, stage) => {
      given.sent = await sendAll(stage, given.topic, [{}])
    },
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({ remark: 'FOUND', fields: poppedFields({ msgOffsetInfo: '0 0 0' }), messages: records(stage, given, 0) }),
  }),
  row({
    name: 'the wait ends with its time',
    given: ownOrders,
    request: given => popHeader(given, { queueId: 1, pollTime: 300 }),
    code: by5('POLLING_TIMEOUT'),
    answer: says({ remark: NOTHING, fields: foundNothing() }),
  }),
  row({
    name: 'what was not acknowledged comes again, under its first topic and with its receipt handle',
    given: async stage => {
      const given = await ownOrders(stage)
      await pop(stage, given, { invisibleTime: 1000 })
      return given
    },
    request: given => popHeader(given, { pollTime: 20_000, maxMsgNums: 1 }),
    code: by5('SUCCESS'),
    answer: ({ group, sent, topic }, stage) =>
      says({
        remark: 'FOUND',
        fields: poppedFields({ startOffsetInfo: '1 0 0', msgOffsetInfo: '1 0 0', restNum: below(3) }),
        messages: sent.slice(0, 1).map(each =>
          record(stage, each, {
            reconsumeTimes: 1,
            queueOffset: 0,
            commitLogOffset: anyNumber,
            bornHost: stage.broker.address,
            properties: {
              ...each.properties,
              UNIQ_KEY: `${topic}-0`,
              CLUSTER: stage.broker.cluster,
              MSG_REGION: 'DefaultRegion',
              TRACE_ON: 'true',
              ORIGIN_GROUP: group,
              '1ST_POP_TIME': anyTime,
              POP_CK: like(new RegExp(`0 \\d{13} 60000 [0-7] 1 ${stage.broker.name} 0 0`)),
            },
          }),
        ),
      }),
  }),
  row({
    name: 'in order, all messages of a queue are given, none of them consumed before',
    given: ownOrders,
    request: given => popHeader(given, { order: true }),
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({
        remark: 'FOUND',
        fields: inOrder({ orderCountInfo: '0 0 0' }),
        messages: records(stage, given, 0, 1, 2),
      }),
  }),
  row({
    name: 'in order, no other message is given while one is held',
    given: async stage => {
      const given = await ownOrders(stage)
      await pop(stage, given, { order: true, maxMsgNums: 1, attemptId: 'first' })
      return given
    },
    request: given => popHeader(given, { order: true, attemptId: 'second' }),
    code: by5('POLLING_TIMEOUT'),
    answer: says({
      remark: NOTHING,
      fields: inOrder({ startOffsetInfo: '', msgOffsetInfo: '', orderCountInfo: '' }),
    }),
  }),
  row({
    name: 'in order, the same attempt is given the same again',
    given: poppedInOrder,
    request: given => popHeader(given, { order: true, attemptId: 'first' }),
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({
        remark: 'FOUND',
        fields: inOrder({ orderCountInfo: '0 0 0' }),
        messages: records(stage, given, 0, 1, 2),
      }),
  }),
  row({
    name: 'in order, what was given before is counted, and what is new is not',
    given: async stage => {
      const given = await ownOrders(stage)
      const extraInfo = await handleOfFirst(stage, given, { order: true, maxMsgNums: 1 })
      const header = {
        consumerGroup: given.group,
        topic: given.topic,
        queueId: 0,
        offset: 0,
        extraInfo,
        invisibleTime: 0,
      }
      if (stage.version === '5') await stage.invoke(CHANGE_MESSAGE_INVISIBLETIME, { header })
      return given
    },
    request: given => popHeader(given, { order: true, maxMsgNums: 2 }),
    code: by5('SUCCESS'),
    answer: (given, stage) =>
      says({
        remark: 'FOUND',
        fields: inOrder({ msgOffsetInfo: '0 0 0,1', orderCountInfo: '0 qo0%0 1;0 0 0', restNum: '1' }),
        messages: records(stage, given, 0, 1),
      }),
  }),
]

export const POP_REFUSED_ROWS = [
  row({
    name: 'more than 32 messages are refused',
    given: ownOrders,
    request: given => popHeader(given, { maxMsgNums: 33 }),
    code: by5('INVALID_PARAMETER'),
    answer: says({ remark: like(/the broker\[[\d.]+\] pop message's num is greater than 32/), fields: REFUSED }),
  }),
  row({
    name: 'a pop that nobody can wait for any more is told',
    given: ownOrders,
    request: given => popHeader(given, { bornTime: 1 }),
    code: by5('POLLING_TIMEOUT'),
    answer: says({ remark: like(/the broker\[[\d.]+\] pop message is timeout too much/), fields: REFUSED }),
  }),
  row({
    name: 'a topic that is not there is told',
    given: async stage => ({ topic: stage.unique('Probe'), group: await freshGroup(stage) }),
    request: given => popHeader(given),
    code: by5('TOPIC_NOT_EXIST'),
    answer: ({ topic }) =>
      says({ remark: withHelp(`topic[${topic}] not exist, apply first please! `), fields: REFUSED }),
  }),
  row({
    name: 'a topic that cannot be read is told',
    given: async stage => ({ topic: await freshTopic(stage, { perm: 2 }), group: await freshGroup(stage) }),
    request: given => popHeader(given),
    code: by5('NO_PERMISSION'),
    answer: ({ topic }) => says({ remark: `the topic[${topic}] peeking message is forbidden`, fields: REFUSED }),
  }),
  row({
    name: 'a queue id beyond the queues of the topic is told',
    given: ownOrders,
    request: given => popHeader(given, { queueId: 2 }),
    code: by5('INVALID_PARAMETER'),
    answer: ({ topic }) => says({ remark: illegalQueue(2, topic), fields: REFUSED }),
  }),
  row({
    name: 'a group that may not be is told',
    given: ownOrders,
    request: given => popHeader({ ...given, group: 'no/group' }),
    code: by5('SUBSCRIPTION_GROUP_NOT_EXIST'),
    answer: says({ remark: withHelp('subscription group [no/group] does not exist, '), fields: REFUSED }),
  }),
  row({
    name: 'a group that may not consume is told',
    given: async stage => ({ ...(await ownOrders(stage)), group: await freshGroup(stage, { consumeEnable: false }) }),
    request: given => popHeader(given),
    code: by5('NO_PERMISSION'),
    answer: ({ group }) => says({ remark: `subscription group no permission, ${group}`, fields: REFUSED }),
  }),
  ...(['||', 'TAGS = = b'] as const).map(exp =>
    row({
      name: `the expression ${exp} is told to be none`,
      given: ownOrders,
      request: given => popHeader(given, { exp, expType: exp === '||' ? 'TAG' : 'SQL92' }),
      code: by5('SUBSCRIPTION_PARSE_FAILED'),
      answer: says({ remark: "parse the consumer's subscription failed", fields: REFUSED }),
    }),
  ),
]
