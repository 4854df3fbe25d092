import {
  DELETE_KV_CONFIG,
  GET_KV_CONFIG,
  ORDER_TOPIC_CONFIG,
  PUT_KV_CONFIG,
  DELETE_TOPIC_IN_NAMESRV,
  GET_ALL_TOPIC_LIST_FROM_NAMESERVER,
  GET_BROKER_CLUSTER_INFO,
  GET_ROUTEINFO_BY_TOPIC,
} from '../../../lib/commands/route'
import { UPDATE_AND_CREATE_TOPIC } from '../../../lib/commands/topic'
import { answered } from '../../support/until'
import { withHelp } from './answers'
import { among, including, like, since5 } from './expected'
import { type SendSettings, freshTopic, send, topicHeader } from './given'
import { type Probe, rowsOf } from './probe'
import type { Stage } from './stage'

const route = rowsOf(GET_ROUTEINFO_BY_TOPIC)
const cluster = rowsOf(GET_BROKER_CLUSTER_INFO)
const topics = rowsOf(GET_ALL_TOPIC_LIST_FROM_NAMESERVER)
const forget = rowsOf(DELETE_TOPIC_IN_NAMESRV)
const put = rowsOf(PUT_KV_CONFIG)
const get = rowsOf(GET_KV_CONFIG)
const remove = rowsOf(DELETE_KV_CONFIG)

/** A topic that the name server knows. */
async function known(stage: Stage): Promise<string> {
  return isKnown(stage, await freshTopic(stage, { readQueueNums: 3, writeQueueNums: 2, topicSysFlag: 1 }))
}

async function isKnown(stage: Stage, topic: string): Promise<string> {
  const ask = async (): Promise<string> => (await stage.invoke(GET_ROUTEINFO_BY_TOPIC, { header: { topic } })).code
  await answered(ask, code => code === 'SUCCESS', { what: `the route of ${topic}` })
  return topic
}

const brokerData = ({ broker }: Stage) => ({
  cluster: broker.cluster,
  brokerName: broker.name,
  brokerAddrs: { 0: broker.address },
  enableActingMaster: since5(false),
})

const routeOf = (stage: Stage, queues: object = { readQueueNums: 3, writeQueueNums: 2, perm: 6, topicSysFlag: 1 }) => ({
  json: {
    queueDatas: [{ brokerName: stage.broker.name, ...queues }],
    brokerDatas: [brokerData(stage)],
    filterServerTable: {},
  },
})

/** The route of a topic that a send has created. */
function created(what: string, header: SendSettings, queues: object): Probe {
  return route({
    name: `a topic that a send has created ${what}`,
    given: async stage => {
      const topic = stage.unique('Probe')
      await send(stage, topic, { header })
      return isKnown(stage, topic)
    },
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: (_, stage) => routeOf(stage, { perm: 6, topicSysFlag: 0, ...queues }),
  })
}

const notThere = (topic: string) => ({
  remark: withHelp(`No topic route info in name server for the topic: ${topic}`),
})

export const ROUTE_ROWS = [
  route({
    name: 'the queues and brokers of a topic are told',
    given: stage => stage.shared(known),
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: (_, stage) => routeOf(stage),
  }),
  route({
    name: 'a client that can read no bare numbers for keys says so',
    given: stage => stage.shared(known),
    request: topic => ({ header: { topic, acceptStandardJsonOnly: true } }),
    code: 'SUCCESS',
    answer: (_, stage) => routeOf(stage),
  }),
  route({
    name: 'a client before 4.9.4 gets bare numbers for keys',
    client: { version: 400 },
    given: stage => stage.shared(known),
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: { text: like(/.*"brokerAddrs":\{0:".*/) },
  }),
  route({
    name: 'a client since 4.9.4 gets text for keys',
    client: { version: 401 },
    given: stage => stage.shared(known),
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: { text: like(/.*"brokerAddrs":\{"0":".*/) },
  }),
  route({
    name: 'a client before 4.9.4 that can read no bare numbers gets text for keys',
    client: { version: 400 },
    given: stage => stage.shared(known),
    request: topic => ({ header: { topic, acceptStandardJsonOnly: true } }),
    code: 'SUCCESS',
    answer: { text: like(/.*"brokerAddrs":\{"0":".*/) },
  }),
  route({
    name: 'the order of queues is kept back',
    given: async stage => {
      const topic = await known(stage)
      await stage.invoke(PUT_KV_CONFIG, { header: { namespace: ORDER_TOPIC_CONFIG, key: topic, value: 'broker-a:2' } })
      return topic
    },
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: (_, stage) => routeOf(stage),
  }),
  route({
    name: 'a change of a topic is told',
    given: async stage => {
      const topic = await known(stage)
      await stage.invoke(UPDATE_AND_CREATE_TOPIC, { header: topicHeader(topic, { perm: 4, topicSysFlag: 0 }) })
      await answered(
        () => stage.invoke(GET_ROUTEINFO_BY_TOPIC, { header: { topic } }),
        reply => reply.code === 'SUCCESS' && reply.body.queueDatas[0]?.perm === 4,
        { what: `the new route of ${topic}` },
      )
      return topic
    },
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: (_, stage) => routeOf(stage, { readQueueNums: 1, writeQueueNums: 1, perm: 4, topicSysFlag: 0 }),
  }),
  created('has the queues that it asked for', { defaultTopicQueueNums: 3 }, { readQueueNums: 3, writeQueueNums: 3 }),
  created('has no more queues than TBW102', { defaultTopicQueueNums: 99 }, { readQueueNums: 8, writeQueueNums: 8 }),
  created(
    'may be of a unit',
    { defaultTopicQueueNums: 1, unitMode: true },
    { readQueueNums: 1, writeQueueNums: 1, topicSysFlag: 1 },
  ),
  route({
    name: 'the route of a topic that was deleted on another cluster stays',
    given: async stage => {
      const topic = await known(stage)
      await stage.invoke(DELETE_TOPIC_IN_NAMESRV, { header: { topic, clusterName: 'another' } })
      return topic
    },
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
    answer: (_, stage) => routeOf(stage),
  }),
  route({
    name: 'a topic that is not there is told',
    request: () => ({ header: { topic: 'not-there' } }),
    code: 'TOPIC_NOT_EXIST',
    answer: notThere('not-there'),
  }),
  route({
    name: 'the route of a deleted topic is gone',
    given: async stage => {
      const topic = await known(stage)
      await stage.invoke(DELETE_TOPIC_IN_NAMESRV, { header: { topic } })
      return topic
    },
    request: topic => ({ header: { topic } }),
    code: 'TOPIC_NOT_EXIST',
    answer: topic => notThere(topic),
  }),
  route({
    name: 'a header without a topic asks for one that is not there',
    request: () => ({ header: { topic: '' } }),
    without: ['topic'],
    code: 'TOPIC_NOT_EXIST',
    answer: notThere('null'),
  }),
  cluster({
    name: 'the brokers of all clusters are told',
    request: () => ({}),
    code: 'SUCCESS',
    answer: (_, stage) => ({
      json: {
        brokerAddrTable: among({ [stage.broker.name]: brokerData(stage) }),
        clusterAddrTable: among({ [stage.broker.cluster]: including(stage.broker.name) }),
      },
    }),
  }),
  topics({
    name: 'the names of all topics are told',
    given: stage => stage.shared(known),
    request: () => ({}),
    code: 'SUCCESS',
    answer: topic => ({ json: { topicList: including(topic, 'TBW102', 'SCHEDULE_TOPIC_XXXX', 'SELF_TEST_TOPIC') } }),
  }),
  forget({
    name: 'a topic is forgotten',
    given: known,
    request: topic => ({ header: { topic } }),
    code: 'SUCCESS',
  }),
  forget({
    name: 'a topic is forgotten on a cluster',
    given: known,
    request: (topic, { broker }) => ({ header: { topic, clusterName: broker.cluster } }),
    code: 'SUCCESS',
  }),
  forget({
    name: 'a topic that is not there is forgotten too',
    request: () => ({ header: { topic: 'not-there' } }),
    code: 'SUCCESS',
  }),
  forget({
    name: 'a header without a topic does no harm',
    request: () => ({ header: { topic: '' } }),
    without: ['topic'],
    code: 'SUCCESS',
  }),
]

interface Entry {
  readonly namespace: string
  readonly key: string
}

const entry = async (stage: Stage): Promise<Entry> => ({ namespace: 'PROBES', key: stage.unique('key') })

async function stored(stage: Stage): Promise<Entry> {
  const given = await entry(stage)
  await stage.invoke(PUT_KV_CONFIG, { header: { ...given, value: 'a value' } })
  return given
}

export const KV_ROWS = [
  put({
    name: 'a value is stored',
    given: entry,
    request: given => ({ header: { ...given, value: 'x' } }),
    code: 'SUCCESS',
  }),
  put({
    name: 'a value is replaced',
    given: stored,
    request: given => ({ header: { ...given, value: 'another' } }),
    code: 'SUCCESS',
  }),
  put({
    name: 'a header without a namespace is refused',
    given: entry,
    request: given => ({ header: { ...given, value: 'x' } }),
    without: ['namespace'],
    code: 'SYSTEM_ERROR',
    answer: { remark: 'namespace or key is null' },
  }),
  get({
    name: 'a value is told',
    given: stored,
    request: header => ({ header }),
    code: 'SUCCESS',
    answer: { fields: { value: 'a value' } },
  }),
  get({
    name: 'a key without a value is told',
    given: stored,
    request: given => ({ header: { ...given, key: 'not-there' } }),
    code: 'QUERY_NOT_FOUND',
    answer: { remark: 'No config item, Namespace: PROBES Key: not-there' },
  }),
  get({
    name: 'a namespace without values is told',
    request: () => ({ header: { namespace: 'not-there', key: 'k' } }),
    code: 'QUERY_NOT_FOUND',
    answer: { remark: 'No config item, Namespace: not-there Key: k' },
  }),
  get({
    name: 'a header without a key asks for one that is not there',
    given: stored,
    request: header => ({ header }),
    without: ['key'],
    code: 'QUERY_NOT_FOUND',
    answer: { remark: 'No config item, Namespace: PROBES Key: null' },
  }),
  remove({
    name: 'a value is deleted',
    given: stored,
    request: header => ({ header }),
    code: 'SUCCESS',
  }),
  remove({
    name: 'a value that is not there is deleted too',
    request: () => ({ header: { namespace: 'not-there', key: 'not-there' } }),
    code: 'SUCCESS',
  }),
  remove({
    name: 'a header without a key does no harm',
    given: stored,
    request: header => ({ header }),
    without: ['key'],
    code: 'SUCCESS',
  }),
]
