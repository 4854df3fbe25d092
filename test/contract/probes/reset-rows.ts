import type { RequestOf } from '../../../lib/commands/command'
import { INVOKE_BROKER_TO_RESET_OFFSET } from '../../../lib/commands/group'
import { consumerData } from '../../support/emulator-site'
import { NO_REMARK, exceptionRemark } from './answers'
import { byVersion, onlyIn4, since5 } from './expected'
import { commit, freshGroup, freshTopic, heartbeat, orders } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const reset = rowsOf(INVOKE_BROKER_TO_RESET_OFFSET)

type Header = RequestOf<typeof INVOKE_BROKER_TO_RESET_OFFSET>['header']

interface Given {
  readonly topic: string
  readonly group: string
}

/** A group that has committed the end of both queues of a topic, of which one has three messages, and is online or not. */
async function atTheEnd(stage: Stage, isOnline: boolean): Promise<Given> {
  const { topic } = await stage.shared(orders)
  const group = await freshGroup(stage)
  await commit(stage, { consumerGroup: group, topic, queueId: 0, commitOffset: 3 })
  await commit(stage, { consumerGroup: group, topic, queueId: 1, commitOffset: 0 })
  if (isOnline) await heartbeat(stage, group, { consumers: [consumerData(group, [topic])] })
  return { topic, group }
}

const offline = (stage: Stage): Promise<Given> => atTheEnd(stage, false)
const online = (stage: Stage): Promise<Given> => atTheEnd(stage, true)

const to = ({ topic, group }: Given, header: Partial<Header> = {}) => ({
  header: { topic, group, timestamp: 0, isForce: true, ...header },
})
const offsets = ({ broker }: Stage, topic: string, all: readonly number[]) => ({
  offsetTable: all.map((offset, queueId) => [{ topic, brokerName: broker.name, queueId }, offset]),
})
const notOnline = ({ topic, group }: Given, timestamp: number): string =>
  `Consumer not online, so can not reset offset, Group: ${group} Topic: ${topic} Timestamp: ${timestamp}`
const ONLY_BY_5 = byVersion({ '4.9': 'CONSUMER_NOT_ONLINE', '5': 'SUCCESS' } as const)

export const RESET_ROWS = [
  reset({
    name: 'a group that is offline is reset by 5.x',
    given: offline,
    request: given => to(given),
    code: ONLY_BY_5,
    answer: (given, stage) => ({
      remark: onlyIn4(notOnline(given, 0)),
      json: since5(offsets(stage, given.topic, [0, 0])),
    }),
  }),
  reset({
    name: 'a group that is online is reset; 4.9 has its members do it',
    given: online,
    request: given => to(given),
    code: 'SUCCESS',
    answer: (given, stage) => ({ remark: onlyIn4(NO_REMARK), json: offsets(stage, given.topic, [0, 0]) }),
  }),
  reset({
    name: 'time -1 is the end',
    given: async stage => {
      const given = await online(stage)
      await commit(stage, { consumerGroup: given.group, topic: given.topic, queueId: 0, commitOffset: 1 })
      return given
    },
    request: given => to(given, { timestamp: -1 }),
    code: 'SUCCESS',
    answer: (given, stage) => ({ remark: onlyIn4(NO_REMARK), json: offsets(stage, given.topic, [3, 0]) }),
  }),
  reset({
    name: 'without force 4.9 does not go forward',
    given: async stage => {
      const given = await online(stage)
      await commit(stage, { consumerGroup: given.group, topic: given.topic, queueId: 0, commitOffset: 1 })
      return given
    },
    request: given => to(given, { timestamp: -1, isForce: false }),
    code: 'SUCCESS',
    answer: (given, stage) => ({
      remark: onlyIn4(NO_REMARK),
      json: byVersion({
        '4.9': offsets(stage, given.topic, [1, 0]),
        '5': offsets(stage, given.topic, [3, 0]),
      }),
    }),
  }),
  reset({
    name: 'one queue is reset to an offset by 5.x',
    given: offline,
    request: given => to(given, { queueId: 0, offset: 2 }),
    code: ONLY_BY_5,
    answer: (given, stage) => ({
      remark: onlyIn4(notOnline(given, 0)),
      json: since5(offsets(stage, given.topic, [2])),
    }),
  }),
  reset({
    name: 'one queue is reset to a time by 5.x',
    given: offline,
    request: given => to(given, { queueId: 0, timestamp: -1 }),
    code: ONLY_BY_5,
    answer: (given, stage) => ({
      remark: onlyIn4(notOnline(given, -1)),
      json: since5(offsets(stage, given.topic, [3])),
    }),
  }),
  reset({
    name: 'a topic without queues has none to reset',
    given: async stage => {
      const topic = await freshTopic(stage, { readQueueNums: 0, writeQueueNums: 0 })
      return { topic, group: await freshGroup(stage) }
    },
    request: given => to(given),
    code: byVersion({ '4.9': 'CONSUMER_NOT_ONLINE', '5': 'SYSTEM_ERROR' } as const),
    answer: given => ({ remark: byVersion({ '4.9': notOnline(given, 0), '5': 'No queues to reset.' }) }),
  }),
  reset({
    name: 'an offset beyond the end is refused by 5.x',
    given: offline,
    request: given => to(given, { queueId: 0, offset: 9 }),
    code: byVersion({ '4.9': 'CONSUMER_NOT_ONLINE', '5': 'SYSTEM_ERROR' } as const),
    answer: given => ({
      remark: byVersion({
        '4.9': notOnline(given, 0),
        '5': 'Target offset 9 not in consume queue range [0-3]',
      }),
    }),
  }),
  reset({
    name: 'a topic that is not there is told',
    given: offline,
    request: ({ group }) => to({ group, topic: 'not-there' }),
    code: byVersion({ '4.9': 'SYSTEM_ERROR', '5': 'TOPIC_NOT_EXIST' } as const),
    answer: {
      remark: byVersion({
        '4.9': '[reset-offset] reset offset failed, no topic in this broker. topic=not-there',
        '5': 'Topic not-there does not exist',
      }),
    },
  }),
  reset({
    name: 'a group that is not there is told',
    given: async stage => ({ ...(await offline(stage)), group: stage.unique('probe') }),
    request: given => to(given),
    code: byVersion({ '4.9': 'SYSTEM_ERROR', '5': 'SUBSCRIPTION_GROUP_NOT_EXIST' } as const),
    answer: ({ group }) => ({
      remark: byVersion({ '4.9': `THe consumer group <${group}> not exist`, '5': `Group ${group} does not exist` }),
    }),
  }),
  reset({
    name: 'a client of a language that 4.9 does not know is an exception there',
    client: { language: 'NODE_JS' },
    given: online,
    request: given => to(given),
    code: byVersion({ '4.9': 'SYSTEM_ERROR', '5': 'SUCCESS' } as const),
    answer: (given, stage) => ({
      remark: onlyIn4(exceptionRemark),
      json: since5(offsets(stage, given.topic, [0, 0])),
    }),
  }),
  reset({
    name: 'a header without a group is told',
    given: offline,
    request: given => to(given),
    without: ['group'],
    code: byVersion({ '4.9': 'SYSTEM_ERROR', '5': 'SUBSCRIPTION_GROUP_NOT_EXIST' } as const),
    answer: {
      remark: byVersion({ '4.9': 'THe consumer group <null> not exist', '5': 'Group null does not exist' }),
    },
  }),
]
