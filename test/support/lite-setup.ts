import { LITE_SUBSCRIPTION_CTL, POP_LITE_MESSAGE } from '../../lib/commands/lite'
import { ACK_MESSAGE, CHANGE_MESSAGE_INVISIBLETIME } from '../../lib/commands/pop'
import { encodeProperties } from '../../lib/wire/properties'
import type { StoredRecord } from '../../lib/wire/stored-message-encoder'
import { FakeClient } from './fake-client'
import { recordBytes } from './records'

export const LITE = { consumerGroup: 'chat', topic: 'Chats' }
export const CALL = { timeoutMs: 1000 }
export const POP_HEADER = { popTime: 5000, invisibleTime: 15_000, reviveQid: 999 }

/** A stored message of a lite topic. */
export function liteRecord(liteTopic: string, offset: number, fields: Partial<StoredRecord> = {}): Buffer {
  const properties = encodeProperties({
    __LITE_TOPIC: liteTopic,
    INNER_MULTI_DISPATCH: `%LMQ%$Chats$${liteTopic}`,
    INNER_MULTI_QUEUE_OFFSET: String(offset),
  })
  const body = Buffer.from(`${liteTopic} ${offset}`)
  return recordBytes({ topic: 'Chats', queueId: 3, queueOffset: 77, body, properties, ...fields })
}

/** The answer to a pop that has found messages. */
export function liteFound(records: readonly Buffer[], orderCountInfo?: string) {
  return { code: 'SUCCESS' as const, header: { ...POP_HEADER, orderCountInfo }, body: Buffer.concat(records) }
}

/** A client whose brokers, two of them, take everything and have nothing. */
export async function liteClient(brokers: Readonly<Record<string, number>> = { a: 1, b: 1 }): Promise<FakeClient> {
  const client = new FakeClient()
  await client.knownTopic('Chats', brokers)
  client.on(LITE_SUBSCRIPTION_CTL, () => ({ code: 'SUCCESS' }))
  client.on(POP_LITE_MESSAGE, () => ({ code: 'POLLING_TIMEOUT', header: POP_HEADER, body: Buffer.alloc(0) }))
  client.on(ACK_MESSAGE, () => ({ code: 'SUCCESS' }))
  const header = { popTime: 5000, invisibleTime: 60_000, reviveQid: 999 }
  client.on(CHANGE_MESSAGE_INVISIBLETIME, () => ({ code: 'SUCCESS', header }))
  return client
}
