import type { RequestOf } from '../../../lib/commands/command'
import { PULL_MESSAGE } from '../../../lib/commands/pull'
import { consumerData, pullHeader, subscription } from '../../support/emulator-site'
import { INVALID, exceptionRemark, withHelp } from './answers'
import { ABSENT, byVersion, like, since5 } from './expected'
import { freshGroup, freshTopic, heartbeat, orders } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const pull = rowsOf(PULL_MESSAGE)

type Header = Partial<RequestOf<typeof PULL_MESSAGE>['header']>

const request = (topic: string, header: Header = {}) => ({
  header: pullHeader(topic, { consumerGroup: 'probes', ...header }),
})

/** The topic that rows share, and a group of the row's own. */
async function withGroup(stage: Stage, config: Parameters<typeof freshGroup>[1] = {}) {
  const { topic } = await stage.shared(orders)
  return { topic, group: await freshGroup(stage, config) }
}

const forbidden = (type: number): unknown => since5({ forbiddenType: String(type) })

export const PULL_REFUSED_ROWS = [
  pull({
    name: 'a topic that is not there is told',
    given: async stage => stage.unique('Probe'),
    request: topic => request(topic),
    code: 'TOPIC_NOT_EXIST',
    answer: topic => ({ remark: withHelp(`topic[${topic}] not exist, apply first please! `) }),
  }),
  pull({
    name: 'a topic that cannot be read is told',
    given: stage => freshTopic(stage, { perm: 2 }),
    request: topic => request(topic),
    code: 'NO_PERMISSION',
    answer: topic => ({ remark: `the topic[${topic}] pulling message is forbidden`, fields: forbidden(3) }),
  }),
  pull({
    name: 'a queue id beyond the queues of the topic is told',
    given: freshTopic,
    request: topic => request(topic, { queueId: 1 }),
    code: INVALID,
    answer: topic => ({ remark: illegalQueue(1, topic) }),
  }),
  pull({
    name: 'a queue id below 0 is told',
    given: freshTopic,
    request: topic => request(topic, { queueId: -1 }),
    code: INVALID,
    answer: topic => ({ remark: illegalQueue(-1, topic) }),
  }),
  pull({
    name: 'a group that may not be is told by 5.x',
    given: stage => stage.shared(orders),
    request: ({ topic }) => request(topic, { consumerGroup: 'no/group', queueOffset: 3 }),
    code: byVersion({ '4.9': 'PULL_NOT_FOUND', '5': 'SUBSCRIPTION_GROUP_NOT_EXIST' } as const),
    answer: {
      remark: byVersion<unknown>({
        '4.9': 'OFFSET_OVERFLOW_ONE',
        '5': withHelp('subscription group [no/group] does not exist, '),
      }),
      fields: byVersion<unknown>({
        '4.9': { suggestWhichBrokerId: '0', nextBeginOffset: '3', minOffset: '0', maxOffset: '3' },
        '5': ABSENT,
      }),
    },
  }),
  pull({
    name: 'a group that may not consume is told',
    given: stage => withGroup(stage, { consumeEnable: false }),
    request: ({ topic, group }) => request(topic, { consumerGroup: group }),
    code: 'NO_PERMISSION',
    answer: ({ group }) => ({ remark: `subscription group no permission, ${group}`, fields: forbidden(2) }),
  }),
  pull({
    name: 'an expression that names no tag is told',
    given: stage => stage.shared(orders),
    request: ({ topic }) => request(topic, { subscription: '||' }),
    code: 'SUBSCRIPTION_PARSE_FAILED',
    answer: { remark: "parse the consumer's subscription failed" },
  }),
  pull({
    name: 'a group that is not online must bring its subscription',
    given: stage => withGroup(stage),
    request: ({ topic, group }) => request(topic, { consumerGroup: group, sysFlag: 0 }),
    code: 'SUBSCRIPTION_NOT_EXIST',
    answer: { remark: withHelp("the consumer's group info not exist") },
  }),
  pull({
    name: 'a group that is online must have subscribed to the topic',
    given: async stage => {
      const given = await withGroup(stage)
      await heartbeat(stage, given.group, { consumers: [consumerData(given.group, ['other'])] })
      return given
    },
    request: ({ topic, group }) => request(topic, { consumerGroup: group, sysFlag: 0 }),
    code: 'SUBSCRIPTION_NOT_EXIST',
    answer: { remark: withHelp("the consumer's subscription not exist") },
  }),
  pull({
    name: 'a subscription that is newer than that of the heartbeat is told',
    given: async stage => {
      const given = await withGroup(stage)
      await heartbeat(stage, given.group, { consumers: [consumerData(given.group, [given.topic])] })
      return given
    },
    request: ({ topic, group }) => request(topic, { consumerGroup: group, sysFlag: 0, subVersion: 2 }),
    code: 'SUBSCRIPTION_NOT_LATEST',
    answer: { remark: "the consumer's subscription not latest" },
  }),
  pull({
    name: 'a group that may not broadcast is told',
    given: async stage => {
      const given = await withGroup(stage, { consumeBroadcastEnable: false })
      const subscriptionDataSet = [subscription(given.topic)]
      const consumers = [consumerData(given.group, [], { messageModel: 'BROADCASTING', subscriptionDataSet })]
      await heartbeat(stage, given.group, { consumers })
      return given
    },
    request: ({ topic, group }) => request(topic, { consumerGroup: group, sysFlag: 0 }),
    code: 'NO_PERMISSION',
    answer: ({ group }) => ({
      remark: `the consumer group[${group}] can not consume by broadcast way`,
      fields: forbidden(4),
    }),
  }),
  pull({
    name: 'a header without a required field is an exception',
    given: stage => stage.shared(orders),
    request: ({ topic }) => request(topic),
    without: ['queueOffset'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]

function illegalQueue(queueId: number, topic: string): unknown {
  const rest = 'topicConfig.readQueueNums:\\[1\\] consumer:\\[/[\\d.]+:\\d+\\]'
  return like(new RegExp(`queueId\\[${queueId}\\] is illegal, topic:\\[${topic}\\] ${rest}`))
}
