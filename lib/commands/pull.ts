import { bytes } from './body'
import { command } from './command'
import { bound, int, long, optional, string } from './field'
import { TARGET_BROKER } from './rpc'

const PULL = {
  request: {
    header: {
      consumerGroup: string,
      topic: string,
      queueId: int,
      queueOffset: long,
      maxMsgNums: int,
      sysFlag: int,
      commitOffset: long,
      suspendTimeoutMillis: long,
      subscription: optional(string),
      subVersion: bound,
      expressionType: optional(string),
      maxMsgBytes: optional(int),
      ...TARGET_BROKER,
    },
  },
  response: {
    header: {
      suggestWhichBrokerId: long,
      nextBeginOffset: long,
      minOffset: long,
      maxOffset: long,
      offsetDelta: optional(long),
      topicSysFlag: optional(int),
      groupSysFlag: optional(int),
      forbiddenType: optional(int),
    },
    body: bytes,
  },
  answers: ['SUCCESS', 'PULL_NOT_FOUND', 'PULL_RETRY_IMMEDIATELY', 'PULL_OFFSET_MOVED'],
} as const

/** Asks one queue for messages; the broker may hold the request while there are none. */
export const PULL_MESSAGE = command('PULL_MESSAGE', { code: 11, peer: 'broker', ...PULL })

/** The same for lite pull consumers: brokers answer it from threads of its own, and may be told to refuse it. */
export const LITE_PULL_MESSAGE = command('LITE_PULL_MESSAGE', { code: 361, peer: 'broker', ...PULL, since: '5.0' })
