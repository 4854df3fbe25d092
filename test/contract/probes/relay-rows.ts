import { GET_CONSUMER_STATUS_FROM_CLIENT } from '../../../lib/commands/callback'
import type { ReplyOf } from '../../../lib/commands/command'
import {
  CONSUME_MESSAGE_DIRECTLY,
  GET_CONSUMER_RUNNING_INFO,
  INVOKE_BROKER_TO_GET_CONSUMER_STATUS,
} from '../../../lib/commands/consumer-status'
import { consumerData } from '../../support/emulator-site'
import { NO_REMARK, exceptionRemark } from './answers'
import { freshGroup, heartbeat, orders } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const runningInfo = rowsOf(GET_CONSUMER_RUNNING_INFO)
const consumeDirectly = rowsOf(CONSUME_MESSAGE_DIRECTLY)
const status = rowsOf(INVOKE_BROKER_TO_GET_CONSUMER_STATUS)

/** What the member of the rows answers to what a broker asks it. */
const RUNNING_INFO = {
  properties: new Map([['PROP_CLIENT_VERSION', 'probe']]),
  subscriptionSet: [],
  mqTable: [],
  statusTable: new Map(),
}
const CONSUMED = {
  order: false,
  autoCommit: true,
  consumeResult: 'CR_SUCCESS',
  remark: 'handled',
  spentTimeMills: 3,
} as const

interface Given {
  readonly group: string
  readonly topic: string
  /** Offset id of a message. */
  readonly msgId: string
}

/** A group with one member, on a connection of its own, that answers what the broker asks. */
async function answering(stage: Stage): Promise<Given> {
  const { topic, sent } = await stage.shared(orders)
  const group = await freshGroup(stage)
  const which = 'a member that answers'
  const { handlers } = await stage.connection('broker', { which })
  handlers.on(GET_CONSUMER_RUNNING_INFO, (): ReplyOf<typeof GET_CONSUMER_RUNNING_INFO> => ({
    code: 'SUCCESS',
    body: RUNNING_INFO,
  }))
  handlers.on(CONSUME_MESSAGE_DIRECTLY, (): ReplyOf<typeof CONSUME_MESSAGE_DIRECTLY> => ({
    code: 'SUCCESS',
    body: CONSUMED,
  }))
  handlers.on(GET_CONSUMER_STATUS_FROM_CLIENT, ({ header }): ReplyOf<typeof GET_CONSUMER_STATUS_FROM_CLIENT> => ({
    code: 'SUCCESS',
    body: { messageQueueTable: [[{ topic: header.topic, brokerName: stage.broker.name, queueId: 0 }, 2]] },
  }))
  await heartbeat(stage, group, { consumers: [consumerData(group, [topic])], which })
  return { group, topic, msgId: sent[0]?.msgId ?? '' }
}

const given = (stage: Stage): Promise<Given> => stage.shared(answering)
const offline = async (stage: Stage): Promise<Given> => ({ ...(await given(stage)), group: await freshGroup(stage) })
const notOnline = (group: string, clientId: string): string => `The Consumer <${group}> <${clientId}> not online`

export const RELAY_ROWS = [
  runningInfo({
    name: 'a member of a group tells what it does',
    given,
    request: ({ group }) => ({ header: { consumerGroup: group, clientId: group } }),
    code: 'SUCCESS',
    answer: {
      json: {
        properties: { PROP_CLIENT_VERSION: 'probe' },
        subscriptionSet: [],
        mqTable: {},
        mqPopTable: {},
        statusTable: {},
        userConsumerInfo: {},
      },
    },
  }),
  runningInfo({
    name: 'a client that is not there is told',
    given,
    request: ({ group }) => ({ header: { consumerGroup: group, clientId: 'nobody' } }),
    code: 'SYSTEM_ERROR',
    answer: ({ group }) => ({ remark: notOnline(group, 'nobody') }),
  }),
  runningInfo({
    name: 'a group that is not online is told',
    given: offline,
    request: ({ group }) => ({ header: { consumerGroup: group, clientId: 'nobody' } }),
    code: 'SYSTEM_ERROR',
    answer: ({ group }) => ({ remark: notOnline(group, 'nobody') }),
  }),
  consumeDirectly({
    name: 'a member of a group handles a message on demand',
    given,
    request: ({ group, topic, msgId }) => ({
      header: { consumerGroup: group, clientId: group, msgId, topic },
      body: Buffer.alloc(0),
    }),
    code: 'SUCCESS',
    answer: { json: CONSUMED },
  }),
  consumeDirectly({
    name: 'a client that is not there is told',
    given,
    request: ({ group, msgId }) => ({
      header: { consumerGroup: group, clientId: 'nobody', msgId },
      body: Buffer.alloc(0),
    }),
    code: 'SYSTEM_ERROR',
    answer: ({ group }) => ({ remark: notOnline(group, 'nobody') }),
  }),
  consumeDirectly({
    name: 'a message that is not there is an exception',
    given,
    request: ({ group, msgId }) => ({
      header: { consumerGroup: group, clientId: group, msgId: `${msgId.slice(0, 16)}000000E8D4A51000` },
      body: Buffer.alloc(0),
    }),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  consumeDirectly({
    name: 'an id that is none is an exception',
    given,
    request: ({ group }) => ({
      header: { consumerGroup: group, clientId: group, msgId: 'no id' },
      body: Buffer.alloc(0),
    }),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  status({
    name: 'all members of a group tell how far they are',
    given,
    request: ({ group, topic }) => ({ header: { topic, group } }),
    code: 'SUCCESS',
    answer: ({ group, topic }, { broker }) => ({
      remark: NO_REMARK,
      json: {
        consumerTable: { [group]: [[{ topic, brokerName: broker.name, queueId: 0 }, 2]] },
        messageQueueTable: {},
      },
    }),
  }),
  status({
    name: 'a client that is not there tells nothing',
    given,
    request: ({ group, topic }) => ({ header: { topic, group, clientAddr: 'nobody' } }),
    code: 'SUCCESS',
    answer: { remark: NO_REMARK, json: { consumerTable: {}, messageQueueTable: {} } },
  }),
  status({
    name: 'a group that is not online is an exception',
    given: offline,
    request: ({ group, topic }) => ({ header: { topic, group } }),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
]
