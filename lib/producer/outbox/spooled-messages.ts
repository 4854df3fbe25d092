import { SEND_MESSAGE_V2 } from '../../commands/send'
import type { Message } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import { PROPERTY } from '../../model/property-names'
import type { SendResult } from '../../model/results'
import { transactionValue } from '../../model/sys-flag'
import { DEFAULT_REGION } from '../../model/trace'
import { type PreparedMessage, encodeBody, propertiesText } from '../../sending/prepared-message'
import { NAME_VALUE_SEPARATOR, decodeProperties } from '../../wire/properties'
import { markedAsPossibleDuplicate } from './possible-duplicate'
import type { SpooledMessage } from './spool-record'

/** What is known of a message when it goes into the spool. */
export interface SpoolFacts {
  /** The one that its sender chose. */
  readonly queue: MessageQueue | undefined
  /** A broker may have it. */
  readonly maybeSent: boolean
  /** Milliseconds since 1970 UTC. */
  readonly spooledAt: number
}

/** Half messages, requests and replies are of use only at once. */
export function maySpool({ command, sysFlag, properties }: PreparedMessage): boolean {
  if (command === SEND_MESSAGE_V2 && transactionValue(sysFlag) !== 0) return false
  // A name of the user's own may end like it.
  return !properties.includes(PROPERTY.CORRELATION_ID + NAME_VALUE_SEPARATOR) || !isRequestOrReply(properties)
}

function isRequestOrReply(properties: string): boolean {
  return decodeProperties(properties)[PROPERTY.CORRELATION_ID] !== undefined
}

/** A batch is spooled as single messages, each with its own id. */
export function spooledMessages(prepared: PreparedMessage, { queue, ...facts }: SpoolFacts): SpooledMessage[] {
  const { topic, message, messages } = prepared
  const place = queue === undefined ? undefined : { brokerName: queue.brokerName, queueId: queue.queueId }
  const common = { topic, queue: place, ...facts }
  if (messages === undefined) {
    const { msgId, body, properties, flag, sysFlag, isTimer } = prepared
    return [{ ...common, msgId, body, properties, flag, sysFlag, isTimer, shardingKey: message.shardingKey }]
  }
  const msgIds = prepared.msgId.split(',')
  return messages.map((each, i) => {
    const msgId = msgIds[i] as string
    const { flag = 0, shardingKey } = each
    const own = { msgId, flag, sysFlag: 0, isTimer: false, shardingKey }
    return { ...common, ...own, body: encodeBody(each), properties: propertiesText(each, msgId) }
  })
}

/** The message as it is sent, marked where a broker may have it. */
export function preparedOf(spooled: SpooledMessage, maybeSent: boolean): PreparedMessage {
  const { msgId, topic, body, properties, flag, sysFlag, isTimer } = spooled
  const prepared: PreparedMessage = {
    command: SEND_MESSAGE_V2,
    message: messageOf(spooled),
    topic,
    body,
    properties,
    flag,
    sysFlag,
    msgId,
    isBatch: false,
    isTimer,
    reconsumeTimes: 0,
  }
  return maybeSent ? markedAsPossibleDuplicate(prepared) : prepared
}

/** What a send tells of messages that wait in the spool: no broker, and so no place, is known. */
export function spooledResult({ topic, msgId }: PreparedMessage, queue: MessageQueue | undefined): SendResult {
  const messageQueue = queue ?? { topic, brokerName: '', queueId: -1 }
  const place = { offsetMsgId: '', messageQueue, queueOffset: -1, regionId: DEFAULT_REGION, traceOn: false }
  return { sendStatus: 'SPOOLED', msgId, ...place }
}

/** For checks and traces; what is sent is encoded already. */
function messageOf({ topic, body, properties, flag, shardingKey }: SpooledMessage): Message {
  const all = decodeProperties(properties)
  const [keys, tags] = [all[PROPERTY.KEYS], all[PROPERTY.TAGS]]
  return {
    topic,
    body,
    flag,
    ...(shardingKey === undefined ? {} : { shardingKey }),
    ...(keys === undefined ? {} : { keys }),
    ...(tags === undefined ? {} : { tags }),
  }
}
