import { json } from './body'
import { command } from './command'
import { boolean, optional, string } from './field'
import { heartbeatDataOf, subscriptionDataOf } from './heartbeat-data'
import { booleanOf, fieldsOf, listOf, messageQueueOf, optionalTextOf, textOf } from './shape'
import type { SubscriptionData } from '../model/consumer-types'
import type { MessageQueue } from '../model/message-queue'

/** Registers the groups of a client on the channel it comes by. */
export const HEART_BEAT = command('HEART_BEAT', {
  code: 34,
  peer: 'broker',
  request: { body: json(heartbeatDataOf) },
  response: { header: { IS_SUPPORT_HEART_BEAT_V2: optional(boolean), IS_SUB_CHANGE: optional(boolean) } },
})

/** Takes a group of a client away; it must come by the channel that heartbeated it. */
export const UNREGISTER_CLIENT = command('UNREGISTER_CLIENT', {
  code: 35,
  peer: 'broker',
  request: { header: { clientID: string, producerGroup: optional(string), consumerGroup: optional(string) } },
  response: {},
})

/** A subscription that a broker is asked about before anyone relies on it (Java `CheckClientRequestBody`). */
export interface ClientConfigCheck {
  readonly clientId?: string | undefined
  readonly group?: string | undefined
  readonly namespace?: string | undefined
  readonly subscriptionData?: SubscriptionData | undefined
}

/**
 * Asks a broker whether it filters by the expression of a subscription: SUBSCRIPTION_PARSE_FAILED where the expression is
 * wrong, SYSTEM_ERROR where filters by property are switched off.
 */
export const CHECK_CLIENT_CONFIG = command('CHECK_CLIENT_CONFIG', {
  code: 46,
  peer: 'broker',
  since: '4.1',
  request: {
    body: json((value): ClientConfigCheck => {
      const what = 'a check of a client'
      const fields = fieldsOf(value, what)
      const data = fields['subscriptionData']
      return {
        clientId: optionalTextOf(fields['clientId'], what),
        group: optionalTextOf(fields['group'], what),
        namespace: optionalTextOf(fields['namespace'], what),
        subscriptionData: data === null || data === undefined ? undefined : subscriptionDataOf(data, what),
      }
    }),
  },
  response: {},
})

/** The client ids of a consumer group; SYSTEM_ERROR when it has none. */
export const GET_CONSUMER_LIST_BY_GROUP = command('GET_CONSUMER_LIST_BY_GROUP', {
  code: 38,
  peer: 'broker',
  request: { header: { consumerGroup: string } },
  response: {
    body: json(value => ({
      consumerIdList: listOf(fieldsOf(value, 'a consumer list')['consumerIdList'], 'a consumer list', textOf),
    })),
  },
})

/** Queues that an orderly consumer wants to lock or give back. */
export interface LockBatch {
  readonly consumerGroup: string
  readonly clientId: string
  readonly mqSet: readonly MessageQueue[]
  readonly onlyThisBroker: boolean
}

const lockBatch = json((value): LockBatch => {
  const what = 'a lock request'
  const fields = fieldsOf(value, what)
  return {
    consumerGroup: textOf(fields['consumerGroup'], what),
    clientId: textOf(fields['clientId'], what),
    mqSet: listOf(fields['mqSet'], what, messageQueueOf),
    onlyThisBroker: booleanOf(fields['onlyThisBroker'], what),
  }
})

/** Locks queues for one client of a group, for 60 s; the answer lists those that it holds now. */
export const LOCK_BATCH_MQ = command('LOCK_BATCH_MQ', {
  code: 41,
  peer: 'broker',
  request: { body: lockBatch },
  response: {
    body: json(value => ({
      lockOKMQSet: listOf(fieldsOf(value, 'a lock answer')['lockOKMQSet'], 'a lock answer', messageQueueOf),
    })),
  },
})

/** Gives locked queues back. */
export const UNLOCK_BATCH_MQ = command('UNLOCK_BATCH_MQ', {
  code: 42,
  peer: 'broker',
  request: { body: lockBatch },
  response: {},
})
