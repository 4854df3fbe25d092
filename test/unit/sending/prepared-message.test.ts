import { inflateSync } from 'node:zlib'
import type { Message } from '../../../lib/model/message'
import { SYS_FLAG } from '../../../lib/model/sys-flag'
import {
  type PreparedMessage,
  compressed,
  encodeBody,
  prepareMessage,
  propertiesText,
} from '../../../lib/sending/prepared-message'
import { encodeLz4Frame } from '../../../lib/wire/lz4-frame-encoder'
import { decodeProperties } from '../../../lib/wire/properties'
import { UniqueIds } from '../../../lib/wire/unique-id'

const options = { uniqueIds: new UniqueIds(), maxMessageSize: 100 }

function prepare(fields: Partial<Message> = {}): PreparedMessage {
  return prepareMessage({ topic: 'Orders', body: 'hello', ...fields }, options)
}

const illegal = (says: string) =>
  expect.objectContaining({ code: 'INVALID_MESSAGE', message: expect.stringContaining(says) })

describe('prepareMessage', () => {
  it('carries every field as the property that RocketMQ knows it by, beside those of the user', () => {
    const prepared = prepare({
      tags: 'paid',
      keys: ['o-1', 'o-2'],
      shardingKey: 's',
      delayTimeLevel: 3,
      priority: 2,
      buyerId: 'b',
      waitStoreMsgOK: false,
      properties: { region: 'eu' },
    })
    expect(decodeProperties(prepared.properties)).toEqual({
      UNIQ_KEY: prepared.msgId,
      TAGS: 'paid',
      KEYS: 'o-1 o-2',
      __SHARDINGKEY: 's',
      DELAY: '3',
      _SYS_MSG_PRIORITY_: '2',
      BUYER_ID: 'b',
      WAIT: 'false',
      region: 'eu',
    })
  })

  it('gives each message an id of its own', () => {
    expect(prepare().msgId).not.toBe(prepare().msgId)
    expect(prepare().msgId).toMatch(/^[0-9A-F]{32}$/)
  })

  it('knows a timer message by its time or its delay, not by a level', () => {
    expect(prepare({ delayMs: 1 }).isTimer).toBe(true)
    expect(prepare({ deliverAt: new Date(0) }).isTimer).toBe(true)
    expect(prepare({ delayMs: 0 }).isTimer).toBe(false)
    expect(prepare({ delayTimeLevel: 5 }).isTimer).toBe(false)
  })

  it('is neither a batch nor a retry, and not compressed', () => {
    expect(prepare({ flag: 7 })).toMatchObject({ isBatch: false, reconsumeTimes: 0, sysFlag: 0, flag: 7 })
    expect(prepare().maxReconsumeTimes).toBeUndefined()
  })

  it('takes a body up to the limit in bytes of its encoding, and no empty one', () => {
    expect(prepare({ body: 'x'.repeat(100) }).body).toHaveLength(100)
    expect(() => prepare({ body: 'x'.repeat(101) })).toThrow(illegal('101 bytes'))
    expect(() => prepare({ body: '中'.repeat(34) })).toThrow(illegal('102 bytes'))
    expect(prepare({ body: '中'.repeat(50), encoding: 'gbk' }).body).toHaveLength(100)
    expect(() => prepare({ body: '' })).toThrow(illegal('empty'))
  })

  it('refuses what cannot be sent before an id is used', () => {
    expect(() => prepare({ properties: { UNIQ_KEY: 'mine' } })).toThrow(illegal('belongs to RocketMQ'))
    expect(() => prepare({ tags: 'a\u0001b' })).toThrow(illegal('tags'))
    expect(() => prepare({ topic: 'no topic' })).toThrow(expect.objectContaining({ code: 'INVALID_TOPIC' }))
  })

  it('leaves the message of the user as it is, and shares the bytes of its body', () => {
    const body = Buffer.from('bytes')
    const message = Object.freeze({ topic: 'Orders', body, keys: Object.freeze(['k']), properties: Object.freeze({}) })
    const prepared = prepareMessage(message, options)
    expect(prepared.message).toBe(message)
    expect(prepared.body).toBe(body)
  })
})

describe('encodeBody', () => {
  it('encodes text in UTF-8 or in the encoding that is named', () => {
    expect(encodeBody({ topic: 'T', body: '中' })).toEqual(Buffer.from('中'))
    expect(Buffer.from(encodeBody({ topic: 'T', body: '中', encoding: 'gbk' })).toString('hex')).toBe('d6d0')
  })

  it('refuses an encoding that does not exist', () => {
    expect(() => encodeBody({ topic: 'T', body: 'x', encoding: 'klingon' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})

describe('propertiesText', () => {
  it('begins with the unique id and asks brokers to wait for the disk unless told otherwise', () => {
    expect(propertiesText({ topic: 'T', body: 'b' }, 'ID')).toBe('UNIQ_KEY\u0001ID\u0002WAIT\u0001true\u0002')
  })
})

describe('compressed', () => {
  it('gives a message whose copied body is compressed and says so, and keeps the first one', async () => {
    const body = Buffer.alloc(90, 'a')
    const prepared = prepare({ body })
    const small = await compressed(prepared)
    expect(small.body.length).toBeLessThan(90)
    expect(inflateSync(small.body)).toEqual(body)
    expect(small.sysFlag).toBe(SYS_FLAG.COMPRESSED | SYS_FLAG.COMPRESSION_ZLIB)
    expect({ ...small, body, sysFlag: 0 }).toEqual(prepared)
    expect(body).toEqual(Buffer.alloc(90, 'a'))
  })

  it('compresses by the codec and level that it is told', async () => {
    const prepared = prepare({ body: Buffer.alloc(90, 'a') })
    const byLz4 = await compressed(prepared, { compressType: 'LZ4', compressLevel: 5 })
    expect(byLz4.sysFlag).toBe(SYS_FLAG.COMPRESSED | SYS_FLAG.COMPRESSION_LZ4)
    expect(byLz4.body).toEqual(encodeLz4Frame(Buffer.alloc(90, 'a')))
    const stored = await compressed(prepared, { compressType: 'ZLIB', compressLevel: 0 })
    expect(stored).toBe(prepared)
  })
})
