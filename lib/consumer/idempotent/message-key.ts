import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import { PROPERTY } from '../../model/property-names'

const MAX_KEY_LENGTH = 255
/** Stores would refuse these, or take one for another. */
const UNSTORABLE = /[\0\p{Surrogate}]/u

/**
 * The key under which a store knows a message: groups do not see each other's, nor do topics.
 * @throws RocketMQError INVALID_ARGUMENT where `keyOf` returned what is no key; whatever `keyOf` throws
 */
export function storedKey(
  message: MessageExt,
  consumerGroup: string,
  keyOf: (message: MessageExt) => string | undefined,
): string {
  const key: unknown = keyOf(message) ?? ownId(message)
  if (typeof key === 'string' && key.length > 0 && key.length <= MAX_KEY_LENGTH && !UNSTORABLE.test(key)) {
    return `${consumerGroup}/${message.topic}/${key}`
  }
  const shown = typeof key === 'string' ? `a text of ${key.length} characters` : String(key)
  const says = `keyOf returned ${shown} for message ${message.msgId}; a key has 1 to ${MAX_KEY_LENGTH} characters of Unicode`
  throw new RocketMQError('INVALID_ARGUMENT', `${says}: hash what is longer`, { topic: message.topic })
}

/** The producer's id; for messages without one the broker's id of the first copy, which retries carry along. */
function ownId(message: MessageExt): string {
  const { msgId, offsetMsgId, properties } = message
  return msgId === offsetMsgId ? (properties[PROPERTY.ORIGIN_MESSAGE_ID] ?? msgId) : msgId
}
