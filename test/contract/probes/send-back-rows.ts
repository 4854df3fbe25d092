import type { RequestOf } from '../../../lib/commands/command'
import { CONSUMER_SEND_MSG_BACK } from '../../../lib/commands/send'
import { UPDATE_AND_CREATE_TOPIC } from '../../../lib/commands/topic'
import { exceptionRemark, withHelp } from './answers'
import { byVersion, since5 } from './expected'
import { freshGroup, ordersOf, topicHeader } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const sendBack = rowsOf(CONSUMER_SEND_MSG_BACK)

type Header = RequestOf<typeof CONSUMER_SEND_MSG_BACK>['header']

interface Given {
  readonly header: Header
}

/** A message that a group of its own gives back. */
async function consumed(stage: Stage, config: Parameters<typeof freshGroup>[1] = {}): Promise<Given> {
  const { topic, sent } = await stage.shared(oneOrder)
  const group = await freshGroup(stage, config)
  const [first] = sent
  return { header: { offset: first?.commitLogOffset ?? 0, group, delayLevel: 0, originTopic: topic } }
}

const oneOrder = (stage: Stage) => ordersOf(stage, 1)

export const SEND_BACK_ROWS = [
  sendBack({
    name: 'a message comes back to its group',
    given: stage => consumed(stage),
    request: ({ header }) => ({ header: { ...header, maxReconsumeTimes: 16, unitMode: false } }),
    code: 'SUCCESS',
  }),
  sendBack({
    name: 'a message with a delay level below 0 goes to the dead letters',
    given: stage => consumed(stage),
    request: ({ header }) => ({ header: { ...header, delayLevel: -1 } }),
    code: 'SUCCESS',
  }),
  sendBack({
    name: 'a message that was consumed often enough goes to the dead letters',
    given: stage => consumed(stage),
    request: ({ header }) => ({ header: { ...header, maxReconsumeTimes: 0 } }),
    code: 'SUCCESS',
  }),
  sendBack({
    name: 'without its topic a message does not go to the dead letters of 5.x',
    given: stage => consumed(stage),
    request: ({ header }) => ({ header: { ...header, delayLevel: -1 } }),
    without: ['originTopic'],
    code: byVersion({ '4.9': 'SUCCESS', '5': 'SYSTEM_ERROR' } as const),
    answer: { remark: since5(exceptionRemark) },
  }),
  sendBack({
    name: 'a message of a group without retry queues is dropped',
    given: stage => consumed(stage, { retryQueueNums: 0 }),
    request: ({ header }) => ({ header }),
    code: 'SUCCESS',
  }),
  sendBack({
    name: 'an offset at which no message is is told',
    given: async stage => (await consumed(stage)).header,
    request: header => ({ header: { ...header, offset: 1_000_000_000_000 } }),
    code: 'SYSTEM_ERROR',
    answer: { remark: 'look message by offset failed, 1000000000000' },
  }),
  sendBack({
    name: 'an offset below 0 is told',
    given: async stage => (await consumed(stage)).header,
    request: header => ({ header: { ...header, offset: -1 } }),
    code: 'SYSTEM_ERROR',
    answer: { remark: 'look message by offset failed, -1' },
  }),
  sendBack({
    name: 'a delay level above the highest is the highest',
    given: stage => consumed(stage),
    request: ({ header }) => ({ header: { ...header, delayLevel: 99 } }),
    code: 'SUCCESS',
  }),
  sendBack({
    name: 'a client before 3.4.9 cannot say how often its messages may be consumed',
    client: { version: 120 },
    given: stage => consumed(stage),
    request: ({ header }) => ({ header: { ...header, maxReconsumeTimes: 0 } }),
    without: ['originTopic'],
    code: 'SUCCESS',
  }),
  sendBack({
    name: 'a group that may not be is told by 5.x',
    given: stage => consumed(stage),
    request: ({ header }) => ({ header: { ...header, group: 'no/group' } }),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'SUBSCRIPTION_GROUP_NOT_EXIST' } as const),
    answer: { remark: since5(withHelp('subscription group not exist, no/group ')) },
  }),
  sendBack({
    name: 'a retry topic that cannot be written is told',
    given: async stage => {
      const { header } = await consumed(stage)
      const retry = `%RETRY%${header.group}`
      await stage.invoke(UPDATE_AND_CREATE_TOPIC, { header: topicHeader(retry, { perm: 4 }) })
      return { header, retry }
    },
    request: ({ header }) => ({ header }),
    code: 'NO_PERMISSION',
    answer: ({ retry }) => ({ remark: `the topic[${retry}] sending message is forbidden` }),
  }),
  sendBack({
    name: 'a header without a group is an exception',
    given: stage => consumed(stage),
    request: ({ header }) => ({ header }),
    without: ['group'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]
