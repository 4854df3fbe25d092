import type { RequestOf } from '../../../lib/commands/command'
import { VIEW_MESSAGE_BY_ID } from '../../../lib/commands/message'
import { PULL_MESSAGE } from '../../../lib/commands/pull'
import { SEND_MESSAGE_V2 } from '../../../lib/commands/send'
import { END_TRANSACTION } from '../../../lib/commands/transaction'
import { encodeProperties } from '../../../lib/wire/properties'
import { pullHeader } from '../../support/emulator-site'
import { sendHeader } from '../../support/send-header'
import { NO_REMARK, exceptionRemark, pulledTo, record, storedAt, storedProperties } from './answers'
import { anyNumber, anyOffset, byVersion, onlyIn4, since5 } from './expected'
import { type Sent, freshTopic, isShown, ordersOf, send } from './given'
import { rowsOf } from './probe'
import type { Stage } from './stage'

const end = rowsOf(END_TRANSACTION)
const sendHalf = rowsOf(SEND_MESSAGE_V2)
const view = rowsOf(VIEW_MESSAGE_BY_ID)
const pull = rowsOf(PULL_MESSAGE)

type Header = RequestOf<typeof END_TRANSACTION>['header']

const GROUP = 'transaction-probes'
const COMMIT = 8
const ROLLBACK = 12
const PROPERTIES = { TRAN_MSG: 'true', PGROUP: GROUP, UNIQ_KEY: 'the-key' }

/**
 * A half message. It is too old for real brokers to ask about it: they give it up when they look at it, which keeps them
 * from looking again and again.
 */
async function half(stage: Stage, own: Record<string, string> = {}): Promise<Sent> {
  const properties = { ...PROPERTIES, ...own }
  return send(stage, await freshTopic(stage), { flag: 5, properties, header: { sysFlag: 4 } })
}

function header({ queueOffset, commitLogOffset }: Sent, rest: Partial<Header> = {}): { header: Header } {
  const offsets = { tranStateTableOffset: queueOffset, commitLogOffset }
  return { header: { ...offsets, producerGroup: GROUP, commitOrRollback: COMMIT, msgId: 'x', ...rest } }
}

/** What half messages and what was committed have of their own. */
function ownProperties(stage: Stage): Record<string, unknown> {
  return { ...storedProperties(stage, PROPERTIES), __transactionId__: since5('the-key') }
}

/** A half message that was committed, and has come to its queue. */
async function committed(stage: Stage): Promise<Sent> {
  const sent = await half(stage)
  await stage.invoke(END_TRANSACTION, header(sent))
  await isShown(stage, { ...sent, queueOffset: 0 })
  return sent
}

export const TRANSACTION_ROWS = [
  sendHalf({
    name: 'a half message is answered with its place among half messages, and the queue that it is meant for',
    given: freshTopic,
    request: topic => ({
      header: sendHeader(topic, { sysFlag: 4, properties: encodeProperties(PROPERTIES) }),
      body: Buffer.from('x'),
    }),
    code: 'SUCCESS',
    answer: (_, stage) => ({
      fields: storedAt(stage, { queueOffset: anyOffset, transactionId: since5('the-key') }),
    }),
  }),
  view({
    name: 'a half message is stored under the topic of half messages',
    given: half,
    request: ({ commitLogOffset }) => ({ header: { offset: commitLogOffset } }),
    code: 'SUCCESS',
    answer: (sent, stage) => ({
      messages: [
        record(stage, sent, {
          topic: 'RMQ_SYS_TRANS_HALF_TOPIC',
          properties: { ...ownProperties(stage), REAL_TOPIC: sent.topic, REAL_QID: '0' },
        }),
      ],
    }),
  }),
  pull({
    name: 'a committed message names its half message',
    given: committed,
    request: ({ topic }) => ({ header: pullHeader(topic, { consumerGroup: 'probes' }) }),
    code: 'SUCCESS',
    answer: (sent, stage) => ({
      fields: pulledTo(1, [0, 1]),
      remark: 'FOUND',
      messages: [
        record(stage, sent, {
          queueOffset: 0,
          commitLogOffset: anyNumber,
          sysFlag: COMMIT,
          preparedTransactionOffset: sent.commitLogOffset,
          properties: { ...ownProperties(stage), REAL_TOPIC: onlyIn4(sent.topic), REAL_QID: onlyIn4('0') },
        }),
      ],
    }),
  }),
  end({ name: 'a half message is committed', given: half, request: sent => header(sent), code: 'SUCCESS' }),
  end({
    name: 'a half message is rolled back',
    given: half,
    request: sent => header(sent, { commitOrRollback: ROLLBACK, fromTransactionCheck: true }),
    code: 'SUCCESS',
    answer: { remark: NO_REMARK },
  }),
  end({
    name: 'a half message is committed again, and delivered again',
    given: committed,
    request: sent => header(sent),
    code: 'SUCCESS',
  }),
  end({
    name: 'an end that is not known has no answer',
    given: half,
    request: sent => header(sent, { commitOrRollback: 0 }),
    code: 'NO_ANSWER',
  }),
  end({
    name: 'the transaction of another group is not ended',
    given: half,
    request: sent => header(sent, { producerGroup: 'others' }),
    code: 'SYSTEM_ERROR',
    answer: { remark: 'The producer group wrong' },
  }),
  end({
    name: 'a half message at another place is not ended',
    given: half,
    request: sent => header(sent, { tranStateTableOffset: sent.queueOffset + 1 }),
    code: 'SYSTEM_ERROR',
    answer: { remark: 'The transaction state table offset wrong' },
  }),
  end({
    name: 'a half message that is not there is not ended',
    given: half,
    request: sent => header(sent, { commitLogOffset: sent.commitLogOffset + 1_000_000_000 }),
    code: 'SYSTEM_ERROR',
    answer: { remark: 'Find prepared transaction message failed' },
  }),
  end({
    name: 'a message of no transaction is not ended',
    given: async stage => (await ordersOf(stage, 1)).sent[0] as Sent,
    request: sent => header(sent),
    code: 'SYSTEM_ERROR',
    answer: { remark: exceptionRemark },
  }),
  end({
    name: 'an end after the immunity time is refused by 5.x, unless a check has asked for it',
    given: stage => half(stage, { CHECK_IMMUNITY_TIME_IN_SECONDS: '10' }),
    request: sent => header(sent),
    code: byVersion({ '4.9': 'SUCCESS', '5': 'ILLEGAL_OPERATION' } as const),
    answer: { remark: since5(NO_REMARK) },
  }),
  end({
    name: 'an answer to a check ends a transaction after the immunity time, too',
    given: stage => half(stage, { CHECK_IMMUNITY_TIME_IN_SECONDS: '10' }),
    request: sent => header(sent, { fromTransactionCheck: true }),
    code: 'SUCCESS',
  }),
]
