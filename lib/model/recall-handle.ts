import { RocketMQError } from '../errors'
import { javaSplit } from './java-text'

/** What a recall handle says (Java `RecallMessageHandle`, version 1). */
export interface RecallHandle {
  readonly topic: string
  readonly brokerName: string
  /** Decimal text: the delivery time of the message, ms, plus 1. */
  readonly timestamp: string
  /** The message's UNIQ_KEY. */
  readonly messageId: string
}

const VERSION = 'v1'
const SEPARATOR = ' '

/** The handle as text: padded URL-safe base64. */
export function encodeRecallHandle({ topic, brokerName, timestamp, messageId }: RecallHandle): string {
  const text = Buffer.from([VERSION, topic, brokerName, timestamp, messageId].join(SEPARATOR)).toString('base64url')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** Reads a handle. Throws INVALID_ARGUMENT where it is none, or of a version not known here. */
export function decodeRecallHandle(handle: string): RecallHandle {
  const text = isBase64Url(handle) ? Buffer.from(handle, 'base64url').toString() : ''
  const [version, topic, brokerName, timestamp, messageId] = javaSplit(text, SEPARATOR)
  if (
    version !== VERSION ||
    topic === undefined ||
    brokerName === undefined ||
    timestamp === undefined ||
    messageId === undefined
  ) {
    throw new RocketMQError(
      'INVALID_ARGUMENT',
      `recall handle ${handle} cannot be read: give the recallHandle of a SendResult unchanged`,
    )
  }
  return { topic, brokerName, timestamp, messageId }
}

/** Whole groups of four, the last with or without its padding. */
function isBase64Url(text: string): boolean {
  return /^(?:[\w-]{4})*(?:[\w-]{2}(?:==)?|[\w-]{3}=?)?$/.test(text)
}
