import { GET_CONSUMER_LIST_BY_GROUP, HEART_BEAT, UNREGISTER_CLIENT } from '../../../lib/commands/client'
import { GET_CONSUMER_CONNECTION_LIST, GET_PRODUCER_CONNECTION_LIST } from '../../../lib/commands/group'
import { consumerData, subscription } from '../../support/emulator-site'
import { exceptionRemark } from './answers'
import { among, anyAddress, anyOrder, byVersion, onlyIn4, since5 } from './expected'
import { THIS_CLIENT } from './frame-connection'
import { freshGroup, heartbeat } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const beat = rowsOf(HEART_BEAT)
const unregister = rowsOf(UNREGISTER_CLIENT)
const members = rowsOf(GET_CONSUMER_LIST_BY_GROUP)
const consumers = rowsOf(GET_CONSUMER_CONNECTION_LIST)
const producers = rowsOf(GET_PRODUCER_CONNECTION_LIST)

const NO_JSON = { raw: { body: Buffer.from('{"clientID":') } }

const heartbeatOf = (group: string, rest: object = {}) => ({
  body: { clientID: group, producerDataSet: [], consumerDataSet: [consumerData(group, ['Orders'])], ...rest },
})
/** What 5.x tells of heartbeats of version 2. */
const supportsV2 = (isChanged: boolean): unknown => ({
  IS_SUPPORT_HEART_BEAT_V2: since5('true'),
  IS_SUB_CHANGE: since5(String(isChanged)),
})

export const HEARTBEAT_ROWS = [
  beat({
    name: 'a client registers its groups',
    given: freshGroup,
    request: group => heartbeatOf(group, { producerDataSet: [{ groupName: group }] }),
    code: 'SUCCESS',
    answer: { fields: supportsV2(true) },
  }),
  beat({
    name: 'a client registers groups that nobody created',
    given: async stage => stage.unique('probe'),
    request: group => heartbeatOf(group),
    code: 'SUCCESS',
    answer: { fields: supportsV2(true) },
  }),
  beat({
    name: 'a client may have no groups',
    given: async stage => stage.unique('probe'),
    request: group => heartbeatOf(group, { consumerDataSet: [] }),
    code: 'SUCCESS',
    answer: { fields: supportsV2(true) },
  }),
  beat({
    name: 'a client id alone is a heartbeat',
    given: async stage => stage.unique('probe'),
    request: clientID => ({ raw: { body: Buffer.from(JSON.stringify({ clientID })) } }),
    code: 'SUCCESS',
    answer: { fields: supportsV2(true) },
  }),
  beat({
    name: 'the first fingerprint of subscriptions is no change',
    given: freshGroup,
    request: group => heartbeatOf(group, { heartbeatFingerprint: 1 }),
    code: 'SUCCESS',
    answer: { fields: supportsV2(false) },
  }),
  beat({
    name: 'the same fingerprint of subscriptions is no change',
    given: async stage => {
      const group = await freshGroup(stage)
      await stage.invoke(HEART_BEAT, heartbeatOf(group, { heartbeatFingerprint: 1 }))
      return group
    },
    request: group => heartbeatOf(group, { heartbeatFingerprint: 1 }),
    code: 'SUCCESS',
    answer: { fields: supportsV2(false) },
  }),
  beat({
    name: 'another fingerprint of subscriptions is a change',
    given: async stage => {
      const group = await freshGroup(stage)
      await stage.invoke(HEART_BEAT, heartbeatOf(group, { heartbeatFingerprint: 1 }))
      return group
    },
    request: group => heartbeatOf(group, { heartbeatFingerprint: 2 }),
    code: 'SUCCESS',
    answer: { fields: supportsV2(true) },
  }),
  beat({
    name: 'a body that is no JSON is an exception',
    request: () => NO_JSON,
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  unregister({
    name: 'a client takes its groups away',
    given: online,
    request: group => ({ header: { clientID: group, producerGroup: group, consumerGroup: group } }),
    code: 'SUCCESS',
  }),
  unregister({
    name: 'a client may take groups away that were never there',
    request: () => ({ header: { clientID: 'nobody', producerGroup: 'not-there', consumerGroup: 'not-there' } }),
    code: 'SUCCESS',
  }),
  unregister({
    name: 'a header without a client id does no harm',
    request: () => ({ header: { clientID: '', producerGroup: 'not-there' } }),
    without: ['clientID'],
    code: 'SUCCESS',
  }),
]

/** A group with one consumer and one producer, both of the client of that name. */
async function online(stage: Stage): Promise<string> {
  const group = await freshGroup(stage)
  const data = consumerData(group, [], { subscriptionDataSet: [subscription('Orders', ONLY_A)] })
  await heartbeat(stage, group, { consumers: [data], producers: [group] })
  return group
}

const ONLY_A = { subString: 'a', tagsSet: ['a'], codeSet: [97], subVersion: 7 }

/** A client as it is listed. */
const connection = (clientId: string): unknown => ({
  clientId,
  clientAddr: anyAddress,
  ...THIS_CLIENT,
})

export const MEMBER_ROWS = [
  members({
    name: 'the consumers of a group are told',
    given: online,
    request: group => ({ header: { consumerGroup: group } }),
    code: 'SUCCESS',
    answer: group => ({ json: { consumerIdList: [group] } }),
  }),
  members({
    name: 'the consumers of a group are told in any order',
    given: async stage => {
      const group = await freshGroup(stage)
      for (const which of ['', 'another']) {
        await heartbeat(stage, `${group}-${which}`, { consumers: [consumerData(group, ['Orders'])], which })
      }
      return group
    },
    request: group => ({ header: { consumerGroup: group } }),
    code: 'SUCCESS',
    answer: group => ({ json: { consumerIdList: anyOrder(`${group}-`, `${group}-another`) } }),
  }),
  members({
    name: 'a consumer with two connections is told twice',
    given: async stage => {
      const group = await freshGroup(stage)
      for (const which of ['', 'another'])
        await heartbeat(stage, group, { consumers: [consumerData(group, ['Orders'])], which })
      return group
    },
    request: group => ({ header: { consumerGroup: group } }),
    code: 'SUCCESS',
    answer: group => ({ json: { consumerIdList: [group, group] } }),
  }),
  members({
    name: 'a consumer is not taken away by another connection',
    given: async stage => {
      const group = await online(stage)
      const header = { clientID: group, consumerGroup: group }
      await stage.invoke(UNREGISTER_CLIENT, { header }, { which: 'another' })
      return group
    },
    request: group => ({ header: { consumerGroup: group } }),
    code: 'SUCCESS',
    answer: group => ({ json: { consumerIdList: [group] } }),
  }),
  members({
    name: 'a group that may not be has consumers in 4.9 alone',
    given: async stage => {
      const group = `${stage.unique('probe')}/no`
      await heartbeat(stage, group, { consumers: [consumerData(group, ['Orders'])] })
      return group
    },
    request: group => ({ header: { consumerGroup: group } }),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'SYSTEM_ERROR' } as const),
    answer: group => ({
      remark: since5(`no consumer for this group, ${group}`),
      json: onlyIn4({ consumerIdList: [group] }),
    }),
  }),
  members({
    name: 'a group without consumers is told',
    given: freshGroup,
    request: group => ({ header: { consumerGroup: group } }),
    code: 'SYSTEM_ERROR',
    answer: group => ({ remark: `no consumer for this group, ${group}` }),
  }),
  members({
    name: 'a group whose last consumer has left is told',
    given: async stage => {
      const group = await online(stage)
      await stage.invoke(UNREGISTER_CLIENT, { header: { clientID: group, consumerGroup: group } })
      return group
    },
    request: group => ({ header: { consumerGroup: group } }),
    code: 'SYSTEM_ERROR',
    answer: group => ({ remark: `no consumer for this group, ${group}` }),
  }),
  members({
    name: 'a header without a group is an exception',
    request: () => ({ header: { consumerGroup: '' } }),
    without: ['consumerGroup'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  consumers({
    name: 'the consumers of a group and their subscriptions are told',
    given: online,
    request: group => ({ header: { consumerGroup: group } }),
    code: 'SUCCESS',
    answer: group => ({
      json: {
        connectionSet: [connection(group)],
        subscriptionTable: { Orders: { topic: 'Orders', classFilterMode: false, expressionType: 'TAG', ...ONLY_A } },
        consumeType: 'CONSUME_PASSIVELY',
        messageModel: 'CLUSTERING',
        consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      },
    }),
  }),
  consumers({
    name: 'a heartbeat without subscriptions leaves them as they are in 5.x',
    given: async stage => {
      const group = await online(stage)
      const data = consumerData(group, [])
      await stage.invoke(HEART_BEAT, {
        body: {
          clientID: group,
          producerDataSet: [],
          consumerDataSet: [data],
          heartbeatFingerprint: 5,
          withoutSub: true,
        },
      })
      return group
    },
    request: group => ({ header: { consumerGroup: group } }),
    code: 'SUCCESS',
    answer: group => ({
      json: among({
        connectionSet: [connection(group)],
        subscriptionTable: byVersion<unknown>({ '4.9': {}, '5': among({ Orders: among({ topic: 'Orders' }) }) }),
      }),
    }),
  }),
  consumers({
    name: 'a language that 4.9 does not know is not told by it',
    given: async stage => {
      const group = await freshGroup(stage)
      const consumers = [consumerData(group, ['Orders'])]
      await heartbeat(stage, group, { consumers, client: { language: 'NODE_JS', version: 500 } })
      return group
    },
    request: group => ({ header: { consumerGroup: group } }),
    code: 'SUCCESS',
    answer: group => ({
      json: among({
        connectionSet: [{ clientId: group, clientAddr: anyAddress, language: since5('NODE_JS'), version: 500 }],
      }),
    }),
  }),
  consumers({
    name: 'a group that is not online is told',
    given: freshGroup,
    request: group => ({ header: { consumerGroup: group } }),
    code: 'CONSUMER_NOT_ONLINE',
    answer: group => ({ remark: `the consumer group[${group}] not online` }),
  }),
  consumers({
    name: 'a header without a group is an exception',
    request: () => ({ header: { consumerGroup: '' } }),
    without: ['consumerGroup'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  producers({
    name: 'the producers of a group are told',
    given: online,
    request: group => ({ header: { producerGroup: group } }),
    code: 'SUCCESS',
    answer: group => ({ json: { connectionSet: [connection(group)] } }),
  }),
  producers({
    name: 'a group that never had a producer is told',
    given: freshGroup,
    request: group => ({ header: { producerGroup: group } }),
    code: 'SYSTEM_ERROR',
    answer: group => ({ remark: `the producer group[${group}] not exist` }),
  }),
  producers({
    name: 'a group whose last producer has left is told',
    given: async stage => {
      const group = await online(stage)
      await stage.invoke(UNREGISTER_CLIENT, { header: { clientID: group, producerGroup: group } })
      return group
    },
    request: group => ({ header: { producerGroup: group } }),
    code: 'SYSTEM_ERROR',
    answer: group => ({ remark: `the producer group[${group}] not exist` }),
  }),
  producers({
    name: 'a header without a group is an exception',
    request: () => ({ header: { producerGroup: '' } }),
    without: ['producerGroup'],
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]
