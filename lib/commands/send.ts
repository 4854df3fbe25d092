import { bytes } from './body'
import { command } from './command'
import { boolean, int, long, optional, string } from './field'
import { TARGET_BROKER } from './rpc'

/** What a message is sent with, to a broker and from there to the client that a reply is for. */
export const MESSAGE_HEADER = {
  producerGroup: string,
  topic: string,
  defaultTopic: string,
  defaultTopicQueueNums: int,
  queueId: int,
  sysFlag: int,
  bornTimestamp: long,
  flag: int,
  properties: optional(string),
  reconsumeTimes: optional(int),
  unitMode: optional(boolean),
} as const

const SEND_REQUEST_HEADER = {
  ...MESSAGE_HEADER,
  batch: optional(boolean),
  maxReconsumeTimes: optional(int),
} as const

const SEND_RESPONSE_HEADER = {
  msgId: string,
  queueId: int,
  queueOffset: long,
  transactionId: optional(string),
  batchUniqId: optional(string),
  recallHandle: optional(string),
  MSG_REGION: optional(string),
  TRACE_ON: optional(string),
} as const

/** Codes of an accepted message; all but SUCCESS mean weaker durability. */
const SEND_ANSWERS = ['SUCCESS', 'FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT', 'SLAVE_NOT_AVAILABLE'] as const

/** Stores one message; the long form of the header, which old clients use. */
export const SEND_MESSAGE = command('SEND_MESSAGE', {
  code: 10,
  peer: 'broker',
  request: { header: { ...SEND_REQUEST_HEADER, ...TARGET_BROKER }, body: bytes },
  response: { header: SEND_RESPONSE_HEADER },
  answers: SEND_ANSWERS,
})

const SHORT_NAMES = {
  producerGroup: 'a',
  topic: 'b',
  defaultTopic: 'c',
  defaultTopicQueueNums: 'd',
  queueId: 'e',
  sysFlag: 'f',
  bornTimestamp: 'g',
  flag: 'h',
  properties: 'i',
  reconsumeTimes: 'j',
  unitMode: 'k',
  maxReconsumeTimes: 'l',
  batch: 'm',
  brokerName: 'n',
} as const

const SHORT_REQUEST = {
  header: { ...SEND_REQUEST_HEADER, brokerName: optional(string) },
  wireNames: SHORT_NAMES,
  body: bytes,
} as const

/** Stores one message; the same header under short names. */
export const SEND_MESSAGE_V2 = command('SEND_MESSAGE_V2', {
  code: 310,
  peer: 'broker',
  request: SHORT_REQUEST,
  response: { header: SEND_RESPONSE_HEADER },
  answers: SEND_ANSWERS,
})

/** Stores a batch of messages of one topic, all or none. */
export const SEND_BATCH_MESSAGE = command('SEND_BATCH_MESSAGE', {
  code: 320,
  peer: 'broker',
  request: SHORT_REQUEST,
  response: { header: SEND_RESPONSE_HEADER },
  answers: SEND_ANSWERS,
  since: '4.0',
})

/** Stores the reply to a request and pushes it to whoever asked; the long form of the header. */
export const SEND_REPLY_MESSAGE = command('SEND_REPLY_MESSAGE', {
  code: 324,
  peer: 'broker',
  request: { header: { ...SEND_REQUEST_HEADER, ...TARGET_BROKER }, body: bytes },
  response: { header: SEND_RESPONSE_HEADER },
  answers: SEND_ANSWERS,
  since: '4.6',
})

/** The same with the header under short names. */
export const SEND_REPLY_MESSAGE_V2 = command('SEND_REPLY_MESSAGE_V2', {
  code: 325,
  peer: 'broker',
  request: SHORT_REQUEST,
  response: { header: SEND_RESPONSE_HEADER },
  answers: SEND_ANSWERS,
  since: '4.6',
})

/** Hands a message that could not be consumed back to its broker, which delivers it again later or puts it to the dead letters. */
export const CONSUMER_SEND_MSG_BACK = command('CONSUMER_SEND_MSG_BACK', {
  code: 36,
  peer: 'broker',
  request: {
    header: {
      offset: long,
      group: string,
      delayLevel: int,
      originMsgId: optional(string),
      originTopic: optional(string),
      unitMode: optional(boolean),
      maxReconsumeTimes: optional(int),
      ...TARGET_BROKER,
    },
  },
  response: {},
})
