/** Topic whose existence on a broker means that topics are created by the first send to them. */
export const AUTO_CREATE_TOPIC = 'TBW102'
/** Where messages with a delay level wait. */
export const SCHEDULE_TOPIC = 'SCHEDULE_TOPIC_XXXX'
/** Where half messages of transactions wait. */
export const TRANS_HALF_TOPIC = 'RMQ_SYS_TRANS_HALF_TOPIC'
/** Where half messages are marked as done. */
export const TRANS_OP_HALF_TOPIC = 'RMQ_SYS_TRANS_OP_HALF_TOPIC'
/** Where half messages end that were checked too often. */
export const TRANS_CHECK_MAX_TIME_TOPIC = 'TRANS_CHECK_MAX_TIME_TOPIC'
/** Where traces go unless told otherwise. */
export const TRACE_TOPIC = 'RMQ_SYS_TRACE_TOPIC'

const SYSTEM_PREFIX = 'rmq_sys_'

/** Topics that only brokers write. */
const BROKER_WRITTEN: ReadonlySet<string> = new Set([
  SCHEDULE_TOPIC,
  TRANS_HALF_TOPIC,
  TRANS_OP_HALF_TOPIC,
  TRANS_CHECK_MAX_TIME_TOPIC,
  'SELF_TEST_TOPIC',
  'OFFSET_MOVED_EVENT',
  'RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC',
  'RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC',
])

const SYSTEM_TOPICS: ReadonlySet<string> = new Set([
  ...BROKER_WRITTEN,
  AUTO_CREATE_TOPIC,
  'BenchmarkTest',
  TRACE_TOPIC,
  'CHECKPOINT_TOPIC',
])

/** True for topics that belong to RocketMQ itself (Java `TopicValidator`). */
export function isSystemTopic(topic: string): boolean {
  return SYSTEM_TOPICS.has(topic) || topic.startsWith(SYSTEM_PREFIX)
}

/** True for topics that brokers refuse messages of clients for. */
export function isClosedToClients(topic: string): boolean {
  return BROKER_WRITTEN.has(topic)
}
