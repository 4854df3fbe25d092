import { INVOKE_BROKER_TO_RESET_OFFSET } from '../../../lib/commands/group'
import {
  GET_MAX_OFFSET,
  GET_MIN_OFFSET,
  QUERY_CONSUMER_OFFSET,
  UPDATE_CONSUMER_OFFSET,
} from '../../../lib/commands/offset'
import { PULL_MESSAGE } from '../../../lib/commands/pull'
import { DELETE_TOPIC_IN_BROKER } from '../../../lib/commands/topic'
import { buildPullSysFlag } from '../../../lib/model/pull-sys-flag'
import { pullHeader } from '../../support/emulator-site'
import { exceptionRemark } from './answers'
import { byVersion, onlyIn4, since5 } from './expected'
import { commit, freshGroup, orders, ordersOf } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const query = rowsOf(QUERY_CONSUMER_OFFSET)
const update = rowsOf(UPDATE_CONSUMER_OFFSET)
const max = rowsOf(GET_MAX_OFFSET)
const min = rowsOf(GET_MIN_OFFSET)

interface At {
  readonly topic: string
  readonly consumerGroup: string
  readonly queueId: number
}

/** A queue with three messages, and a group of the row's own that has committed nothing. */
async function untouched(stage: Stage): Promise<At> {
  const { topic } = await stage.shared(orders)
  return { topic, consumerGroup: await freshGroup(stage), queueId: 0 }
}

async function committed(stage: Stage, commitOffset: number): Promise<At> {
  const at = await untouched(stage)
  await commit(stage, { ...at, commitOffset })
  return at
}

const isAt = (offset: number) => ({ fields: { offset: String(offset) } })
const FIRST_BOOT = 'Not found, V3_0_6_SNAPSHOT maybe this group consumer boot first'

export const COMMITTED_OFFSET_ROWS = [
  query({
    name: 'what was committed is told',
    given: stage => committed(stage, 2),
    request: header => ({ header }),
    code: 'SUCCESS',
    answer: isAt(2),
  }),
  query({
    name: 'a group that never committed begins at 0 of a queue that has its first message',
    given: untouched,
    request: header => ({ header }),
    code: 'SUCCESS',
    answer: isAt(0),
  }),
  query({
    name: 'a group that never committed is told so by 5.x where it asks for that',
    given: untouched,
    request: header => ({ header: { ...header, setZeroIfNotFound: false } }),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'QUERY_NOT_FOUND' } as const),
    answer: {
      remark: since5('Not found, do not set to zero, maybe this group boot first'),
      fields: onlyIn4({ offset: '0' }),
    },
  }),
  query({
    name: 'a group that never committed on an empty queue begins at 0 in 4.9 alone',
    given: untouched,
    request: header => ({ header: { ...header, queueId: 1 } }),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'QUERY_NOT_FOUND' } as const),
    answer: { remark: since5(FIRST_BOOT), fields: onlyIn4({ offset: '0' }) },
  }),
  query({
    name: 'a topic that is not there is as an empty queue',
    given: untouched,
    request: (header, stage) => ({ header: { ...header, topic: stage.unique('Probe') } }),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'QUERY_NOT_FOUND' } as const),
    answer: { remark: since5(FIRST_BOOT), fields: onlyIn4({ offset: '0' }) },
  }),
  query({
    name: 'a queue that is not there is as an empty one',
    given: untouched,
    request: header => ({ header: { ...header, queueId: 99 } }),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'QUERY_NOT_FOUND' } as const),
    answer: { remark: since5(FIRST_BOOT), fields: onlyIn4({ offset: '0' }) },
  }),
  query({
    name: 'what was committed on a topic that was deleted is known to 4.9 alone',
    given: async stage => {
      const { topic } = await ordersOf(stage, 1)
      const at = { topic, consumerGroup: await freshGroup(stage), queueId: 0 }
      await commit(stage, { ...at, commitOffset: 1 })
      await stage.invoke(DELETE_TOPIC_IN_BROKER, { header: { topic } })
      return at
    },
    request: header => ({ header: { ...header, setZeroIfNotFound: false } }),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'QUERY_NOT_FOUND' } as const),
    answer: {
      remark: since5('Not found, do not set to zero, maybe this group boot first'),
      fields: onlyIn4({ offset: '1' }),
    },
  }),
  query({
    name: 'a pull may commit',
    given: async stage => {
      const at = await untouched(stage)
      const { consumerGroup, topic } = at
      const sysFlag = buildPullSysFlag({ subscription: true, commitOffset: true })
      await stage.invoke(PULL_MESSAGE, { header: pullHeader(topic, { consumerGroup, sysFlag, commitOffset: 2 }) })
      return at
    },
    request: header => ({ header }),
    code: 'SUCCESS',
    answer: isAt(2),
  }),
  query({
    name: 'a header without a queue id is an exception',
    given: untouched,
    request: header => ({ header }),
    without: ['queueId'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  update({
    name: 'an offset is committed',
    given: untouched,
    request: header => ({ header: { ...header, commitOffset: 1 } }),
    code: 'SUCCESS',
  }),
  update({
    name: 'an offset may fall',
    given: stage => committed(stage, 2),
    request: header => ({ header: { ...header, commitOffset: 1 } }),
    code: 'SUCCESS',
  }),
  update({
    name: 'an offset beyond the end is committed too',
    given: untouched,
    request: header => ({ header: { ...header, commitOffset: 1000 } }),
    code: 'SUCCESS',
  }),
  update({
    name: 'a group that is not there is told by 5.x',
    given: async stage => ({ ...(await untouched(stage)), consumerGroup: stage.unique('probe') }),
    request: header => ({ header: { ...header, commitOffset: 1 } }),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'SUBSCRIPTION_GROUP_NOT_EXIST' } as const),
    answer: ({ consumerGroup }) => ({ remark: since5(`Group ${consumerGroup} not exist!`) }),
  }),
  update({
    name: 'a topic that is not there is told by 5.x',
    given: async stage => ({ ...(await untouched(stage)), topic: stage.unique('Probe') }),
    request: header => ({ header: { ...header, commitOffset: 1 } }),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'TOPIC_NOT_EXIST' } as const),
    answer: ({ topic }) => ({ remark: since5(`Topic ${topic} not exist!`) }),
  }),
  update({
    name: 'nothing is committed after a reset that no pull has seen in 5.x',
    given: async stage => {
      const at = await untouched(stage)
      const header = { topic: at.topic, group: at.consumerGroup, timestamp: 0, isForce: true, queueId: 0, offset: 2 }
      if (stage.version === '5') await stage.invoke(INVOKE_BROKER_TO_RESET_OFFSET, { header })
      return at
    },
    request: header => ({ header: { ...header, commitOffset: 1 } }),
    code: 'SUCCESS',
    answer: { remark: since5('Offset has been previously reset') },
  }),
  update({
    name: 'a header without an offset is refused',
    given: untouched,
    request: header => ({ header: { ...header, commitOffset: 1 } }),
    without: ['commitOffset'],
    code: byVersion({ '4.9': 'SYSTEM_ERROR', '5': 'INVALID_PARAMETER' } as const),
    answer: ({ topic }) => ({
      remark: byVersion<unknown>({ '4.9': exceptionRemark, '5': `Offset is null, topic is ${topic}` }),
    }),
  }),
]

const ofOrders = async (stage: Stage): Promise<{ topic: string }> => ({ topic: (await stage.shared(orders)).topic })

export const QUEUE_OFFSET_ROWS = [
  max({
    name: 'the end of a queue is the offset of the next message',
    given: ofOrders,
    request: ({ topic }) => ({ header: { topic, queueId: 0 } }),
    code: 'SUCCESS',
    answer: isAt(3),
  }),
  max({
    name: 'what is committed and what is not is the same here',
    given: ofOrders,
    request: ({ topic }) => ({ header: { topic, queueId: 0, committed: false } }),
    code: 'SUCCESS',
    answer: isAt(3),
  }),
  max({
    name: 'the end of an empty queue is 0',
    given: ofOrders,
    request: ({ topic }) => ({ header: { topic, queueId: 1 } }),
    code: 'SUCCESS',
    answer: isAt(0),
  }),
  max({
    name: 'the end of a queue below 0 is 0',
    given: ofOrders,
    request: ({ topic }) => ({ header: { topic, queueId: -1 } }),
    code: 'SUCCESS',
    answer: isAt(0),
  }),
  max({
    name: 'the end of a queue that is not there is 0',
    given: ofOrders,
    request: ({ topic }) => ({ header: { topic, queueId: 99 } }),
    code: 'SUCCESS',
    answer: isAt(0),
  }),
  max({
    name: 'the end of a topic that is not there is 0',
    request: () => ({ header: { topic: 'not-there', queueId: 0 } }),
    code: 'SUCCESS',
    answer: isAt(0),
  }),
  max({
    name: 'a header without a queue id is an exception',
    given: ofOrders,
    request: ({ topic }) => ({ header: { topic, queueId: 0 } }),
    without: ['queueId'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  min({
    name: 'the first offset of a queue is that of its oldest message',
    given: ofOrders,
    request: ({ topic }) => ({ header: { topic, queueId: 0 } }),
    code: 'SUCCESS',
    answer: isAt(0),
  }),
  min({
    name: 'the first offset of an empty queue is 0',
    given: ofOrders,
    request: ({ topic }) => ({ header: { topic, queueId: 1 } }),
    code: 'SUCCESS',
    answer: isAt(0),
  }),
  min({
    name: 'the first offset of a topic that is not there is 0 or less',
    request: () => ({ header: { topic: 'not-there', queueId: 0 } }),
    code: 'SUCCESS',
    answer: isAt(0),
  }),
  min({
    name: 'a header without a topic is an exception',
    given: ofOrders,
    request: ({ topic }) => ({ header: { topic, queueId: 0 } }),
    without: ['topic'],
    code: 'SYSTEM_ERROR',
    answer: { remark: onlyIn4(exceptionRemark) },
  }),
]
