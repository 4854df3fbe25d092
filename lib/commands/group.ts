import type { ConsumeFromWhere, ConsumeType, MessageModel, SubscriptionData } from '../model/consumer-types'
import type { MessageQueue } from '../model/message-queue'
import { json } from './body'
import { queueOffsetTable } from './callback'
import { command } from './command'
import { boolean, int, long, optional, string } from './field'
import { consumeFromWhereOf, consumeTypeOf, messageModelOf, subscriptionDataOf } from './heartbeat-data'
import { booleanOf, entriesOf, fieldsOf, listOf, messageQueueOf, numberOf, optionalTextOf, textOf } from './shape'
import { TARGET_BROKER } from './rpc'

/** Settings of a consumer group on a broker (Java `SubscriptionGroupConfig`). */
export interface SubscriptionGroupConfig {
  readonly groupName: string
  readonly consumeEnable: boolean
  readonly consumeFromMinEnable: boolean
  readonly consumeBroadcastEnable: boolean
  readonly consumeMessageOrderly: boolean
  readonly retryQueueNums: number
  readonly retryMaxTimes: number
  readonly brokerId: number
  readonly whichBrokerWhenConsumeSlowly: number
  readonly notifyConsumerIdsChangedEnable: boolean
}

/** Reads a group's settings; what is left out has Java's default. */
export function subscriptionGroupConfigOf(value: unknown): SubscriptionGroupConfig {
  const what = 'a subscription group'
  const fields = fieldsOf(value, what)
  return {
    groupName: textOf(fields['groupName'], what),
    consumeEnable: booleanOf(fields['consumeEnable'], what, true),
    consumeFromMinEnable: booleanOf(fields['consumeFromMinEnable'], what, true),
    consumeBroadcastEnable: booleanOf(fields['consumeBroadcastEnable'], what, true),
    consumeMessageOrderly: booleanOf(fields['consumeMessageOrderly'], what),
    retryQueueNums: numberOf(fields['retryQueueNums'], what, 1),
    retryMaxTimes: numberOf(fields['retryMaxTimes'], what, 16),
    brokerId: numberOf(fields['brokerId'], what),
    whichBrokerWhenConsumeSlowly: numberOf(fields['whichBrokerWhenConsumeSlowly'], what, 1),
    notifyConsumerIdsChangedEnable: booleanOf(fields['notifyConsumerIdsChangedEnable'], what, true),
  }
}

/** Creates a consumer group on one broker, or changes it. */
export const UPDATE_AND_CREATE_SUBSCRIPTIONGROUP = command('UPDATE_AND_CREATE_SUBSCRIPTIONGROUP', {
  code: 200,
  peer: 'broker',
  request: { body: json(subscriptionGroupConfigOf) },
  response: {},
})

/** Deletes a consumer group from one broker. 4.9 reads `removeOffset`, 5.x `cleanOffset`. */
export const DELETE_SUBSCRIPTIONGROUP = command('DELETE_SUBSCRIPTIONGROUP', {
  code: 207,
  peer: 'broker',
  request: { header: { groupName: string, cleanOffset: optional(boolean), removeOffset: optional(boolean) } },
  response: {},
})

/** One client of a group as its broker lists it. */
export interface Connection {
  /** Id of the client: `ip@instance`, the same for all its members. */
  readonly clientId: string
  /** `ip:port` as the broker sees it. */
  readonly clientAddr: string
  /** Missing where the broker does not know the language. */
  readonly language?: string | undefined
  /** MQVersion ordinal. */
  readonly version: number
}

function connectionOf(value: unknown, what: string): Connection {
  const fields = fieldsOf(value, what)
  return {
    clientId: textOf(fields['clientId'], what),
    clientAddr: textOf(fields['clientAddr'], what),
    language: optionalTextOf(fields['language'], what),
    version: numberOf(fields['version'], what),
  }
}

/** The clients of a consumer group and what they subscribe to (Java `ConsumerConnection`). */
export interface ConsumerConnection {
  /** The members that are online. */
  readonly connectionSet: readonly Connection[]
  /** What is subscribed to, by topic. */
  readonly subscriptionTable: ReadonlyMap<string, SubscriptionData>
  /** Whether members pull or are pushed to. */
  readonly consumeType: ConsumeType
  /** Whether the group shares its messages or each member gets all. */
  readonly messageModel: MessageModel
  /** Where the group begins that never committed. */
  readonly consumeFromWhere: ConsumeFromWhere
}

function consumerConnectionOf(value: unknown): ConsumerConnection {
  const what = 'a consumer connection list'
  const fields = fieldsOf(value, what)
  return {
    connectionSet: listOf(fields['connectionSet'], what, connectionOf),
    subscriptionTable: new Map(
      entriesOf(fields['subscriptionTable'], what, { key: textOf, value: subscriptionDataOf }),
    ),
    consumeType: consumeTypeOf(fields['consumeType'], what),
    messageModel: messageModelOf(fields['messageModel'], what),
    consumeFromWhere: consumeFromWhereOf(fields['consumeFromWhere']),
  }
}

/** The clients of a consumer group that one broker knows. */
export const GET_CONSUMER_CONNECTION_LIST = command('GET_CONSUMER_CONNECTION_LIST', {
  code: 203,
  peer: 'broker',
  request: { header: { consumerGroup: string } },
  response: {
    body: json(consumerConnectionOf, ({ subscriptionTable, ...rest }) => ({
      ...rest,
      subscriptionTable: Object.fromEntries(subscriptionTable),
    })),
  },
  bare: ['CONSUMER_NOT_ONLINE'],
})

/** The clients of a producer group that one broker knows; SYSTEM_ERROR where there are none. */
export const GET_PRODUCER_CONNECTION_LIST = command('GET_PRODUCER_CONNECTION_LIST', {
  code: 204,
  peer: 'broker',
  request: { header: { producerGroup: string } },
  response: {
    body: json(value => ({
      connectionSet: listOf(
        fieldsOf(value, 'a producer connection list')['connectionSet'],
        'a connection',
        connectionOf,
      ),
    })),
  },
})

/** How far a group is on one queue (Java `OffsetWrapper`). */
export interface OffsetWrapper {
  readonly brokerOffset: number
  readonly consumerOffset: number
  /** Brokers from 5.0; -1 where the broker does not say. */
  readonly pullOffset: number
  /** Store time of the last consumed message, ms. */
  readonly lastTimestamp: number
}

/** Progress of a group by queue (Java `ConsumeStats`). */
export interface ConsumeStats {
  readonly consumeTps: number
  readonly offsetTable: readonly (readonly [MessageQueue, OffsetWrapper])[]
}

function offsetWrapperOf(value: unknown, what: string): OffsetWrapper {
  const fields = fieldsOf(value, what)
  return {
    brokerOffset: numberOf(fields['brokerOffset'], what),
    consumerOffset: numberOf(fields['consumerOffset'], what),
    pullOffset: numberOf(fields['pullOffset'], what, -1),
    lastTimestamp: numberOf(fields['lastTimestamp'], what),
  }
}

/** What is not known is not told. */
function plainOffsets({ pullOffset, ...offsets }: OffsetWrapper): unknown {
  return pullOffset < 0 ? offsets : { ...offsets, pullOffset }
}

/** Progress of a group on one broker, of one topic or of all that it has offsets of. */
export const GET_CONSUME_STATS = command('GET_CONSUME_STATS', {
  code: 208,
  peer: 'broker',
  request: { header: { consumerGroup: string, topic: optional(string), ...TARGET_BROKER } },
  response: {
    body: json(
      (value): ConsumeStats => {
        const what = 'consume stats'
        const fields = fieldsOf(value, what)
        return {
          consumeTps: numberOf(fields['consumeTps'], what),
          offsetTable: entriesOf(fields['offsetTable'], what, { key: messageQueueOf, value: offsetWrapperOf }),
        }
      },
      ({ consumeTps, offsetTable }) => ({
        consumeTps,
        offsetTable: new Map(offsetTable.map(([queue, offsets]) => [queue, plainOffsets(offsets)])),
      }),
    ),
  },
})

/** Resets the offsets of a group on one topic of one broker to a time; -1 is the end. */
export const INVOKE_BROKER_TO_RESET_OFFSET = command('INVOKE_BROKER_TO_RESET_OFFSET', {
  code: 222,
  peer: 'broker',
  request: {
    header: {
      topic: string,
      group: string,
      timestamp: long,
      isForce: boolean,
      queueId: optional(int),
      offset: optional(long),
      ...TARGET_BROKER,
    },
  },
  response: { body: queueOffsetTable },
  bare: ['CONSUMER_NOT_ONLINE'],
})

/** Groups that read a topic on one broker: those that are online, and those that have committed on it. */
export const QUERY_TOPIC_CONSUME_BY_WHO = command('QUERY_TOPIC_CONSUME_BY_WHO', {
  code: 300,
  peer: 'broker',
  request: { header: { topic: string } },
  response: {
    body: json((value): { readonly groupList: readonly string[] } => {
      const what = 'the groups of a topic'
      return { groupList: listOf(fieldsOf(value, what)['groupList'], what, textOf) }
    }),
  },
})
