import { bytes, json } from './body'
import { command } from './command'
import { int, long, optional, string } from './field'
import { TARGET_BROKER } from './rpc'
import { fieldsOf, listOf, numberOf, oneOf, optionalTextOf, textOf } from './shape'

/** What is done to the lite topics of a client: some come or go, or those that are named are all it has. */
export type LiteSubscriptionAction = 'PARTIAL_ADD' | 'PARTIAL_REMOVE' | 'COMPLETE_ADD' | 'COMPLETE_REMOVE'

/** Where a group begins with a lite topic (Java `OffsetOption`): POLICY 0 goes on, 1 the oldest, 2 the end. */
export interface LiteOffsetOption {
  readonly type: 'POLICY' | 'OFFSET' | 'TAIL_N'
  readonly value: number
}

/** One change (Java `LiteSubscriptionDTO`). */
export interface LiteSubscriptionChange {
  readonly action: LiteSubscriptionAction
  readonly clientId: string
  readonly group: string
  /** The parent of the lite topics. */
  readonly topic: string
  readonly liteTopicSet: readonly string[]
  readonly offsetOption?: LiteOffsetOption | undefined
  readonly version: number
}

const actionOf = oneOf<LiteSubscriptionAction>(
  ['PARTIAL_ADD', 'PARTIAL_REMOVE', 'COMPLETE_ADD', 'COMPLETE_REMOVE'],
  'PARTIAL_ADD',
)

function changeOf(value: unknown, what: string): LiteSubscriptionChange {
  const fields = fieldsOf(value, what)
  return {
    action: actionOf(fields['action'], what),
    clientId: optionalTextOf(fields['clientId'], what) ?? '',
    group: optionalTextOf(fields['group'], what) ?? '',
    topic: optionalTextOf(fields['topic'], what) ?? '',
    liteTopicSet: listOf(fields['liteTopicSet'], what, textOf),
    version: numberOf(fields['version'], what),
  }
}

/** Changes the lite topics of a client; brokers from 5.5. */
export const LITE_SUBSCRIPTION_CTL = command('LITE_SUBSCRIPTION_CTL', {
  code: 200_071,
  peer: 'broker',
  since: '5.5',
  headerType: 'JSON',
  request: {
    body: json((value): { readonly subscriptionSet: readonly LiteSubscriptionChange[] } => {
      const what = 'changes of lite subscriptions'
      return { subscriptionSet: listOf(fieldsOf(value, what)['subscriptionSet'], what, changeOf) }
    }),
  },
  response: {},
})

/** Takes messages of the lite topics of a client: of each in order, and the next ones when these are acknowledged. */
export const POP_LITE_MESSAGE = command('POP_LITE_MESSAGE', {
  code: 200_070,
  peer: 'broker',
  since: '5.5',
  headerType: 'JSON',
  request: {
    header: {
      clientId: string,
      consumerGroup: string,
      topic: string,
      maxMsgNum: int,
      invisibleTime: long,
      pollTime: long,
      bornTime: long,
      attemptId: optional(string),
      ...TARGET_BROKER,
    },
  },
  response: {
    header: {
      popTime: long,
      invisibleTime: long,
      reviveQid: int,
      startOffsetInfo: optional(string),
      msgOffsetInfo: optional(string),
      orderCountInfo: optional(string),
    },
    body: bytes,
  },
  answers: ['SUCCESS', 'PULL_NOT_FOUND', 'POLLING_FULL', 'POLLING_TIMEOUT'],
})

/** A lite topic of a client is gone, or another client has it now; oneway. */
export const NOTIFY_UNSUBSCRIBE_LITE = command('NOTIFY_UNSUBSCRIBE_LITE', {
  code: 200_073,
  peer: 'client',
  request: { header: { liteTopic: string, consumerGroup: string, clientId: string } },
})
