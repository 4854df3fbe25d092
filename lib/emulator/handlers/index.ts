import { COMMANDS } from '../../commands/index'
import type { AnyCommand, ReplyOf, RequestOf } from '../../commands/command'
import type { RequestContext, RequestHandler } from '../../remoting/request-handlers'
import type { Broker } from '../broker'
import type { NameServer } from '../name-server'
import { ackMessage, batchAckMessage } from './ack'
import { queryAssignment, setMessageRequestMode } from './assignment'
import { changeMessageInvisibleTime } from './change-invisible-time'
import { getConsumerListByGroup, heartBeat, lockBatchMq, unlockBatchMq, unregisterClient } from './client'
import { checkClientConfig } from './client-config'
import { getConsumeStats } from './consume-stats'
import { consumeMessageDirectly, getConsumerRunningInfo, invokeBrokerToGetConsumerStatus } from './consumer-status'
import {
  deleteSubscriptionGroup,
  getConsumerConnectionList,
  getProducerConnectionList,
  queryTopicConsumeByWho,
  updateAndCreateSubscriptionGroup,
} from './group'
import { queryMessage, viewMessageById } from './message'
import { notification } from './notification'
import {
  getMaxOffset,
  getMinOffset,
  queryConsumerOffset,
  searchOffsetByTimestamp,
  updateConsumerOffset,
} from './offset'
import { popMessage } from './pop'
import { pullMessage } from './pull'
import { recallMessage } from './recall'
import { invokeBrokerToResetOffset } from './reset-offset'
import {
  deleteKvConfig,
  deleteTopicInNamesrv,
  getAllTopicListFromNameserver,
  getBrokerClusterInfo,
  getKvConfig,
  getRouteInfoByTopic,
  putKvConfig,
} from './route'
import { consumerSendMsgBack } from './send-back'
import { sendMessage } from './send'
import { sendReplyMessage } from './send-reply'
import { getBrokerRuntimeInfo } from './runtime-info'
import { deleteTopicInBroker, getTopicConfig, getTopicStatsInfo, updateAndCreateTopic } from './topic'
import { endTransaction } from './transaction'

type Commands = typeof COMMANDS
type NamesOf<P> = { [N in keyof Commands]: Commands[N]['peer'] extends P ? N : never }[keyof Commands]

/** Answers one request on behalf of a server; undefined where the answer comes later. */
type Handler<S, C> = (server: S, request: RequestOf<C>, context: RequestContext) => ReplyOf<C> | undefined
type HandlerTable<S, N extends keyof Commands> = { readonly [K in N]: Handler<S, Commands[K]> }

const NAME_SERVER_HANDLERS = {
  DELETE_KV_CONFIG: deleteKvConfig,
  DELETE_TOPIC_IN_NAMESRV: deleteTopicInNamesrv,
  GET_ALL_TOPIC_LIST_FROM_NAMESERVER: getAllTopicListFromNameserver,
  GET_BROKER_CLUSTER_INFO: getBrokerClusterInfo,
  GET_KV_CONFIG: getKvConfig,
  GET_ROUTEINFO_BY_TOPIC: getRouteInfoByTopic,
  PUT_KV_CONFIG: putKvConfig,
} satisfies HandlerTable<NameServer, NamesOf<'namesrv'>>

const BROKER_HANDLERS = {
  ACK_MESSAGE: ackMessage,
  BATCH_ACK_MESSAGE: batchAckMessage,
  CHANGE_MESSAGE_INVISIBLETIME: changeMessageInvisibleTime,
  CHECK_CLIENT_CONFIG: checkClientConfig,
  CONSUMER_SEND_MSG_BACK: consumerSendMsgBack,
  CONSUME_MESSAGE_DIRECTLY: consumeMessageDirectly,
  DELETE_SUBSCRIPTIONGROUP: deleteSubscriptionGroup,
  DELETE_TOPIC_IN_BROKER: deleteTopicInBroker,
  END_TRANSACTION: endTransaction,
  GET_BROKER_RUNTIME_INFO: getBrokerRuntimeInfo,
  GET_CONSUMER_CONNECTION_LIST: getConsumerConnectionList,
  GET_CONSUMER_LIST_BY_GROUP: getConsumerListByGroup,
  GET_CONSUMER_RUNNING_INFO: getConsumerRunningInfo,
  GET_CONSUME_STATS: getConsumeStats,
  GET_MAX_OFFSET: getMaxOffset,
  GET_MIN_OFFSET: getMinOffset,
  GET_PRODUCER_CONNECTION_LIST: getProducerConnectionList,
  GET_TOPIC_CONFIG: getTopicConfig,
  GET_TOPIC_STATS_INFO: getTopicStatsInfo,
  HEART_BEAT: heartBeat,
  INVOKE_BROKER_TO_GET_CONSUMER_STATUS: invokeBrokerToGetConsumerStatus,
  INVOKE_BROKER_TO_RESET_OFFSET: invokeBrokerToResetOffset,
  LITE_PULL_MESSAGE: pullMessage,
  LOCK_BATCH_MQ: lockBatchMq,
  NOTIFICATION: notification,
  POP_MESSAGE: popMessage,
  PULL_MESSAGE: pullMessage,
  QUERY_ASSIGNMENT: queryAssignment,
  QUERY_CONSUMER_OFFSET: queryConsumerOffset,
  QUERY_MESSAGE: queryMessage,
  QUERY_TOPIC_CONSUME_BY_WHO: queryTopicConsumeByWho,
  RECALL_MESSAGE: recallMessage,
  SEARCH_OFFSET_BY_TIMESTAMP: searchOffsetByTimestamp,
  SEND_BATCH_MESSAGE: sendMessage,
  SEND_MESSAGE: sendMessage,
  SEND_MESSAGE_V2: sendMessage,
  SEND_REPLY_MESSAGE: sendReplyMessage,
  SEND_REPLY_MESSAGE_V2: sendReplyMessage,
  SET_MESSAGE_REQUEST_MODE: setMessageRequestMode,
  UNLOCK_BATCH_MQ: unlockBatchMq,
  UNREGISTER_CLIENT: unregisterClient,
  UPDATE_AND_CREATE_SUBSCRIPTIONGROUP: updateAndCreateSubscriptionGroup,
  UPDATE_AND_CREATE_TOPIC: updateAndCreateTopic,
  UPDATE_CONSUMER_OFFSET: updateConsumerOffset,
  VIEW_MESSAGE_BY_ID: viewMessageById,
} satisfies HandlerTable<Broker, NamesOf<'broker'>>

export function registerBrokerHandlers(broker: Broker): void {
  register(broker, BROKER_HANDLERS)
}

export function registerNameServerHandlers(server: NameServer): void {
  register(server, NAME_SERVER_HANDLERS)
}

function register<S extends Broker | NameServer, T extends Partial<HandlerTable<S, keyof Commands>>>(
  server: S,
  table: T,
): void {
  for (const [name, handler] of Object.entries(table)) {
    const command = COMMANDS[name as keyof Commands] as AnyCommand
    if (!server.generation.knows(command)) continue
    // The mapped types above have checked that each handler fits its row.
    const handle = handler as Handler<S, AnyCommand>
    const answer: RequestHandler<AnyCommand> = (request, context) => handle(server, request, context)
    server.handlers.on(command, answer)
  }
}
