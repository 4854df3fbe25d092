import type { ConsumeFromWhere, ConsumeType, MessageModel, SubscriptionData } from '../model/consumer-types'
import { booleanOf, boundOf, fieldsOf, listOf, numberOf, oneOf, optionalTextOf, textOf } from './shape'

/** One consumer group in a heartbeat (Java `ConsumerData`). */
export interface ConsumerData {
  readonly groupName: string
  readonly consumeType: ConsumeType
  readonly messageModel: MessageModel
  readonly consumeFromWhere: ConsumeFromWhere
  readonly subscriptionDataSet: readonly SubscriptionData[]
  readonly unitMode: boolean
}

/** All groups of one client (Java `HeartbeatData`). */
export interface HeartbeatData {
  readonly clientID: string
  readonly producerDataSet: readonly { readonly groupName: string }[]
  readonly consumerDataSet: readonly ConsumerData[]
  /** Of version 2, brokers from 5.1.4: tells whether subscriptions have changed; 0 in version 1. */
  readonly heartbeatFingerprint?: number
  /** Of version 2: subscriptions are left out, as they are known. */
  readonly withoutSub?: boolean
}

/** Reads a `ConsumeType`; a push consumer's where it is missing. */
export const consumeTypeOf = oneOf(['CONSUME_PASSIVELY', 'CONSUME_ACTIVELY'], 'CONSUME_PASSIVELY')
/** Reads a `MessageModel`; clustering where it is missing. */
export const messageModelOf = oneOf(['CLUSTERING', 'BROADCASTING'], 'CLUSTERING')

const FROM_WHERE: readonly ConsumeFromWhere[] = [
  'CONSUME_FROM_LAST_OFFSET',
  'CONSUME_FROM_FIRST_OFFSET',
  'CONSUME_FROM_TIMESTAMP',
]

/** The deprecated names of old clients all mean the last offset, as for Java. */
export function consumeFromWhereOf(value: unknown): ConsumeFromWhere {
  return FROM_WHERE.find(each => each === value) ?? 'CONSUME_FROM_LAST_OFFSET'
}

/** Go's client writes the codes of tags as text, which Java reads as numbers all the same. */
function tagCodeOf(value: unknown, what: string): number {
  return numberOf(typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value, what)
}

/** Reads a subscription. @throws RocketMQError PROTOCOL_ERROR where it is none */
export function subscriptionDataOf(value: unknown, what: string): SubscriptionData {
  const fields = fieldsOf(value, what)
  const filterClassSource = optionalTextOf(fields['filterClassSource'], what)
  return {
    topic: textOf(fields['topic'], what),
    subString: textOf(fields['subString'] ?? '*', what),
    tagsSet: listOf(fields['tagsSet'], what, textOf),
    codeSet: listOf(fields['codeSet'], what, tagCodeOf),
    // Not every client counts milliseconds: Go's count nanoseconds, which a number cannot hold.
    subVersion: boundOf(fields['subVersion'], what),
    expressionType: textOf(fields['expressionType'] ?? 'TAG', what),
    classFilterMode: booleanOf(fields['classFilterMode'], what),
    ...(filterClassSource === undefined ? {} : { filterClassSource }),
  }
}

function consumerDataOf(value: unknown, what: string): ConsumerData {
  const fields = fieldsOf(value, what)
  return {
    groupName: textOf(fields['groupName'], what),
    consumeType: consumeTypeOf(fields['consumeType'], what),
    messageModel: messageModelOf(fields['messageModel'], what),
    consumeFromWhere: consumeFromWhereOf(fields['consumeFromWhere']),
    subscriptionDataSet: listOf(fields['subscriptionDataSet'], what, subscriptionDataOf),
    unitMode: booleanOf(fields['unitMode'], what),
  }
}

/** Reads a heartbeat. @throws RocketMQError PROTOCOL_ERROR where it is none */
export function heartbeatDataOf(value: unknown): HeartbeatData {
  const what = 'a heartbeat'
  const fields = fieldsOf(value, what)
  return {
    clientID: textOf(fields['clientID'], what),
    producerDataSet: listOf(fields['producerDataSet'], what, each => ({
      groupName: textOf(fieldsOf(each, what)['groupName'], what),
    })),
    consumerDataSet: listOf(fields['consumerDataSet'], what, consumerDataOf),
    heartbeatFingerprint: numberOf(fields['heartbeatFingerprint'], what),
    withoutSub: booleanOf(fields['withoutSub'], what),
  }
}
