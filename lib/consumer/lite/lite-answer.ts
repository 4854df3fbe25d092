import type { ReplyOf } from '../../commands/command'
import type { POP_LITE_MESSAGE } from '../../commands/lite'
import { RocketMQError } from '../../errors'
import { PROPERTY } from '../../model/property-names'
import { openInPart } from '../../wire/open-bodies'
import { buildExtraInfo } from '../../wire/pop-extra-info'
import type { StoredMessage } from '../../wire/stored-message'
import { decodeStoredMessages } from '../../wire/stored-message-decoder'
import { liteTries, offsetInLiteTopic } from './lite-tries'

type LiteReply = ReplyOf<typeof POP_LITE_MESSAGE>

/** What a pop of lite topics has brought. */
export interface LiteAnswer {
  /** Opened, each with its receipt handle; those that cannot be read say so in `unreadable`. */
  readonly messages: readonly StoredMessage[]
  /** Set where the answer held messages that could not be told; they come again after the invisible time. */
  readonly damage: RocketMQError | undefined
}

/**
 * Makes messages of the answer (Java `MQClientAPIImpl.processPopLiteResponse`). A message stands in the queue of its lite
 * topic, which has the number 0 and offsets of its own.
 */
export async function readLiteAnswer(
  { code, header, body }: LiteReply,
  { brokerName, consumerGroup: poppedBy }: { readonly brokerName: string; readonly consumerGroup: string },
): Promise<LiteAnswer> {
  if (code !== 'SUCCESS') return { messages: [], damage: undefined }
  const { messages, damage } = decodeStoredMessages(body as Buffer, {
    brokerName,
    offsetDelta: 0,
    queueId: 0,
    poppedBy,
  })
  const { messages: opened, rest } = await openInPart(messages)
  const tries = liteTries(header.orderCountInfo, [...opened, ...rest])
  const known = opened.filter((message, index) => place(message, { header, brokerName, tries: tries[index] ?? 0 }))
  return {
    messages: known,
    damage: damage ?? lost(opened.length - known.length, brokerName) ?? leftOut(rest.length, brokerName),
  }
}

interface Pop {
  readonly header: LiteReply['header']
  readonly brokerName: string
  /** How often it was popped before. */
  readonly tries: number
}

/** False where the message does not say where it stands. */
function place(message: StoredMessage, { header, brokerName, tries }: Pop): boolean {
  const queueOffset = offsetInLiteTopic(message)
  if (queueOffset === undefined) return false
  const { popTime, invisibleTime, reviveQid } = header
  const place = { ckQueueOffset: 0, queueId: 0, queueOffset, retry: '0', brokerName } as const
  message.queueOffset = queueOffset
  message.reconsumeTimes = tries
  message.setProperty(PROPERTY.POP_CK, buildExtraInfo({ ...place, popTime, invisibleTime, reviveQid }))
  return true
}

function lost(count: number, brokerName: string): RocketMQError | undefined {
  if (count === 0) return undefined
  const says = `${count} messages of lite topics on ${brokerName} do not say where they stand`
  return new RocketMQError('PROTOCOL_ERROR', says, { brokerName })
}

function leftOut(count: number, brokerName: string): RocketMQError | undefined {
  if (count === 0) return undefined
  const says = `${count} messages of lite topics on ${brokerName} are left for later: the bodies of those before them inflated to as much as one answer may`
  return new RocketMQError('MESSAGE_UNREADABLE', says, { brokerName })
}
