import type { ReplyOf, RequestOf } from '../../commands/command'
import type { SEND_MESSAGE, SEND_MESSAGE_V2 } from '../../commands/send'
import { SYS_FLAG } from '../../model/sys-flag'
import { randomBelow } from '../../runtime/random'
import { createOffsetMsgId } from '../../wire/message-id'
import type { Broker } from '../broker'
import { JavaException, refusal, seeHelp } from '../refusal'
import type { StoredAt } from '../store/message-store'
import type { TopicConfig } from '../topics'

/** A send, whichever of its forms it came in. */
export type SendRequest = RequestOf<typeof SEND_MESSAGE> | RequestOf<typeof SEND_MESSAGE_V2>
export type SendHeader = SendRequest['header']
export type SendReply = ReplyOf<typeof SEND_MESSAGE>

/** Region of a broker that was not given one. */
export const REGION = 'DefaultRegion'
/** What all answers to sends have in their headers, good and bad ones. */
export const REGION_FIELDS = { MSG_REGION: REGION, TRACE_ON: 'true' }

/** A slave stores nothing for clients. */
export function slaveRefusal({ generation }: Broker): Error {
  const { code, remark } = generation.sends.slaveRefusal
  return refusal(code, remark)
}

export function queueOf(header: SendHeader, { writeQueueNums }: TopicConfig): number {
  if (header.queueId >= 0) return header.queueId
  if (writeQueueNums === 0) throw new JavaException('java.lang.ArithmeticException: / by zero')
  return randomBelow(writeQueueNums)
}

export function sysFlagOf(header: SendHeader, { topicFilterType }: TopicConfig): number {
  return topicFilterType === 'MULTI_TAG' ? header.sysFlag | SYS_FLAG.MULTI_TAGS : header.sysFlag
}

export function offsetMsgId(broker: Broker, commitLogOffset: number): string {
  const offset = Buffer.allocUnsafe(8)
  offset.writeUInt32BE(Math.floor(commitLogOffset / 2 ** 32), 0)
  offset.writeUInt32BE(commitLogOffset >>> 0, 4)
  return createOffsetMsgId(broker.storeHost, offset)
}

/** What the answers to all sends have in common. */
export function sendReplyHeader(
  msgId: string,
  queueId: number,
  { queueOffset }: StoredAt,
): { msgId: string; queueId: number; queueOffset: number; MSG_REGION: string; TRACE_ON: string } {
  return { msgId, queueId, queueOffset, ...REGION_FIELDS }
}

export function unknownGroup({ generation }: Broker, group: string): Error {
  return refusal('SUBSCRIPTION_GROUP_NOT_EXIST', `subscription group not exist, ${group} ${seeHelp(generation)}`)
}
