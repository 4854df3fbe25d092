import type { MessageModel } from '../model/consumer-types'
import type { MessageQueue } from '../model/message-queue'
import type { MessageRequestMode } from '../model/message-request-mode'
import type { RetryFlag } from '../wire/pop-extra-info'
import { bytes, json } from './body'
import { command } from './command'
import { boolean, int, long, optional, string } from './field'
import { messageModelOf } from './heartbeat-data'
import { TARGET_BROKER } from './rpc'
import { fieldsOf, listOf, messageQueueOf, numberOf, oneOf, optionalTextOf, textOf } from './shape'

const GROUP_QUEUE = { consumerGroup: string, topic: string, queueId: int } as const

/** What the requests of POP share: brokers know them from 5.0 on, and their codes do not fit the binary header. */
const POP = { peer: 'broker', since: '5.0', headerType: 'JSON' } as const

/**
 * Takes messages out of a queue, or out of all for queue -1: nobody else sees them until the invisible time (ms) is over,
 * or ever where they are acknowledged. The broker may hold the request for `pollTime` ms, from `bornTime` on, while there are
 * none. `initMode`: 0 begins with the oldest message where the group is new, 1 with the next one.
 */
export const POP_MESSAGE = command('POP_MESSAGE', {
  code: 200_050,
  ...POP,
  request: {
    header: {
      ...GROUP_QUEUE,
      maxMsgNums: int,
      invisibleTime: long,
      pollTime: long,
      bornTime: long,
      initMode: int,
      expType: optional(string),
      exp: optional(string),
      order: optional(boolean),
      attemptId: optional(string),
      ...TARGET_BROKER,
    },
  },
  response: {
    header: {
      popTime: long,
      invisibleTime: long,
      reviveQid: int,
      restNum: long,
      startOffsetInfo: optional(string),
      msgOffsetInfo: optional(string),
      orderCountInfo: optional(string),
    },
    body: bytes,
  },
  answers: ['SUCCESS', 'PULL_NOT_FOUND', 'POLLING_FULL', 'POLLING_TIMEOUT'],
})

/** Acknowledges a popped message. `topic` and `offset` are those of the queue that the receipt handle `extraInfo` names. */
export const ACK_MESSAGE = command('ACK_MESSAGE', {
  code: 200_051,
  ...POP,
  request: {
    header: { ...GROUP_QUEUE, extraInfo: string, offset: long, liteTopic: optional(string), ...TARGET_BROKER },
  },
  response: {},
})

/** Acknowledged messages of one pop of one queue (Java `BatchAck`). */
export interface BatchAck {
  readonly consumerGroup: string
  /** The topic that was popped, never its retry topic. */
  readonly topic: string
  /** A `RetryFlag`; whatever a stranger wrote is kept. */
  readonly retry: RetryFlag | (string & {})
  readonly startOffset: number
  readonly queueId: number
  readonly reviveQueueId: number
  readonly popTime: number
  readonly invisibleTime: number
  /** Bit `i` stands for offset `startOffset + i`: bit `i % 8` of byte `i >> 3`. */
  readonly bitSet: Buffer
}

function batchAckOf(value: unknown, what: string): BatchAck {
  const fields = fieldsOf(value, what)
  return {
    consumerGroup: textOf(fields['c'] ?? fields['consumerGroup'], what),
    topic: textOf(fields['t'] ?? fields['topic'], what),
    retry: textOf(fields['r'] ?? fields['retry'], what),
    startOffset: numberOf(fields['so'] ?? fields['startOffset'], what),
    queueId: numberOf(fields['q'] ?? fields['queueId'], what),
    reviveQueueId: numberOf(fields['rq'] ?? fields['reviveQueueId'], what),
    popTime: numberOf(fields['pt'] ?? fields['popTime'], what),
    invisibleTime: numberOf(fields['it'] ?? fields['invisibleTime'], what),
    bitSet: Buffer.from(optionalTextOf(fields['b'] ?? fields['bitSet'], what) ?? '', 'base64'),
  }
}

function plainBatchAck({ bitSet, ...ack }: BatchAck): unknown {
  return {
    c: ack.consumerGroup,
    t: ack.topic,
    r: ack.retry,
    so: ack.startOffset,
    q: ack.queueId,
    rq: ack.reviveQueueId,
    pt: ack.popTime,
    it: ack.invisibleTime,
    b: bitSet.toString('base64'),
  }
}

/** Acknowledgements for one broker (Java `BatchAckMessageRequestBody`). */
export interface BatchAcks {
  readonly brokerName?: string | undefined
  readonly acks: readonly BatchAck[]
}

/** Acknowledges many popped messages of one broker. Its answer is a success even where some came too late. */
export const BATCH_ACK_MESSAGE = command('BATCH_ACK_MESSAGE', {
  code: 200_151,
  ...POP,
  since: '5.1.4',
  request: {
    body: json(
      (value): BatchAcks => {
        const what = 'a batch of acknowledgements'
        const fields = fieldsOf(value, what)
        return {
          brokerName: optionalTextOf(fields['brokerName'], what),
          acks: listOf(fields['acks'], what, batchAckOf),
        }
      },
      ({ brokerName, acks }) => ({ brokerName, acks: acks.map(plainBatchAck) }),
    ),
  },
  response: {},
})

/** Hides a popped message for another while, or shows it soon; the answer makes a new receipt handle of the old one. */
export const CHANGE_MESSAGE_INVISIBLETIME = command('CHANGE_MESSAGE_INVISIBLETIME', {
  code: 200_053,
  ...POP,
  request: {
    header: {
      ...GROUP_QUEUE,
      extraInfo: string,
      offset: long,
      invisibleTime: long,
      liteTopic: optional(string),
      suspend: optional(boolean),
      ...TARGET_BROKER,
    },
  },
  response: { header: { popTime: long, invisibleTime: long, reviveQid: int } },
})

/** Asks whether a pop would find messages; held by the broker as a pop is. */
export const NOTIFICATION = command('NOTIFICATION', {
  code: 200_054,
  ...POP,
  request: {
    header: {
      ...GROUP_QUEUE,
      pollTime: long,
      bornTime: long,
      order: optional(boolean),
      attemptId: optional(string),
      expType: optional(string),
      exp: optional(string),
      ...TARGET_BROKER,
    },
  },
  response: { header: { hasMsg: boolean, pollingFull: optional(boolean) } },
})

const requestModeOf = oneOf<MessageRequestMode>(['PULL', 'POP'], 'PULL')

/** Asks for the queues of a topic that a member of a group is to consume (Java `QueryAssignmentRequestBody`). */
export interface AssignmentQuestion {
  readonly topic: string
  readonly consumerGroup: string
  readonly clientId: string
  /** Name of an allocation strategy of the broker's own, such as `AVG`. */
  readonly strategyName?: string | undefined
  readonly messageModel: MessageModel
}

/** A queue to consume, and how (Java `MessageQueueAssignment`). */
export interface MessageQueueAssignment {
  /** Queue -1 of a broker stands for all that it has of the topic. */
  readonly messageQueue: MessageQueue
  readonly mode: MessageRequestMode
}

/** What a broker assigns; undefined where it does not say: everything is to stay as it is. */
export interface QueueAssignments {
  readonly messageQueueAssignments: readonly MessageQueueAssignment[] | undefined
}

/** Asks a broker for the queues of all brokers that a member of a group is to consume. */
export const QUERY_ASSIGNMENT = command('QUERY_ASSIGNMENT', {
  code: 400,
  peer: 'broker',
  since: '5.0',
  request: {
    body: json((value): AssignmentQuestion => {
      const what = 'a question for assignments'
      const fields = fieldsOf(value, what)
      return {
        topic: textOf(fields['topic'], what),
        consumerGroup: textOf(fields['consumerGroup'], what),
        clientId: textOf(fields['clientId'], what),
        strategyName: optionalTextOf(fields['strategyName'], what),
        messageModel: messageModelOf(fields['messageModel'], what),
      }
    }),
  },
  response: {
    body: json((value): QueueAssignments => {
      const what = 'assignments'
      const list = fieldsOf(value, what)['messageQueueAssignments']
      if (list === null || list === undefined) return { messageQueueAssignments: undefined }
      return { messageQueueAssignments: listOf(list, what, assignmentOf) }
    }),
  },
})

function assignmentOf(value: unknown, what: string): MessageQueueAssignment {
  const fields = fieldsOf(value, what)
  return {
    messageQueue: messageQueueOf(fields['messageQueue'], what),
    mode: requestModeOf(fields['mode'], what),
  }
}

/** How a group is to get the messages of a topic (Java `SetMessageRequestModeRequestBody`). */
export interface RequestModeChange {
  readonly topic: string
  readonly consumerGroup: string
  readonly mode: MessageRequestMode
  readonly popShareQueueNum: number
}

/** Sets how the members of a group get the messages of a topic from one broker. */
export const SET_MESSAGE_REQUEST_MODE = command('SET_MESSAGE_REQUEST_MODE', {
  code: 401,
  peer: 'broker',
  since: '5.0',
  request: {
    body: json((value): RequestModeChange => {
      const what = 'a request mode'
      const fields = fieldsOf(value, what)
      return {
        topic: textOf(fields['topic'], what),
        consumerGroup: textOf(fields['consumerGroup'], what),
        mode: requestModeOf(fields['mode'], what),
        popShareQueueNum: numberOf(fields['popShareQueueNum'], what),
      }
    }),
  },
  response: {},
})
