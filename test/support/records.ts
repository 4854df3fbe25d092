import { decodeStoredMessages } from '../../lib/wire/stored-message-decoder'
import { encodeStoredMessage, type StoredRecord } from '../../lib/wire/stored-message-encoder'
import type { MessageContext, StoredMessage } from '../../lib/wire/stored-message'

export const CONTEXT = { brokerName: 'broker-a', offsetDelta: 0 }

/** A record with everything a test does not care about filled in. */
export function storedRecord(fields: Partial<StoredRecord> = {}): StoredRecord {
  return {
    topic: 'Orders',
    body: Buffer.from('hello'),
    properties: '',
    queueId: 1,
    queueOffset: 7,
    commitLogOffset: 1_024,
    sysFlag: 0,
    bornTimestamp: 1_700_000_000_000,
    bornHost: '10.0.0.7:50123',
    storeTimestamp: 1_700_000_000_123,
    storeHost: '127.0.0.1:10911',
    ...fields,
  }
}

/** The bytes of such a record. */
export function recordBytes(fields: Partial<StoredRecord> = {}): Buffer {
  return encodeStoredMessage(storedRecord(fields))
}

/** Such a record as a received message. */
export function storedMessage(
  fields: Partial<StoredRecord> = {},
  context: Partial<MessageContext> = {},
): StoredMessage {
  const [message] = decodeStoredMessages(recordBytes(fields), { ...CONTEXT, ...context }).messages
  if (message === undefined) throw new Error('the record was not decoded')
  return message
}
