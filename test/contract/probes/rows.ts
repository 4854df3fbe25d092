import { POP_ACK_ROWS } from './ack-rows'
import { ASSIGNMENT_ROWS } from './assignment-rows'
import { BATCH_ROWS } from './batch-rows'
import { HEARTBEAT_ROWS, MEMBER_ROWS } from './client-rows'
import { CHECK_ROWS, SQL_ROWS } from './filter-rows'
import { DELETED_GROUP_ROWS, GROUP_ROWS } from './group-rows'
import { LOCK_ROWS } from './lock-rows'
import { QUERY_ROWS, VIEW_ROWS } from './message-rows'
import { COMMITTED_OFFSET_ROWS, QUEUE_OFFSET_ROWS } from './offset-rows'
import { NOTIFICATION_ROWS } from './notification-rows'
import { POP_REFUSED_ROWS, POP_ROWS } from './pop-rows'
import type { Probe } from './probe'
import { PULL_REFUSED_ROWS } from './pull-refused-rows'
import { LITE_PULL_ROWS, PULL_ROWS } from './pull-rows'
import { RECALL_ROWS } from './recall-rows'
import { RELAY_ROWS } from './relay-rows'
import { REPLY_ROWS } from './reply-rows'
import { RESET_ROWS } from './reset-rows'
import { KV_ROWS, ROUTE_ROWS } from './route-rows'
import { SEARCH_ROWS } from './search-rows'
import { SEND_BACK_ROWS } from './send-back-rows'
import { LONG_SEND_ROWS, SEND_ROWS, SPECIAL_SEND_ROWS } from './send-rows'
import { CONSUME_STATS_ROWS, RUNTIME_INFO_ROWS, TOPIC_GROUPS_ROWS, TOPIC_STATS_ROWS } from './stats-rows'
import { COME_BACK_ROWS, STORED_ROWS } from './stored-rows'
import { ATTRIBUTE_ROWS, CREATE_TOPIC_ROWS, DELETE_TOPIC_ROWS, TOPIC_CONFIG_ROWS } from './topic-rows'
import { TRANSACTION_ROWS } from './transaction-rows'
import { UNKNOWN_ROWS } from './unknown-rows'

/** All probes, by the title of their tests. */
export const PROBES: Readonly<Record<string, readonly Probe[]>> = {
  sends: [...SEND_ROWS, ...SPECIAL_SEND_ROWS, ...LONG_SEND_ROWS],
  batches: BATCH_ROWS,
  recalls: RECALL_ROWS,
  'messages sent back': SEND_BACK_ROWS,
  'stored messages': [...STORED_ROWS, ...COME_BACK_ROWS],
  pulls: [...PULL_ROWS, ...PULL_REFUSED_ROWS, ...LITE_PULL_ROWS],
  pops: [...POP_ROWS, ...POP_REFUSED_ROWS, ...NOTIFICATION_ROWS],
  'acknowledgements of pops': POP_ACK_ROWS,
  assignments: ASSIGNMENT_ROWS,
  filters: [...SQL_ROWS, ...CHECK_ROWS],
  offsets: [...COMMITTED_OFFSET_ROWS, ...QUEUE_OFFSET_ROWS, ...SEARCH_ROWS],
  clients: [...HEARTBEAT_ROWS, ...MEMBER_ROWS],
  'questions to consumers': RELAY_ROWS,
  replies: REPLY_ROWS,
  locks: LOCK_ROWS,
  'messages looked for': [...QUERY_ROWS, ...VIEW_ROWS],
  topics: [...CREATE_TOPIC_ROWS, ...ATTRIBUTE_ROWS, ...DELETE_TOPIC_ROWS, ...TOPIC_STATS_ROWS, ...TOPIC_CONFIG_ROWS],
  groups: [...GROUP_ROWS, ...DELETED_GROUP_ROWS, ...CONSUME_STATS_ROWS, ...TOPIC_GROUPS_ROWS, ...RESET_ROWS],
  brokers: RUNTIME_INFO_ROWS,
  'name servers': [...ROUTE_ROWS, ...KV_ROWS],
  'unknown requests': UNKNOWN_ROWS,
}

/** Probes for servers of their own: a real broker that has ended a transaction keeps a processor busy from then on. */
export const OWN_PROBES: Readonly<Record<string, readonly Probe[]>> = {
  transactions: TRANSACTION_ROWS,
}
