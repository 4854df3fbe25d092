import { PROPERTY } from '../model/property-names'
import { decodeBatchBody, MAX_PROPERTIES_BYTES } from './batch-body'
import { hostBytes } from './host-address'
import { appendProperty, PROPERTY_SEPARATOR } from './properties'
import type { MessageContext, StoredMessage } from './stored-message'
import { decodeStoredMessages } from './stored-message-decoder'
import { encodeStoredMessage } from './stored-message-encoder'

/** Brokers count the messages of an inner batch in 16 bits with a sign; a few bytes, inflated, could claim far more. */
const MAX_INNER_MESSAGES = 32_767

/**
 * The messages of a record that holds a whole batch (Java `MessageDecoder.decodeMessage`), each a record of its own again.
 * Offsets count up from that of the outer message, whose body must have been inflated.
 * @throws RocketMQError MESSAGE_UNREADABLE
 */
export function unwrapInnerBatch(outer: StoredMessage): StoredMessage[] {
  const { queueId, queueOffset, commitLogOffset, sysFlag, bornTimestamp, storeTimestamp } = outer
  // Java hands the outer message's wish to wait on to all of them.
  const wait = String((outer.property(PROPERTY.WAIT) ?? 'true').toLowerCase() === 'true')
  const shared = {
    topic: outer.storedTopic,
    queueId,
    commitLogOffset,
    sysFlag,
    bornTimestamp,
    storeTimestamp,
    bornHost: hostBytes(outer.bornHost),
    storeHost: hostBytes(outer.storeHost),
    bodyCRC: 0,
  }
  const records = decodeBatchBody(outer.body, MAX_INNER_MESSAGES).map(({ flag, body, properties }, i) =>
    encodeStoredMessage({
      ...shared,
      queueOffset: queueOffset + i,
      flag,
      body,
      properties: withProperty(properties, PROPERTY.WAIT, wait),
    }),
  )
  const context: MessageContext = { brokerName: outer.brokerName, offsetDelta: 0, inner: true }
  return decodeStoredMessages(Buffer.concat(records), context).messages
}

/** As long as there is room: what the sender wrote matters more. */
function withProperty(text: string, name: string, value: string): string {
  const ended = text === '' || text.endsWith(PROPERTY_SEPARATOR) ? text : text + PROPERTY_SEPARATOR
  const longer = appendProperty(ended, name, value)
  return Buffer.byteLength(longer) > MAX_PROPERTIES_BYTES ? text : longer
}
