import type { ReplyOf, RequestOf } from '../../commands/command'
import {
  type DELETE_KV_CONFIG,
  type DELETE_TOPIC_IN_NAMESRV,
  type GET_ALL_TOPIC_LIST_FROM_NAMESERVER,
  type GET_BROKER_CLUSTER_INFO,
  type GET_KV_CONFIG,
  type GET_ROUTEINFO_BY_TOPIC,
  ORDER_TOPIC_CONFIG,
  type PUT_KV_CONFIG,
} from '../../commands/route'
import type { RequestContext } from '../../remoting/request-handlers'
import type { NameServer } from '../name-server'
import { seeHelp } from '../refusal'

/** Clients of 4.9.4 and later get standard JSON. */
const STANDARD_JSON_VERSION = 401

export function getRouteInfoByTopic(
  server: NameServer,
  { header: { topic, acceptStandardJsonOnly = false } }: RequestOf<typeof GET_ROUTEINFO_BY_TOPIC>,
  { frame }: RequestContext,
): ReplyOf<typeof GET_ROUTEINFO_BY_TOPIC> {
  const route = server.routes.route(topic)
  if (route === undefined) {
    const remark = `No topic route info in name server for the topic: ${topic}${seeHelp(server.generation)}`
    return { code: 'TOPIC_NOT_EXIST', remark }
  }
  const orderTopicConf = server.orderMessageEnable ? server.config.get(ORDER_TOPIC_CONFIG)?.get(topic) : undefined
  const bareBrokerIds = frame.version < STANDARD_JSON_VERSION && !acceptStandardJsonOnly
  return {
    code: 'SUCCESS',
    body: { ...route, bareBrokerIds, ...(orderTopicConf === undefined ? {} : { orderTopicConf }) },
  }
}

export function getBrokerClusterInfo(server: NameServer): ReplyOf<typeof GET_BROKER_CLUSTER_INFO> {
  return { code: 'SUCCESS', body: server.routes.clusterInfo() }
}

export function getAllTopicListFromNameserver(server: NameServer): ReplyOf<typeof GET_ALL_TOPIC_LIST_FROM_NAMESERVER> {
  return { code: 'SUCCESS', body: { topicList: server.routes.topicNames() } }
}

export function deleteTopicInNamesrv(
  server: NameServer,
  { header: { topic, clusterName } }: RequestOf<typeof DELETE_TOPIC_IN_NAMESRV>,
): ReplyOf<typeof DELETE_TOPIC_IN_NAMESRV> {
  server.routes.deleteTopic(topic, clusterName)
  return { code: 'SUCCESS' }
}

export function putKvConfig(
  server: NameServer,
  { header: { namespace, key, value } }: RequestOf<typeof PUT_KV_CONFIG>,
): ReplyOf<typeof PUT_KV_CONFIG> {
  const values = server.config.get(namespace) ?? new Map<string, string>()
  server.config.set(namespace, values.set(key, value))
  return { code: 'SUCCESS' }
}

export function getKvConfig(
  server: NameServer,
  { header: { namespace, key } }: RequestOf<typeof GET_KV_CONFIG>,
): ReplyOf<typeof GET_KV_CONFIG> {
  const value = server.config.get(namespace)?.get(key)
  if (value !== undefined) return { code: 'SUCCESS', header: { value } }
  return { code: 'QUERY_NOT_FOUND', remark: `No config item, Namespace: ${namespace} Key: ${key}` }
}

export function deleteKvConfig(
  server: NameServer,
  { header: { namespace, key } }: RequestOf<typeof DELETE_KV_CONFIG>,
): ReplyOf<typeof DELETE_KV_CONFIG> {
  server.config.get(namespace)?.delete(key)
  return { code: 'SUCCESS' }
}
