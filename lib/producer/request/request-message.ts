import { SEND_REPLY_MESSAGE_V2 } from '../../commands/send'
import { RocketMQError } from '../../errors'
import type { Message, MessageExt } from '../../model/message'
import { replyTopic } from '../../model/names'
import { PROPERTY } from '../../model/property-names'
import type { PreparedMessage } from '../../sending/prepared-message'
import { appendProperty } from '../../wire/properties'

/** A reply: a message without a topic, which is known, and without a delay. */
export type ReplyMessage = Pick<Message, 'body' | 'encoding' | 'tags' | 'keys' | 'properties' | 'flag'>

const REPLY_FLAG = 'reply'

/** The message as it is sent to be replied to. */
export function asRequest(
  prepared: PreparedMessage,
  { correlationId, clientId, timeoutMs }: { correlationId: string; clientId: string; timeoutMs: number },
): PreparedMessage {
  let properties = appendProperty(prepared.properties, PROPERTY.CORRELATION_ID, correlationId)
  properties = appendProperty(properties, PROPERTY.REPLY_TO_CLIENT, clientId)
  properties = appendProperty(properties, PROPERTY.TTL, String(Math.ceil(timeoutMs)))
  return { ...prepared, properties }
}

/** The message as it is sent to whoever sent the request. */
export function asReply(prepared: PreparedMessage, request: MessageExt): PreparedMessage {
  let properties = appendProperty(prepared.properties, PROPERTY.MSG_TYPE, REPLY_FLAG)
  for (const name of [PROPERTY.CORRELATION_ID, PROPERTY.REPLY_TO_CLIENT, PROPERTY.TTL]) {
    const value = request.properties[name]
    if (value !== undefined) properties = appendProperty(properties, name, value)
  }
  return { ...prepared, command: SEND_REPLY_MESSAGE_V2, properties }
}

/**
 * What is to be sent as the reply to a message.
 * @throws RocketMQError INVALID_MESSAGE where that asks for none
 */
export function replyMessageTo(request: MessageExt, reply: ReplyMessage | ReplyMessage['body']): Message {
  const { properties } = request
  const lacks = [PROPERTY.CLUSTER, PROPERTY.CORRELATION_ID, PROPERTY.REPLY_TO_CLIENT].find(
    name => (properties[name] ?? '') === '',
  )
  if (lacks !== undefined) {
    const says = `message ${request.msgId} cannot be replied to, as it has no property ${lacks}: it was sent by no request()`
    throw new RocketMQError('INVALID_MESSAGE', says, { topic: request.topic, sent: 'NO' })
  }
  const content = typeof reply === 'string' || reply instanceof Uint8Array ? { body: reply } : reply
  return { ...content, topic: replyTopic(properties[PROPERTY.CLUSTER] as string) }
}
