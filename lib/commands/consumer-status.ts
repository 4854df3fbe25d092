import type { SubscriptionData } from '../model/consumer-types'
import type { MessageQueue } from '../model/message-queue'
import { bytes, json } from './body'
import { command } from './command'
import { boolean, int, optional, string } from './field'
import { subscriptionDataOf } from './heartbeat-data'
import {
  booleanOf,
  entriesOf,
  fieldsOf,
  listOf,
  messageQueueOf,
  numberOf,
  oneOf,
  optionalTextOf,
  textOf,
} from './shape'

/** How a push consumer works one queue off (Java `ProcessQueueInfo`). Times are ms since 1970, 0 where there was none. */
export interface ProcessQueueInfo {
  /** The lowest offset that is not handled. */
  readonly commitOffset: number
  /** First and last offset, number and MiB of the messages in hand. */
  readonly cachedMsgMinOffset: number
  /** Last offset of the messages in hand. */
  readonly cachedMsgMaxOffset: number
  /** Messages in hand. */
  readonly cachedMsgCount: number
  /** Their size, MiB. */
  readonly cachedMsgSizeInMiB: number
  /** First and last offset and number of the messages that listeners have, where they run in order. */
  readonly transactionMsgMinOffset: number
  /** Last offset of those. */
  readonly transactionMsgMaxOffset: number
  /** Messages that listeners in order have. */
  readonly transactionMsgCount: number
  /** Whether the broker keeps the queue for this member alone. */
  readonly locked: boolean
  /** How often it was tried to give it back while a listener had it. */
  readonly tryUnlockTimes: number
  /** When the broker locked it last, ms since 1970 UTC. */
  readonly lastLockTimestamp: number
  /** Whether the queue is being given away; the name is RocketMQ's. */
  readonly droped: boolean
  /** When it was pulled last, ms since 1970 UTC. */
  readonly lastPullTimestamp: number
  /** When a listener had a message of it last, ms since 1970 UTC. */
  readonly lastConsumeTimestamp: number
}

/** Speed of consumption of one topic (Java `ConsumeStatus`): the mean times in ms and the rates per second of the last minute. */
export interface ConsumeStatus {
  /** Mean time of a pull, ms. */
  readonly pullRT: number
  /** Messages a second that were pulled. */
  readonly pullTPS: number
  /** Mean time of a call of the listener, ms. */
  readonly consumeRT: number
  /** Messages a second that were handled. */
  readonly consumeOKTPS: number
  /** Messages a second that failed. */
  readonly consumeFailedTPS: number
  /** Messages that failed in the last hour. */
  readonly consumeFailedMsgs: number
}

/** What a consumer has of one queue, or broker, that it pops (Java `PopProcessQueueInfo`). */
export interface PopProcessQueueInfo {
  /** Messages in hand. */
  readonly waitAckCount: number
  /** Whether the queue is being given away; the name is RocketMQ's. */
  readonly droped: boolean
  /** Wall time, ms. */
  readonly lastPopTimestamp: number
}

/** What a consumer tells of itself (Java `ConsumerRunningInfo`). */
export interface ConsumerRunningInfo {
  /** Options and facts; those that RocketMQ's tools look at begin with `PROP_`. */
  readonly properties: ReadonlyMap<string, string>
  /** What it subscribes to. */
  readonly subscriptionSet: readonly SubscriptionData[]
  /** What it has in hand, by the queues that it pulls. */
  readonly mqTable: readonly (readonly [MessageQueue, ProcessQueueInfo])[]
  /** What is popped, if anything. */
  readonly mqPopTable?: readonly (readonly [MessageQueue, PopProcessQueueInfo])[] | undefined
  /** Speed of consumption, by topic. */
  readonly statusTable: ReadonlyMap<string, ConsumeStatus>
  /** What the consumer is doing at the moment, where that was asked for: a Java client's threads, our loops and listeners. */
  readonly jstack?: string | undefined
}

function processQueueInfoOf(value: unknown, what: string): ProcessQueueInfo {
  const fields = fieldsOf(value, what)
  const count = (name: keyof ProcessQueueInfo): number => numberOf(fields[name], what)
  return {
    commitOffset: count('commitOffset'),
    cachedMsgMinOffset: count('cachedMsgMinOffset'),
    cachedMsgMaxOffset: count('cachedMsgMaxOffset'),
    cachedMsgCount: count('cachedMsgCount'),
    cachedMsgSizeInMiB: count('cachedMsgSizeInMiB'),
    transactionMsgMinOffset: count('transactionMsgMinOffset'),
    transactionMsgMaxOffset: count('transactionMsgMaxOffset'),
    transactionMsgCount: count('transactionMsgCount'),
    locked: booleanOf(fields['locked'], what),
    tryUnlockTimes: count('tryUnlockTimes'),
    lastLockTimestamp: count('lastLockTimestamp'),
    droped: booleanOf(fields['droped'], what),
    lastPullTimestamp: count('lastPullTimestamp'),
    lastConsumeTimestamp: count('lastConsumeTimestamp'),
  }
}

function popProcessQueueInfoOf(value: unknown, what: string): PopProcessQueueInfo {
  const fields = fieldsOf(value, what)
  return {
    waitAckCount: numberOf(fields['waitAckCount'], what),
    droped: booleanOf(fields['droped'], what),
    lastPopTimestamp: numberOf(fields['lastPopTimestamp'], what),
  }
}

function consumeStatusOf(value: unknown, what: string): ConsumeStatus {
  const fields = fieldsOf(value, what)
  const figure = (name: keyof ConsumeStatus): number => numberOf(fields[name], what)
  return {
    pullRT: figure('pullRT'),
    pullTPS: figure('pullTPS'),
    consumeRT: figure('consumeRT'),
    consumeOKTPS: figure('consumeOKTPS'),
    consumeFailedTPS: figure('consumeFailedTPS'),
    consumeFailedMsgs: figure('consumeFailedMsgs'),
  }
}

function runningInfoOf(value: unknown): ConsumerRunningInfo {
  const what = 'the running info of a consumer'
  const fields = fieldsOf(value, what)
  const popped = entriesOf(fields['mqPopTable'] ?? {}, what, { key: messageQueueOf, value: popProcessQueueInfoOf })
  return {
    properties: new Map(entriesOf(fields['properties'], what, { key: textOf, value: each => String(each) })),
    subscriptionSet: listOf(fields['subscriptionSet'], what, subscriptionDataOf),
    mqTable: entriesOf(fields['mqTable'], what, { key: messageQueueOf, value: processQueueInfoOf }),
    ...(popped.length > 0 && { mqPopTable: popped }),
    statusTable: new Map(entriesOf(fields['statusTable'], what, { key: textOf, value: consumeStatusOf })),
    jstack: optionalTextOf(fields['jstack'], what),
  }
}

/** What a consumer does at present. A tool asks a broker, which passes the question on to the consumer and its answer back. */
export const GET_CONSUMER_RUNNING_INFO = command('GET_CONSUMER_RUNNING_INFO', {
  code: 307,
  peer: 'broker',
  passedOn: true,
  request: { header: { consumerGroup: string, clientId: string, jstackEnable: optional(boolean) } },
  response: {
    body: json(runningInfoOf, ({ properties, mqTable, mqPopTable = [], statusTable, ...rest }) => ({
      properties: Object.fromEntries(properties),
      mqTable: new Map(mqTable),
      mqPopTable: new Map(mqPopTable),
      statusTable: Object.fromEntries(statusTable),
      userConsumerInfo: {},
      ...rest,
    })),
  },
})

/** Java `CMResult`; listeners of this library give all but CR_RETURN_NULL. */
export type CMResult = 'CR_SUCCESS' | 'CR_LATER' | 'CR_ROLLBACK' | 'CR_COMMIT' | 'CR_THROW_EXCEPTION' | 'CR_RETURN_NULL'

const CONSUME_RESULTS: readonly CMResult[] = [
  'CR_SUCCESS',
  'CR_LATER',
  'CR_ROLLBACK',
  'CR_COMMIT',
  'CR_THROW_EXCEPTION',
  'CR_RETURN_NULL',
]

/** What a listener made of a message that it was given on demand (Java `ConsumeMessageDirectlyResult`). */
export interface ConsumeMessageDirectlyResult {
  /** Whether the listener works in order. */
  readonly order: boolean
  /** Whether a success of the listener would have been committed. */
  readonly autoCommit: boolean
  /** How the listener ended. */
  readonly consumeResult: CMResult
  /** The error that the listener threw. */
  readonly remark?: string | undefined
  /** How long the listener took, ms. */
  readonly spentTimeMills: number
}

const consumeResultOf = oneOf(CONSUME_RESULTS, 'CR_RETURN_NULL')

function directResultOf(value: unknown): ConsumeMessageDirectlyResult {
  const what = 'the result of a direct consumption'
  const fields = fieldsOf(value, what)
  return {
    order: booleanOf(fields['order'], what),
    autoCommit: booleanOf(fields['autoCommit'], what, true),
    consumeResult: consumeResultOf(fields['consumeResult'], what),
    remark: optionalTextOf(fields['remark'], what),
    spentTimeMills: numberOf(fields['spentTimeMills'], what),
  }
}

/**
 * Has a consumer handle one message, without any offset being changed. A tool names the message, the broker passes the
 * question on to the consumer together with the stored record.
 */
export const CONSUME_MESSAGE_DIRECTLY = command('CONSUME_MESSAGE_DIRECTLY', {
  code: 309,
  peer: 'broker',
  passedOn: true,
  request: {
    header: {
      consumerGroup: string,
      clientId: optional(string),
      /** Offset id of the message. */
      msgId: optional(string),
      brokerName: optional(string),
      topic: optional(string),
      topicSysFlag: optional(int),
      groupSysFlag: optional(int),
    },
    body: bytes,
  },
  response: { body: json(directResultOf) },
})

/** The next offset of each queue by client (Java `GetConsumerStatusBody`). */
export interface ConsumerStatusTable {
  readonly consumerTable: ReadonlyMap<string, readonly (readonly [MessageQueue, number])[]>
}

function statusTableOf(value: unknown): ConsumerStatusTable {
  const what = 'the status of consumers'
  const queuesOf = (queues: unknown): [MessageQueue, number][] =>
    entriesOf(queues, what, { key: messageQueueOf, value: numberOf })
  const table = fieldsOf(value, what)['consumerTable']
  return { consumerTable: new Map(entriesOf(table, what, { key: textOf, value: queuesOf })) }
}

/** Has a broker ask the members of a group, or the one whose client id is `clientAddr`, how far they are. */
export const INVOKE_BROKER_TO_GET_CONSUMER_STATUS = command('INVOKE_BROKER_TO_GET_CONSUMER_STATUS', {
  code: 223,
  peer: 'broker',
  request: { header: { topic: string, group: string, clientAddr: optional(string) } },
  response: {
    body: json(statusTableOf, ({ consumerTable }) => ({
      consumerTable: Object.fromEntries(Array.from(consumerTable, ([client, queues]) => [client, new Map(queues)])),
      messageQueueTable: {},
    })),
  },
})
