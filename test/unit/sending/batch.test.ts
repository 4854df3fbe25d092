import type { Message } from '../../../lib/model/message'
import type { SendResult } from '../../../lib/model/results'
import { BatchError, checkOneShardingKey, joinResults, prepareBatch } from '../../../lib/sending/batch'
import type { PreparedMessage } from '../../../lib/sending/prepared-message'
import { batchEntryBytes, decodeBatchBody } from '../../../lib/wire/batch-body'
import { decodeProperties } from '../../../lib/wire/properties'
import { UniqueIds } from '../../../lib/wire/unique-id'

const uniqueIds = new UniqueIds()

function prepare(messages: readonly Message[], maxMessageSize = 4_194_304): PreparedMessage[] {
  return prepareBatch(messages, { uniqueIds, maxMessageSize })
}

function messagesOf(count: number, fields: Partial<Message> = {}): Message[] {
  return Array.from({ length: count }, (_, i) => ({ topic: 'Orders', body: `message-${i}`, ...fields }))
}

function bodiesOf(parts: readonly PreparedMessage[]): string[][] {
  return parts.map(({ body }) => decodeBatchBody(Buffer.from(body)).map(entry => Buffer.from(entry.body).toString()))
}

const illegal = (says: string) =>
  expect.objectContaining({ code: 'INVALID_MESSAGE', message: expect.stringContaining(says) })

describe('prepareBatch', () => {
  it('puts messages into one batch, in order, each with its own properties and id', () => {
    const [part, more] = prepare(messagesOf(3, { tags: 'x', flag: 9 }))
    const entries = decodeBatchBody(Buffer.from((part as PreparedMessage).body))
    expect(more).toBeUndefined()
    expect(entries.map(entry => Buffer.from(entry.body).toString())).toEqual(['message-0', 'message-1', 'message-2'])
    expect(entries.map(entry => entry.flag)).toEqual([9, 9, 9])
    const ids = entries.map(entry => decodeProperties(entry.properties)['UNIQ_KEY'])
    expect(new Set(ids).size).toBe(3)
    expect(part?.msgId).toBe(ids.join(','))
    expect(decodeProperties(entries[0]?.properties ?? '')).toMatchObject({ TAGS: 'x', WAIT: 'true' })
  })

  it('gives the batch itself no id, which old brokers would hand on to every message', () => {
    const [part] = prepare(messagesOf(2, { waitStoreMsgOK: false }))
    expect(decodeProperties(part?.properties ?? '')).toEqual({ WAIT: 'false' })
    expect(part).toMatchObject({ isBatch: true, isTimer: false, sysFlag: 0, flag: 0, topic: 'Orders' })
    expect(part?.command.name).toBe('SEND_BATCH_MESSAGE')
  })

  it('splits at exactly the size that is allowed', () => {
    const [whole] = prepare(messagesOf(4))
    const size = (whole as PreparedMessage).body.length
    expect(bodiesOf(prepare(messagesOf(4), size))).toEqual([['message-0', 'message-1', 'message-2', 'message-3']])
    expect(bodiesOf(prepare(messagesOf(4), size - 1))).toEqual([['message-0', 'message-1', 'message-2'], ['message-3']])
  })

  it('splits into as many parts as it takes, and loses and moves none', () => {
    const [one] = prepare(messagesOf(1))
    const parts = prepare(messagesOf(7), (one as PreparedMessage).body.length * 2)
    expect(bodiesOf(parts).map(part => part.length)).toEqual([2, 2, 2, 1])
    expect(bodiesOf(parts).flat()).toEqual(messagesOf(7).map(({ body }) => body))
    expect(parts.map(({ message }) => message.body)).toEqual(['message-0', 'message-2', 'message-4', 'message-6'])
    expect(parts.flatMap(({ msgId }) => msgId.split(','))).toHaveLength(7)
  })

  it('takes a message that fills a part alone, and refuses one that does not fit', () => {
    const body = Buffer.alloc(50)
    const [part] = prepare([{ topic: 'T', body }])
    const size = (part as PreparedMessage).body.length
    expect(size).toBe(batchEntryBytes(decodeBatchBody(Buffer.from((part as PreparedMessage).body))[0] as never))
    expect(prepare([{ topic: 'T', body }], size)).toHaveLength(1)
    expect(() => prepare([{ topic: 'T', body }], size - 1)).toThrow(illegal(`${size} bytes`))
  })

  it.each<[string, Message[]]>([
    ['empty', []],
    ['topics', [...messagesOf(1), { topic: 'Other', body: 'x' }]],
    ['delay', messagesOf(2, { delayTimeLevel: 1 })],
    ['waitStoreMsgOK', [...messagesOf(1), ...messagesOf(1, { waitStoreMsgOK: false })]],
    ['retry topic', [{ topic: '%RETRY%g', body: 'x' }]],
    ['the body is empty', messagesOf(2, { body: '' })],
    ['there is no message', [null as never]],
  ])('refuses a batch that cannot be sent: %s', (says, messages) => {
    expect(() => prepare(messages)).toThrow(illegal(says))
  })
})

describe('checkOneShardingKey', () => {
  it('takes one key, or none, for all', () => {
    expect(() => checkOneShardingKey(messagesOf(3, { shardingKey: 'a' }))).not.toThrow()
    expect(() => checkOneShardingKey([...messagesOf(1), ...messagesOf(1, { shardingKey: '' })])).not.toThrow()
    expect(() => checkOneShardingKey([])).not.toThrow()
  })

  it('refuses several keys, of which all but one would lose their order', () => {
    const mixed = [...messagesOf(1, { shardingKey: 'a' }), ...messagesOf(1, { shardingKey: 'b' })]
    expect(() => checkOneShardingKey(mixed)).toThrow(illegal('several sharding keys'))
    expect(() => checkOneShardingKey([...messagesOf(1), ...messagesOf(1, { shardingKey: 'b' })])).toThrow()
  })
})

describe('joinResults', () => {
  const result = (fields: Partial<SendResult>): SendResult => ({
    sendStatus: 'SEND_OK',
    msgId: 'A',
    offsetMsgId: 'a',
    messageQueue: { topic: 'T', brokerName: 'b', queueId: 0 },
    queueOffset: 5,
    regionId: 'R',
    traceOn: true,
    ...fields,
  })

  it('hands on the result of the only part', () => {
    const only = result({})
    expect(joinResults([only])).toBe(only)
  })

  it('joins ids, keeps the first place and every result', () => {
    const parts = [
      result({ msgId: 'A,B', offsetMsgId: 'a,b' }),
      result({ msgId: 'C', offsetMsgId: 'c', queueOffset: 9 }),
    ]
    expect(joinResults(parts)).toEqual({
      ...parts[0],
      msgId: 'A,B,C',
      offsetMsgId: 'a,b,c',
      queueOffset: 5,
      results: parts,
    })
  })

  it.each([
    [['SEND_OK', 'FLUSH_DISK_TIMEOUT'], 'FLUSH_DISK_TIMEOUT'],
    [['FLUSH_SLAVE_TIMEOUT', 'FLUSH_DISK_TIMEOUT'], 'FLUSH_SLAVE_TIMEOUT'],
    [['SEND_OK', 'SLAVE_NOT_AVAILABLE', 'FLUSH_SLAVE_TIMEOUT'], 'SLAVE_NOT_AVAILABLE'],
    [['SEND_OK', 'SEND_OK'], 'SEND_OK'],
  ] as const)('is as durable as its weakest part: %j', (statuses, weakest) => {
    expect(joinResults(statuses.map(sendStatus => result({ sendStatus }))).sendStatus).toBe(weakest)
  })

  it('refuses to make a result of nothing', () => {
    expect(() => joinResults([])).toThrow(illegal('empty'))
  })
})

describe('BatchError', () => {
  it('tells what was sent before the failure', () => {
    const error = new BatchError('says', [], 0, { sent: 'UNKNOWN' })
    expect(error).toMatchObject({ code: 'BATCH_PARTLY_SENT', name: 'BatchError', sent: 'UNKNOWN', retriable: false })
  })
})
