import { NOTIFICATION } from '../../../lib/commands/pop'
import { NO_REMARK, withHelp } from './answers'
import { freshGroup, freshTopic, sendAll, sendMany } from './given'
import { type Popped, answerOf5, by5, illegalQueue, ownOrders, pop, popHeader } from './pop-given'
import { type Answer, rowsOf } from './probe'

const row = rowsOf(NOTIFICATION)
const says = (answer: Answer): Answer => answerOf5(NOTIFICATION, answer)

type Settings = Parameters<typeof popHeader>[1]

function request(given: { topic: string; group: string }, rest: Settings = {}) {
  const { consumerGroup, topic, queueId, pollTime, bornTime, order, attemptId, exp, expType } = popHeader(
    given,
    rest,
  ).header
  return { header: { consumerGroup, topic, queueId, pollTime, bornTime, order, attemptId, exp, expType } }
}

const told = (hasMsg: boolean): Answer =>
  says({ remark: NO_REMARK, fields: { hasMsg: String(hasMsg), pollingFull: 'false' } })
const REFUSED = { hasMsg: 'false', pollingFull: 'false' }

export const NOTIFICATION_ROWS = [
  row({
    name: 'messages are told',
    given: ownOrders,
    request: given => request(given),
    code: by5('SUCCESS'),
    answer: told(true),
  }),
  row({
    name: 'messages of any queue are told',
    given: ownOrders,
    request: given => request(given, { queueId: -1 }),
    code: by5('SUCCESS'),
    answer: told(true),
  }),
  row({
    name: 'it is told that there are none',
    given: ownOrders,
    request: given => request(given, { queueId: 1 }),
    code: by5('SUCCESS'),
    answer: told(false),
  }),
  row({
    name: 'what others have is none',
    given: async stage => {
      const given = await ownOrders(stage)
      await pop(stage, given)
      return given
    },
    request: given => request(given),
    code: by5('SUCCESS'),
    answer: told(false),
  }),
  row({
    name: 'messages of another tag are none',
    given: ownOrders,
    request: given => request(given, { exp: 'x', expType: 'TAG' }),
    code: by5('SUCCESS'),
    answer: told(false),
  }),
  row({
    name: 'a message is told that is behind 40 of another tag',
    given: async stage => {
      const topic = await sendMany(stage, 40, { TAGS: 'a' })
      await sendAll(stage, topic, [{ properties: { TAGS: 'b' } }])
      return { topic, group: await freshGroup(stage) }
    },
    request: given => request(given, { exp: 'b', expType: 'TAG' }),
    code: by5('SUCCESS'),
    answer: told(true),
  }),
  row({
    name: '64 messages of another tag are told, as nobody looks at so many',
    given: async stage => ({ topic: await sendMany(stage, 64, { TAGS: 'a' }), group: await freshGroup(stage) }),
    request: given => request(given, { exp: 'b', expType: 'TAG' }),
    code: by5('SUCCESS'),
    answer: told(true),
  }),
  row({
    name: 'messages that no expression is true of are told all the same',
    given: ownOrders,
    request: given => request(given, { exp: "TAGS = 'x'", expType: 'SQL92' }),
    code: by5('SUCCESS'),
    answer: told(true),
  }),
  row({
    name: 'in order, messages behind one that is held are none',
    given: async stage => {
      const given = await ownOrders(stage)
      await pop(stage, given, { order: true, maxMsgNums: 1 })
      return given
    },
    request: given => request(given, { order: true }),
    code: by5('SUCCESS'),
    answer: told(false),
  }),
  row({
    name: 'a message that arrives ends the wait',
    given: async stage => ({
      topic: await freshTopic(stage),
      group: await freshGroup(stage),
      sent: [] as Popped['sent'],
    }),
    request: given => request(given, { queueId: -1, pollTime: 6000 }),
    meanwhile: (given, stage) => sendAll(stage, given.topic, [{}]),
    code: by5('SUCCESS'),
    answer: told(true),
  }),
  row({
    name: 'the wait ends with its time',
    given: ownOrders,
    request: given => request(given, { queueId: 1, pollTime: 300 }),
    code: by5('SUCCESS'),
    answer: told(false),
  }),
  row({
    name: 'a topic that is not there is told',
    given: async stage => ({ topic: stage.unique('Probe'), group: await freshGroup(stage) }),
    request: given => request(given),
    code: by5('TOPIC_NOT_EXIST'),
    answer: ({ topic }) =>
      says({ remark: withHelp(`topic[${topic}] not exist, apply first please! `), fields: REFUSED }),
  }),
  row({
    name: 'a queue id beyond the queues of the topic is told',
    given: ownOrders,
    request: given => request(given, { queueId: 2 }),
    code: by5('INVALID_PARAMETER'),
    answer: ({ topic }) => says({ remark: illegalQueue(2, topic), fields: REFUSED }),
  }),
  row({
    name: 'a group that may not consume is told',
    given: async stage => ({ ...(await ownOrders(stage)), group: await freshGroup(stage, { consumeEnable: false }) }),
    request: given => request(given),
    code: by5('NO_PERMISSION'),
    answer: ({ group }) => says({ remark: `subscription group no permission, ${group}`, fields: REFUSED }),
  }),
  row({
    name: 'an expression that cannot be read is told',
    given: ownOrders,
    request: given => request(given, { exp: '||', expType: 'TAG' }),
    code: by5('SUBSCRIPTION_PARSE_FAILED'),
    answer: says({ remark: "parse the consumer's subscription failed", fields: REFUSED }),
  }),
]
