import { RocketMQError } from '../../errors'
import { type OpenedBodies, openInPart } from '../../wire/open-bodies'
import type { StoredMessage } from '../../wire/stored-message'
import { decodeStoredMessages } from '../../wire/stored-message-decoder'
import type { PopQuestion, PopReply } from './pop-reply'
import { ReceiptHandles } from './receipt-handles'

/**
 * What a pop came to (Java `PopStatus`). `FOUND`: there are messages. `POLLING_FULL`: the broker holds too many requests.
 * `POLLING_NOT_FOUND`: it had none until the poll time was over.
 */
export type PopStatus = 'FOUND' | 'POLLING_FULL' | 'POLLING_NOT_FOUND'

/** The messages of a pop. */
export interface PopAnswer {
  readonly status: PopStatus
  /**
   * Opened, each with its receipt handle in the property `POP_CK` and under the topic that was popped; those that cannot be
   * read say so in `unreadable`.
   */
  readonly messages: readonly StoredMessage[]
  /** When they were popped by the broker's clock, and how long nobody else sees them, ms. */
  readonly popTime: number
  readonly invisibleTime: number
  /** How many messages the broker has left. */
  readonly restNum: number
  /** Set where the answer held messages that could not be told; they come again after the invisible time. */
  readonly damage: RocketMQError | undefined
}

const STATUS = {
  SUCCESS: 'FOUND',
  PULL_NOT_FOUND: 'POLLING_NOT_FOUND',
  POLLING_TIMEOUT: 'POLLING_NOT_FOUND',
  POLLING_FULL: 'POLLING_FULL',
} as const satisfies Record<PopReply['code'], PopStatus>

/**
 * Makes messages of the answer to a pop (Java `MQClientAPIImpl.processPopResponse`); a promise only where bodies have to be
 * inflated.
 * @throws RocketMQError PROTOCOL_ERROR, UNSAFE_INTEGER where the header does not tell the offsets in a form that can be read
 */
export function readPopAnswer(reply: PopReply, question: PopQuestion): PopAnswer | Promise<PopAnswer> {
  const { popTime, invisibleTime, restNum } = reply.header
  const status = STATUS[reply.code]
  if (status !== 'FOUND') return { status, messages: [], popTime, invisibleTime, restNum, damage: undefined }
  const handles = new ReceiptHandles(reply.header, question)
  const { brokerName, consumerGroup: poppedBy } = question
  const { messages, damage } = decodeStoredMessages(asBuffer(reply.body), { brokerName, offsetDelta: 0, poppedBy })
  const finish = ({ messages: opened, rest }: OpenedBodies): PopAnswer => {
    const { withHandle, without } = handles.attach([...opened, ...rest])
    const told = rest.length === 0 ? withHandle : withHandle.filter(message => !rest.includes(message))
    for (const message of told) message.topic = question.topic
    const missing = damage ?? lost(without, question) ?? leftOut(rest.length, question)
    return { status, messages: told, popTime, invisibleTime, restNum, damage: missing }
  }
  const opened = openInPart(messages)
  return opened instanceof Promise ? opened.then(finish) : finish(opened)
}

function asBuffer(body: Uint8Array): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

function lost(without: number, { topic, brokerName }: PopQuestion): RocketMQError | undefined {
  if (without === 0) return undefined
  const says = `${without} messages of a pop of ${topic} on ${brokerName} stand in no queue that the answer tells of`
  return new RocketMQError('PROTOCOL_ERROR', says, { topic, brokerName })
}

function leftOut(count: number, { topic, brokerName }: PopQuestion): RocketMQError | undefined {
  if (count === 0) return undefined
  const says = `${count} messages of a pop of ${topic} on ${brokerName} are left for later: the bodies of those before them inflated to as much as one answer may`
  return new RocketMQError('MESSAGE_UNREADABLE', says, { topic, brokerName })
}
