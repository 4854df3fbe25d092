import type { MessageQueue } from '../model/message-queue'
import { bytes, json } from './body'
import { command } from './command'
import { boolean, long, optional, string } from './field'
import { MESSAGE_HEADER } from './send'
import { entriesOf, fieldsOf, messageQueueOf, numberOf } from './shape'

/** Offsets by queue, as a list of pairs; on the wire an object with objects as keys. */
export interface QueueTable {
  readonly messageQueueTable: readonly (readonly [MessageQueue, number])[]
}

/** The members of a consumer group have changed; oneway. */
export const NOTIFY_CONSUMER_IDS_CHANGED = command('NOTIFY_CONSUMER_IDS_CHANGED', {
  code: 40,
  peer: 'client',
  request: { header: { consumerGroup: string } },
})

/** Offsets by queue, as a list of pairs; on the wire an object with objects as keys. */
export interface QueueOffsetTable {
  readonly offsetTable: readonly (readonly [MessageQueue, number])[]
}

/** The body of `QueueOffsetTable`. */
export const queueOffsetTable = json(
  (value): QueueOffsetTable => ({
    offsetTable: entriesOf(fieldsOf(value, 'an offset table')['offsetTable'], 'an offset table', {
      key: messageQueueOf,
      value: numberOf,
    }),
  }),
  ({ offsetTable }) => ({ offsetTable: new Map(offsetTable) }),
)

/** An administrator has reset the offsets of a group that is online: 4.9, and 5.x where the broker is told to; oneway. */
export const RESET_CONSUMER_CLIENT_OFFSET = command('RESET_CONSUMER_CLIENT_OFFSET', {
  code: 220,
  peer: 'client',
  request: {
    header: { topic: string, group: string, timestamp: long, isForce: optional(boolean) },
    body: queueOffsetTable,
  },
})

/** How far a consumer is: the next offset of each queue of a topic that it has. */
export const GET_CONSUMER_STATUS_FROM_CLIENT = command('GET_CONSUMER_STATUS_FROM_CLIENT', {
  code: 221,
  peer: 'client',
  request: { header: { topic: string, group: string } },
  response: {
    body: json(
      (value): QueueTable => ({
        messageQueueTable: entriesOf(fieldsOf(value, 'a status')['messageQueueTable'], 'a status', {
          key: messageQueueOf,
          value: numberOf,
        }),
      }),
      ({ messageQueueTable }) => ({ messageQueueTable: new Map(messageQueueTable) }),
    ),
  },
})

/** The reply to a request of this client, which its correlation id names; answered SUCCESS also where nobody waits for it. */
export const PUSH_REPLY_MESSAGE_TO_CLIENT = command('PUSH_REPLY_MESSAGE_TO_CLIENT', {
  code: 326,
  peer: 'client',
  since: '4.6',
  request: {
    header: {
      ...MESSAGE_HEADER,
      bornHost: string,
      storeHost: string,
      storeTimestamp: long,
    },
    body: bytes,
  },
  response: {},
})
