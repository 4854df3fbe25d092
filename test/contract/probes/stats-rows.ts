import { GET_BROKER_RUNTIME_INFO } from '../../../lib/commands/broker'
import { GET_CONSUME_STATS, QUERY_TOPIC_CONSUME_BY_WHO } from '../../../lib/commands/group'
import { PULL_MESSAGE } from '../../../lib/commands/pull'
import { DELETE_TOPIC_IN_BROKER, GET_TOPIC_STATS_INFO, UPDATE_AND_CREATE_TOPIC } from '../../../lib/commands/topic'
import { exceptionRemark } from './answers'
import { among, anyOrder, anyOffset, anyTimeNumber, byVersion, like, onlyIn4, since5 } from './expected'
import { commit, freshGroup, freshTopic, heartbeat, orders, ordersOf, sendAll, topicHeader } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'
import { consumerData, pullHeader } from '../../support/emulator-site'

const topicStats = rowsOf(GET_TOPIC_STATS_INFO)
const consumeStats = rowsOf(GET_CONSUME_STATS)
const readers = rowsOf(QUERY_TOPIC_CONSUME_BY_WHO)
const runtimeInfo = rowsOf(GET_BROKER_RUNTIME_INFO)

const queueOf = ({ broker }: Stage, topic: string, queueId: number) => ({ topic, brokerName: broker.name, queueId })
const EMPTY = { minOffset: 0, maxOffset: 0, lastUpdateTimestamp: 0 }

/** A map with queues as keys; an empty one is an object like others. */
const tableOf = (entries: readonly unknown[]): unknown => (entries.length === 0 ? {} : entries)

/** Stats of the first queues of a topic. */
const rangesOf = (stage: Stage, topic: string, ranges: readonly object[]) => ({
  json: { offsetTable: tableOf(ranges.map((range, queueId) => [queueOf(stage, topic, queueId), range])) },
})

export const TOPIC_STATS_ROWS = [
  topicStats({
    name: 'the range of each queue is told',
    given: stage => stage.shared(orders),
    request: ({ topic }) => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: ({ topic }, stage) =>
      rangesOf(stage, topic, [{ minOffset: 0, maxOffset: 3, lastUpdateTimestamp: anyTimeNumber }, EMPTY]),
  }),
  topicStats({
    name: 'queues that can only be read are told by 5.x',
    given: stage => freshTopic(stage, { readQueueNums: 2 }),
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: (topic, stage) => byVersionJson(rangesOf(stage, topic, [EMPTY]), rangesOf(stage, topic, [EMPTY, EMPTY])),
  }),
  topicStats({
    name: 'queues that can only be written are told',
    given: stage => freshTopic(stage, { writeQueueNums: 2 }),
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: (topic, stage) => rangesOf(stage, topic, [EMPTY, EMPTY]),
  }),
  topicStats({
    name: 'a topic that a send has created has the queues that the send asked for',
    given: async stage => {
      const topic = stage.unique('Probe')
      await sendAll(stage, topic, [{ queueId: 0 }])
      return topic
    },
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: (topic, stage) =>
      rangesOf(stage, topic, [{ minOffset: 0, maxOffset: 1, lastUpdateTimestamp: anyTimeNumber }, EMPTY, EMPTY, EMPTY]),
  }),
  topicStats({
    name: 'a topic without queues has none',
    given: stage => freshTopic(stage, { readQueueNums: 0, writeQueueNums: 0 }),
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: (topic, stage) => rangesOf(stage, topic, []),
  }),
  topicStats({
    name: 'a topic that was deleted is told',
    given: async stage => {
      const { topic } = await ordersOf(stage, 1)
      await stage.invoke(DELETE_TOPIC_IN_BROKER, { header: { topic } })
      return topic
    },
    request: topic => ({ header: { topic } }),
    code: 'TOPIC_NOT_EXIST',
    answer: topic => ({ remark: `topic[${topic}] not exist` }),
  }),
  topicStats({
    name: 'a topic that is not there is told',
    request: () => ({ header: { topic: 'not-there' } }),
    code: 'TOPIC_NOT_EXIST',
    answer: { remark: 'topic[not-there] not exist' },
  }),
  topicStats({
    name: 'a header without a topic is an exception',
    request: () => ({ header: { topic: '' } }),
    without: ['topic'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]

function byVersionJson(four: { json: unknown }, five: { json: unknown }) {
  return { json: byVersion({ '4.9': four.json, '5': five.json }) }
}

interface Progress {
  readonly topic: string
  readonly group: string
}

/** A group that has consumed two of three messages of queue 0, and nothing of queue 1. */
async function behind(stage: Stage): Promise<Progress> {
  const { topic } = await stage.shared(orders)
  const group = await freshGroup(stage)
  await commit(stage, { consumerGroup: group, topic, queueId: 0, commitOffset: 2 })
  return { topic, group }
}

const progress = (brokerOffset: number, consumerOffset: number, lastTimestamp: unknown = 0) => ({
  brokerOffset,
  consumerOffset,
  pullOffset: since5(consumerOffset),
  lastTimestamp,
})
const statsOf = (offsetTable: unknown[]) => ({ json: { consumeTps: 0, offsetTable: tableOf(offsetTable) } })
const isBehind = ({ topic }: Progress, stage: Stage) =>
  statsOf([
    [queueOf(stage, topic, 0), progress(3, 2, anyTimeNumber)],
    [queueOf(stage, topic, 1), progress(0, 0)],
  ])

export const CONSUME_STATS_ROWS = [
  consumeStats({
    name: 'how far a group is on one topic is told',
    given: behind,
    request: ({ topic, group }) => ({ header: { consumerGroup: group, topic } }),
    code: 'SUCCESS',
    answer: isBehind,
  }),
  consumeStats({
    name: 'how far a group is on all its topics is told',
    given: behind,
    request: ({ group }) => ({ header: { consumerGroup: group } }),
    code: 'SUCCESS',
    answer: isBehind,
  }),
  consumeStats({
    name: 'how far a group has pulled is told by 5.x',
    given: async stage => {
      const { topic } = await stage.shared(orders)
      const group = await freshGroup(stage)
      await stage.invoke(PULL_MESSAGE, { header: pullHeader(topic, { consumerGroup: group, maxMsgNums: 1 }) })
      return { topic, group }
    },
    request: ({ topic, group }) => ({ header: { consumerGroup: group, topic } }),
    code: 'SUCCESS',
    answer: ({ topic }, stage) =>
      statsOf([
        [queueOf(stage, topic, 0), { ...progress(3, 0), pullOffset: since5(1) }],
        [queueOf(stage, topic, 1), progress(0, 0)],
      ]),
  }),
  consumeStats({
    name: 'a topic to which an online group has no subscription is left out',
    given: async stage => {
      const given = await behind(stage)
      await heartbeat(stage, given.group, { consumers: [consumerData(given.group, ['other'])] })
      return given
    },
    request: ({ topic, group }) => ({ header: { consumerGroup: group, topic } }),
    code: 'SUCCESS',
    answer: statsOf([]),
  }),
  consumeStats({
    name: 'a group that never committed is at 0',
    given: async stage => ({ topic: (await stage.shared(orders)).topic, group: await freshGroup(stage) }),
    request: ({ topic, group }) => ({ header: { consumerGroup: group, topic } }),
    code: 'SUCCESS',
    answer: ({ topic }, stage) =>
      statsOf([
        [queueOf(stage, topic, 0), progress(3, 0)],
        [queueOf(stage, topic, 1), progress(0, 0)],
      ]),
  }),
  consumeStats({
    name: 'queues that can be written but not read are left out',
    given: async stage => {
      const topic = await freshTopic(stage)
      await stage.invoke(UPDATE_AND_CREATE_TOPIC, { header: topicHeader(topic, { writeQueueNums: 2 }) })
      return { topic, group: await freshGroup(stage) }
    },
    request: ({ topic, group }) => ({ header: { consumerGroup: group, topic } }),
    code: 'SUCCESS',
    answer: ({ topic }, stage) => statsOf([[queueOf(stage, topic, 0), progress(0, 0)]]),
  }),
  consumeStats({
    name: 'a group that is not there has no topics',
    given: async stage => stage.unique('probe'),
    request: consumerGroup => ({ header: { consumerGroup } }),
    code: 'SUCCESS',
    answer: statsOf([]),
  }),
  consumeStats({
    name: 'a topic that is not there is left out',
    given: freshGroup,
    request: group => ({ header: { consumerGroup: group, topic: 'not-there' } }),
    code: 'SUCCESS',
    answer: statsOf([]),
  }),
  consumeStats({
    name: 'a header without a group is an exception',
    request: () => ({ header: { consumerGroup: '' } }),
    without: ['consumerGroup'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]

/** A topic that one group has committed on and another one reads. */
async function readByTwo(stage: Stage): Promise<{ topic: string; groups: readonly string[] }> {
  const topic = await freshTopic(stage)
  const groups = [await freshGroup(stage), await freshGroup(stage)] as const
  await commit(stage, { consumerGroup: groups[0], topic, queueId: 0, commitOffset: 0 })
  await heartbeat(stage, groups[1], { consumers: [consumerData(groups[1], [topic])] })
  return { topic, groups }
}

export const TOPIC_GROUPS_ROWS = [
  readers({
    name: 'groups that are online and groups that have committed are told',
    given: readByTwo,
    request: ({ topic }) => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: ({ groups }) => ({ json: { groupList: anyOrder(...groups) } }),
  }),
  readers({
    name: 'a topic that nobody reads, or that is not there, has none',
    request: () => ({ header: { topic: 'not-there' } }),
    code: 'SUCCESS',
    answer: { json: { groupList: [] } },
  }),
  readers({
    name: 'a header without a topic is an exception',
    request: () => ({ header: { topic: '' } }),
    without: ['topic'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]

/** Over 10 s, a minute and 10 minutes; empty for those that the broker has not run yet. */
const rates = like(/[\d.E-]+( [\d.E-]*){0,2}/)
const time = like(/-1|\d+/)
const ratio = like(/[\d.E-]+/)
const figures = (...names: readonly string[]) => Object.fromEntries(names.map(name => [name, anyOffset]))

export const RUNTIME_INFO_ROWS = [
  runtimeInfo({
    name: 'what a broker is and does is told',
    given: stage => stage.shared(orders),
    request: () => ({}),
    code: 'SUCCESS',
    answer: {
      json: {
        table: among({
          brokerVersionDesc: byVersion({ '4.9': 'V4_9_4', '5': 'V5_5_0' }),
          brokerVersion: onlyIn4('401'),
          brokerActive: since5('true'),
          putTps: rates,
          getTransferedTps: onlyIn4(rates),
          getTransferredTps: since5(rates),
          commitLogDiskRatio: ratio,
          consumeQueueDiskRatio: ratio,
          timerReadBehind: since5(anyOffset),
          earliestMessageTimeStamp: time,
          ...figures(
            'commitLogMinOffset',
            'commitLogMaxOffset',
            'msgPutTotalTodayNow',
            'msgGetTotalTodayNow',
            'pageCacheLockTimeMills',
            'sendThreadPoolQueueSize',
            'pullThreadPoolQueueHeadWaitTimeMills',
          ),
        }),
      },
    },
  }),
]
