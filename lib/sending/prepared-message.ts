import { type SEND_BATCH_MESSAGE, SEND_MESSAGE_V2, type SEND_REPLY_MESSAGE_V2 } from '../commands/send'
import type { Message } from '../model/message'
import { checkBodySize, checkMessage } from '../model/message-rules'
import { forEachProperty } from '../model/message-properties'
import { PROPERTY } from '../model/property-names'
import { type CompressionType, compressionBits } from '../model/sys-flag'
import { encodeText } from '../wire/charset'
import { compress } from '../wire/compression'
import { appendProperty } from '../wire/properties'
import type { UniqueIds } from '../wire/unique-id'

/** A message as it will travel: encoded once, the same through all retries. */
export interface PreparedMessage {
  readonly command: typeof SEND_MESSAGE_V2 | typeof SEND_BATCH_MESSAGE | typeof SEND_REPLY_MESSAGE_V2
  /** What the user gave; of a batch the first message. Selectors see it. */
  readonly message: Message
  /** Of a batch: all of its messages, in the order of their ids. */
  readonly messages?: readonly Message[]
  readonly topic: string
  readonly body: Uint8Array
  readonly properties: string
  readonly flag: number
  readonly sysFlag: number
  /** The unique id; of a batch all of them, joined by commas. */
  readonly msgId: string
  readonly isBatch: boolean
  /** A timer message, which brokers before 5.0 would deliver at once. */
  readonly isTimer: boolean
  readonly reconsumeTimes: number
  readonly maxReconsumeTimes?: number
}

export interface PrepareOptions {
  readonly uniqueIds: UniqueIds
  readonly maxMessageSize: number
}

/**
 * Checks and encodes a message.
 * @throws RocketMQError INVALID_TOPIC, INVALID_MESSAGE, INVALID_ARGUMENT (encoding)
 */
export function prepareMessage(message: Message, options: PrepareOptions): PreparedMessage {
  checkMessage(message)
  const body = encodeBody(message)
  checkBodySize(message.topic, body.length, options.maxMessageSize)
  const msgId = options.uniqueIds.next()
  return {
    command: SEND_MESSAGE_V2,
    message,
    topic: message.topic,
    body,
    properties: propertiesText(message, msgId),
    flag: message.flag ?? 0,
    sysFlag: 0,
    msgId,
    isBatch: false,
    isTimer: message.deliverAt !== undefined || (message.delayMs ?? 0) > 0,
    reconsumeTimes: 0,
  }
}

/** The bytes of a body; text in its encoding. */
export function encodeBody({ body, encoding }: Message): Uint8Array {
  return typeof body === 'string' ? encodeText(body, encoding) : body
}

/** All properties of a message and its unique id as they travel. */
export function propertiesText(message: Message, msgId: string): string {
  let text = appendProperty('', PROPERTY.UNIQ_KEY, msgId)
  forEachProperty(message, (name, value) => {
    text = appendProperty(text, name, value)
  })
  return text
}

/** How bodies are compressed; names as Java's. */
export interface CompressionSettings {
  readonly compressType: CompressionType
  readonly compressLevel: number
}

/** What Java does unless told otherwise. */
const DEFAULT_COMPRESSION: CompressionSettings = { compressType: 'ZLIB', compressLevel: 5 }

/**
 * The message with its body compressed, off the event loop. The user's bytes stay as they are. A body that would grow goes
 * as it is, else one at the limit of size would be refused.
 */
export async function compressed(
  prepared: PreparedMessage,
  { compressType, compressLevel }: CompressionSettings = DEFAULT_COMPRESSION,
): Promise<PreparedMessage> {
  const body = await compress(prepared.body, compressLevel, compressType)
  if (body.length >= prepared.body.length) return prepared
  return { ...prepared, body, sysFlag: prepared.sysFlag | compressionBits(compressType) }
}
