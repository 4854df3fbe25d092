import { CHECK_CLIENT_CONFIG } from '../../../lib/commands/client'
import type { RequestOf } from '../../../lib/commands/command'
import { PULL_MESSAGE } from '../../../lib/commands/pull'
import { consumerData, pullHeader, subscription } from '../../support/emulator-site'
import { exceptionRemark, pulledTo, record } from './answers'
import { byVersion, like } from './expected'
import { type Orders, freshGroup, heartbeat, orders } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const pull = rowsOf(PULL_MESSAGE)
const check = rowsOf(CHECK_CLIENT_CONFIG)

type Header = Partial<RequestOf<typeof PULL_MESSAGE>['header']>

const shared = (stage: Stage): Promise<Orders> => stage.shared(orders)
const request = (topic: string, header: Header) => ({
  header: pullHeader(topic, { consumerGroup: 'probes', expressionType: 'SQL92', ...header }),
})
const found = (stage: Stage, { sent }: Orders, ...numbers: number[]) => ({
  remark: 'FOUND',
  fields: pulledTo(3, [0, 3]),
  messages: sent.filter((_, i) => numbers.includes(i)).map(each => record(stage, each)),
})

/** A group that is online with an expression. */
async function online(stage: Stage, subString: string): Promise<Orders & { group: string }> {
  const given = await shared(stage)
  const online = { ...given, group: await freshGroup(stage) }
  await tell(stage, online, { subString })
  return online
}

async function tell(stage: Stage, { topic, group }: Orders & { group: string }, expression: object): Promise<void> {
  const subscriptionDataSet = [subscription(topic, { expressionType: 'SQL92', ...expression })]
  await heartbeat(stage, group, { consumers: [consumerData(group, [], { subscriptionDataSet })] })
}

export const SQL_ROWS = [
  pull({
    name: 'messages of which an expression is true are found',
    given: shared,
    request: ({ topic }) => request(topic, { subscription: "TAGS = 'b'" }),
    code: 'SUCCESS',
    answer: (given, stage) => found(stage, given, 1),
  }),
  pull({
    name: 'where an expression is true of no message the next offset is told',
    given: shared,
    request: ({ topic }) => request(topic, { subscription: 'colour IS NOT NULL' }),
    code: 'PULL_RETRY_IMMEDIATELY',
    answer: { remark: 'NO_MATCHED_MESSAGE', fields: pulledTo(3, [0, 3]) },
  }),
  pull({
    name: 'an expression that cannot be read finds all messages',
    given: shared,
    request: ({ topic }) => request(topic, { subscription: 'TAGS = = b' }),
    code: 'SUCCESS',
    answer: (given, stage) => found(stage, given, 0, 1, 2),
  }),
  pull({
    name: 'an expression of a type that nobody knows finds all messages',
    given: shared,
    request: ({ topic }) => request(topic, { subscription: 'a', expressionType: 'REGEX' }),
    code: 'SUCCESS',
    answer: (given, stage) => found(stage, given, 0, 1, 2),
  }),
  pull({
    name: 'an expression that is empty is told',
    given: shared,
    request: ({ topic }) => request(topic, { subscription: '' }),
    code: 'SUBSCRIPTION_PARSE_FAILED',
    answer: { remark: "parse the consumer's subscription failed" },
  }),
  pull({
    name: 'a group that is online may leave its expression out',
    given: stage => online(stage, "TAGS = 'b'"),
    request: ({ topic, group }) => request(topic, { consumerGroup: group, sysFlag: 0 }),
    without: ['subscription', 'expressionType'],
    code: 'SUCCESS',
    answer: (given, stage) => found(stage, given, 1),
  }),
  pull({
    name: 'an expression of a heartbeat that cannot be read is told',
    given: stage => online(stage, 'TAGS = = b'),
    request: ({ topic, group }) => request(topic, { consumerGroup: group, sysFlag: 0 }),
    without: ['subscription', 'expressionType'],
    code: 'FILTER_DATA_NOT_EXIST',
    answer: { remark: "The broker's consumer filter data is not exist!Your expression may be wrong!" },
  }),
  pull({
    name: 'an expression of a heartbeat that is empty leaves the one before in force, which is too old then',
    given: async stage => {
      const given = await online(stage, "TAGS = 'b'")
      await tell(stage, given, { subString: '', subVersion: 2 })
      return given
    },
    request: ({ topic, group }) => request(topic, { consumerGroup: group, sysFlag: 0, subVersion: 2 }),
    without: ['subscription', 'expressionType'],
    code: 'FILTER_DATA_NOT_LATEST',
    answer: { remark: "the consumer's consumer filter data not latest" },
  }),
  pull({
    name: 'an expression of CONTAINS ends before it for brokers that do not know it',
    given: shared,
    request: ({ topic }) => request(topic, { subscription: "TAGS CONTAINS 'b'" }),
    code: byVersion({ '4.9': 'PULL_RETRY_IMMEDIATELY', '5': 'SUCCESS' }),
    answer: (given, stage) =>
      stage.version === '5' ? found(stage, given, 1) : { remark: 'NO_MATCHED_MESSAGE', fields: pulledTo(3, [0, 3]) },
  }),
]

const checkOf = (expression: object) => ({
  body: {
    clientId: 'a',
    group: 'probes',
    subscriptionData: subscription('Orders', expression),
  },
})

export const CHECK_ROWS = [
  check({
    name: 'an expression that can be read is good',
    request: () => checkOf({ subString: "TAGS = 'b' AND a > 3", expressionType: 'SQL92' }),
    code: 'SUCCESS',
  }),
  check({
    name: 'tags are good',
    request: () => checkOf({ subString: 'a || b' }),
    code: 'SUCCESS',
  }),
  check({
    name: 'no subscription at all is good',
    request: () => ({ body: { clientId: 'a', group: 'probes' } }),
    code: 'SUCCESS',
  }),
  check({
    name: 'an expression that cannot be read is told',
    request: () => checkOf({ subString: 'TAGS = = b', expressionType: 'SQL92' }),
    code: 'SUBSCRIPTION_PARSE_FAILED',
    answer: { remark: like(/.+/) },
  }),
  check({
    name: 'an expression of a type that nobody knows is told',
    request: () => checkOf({ subString: 'a', expressionType: 'REGEX' }),
    code: 'SUBSCRIPTION_PARSE_FAILED',
    answer: { remark: like(/.+/) },
  }),
  check({
    name: 'a body that is no JSON is an exception',
    request: () => ({ raw: { body: Buffer.from('{') } }),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]
