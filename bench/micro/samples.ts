import type { MessageQueue } from '../../lib/model/message-queue'
import { encodeProperties } from '../../lib/wire/properties'
import { encodeStoredMessage } from '../../lib/wire/stored-message-encoder'
import { BODY_BYTES, PULL_BATCH } from '../scenarios'

/** The body that most cases have: 1 KiB that does not compress to nothing. */
export const BODY = Buffer.from(
  Array.from({ length: BODY_BYTES / 16 }, (_, i) => `order ${i * 7919 + 1e6}, `.padEnd(16).slice(0, 16)).join(''),
)

/** What a broker stores with a message of a usual client. */
export const PROPERTIES = {
  UNIQ_KEY: '0A0000070D1C18B4AAC2000000000001',
  TAGS: 'created',
  KEYS: 'order-4242 customer-17',
  WAIT: 'true',
  CLUSTER: 'DefaultCluster',
  MSG_REGION: 'DefaultRegion',
  TRACE_ON: 'true',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
} as const

/** Stored records of the sample message, one behind the other, as a pull answers them. */
export function storedRecords(count: number = PULL_BATCH): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, i) =>
      encodeStoredMessage({
        topic: 'BenchTopic',
        body: BODY,
        properties: encodeProperties(PROPERTIES),
        queueId: 3,
        queueOffset: 1_000_000 + i,
        commitLogOffset: 5_000_000_000 + i * 1400,
        sysFlag: 0,
        bornTimestamp: 1_700_000_000_000 + i,
        bornHost: '10.0.0.7:50123',
        storeTimestamp: 1_700_000_000_001 + i,
        storeHost: '10.0.0.8:10911',
      }),
    ),
  )
}

/** Queues of a topic on so many brokers, in order; the brokers stand in two machine rooms. */
export function queuesOn(brokers: number, queuesPerBroker: number): MessageQueue[] {
  const names = Array.from({ length: brokers }, (_, i) => `room-${i % 2}@broker-${String(i).padStart(3, '0')}`).sort()
  return names.flatMap(brokerName =>
    Array.from({ length: queuesPerBroker }, (_, queueId) => ({ topic: 'BenchTopic', brokerName, queueId })),
  )
}

/** Numbers below `limit` that look random and are the same in every run. */
export function scattered(count: number, limit: number): number[] {
  let state = 42
  return Array.from({ length: count }, () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % limit)
}
