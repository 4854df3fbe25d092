import { ACK_MESSAGE, BATCH_ACK_MESSAGE, type BatchAck, CHANGE_MESSAGE_INVISIBLETIME } from '../../../lib/commands/pop'
import { parseExtraInfo } from '../../../lib/wire/pop-extra-info'
import { NO_REMARK, exceptionRemark, withHelp } from './answers'
import { anyTime, below, like } from './expected'
import { freshGroup } from './given'
import { type Popped, answerOf5, by5, handleOfFirst, illegalQueue, ownOrders } from './pop-given'
import { type Answer, rowsOf } from './probe'
import type { Stage } from './stage'

interface Handled extends Popped {
  readonly handle: string
}

/** All three messages popped. */
async function popped(stage: Stage): Promise<Handled> {
  const given = await ownOrders(stage)
  return { ...given, handle: await handleOfFirst(stage, given) }
}

async function poppedInOrder(stage: Stage): Promise<Handled> {
  const given = await ownOrders(stage)
  return { ...given, handle: await handleOfFirst(stage, given, { order: true }) }
}

const header = ({ topic, group, handle }: Omit<Handled, 'sent'>, offset = 0) => {
  return { consumerGroup: group, topic, queueId: 0, extraInfo: handle, offset }
}

const ack = rowsOf(ACK_MESSAGE)
const acked = (answer: Answer = {}): Answer => answerOf5(ACK_MESSAGE, answer)

const ACK_ROWS = [
  ...[popped, poppedInOrder].map(given =>
    ack({
      name: `a message that was ${given === popped ? 'popped' : 'popped in order'} is acknowledged`,
      given,
      request: handled => ({ header: header(handled) }),
      code: by5('SUCCESS'),
      answer: acked(),
    }),
  ),
  ack({
    name: 'the handle of a pop that was not is acknowledged, too',
    given: popped,
    request: given => ({ header: { ...header(given), extraInfo: `7 1 1 0 0 ${given.topic} 0 0` } }),
    code: by5('SUCCESS'),
    answer: acked(),
  }),
  ack({
    name: 'a topic that is not there is told',
    given: async stage => ({ topic: stage.unique('Probe'), group: await freshGroup(stage), handle: '0 1 1 0 0 b 0 0' }),
    request: given => ({ header: header(given) }),
    code: by5('TOPIC_NOT_EXIST'),
    answer: ({ topic }) => acked({ remark: withHelp(`topic[${topic}] not exist, apply first please! `) }),
  }),
  ...[2, -1].map(queueId =>
    ack({
      name: `queue ${queueId}, which is none of the topic, is told`,
      given: popped,
      request: given => ({ header: { ...header(given), queueId } }),
      code: by5('MESSAGE_ILLEGAL'),
      answer: ({ topic }) => acked({ remark: illegalQueue(queueId, topic) }),
    }),
  ),
  ...[4, -1].map(offset =>
    ack({
      name: `offset ${offset}, which the queue does not have, is told`,
      given: popped,
      request: given => ({ header: header(given, offset) }),
      code: by5('NO_MESSAGE'),
      answer: ({ topic }) => acked({ remark: `offset is illegal, key:${topic}@0, commit:${offset}, store:0~3` }),
    }),
  ),
  ack({
    name: 'in order, an offset that was not popped is told',
    given: poppedInOrder,
    request: given => ({ header: header(given, 3) }),
    code: by5('MESSAGE_ILLEGAL'),
    answer: ({ topic, group }) =>
      acked({
        remark: like(new RegExp(`offset is illegal, key:${topic}@${group}@0, old:0, commit:3, next:-1, /[\\d.]+:\\d+`)),
      }),
  }),
  ack({
    name: 'in order, a handle of another pop changes nothing',
    given: poppedInOrder,
    request: given => ({ header: { ...header(given, 3), extraInfo: `0 1 1 999 0 ${given.topic} 0 0` } }),
    code: by5('SUCCESS'),
    answer: acked(),
  }),
  ack({
    name: 'a message of a light topic is told where the group is bound to none',
    given: popped,
    request: given => ({ header: { ...header(given), liteTopic: 'a' } }),
    code: by5('INVALID_PARAMETER'),
    answer: acked({ remark: 'group type or bind topic not match.' }),
  }),
  ...['', '0 1 1', '0 1 1 x 0 b 0 0'].map(handle =>
    ack({
      name: `'${handle}', which is no handle, is an exception`,
      given: popped,
      request: given => ({ header: header({ ...given, handle }) }),
      code: by5('SYSTEM_ERROR'),
      answer: acked({ remark: exceptionRemark }),
    }),
  ),
]

const batch = rowsOf(BATCH_ACK_MESSAGE)
const batched = (answer: Answer = {}): Answer => answerOf5(BATCH_ACK_MESSAGE, answer)

function batchAck({ topic, group, handle }: Handled, rest: Partial<BatchAck> = {}): BatchAck {
  const { ckQueueOffset, queueId, reviveQid, popTime, invisibleTime, retry } = parseExtraInfo(handle)
  return {
    consumerGroup: group,
    topic,
    retry,
    startOffset: ckQueueOffset,
    queueId,
    reviveQueueId: reviveQid,
    popTime,
    invisibleTime,
    bitSet: Buffer.from([0b111]),
    ...rest,
  }
}

const BATCH_ACK_ROWS = [
  ...[popped, poppedInOrder].map(given =>
    batch({
      name: `messages that were ${given === popped ? 'popped' : 'popped in order'} are acknowledged`,
      given,
      request: (handled, stage) => ({ body: { brokerName: stage.broker.name, acks: [batchAck(handled)] } }),
      code: by5('SUCCESS'),
      answer: batched(),
    }),
  ),
  batch({
    name: 'what is wrong is passed over',
    given: popped,
    request: (given, stage) => ({
      body: {
        brokerName: stage.broker.name,
        acks: [
          batchAck(given, { topic: stage.unique('Probe') }),
          batchAck(given, { queueId: 7 }),
          batchAck(given, { startOffset: 100 }),
        ],
      },
    }),
    code: by5('SUCCESS'),
    answer: batched(),
  }),
  batch({
    name: 'none at all is told',
    given: popped,
    request: (_given, stage) => ({ body: { brokerName: stage.broker.name, acks: [] } }),
    code: by5('NO_MESSAGE'),
    answer: batched(),
  }),
  batch({
    name: 'a flag that is not known is an exception',
    given: popped,
    request: (given, stage) => ({
      body: { brokerName: stage.broker.name, acks: [batchAck(given, { retry: '7' })] },
    }),
    code: by5('SYSTEM_ERROR'),
    answer: batched({ remark: exceptionRemark }),
  }),
  batch({
    name: 'a body that is no JSON is an exception',
    request: () => ({ raw: { body: Buffer.from('[{') } }),
    code: by5('SYSTEM_ERROR'),
    answer: batched({ remark: exceptionRemark }),
  }),
]

const change = rowsOf(CHANGE_MESSAGE_INVISIBLETIME)
const changed = (answer: Answer): Answer => answerOf5(CHANGE_MESSAGE_INVISIBLETIME, { remark: NO_REMARK, ...answer })
const UNCHANGED = { popTime: '0', invisibleTime: '0', reviveQid: '0' }

const CHANGE_ROWS = [
  change({
    name: 'a message is hidden for another while, by itself from now on',
    given: popped,
    request: given => ({ header: { ...header(given), invisibleTime: 30_000 } }),
    code: by5('SUCCESS'),
    answer: changed({ fields: { popTime: anyTime, invisibleTime: '30000', reviveQid: below(8) } }),
  }),
  change({
    name: 'a message is hidden that will not count as consumed',
    given: popped,
    request: given => ({ header: { ...header(given, 2), invisibleTime: 30_000, suspend: true } }),
    code: by5('SUCCESS'),
    answer: changed({ fields: { popTime: anyTime, invisibleTime: '30000', reviveQid: below(8) } }),
  }),
  change({
    name: 'in order, the time goes on from the pop',
    given: poppedInOrder,
    request: given => ({ header: { ...header(given), invisibleTime: 30_000 } }),
    code: by5('SUCCESS'),
    answer: changed({ fields: { popTime: anyTime, invisibleTime: like(/3[0-9]{4}/), reviveQid: '999' } }),
  }),
  change({
    name: 'in order, what was acknowledged stays so',
    given: async stage => {
      const given = await poppedInOrder(stage)
      if (stage.version === '5') await stage.invoke(ACK_MESSAGE, { header: header(given) })
      return given
    },
    request: given => ({ header: { ...header(given), invisibleTime: 30_000 } }),
    code: by5('SUCCESS'),
    answer: changed({ fields: UNCHANGED }),
  }),
  change({
    name: 'a topic that is not there is told',
    given: async stage => ({ topic: stage.unique('Probe'), group: await freshGroup(stage), handle: '0 1 1 0 0 b 0 0' }),
    request: given => ({ header: { ...header(given), invisibleTime: 30_000 } }),
    code: by5('TOPIC_NOT_EXIST'),
    answer: ({ topic }) =>
      changed({ remark: withHelp(`topic[${topic}] not exist, apply first please! `), fields: UNCHANGED }),
  }),
  change({
    name: 'a queue id beyond the queues of the topic is told',
    given: popped,
    request: given => ({ header: { ...header(given), queueId: 2, invisibleTime: 30_000 } }),
    code: by5('MESSAGE_ILLEGAL'),
    answer: ({ topic }) => changed({ remark: illegalQueue(2, topic), fields: UNCHANGED }),
  }),
  change({
    name: 'an offset that the queue does not have is told',
    given: popped,
    request: given => ({ header: { ...header(given, 3), invisibleTime: 30_000 } }),
    code: by5('NO_MESSAGE'),
    answer: changed({ fields: UNCHANGED }),
  }),
  change({
    name: 'what is no handle is an exception',
    given: popped,
    request: given => ({ header: { ...header({ ...given, handle: '0 1 1' }), invisibleTime: 30_000 } }),
    code: by5('SYSTEM_ERROR'),
    answer: changed({ remark: exceptionRemark }),
  }),
]

export const POP_ACK_ROWS = [...ACK_ROWS, ...BATCH_ACK_ROWS, ...CHANGE_ROWS]
