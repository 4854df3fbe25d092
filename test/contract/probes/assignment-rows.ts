import {
  type AssignmentQuestion,
  QUERY_ASSIGNMENT,
  type RequestModeChange,
  SET_MESSAGE_REQUEST_MODE,
} from '../../../lib/commands/pop'
import { consumerData } from '../../support/emulator-site'
import { exceptionRemark } from './answers'
import { anyOrder } from './expected'
import { freshGroup, freshTopic, heartbeat } from './given'
import { answerOf5, by5 } from './pop-given'
import { type Answer, rowsOf } from './probe'
import type { Stage } from './stage'

interface Members {
  readonly topic: string
  readonly group: string
}

/** A topic of four queues, and a group with so many members, `c0` and so on. */
async function members(stage: Stage, count: number): Promise<Members> {
  const topic = await freshTopic(stage, { readQueueNums: 4, writeQueueNums: 4 })
  const group = await freshGroup(stage)
  for (let i = 0; i < count; i++) {
    const consumers = [consumerData(group, [topic])]
    await heartbeat(stage, `c${i}`, { consumers, which: `member ${i}` })
  }
  return { topic, group }
}

const mode = ({ topic, group }: Members, rest: Partial<RequestModeChange> = {}): { body: RequestModeChange } => ({
  body: { topic, consumerGroup: group, mode: 'POP', popShareQueueNum: 0, ...rest },
})

/** The same where the group pops. */
const popping =
  (count: number, popShareQueueNum = 0) =>
  async (stage: Stage): Promise<Members> => {
    const given = await members(stage, count)
    if (stage.version === '5') await stage.invoke(SET_MESSAGE_REQUEST_MODE, mode(given, { popShareQueueNum }))
    return given
  }

const ask = rowsOf(QUERY_ASSIGNMENT)
const question = ({ topic, group }: Members, rest: Partial<AssignmentQuestion> = {}): { body: AssignmentQuestion } => ({
  body: { topic, consumerGroup: group, clientId: 'c0', strategyName: 'AVG', messageModel: 'CLUSTERING', ...rest },
})
const told = (json: unknown): Answer => answerOf5(QUERY_ASSIGNMENT, { json })

function assigned(stage: Stage, { topic }: Members, as: 'PULL' | 'POP', ...queueIds: number[]): Answer {
  const messageQueue = (queueId: number) => ({ topic, brokerName: stage.broker.name, queueId })
  const list = queueIds.map(queueId => ({ messageQueue: messageQueue(queueId), mode: as }))
  return told({ messageQueueAssignments: anyOrder(...list) })
}

const NOBODY_KNOWS = told({})

const QUERY_ROWS = [
  ask({
    name: 'a member gets its queues, to pull them where nothing else was said',
    given: stage => members(stage, 2),
    request: given => question(given),
    code: by5('SUCCESS'),
    answer: (given, stage) => assigned(stage, given, 'PULL', 0, 1),
  }),
  ask({
    name: 'queues are dealt out round and round where that is asked for',
    given: stage => members(stage, 2),
    request: given => question(given, { clientId: 'c1', strategyName: 'AVG_BY_CIRCLE' }),
    code: by5('SUCCESS'),
    answer: (given, stage) => assigned(stage, given, 'PULL', 1, 3),
  }),
  ask({
    name: 'a member of a group that pops gets all queues of each broker as one',
    given: popping(2),
    request: given => question(given),
    code: by5('SUCCESS'),
    answer: (given, stage) => assigned(stage, given, 'POP', -1),
  }),
  ask({
    name: 'a member that shares with one gets its own queues and those of the next',
    given: popping(4, 1),
    request: given => question(given, { clientId: 'c3' }),
    code: by5('SUCCESS'),
    answer: (given, stage) => assigned(stage, given, 'POP', 0, 3),
  }),
  ask({
    name: 'a member that shares with all others gets all queues of each broker as one',
    given: popping(3, 2),
    request: given => question(given),
    code: by5('SUCCESS'),
    answer: (given, stage) => assigned(stage, given, 'POP', -1),
  }),
  ask({
    name: 'where there are more members than queues each gets one',
    given: popping(6, 1),
    request: given => question(given, { clientId: 'c5' }),
    code: by5('SUCCESS'),
    answer: (given, stage) => assigned(stage, given, 'POP', 1),
  }),
  ask({
    name: 'in broadcasting everybody gets all queues',
    given: stage => members(stage, 2),
    request: given => question(given, { messageModel: 'BROADCASTING' }),
    code: by5('SUCCESS'),
    answer: (given, stage) => assigned(stage, given, 'PULL', 0, 1, 2, 3),
  }),
  ask({
    name: 'who is no member gets no queue',
    given: stage => members(stage, 2),
    request: given => question(given, { clientId: 'stranger' }),
    code: by5('SUCCESS'),
    answer: (given, stage) => assigned(stage, given, 'PULL'),
  }),
  ask({
    name: 'who is no member of a group that shares gets the queues of nobody',
    given: popping(4, 1),
    request: given => question(given, { clientId: 'stranger' }),
    code: by5('SUCCESS'),
    answer: (given, stage) => assigned(stage, given, 'POP'),
  }),
  ask({
    name: 'nothing is told to a group that nobody is in',
    given: stage => members(stage, 0),
    request: given => question(given),
    code: by5('SUCCESS'),
    answer: NOBODY_KNOWS,
  }),
  ask({
    name: 'nothing is told of a topic that is not there',
    given: stage => members(stage, 1),
    request: (given, stage) => question(given, { topic: stage.unique('Probe') }),
    code: by5('SUCCESS'),
    answer: NOBODY_KNOWS,
  }),
  ask({
    name: 'nothing is told by a strategy that brokers do not have',
    given: stage => members(stage, 1),
    request: given => question(given, { strategyName: 'CONSISTENT_HASH' }),
    code: by5('SUCCESS'),
    answer: NOBODY_KNOWS,
  }),
  ask({
    name: 'a body that is no JSON is an exception',
    request: () => ({ raw: { body: Buffer.from('[{') } }),
    code: by5('SYSTEM_ERROR'),
    answer: answerOf5(QUERY_ASSIGNMENT, { remark: exceptionRemark }),
  }),
]

const set = rowsOf(SET_MESSAGE_REQUEST_MODE)
const refused = (remark: unknown): Answer => answerOf5(SET_MESSAGE_REQUEST_MODE, { remark })

const MODE_ROWS = [
  set({
    name: 'a group pops a topic from now on',
    given: stage => members(stage, 0),
    request: given => mode(given),
    code: by5('SUCCESS'),
    answer: answerOf5(SET_MESSAGE_REQUEST_MODE, {}),
  }),
  set({
    name: 'a retry topic is always pulled',
    given: stage => members(stage, 0),
    request: given => mode(given, { topic: `%RETRY%${given.group}` }),
    code: by5('NO_PERMISSION'),
    answer: refused('retry topic is not allowed to set mode'),
  }),
  set({
    name: 'a topic that is not there is told',
    given: async stage => ({ topic: stage.unique('Probe'), group: await freshGroup(stage) }),
    request: given => mode(given),
    code: by5('TOPIC_NOT_EXIST'),
    answer: ({ topic }) => refused(`topic[${topic}] not exist`),
  }),
  set({
    name: 'a group that may not be is told',
    given: stage => members(stage, 0),
    request: given => mode(given, { consumerGroup: 'no/group' }),
    code: by5('SUBSCRIPTION_GROUP_NOT_EXIST'),
    answer: refused('subscription group does not exist'),
  }),
]

export const ASSIGNMENT_ROWS = [...QUERY_ROWS, ...MODE_ROWS]
