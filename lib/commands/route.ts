import type { BrokerData } from '../model/topic-route'
import { json } from './body'
import { command } from './command'
import { boolean, optional, string } from './field'
import { entriesOf, fieldsOf, listOf, optionalTextOf, textOf } from './shape'
import { brokerDataOf, plainBrokerData, plainTopicRoute, topicRouteOf } from './topic-route-json'

/** Where a topic lives. Name servers from 4.9.4 answer strict JSON to clients that announce 4.9.4 or later. */
export const GET_ROUTEINFO_BY_TOPIC = command('GET_ROUTEINFO_BY_TOPIC', {
  code: 105,
  peer: 'namesrv',
  request: { header: { topic: string, acceptStandardJsonOnly: optional(boolean) } },
  response: { body: json(topicRouteOf, plainTopicRoute) },
  bare: ['TOPIC_NOT_EXIST'],
})

/** All brokers by name, and the names by cluster. */
export interface ClusterInfo {
  /** Brokers by name. */
  readonly brokerAddrTable: ReadonlyMap<string, BrokerData>
  /** Names of brokers by cluster. */
  readonly clusterAddrTable: ReadonlyMap<string, readonly string[]>
}

/** All brokers that a name server knows. */
export const GET_BROKER_CLUSTER_INFO = command('GET_BROKER_CLUSTER_INFO', {
  code: 106,
  peer: 'namesrv',
  request: {},
  response: {
    body: json(
      (value): ClusterInfo => {
        const what = 'cluster info'
        const fields = fieldsOf(value, what)
        return {
          brokerAddrTable: new Map(entriesOf(fields['brokerAddrTable'], what, { key: textOf, value: brokerDataOf })),
          clusterAddrTable: new Map(
            entriesOf(fields['clusterAddrTable'], what, { key: textOf, value: each => listOf(each, what, textOf) }),
          ),
        }
      },
      ({ brokerAddrTable, clusterAddrTable }) => ({
        brokerAddrTable: Object.fromEntries(
          Array.from(brokerAddrTable, ([name, data]) => [name, plainBrokerData(data, true)]),
        ),
        clusterAddrTable: Object.fromEntries(clusterAddrTable),
      }),
    ),
  },
})

/** Names of topics, as several requests answer them. */
export interface TopicList {
  readonly topicList: readonly string[]
  readonly brokerAddr?: string | undefined
}

/** All topics that a name server knows; it may be configured to refuse. */
export const GET_ALL_TOPIC_LIST_FROM_NAMESERVER = command('GET_ALL_TOPIC_LIST_FROM_NAMESERVER', {
  code: 206,
  peer: 'namesrv',
  request: {},
  response: {
    body: json((value): TopicList => {
      const fields = fieldsOf(value, 'a topic list')
      return {
        topicList: listOf(fields['topicList'], 'a topic list', textOf),
        brokerAddr: optionalTextOf(fields['brokerAddr'], 'a topic list'),
      }
    }),
  },
})

/** Takes the route of a topic away, of one cluster or of all. */
export const DELETE_TOPIC_IN_NAMESRV = command('DELETE_TOPIC_IN_NAMESRV', {
  code: 216,
  peer: 'namesrv',
  request: { header: { topic: string, clusterName: optional(string) } },
  response: {},
})

/** Namespace of the name server's key-value store for topics with a fixed order of queues. */
export const ORDER_TOPIC_CONFIG = 'ORDER_TOPIC_CONFIG'

/** Writes a value of the key-value store of one name server; they share none. */
export const PUT_KV_CONFIG = command('PUT_KV_CONFIG', {
  code: 100,
  peer: 'namesrv',
  request: { header: { namespace: string, key: string, value: string } },
  response: {},
})

/** Reads a value of the key-value store. */
export const GET_KV_CONFIG = command('GET_KV_CONFIG', {
  code: 101,
  peer: 'namesrv',
  request: { header: { namespace: string, key: string } },
  response: { header: { value: optional(string) } },
  bare: ['QUERY_NOT_FOUND'],
})

/** Deletes a value of the key-value store of one name server. */
export const DELETE_KV_CONFIG = command('DELETE_KV_CONFIG', {
  code: 102,
  peer: 'namesrv',
  request: { header: { namespace: string, key: string } },
  response: {},
})
