import { isClosedToClients, isSystemTopic } from '../../../lib/model/system-topics'

describe('system topics', () => {
  it.each(['TBW102', 'BenchmarkTest', 'RMQ_SYS_TRACE_TOPIC', 'CHECKPOINT_TOPIC', 'rmq_sys_anything'])(
    '%s is one, and clients may send to it',
    topic => {
      expect([isSystemTopic(topic), isClosedToClients(topic)]).toEqual([true, false])
    },
  )

  it.each([
    'SCHEDULE_TOPIC_XXXX',
    'RMQ_SYS_TRANS_HALF_TOPIC',
    'RMQ_SYS_TRANS_OP_HALF_TOPIC',
    'TRANS_CHECK_MAX_TIME_TOPIC',
    'SELF_TEST_TOPIC',
    'OFFSET_MOVED_EVENT',
    'RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC',
    'RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC',
  ])('%s is one that only brokers write', topic => {
    expect([isSystemTopic(topic), isClosedToClients(topic)]).toEqual([true, true])
  })

  it.each(['Orders', 'RMQ_SYS_X', '%RETRY%G', 'tbw102'])('%s is none', topic => {
    expect([isSystemTopic(topic), isClosedToClients(topic)]).toEqual([false, false])
  })
})
