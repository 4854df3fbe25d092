import { inspect } from 'node:util'
import { decodeStoredMessages } from '../../../lib/wire/stored-message-decoder'
import { CONTEXT, recordBytes, storedMessage } from '../../support/records'

const PROPERTIES =
  'TAGS\u0001paid\u0002KEYS\u0001k1  k2\u0002UNIQ_KEY\u00017F0000010BAD18B4AAC25D6F3E100000\u0002DELAY\u00013\u0002__SHARDINGKEY\u0001s\u0002region\u0001欧\u0002'

describe('StoredMessage', () => {
  it('reads every field from the record', () => {
    expect(
      storedMessage({ properties: PROPERTIES, flag: 5, reconsumeTimes: 2, preparedTransactionOffset: 9 }),
    ).toMatchObject({
      topic: 'Orders',
      tags: 'paid',
      keys: ['k1', 'k2'],
      msgId: '7F0000010BAD18B4AAC25D6F3E100000',
      offsetMsgId: '7F00000100002A9F0000000000000400',
      brokerName: 'broker-a',
      queueId: 1,
      queueOffset: 7,
      commitLogOffset: 1_024,
      bornTimestamp: 1_700_000_000_000,
      bornHost: '10.0.0.7:50123',
      storeTimestamp: 1_700_000_000_123,
      storeHost: '127.0.0.1:10911',
      reconsumeTimes: 2,
      flag: 5,
      sysFlag: 0,
      bodyCRC: 907_060_870,
      preparedTransactionOffset: 9,
      delayTimeLevel: 3,
      shardingKey: 's',
      storeSize: recordBytes({ properties: PROPERTIES }).length,
    })
  })

  it('reads hosts of both kinds at their places', () => {
    for (const bornHost of ['10.0.0.7:1', '[2001:db8::1]:2']) {
      for (const storeHost of ['10.0.0.8:3', '[::1]:4']) {
        expect(storedMessage({ bornHost, storeHost })).toMatchObject({
          bornHost,
          storeHost,
          storeTimestamp: 1_700_000_000_123,
          commitLogOffset: 1_024,
        })
      }
    }
    expect(storedMessage({ storeHost: '[::1]:10911' }).offsetMsgId).toBe(
      '0000000000000000000000000000000100002A9F0000000000000400',
    )
  })

  it('goes by its offset id where the sender gave none', () => {
    const message = storedMessage()
    expect(message.msgId).toBe(message.offsetMsgId)
    expect(message).toMatchObject({
      tags: undefined,
      keys: [],
      delayTimeLevel: 0,
      shardingKey: undefined,
      transactionId: undefined,
    })
  })

  it('knows its transaction by the property, or by its own id where it is half of one', () => {
    expect(storedMessage({ properties: '__transactionId__\u0001t1\u0002' }).transactionId).toBe('t1')
    expect(storedMessage({ properties: 'TRAN_MSG\u0001true\u0002UNIQ_KEY\u0001u1\u0002' }).transactionId).toBe('u1')
    expect(
      storedMessage({ properties: 'TRAN_MSG\u0001false\u0002UNIQ_KEY\u0001u1\u0002' }).transactionId,
    ).toBeUndefined()
  })

  it('gives one property whether the others were read or not', () => {
    const message = storedMessage({ properties: PROPERTIES })
    expect(message.property('region')).toBe('欧')
    expect(message.properties['region']).toBe('欧')
    expect(message.property('region')).toBe('欧')
    expect(message.property('constructor')).toBeUndefined()
  })

  it('has a body that is a view over what was received', () => {
    const bytes = recordBytes()
    const [message] = decodeStoredMessages(bytes, CONTEXT).messages
    bytes.write('HELLO', 88)
    expect(message?.body.toString()).toBe('HELLO')
  })

  it('reads its body as text and as JSON', () => {
    expect(storedMessage({ body: Buffer.from('{"a":[1]}') }).json()).toEqual({ a: [1] })
    expect(storedMessage({ body: Buffer.from([0xd6, 0xd0]) }).text('gbk')).toBe('中')
  })

  it('shows the topic that the listener should see, and keeps the one it is stored under', () => {
    const message = storedMessage({ topic: '%RETRY%billing' })
    message.topic = 'Orders'
    expect(message).toMatchObject({ topic: 'Orders', storedTopic: '%RETRY%billing' })
    expect(message.copy()).toMatchObject({ topic: 'Orders', storedTopic: '%RETRY%billing' })
  })

  it('copies into memory of its own, with all that was changed since', () => {
    const bytes = Buffer.concat([
      recordBytes(),
      recordBytes({ queueOffset: 8, properties: PROPERTIES, sysFlag: 1, bornHost: '[::1]:1' }),
    ])
    const [, message] = decodeStoredMessages(bytes, CONTEXT).messages
    message?.inflated(Buffer.from('inflated'))
    // As for messages of lite topics, whose records do not tell it.
    if (message !== undefined) Object.assign(message, { reconsumeTimes: 4, queueOffset: 9 })
    const before = JSON.stringify(message)
    const copy = message?.copy()
    bytes.fill(0)
    expect(JSON.stringify(copy)).toBe(before)
    expect(copy).toMatchObject({ sysFlag: 0x10, reconsumeTimes: 4, tags: 'paid', queueOffset: 9 })
    expect(copy?.body.toString()).toBe('inflated')
  })

  it('becomes plain data with the body as base64', () => {
    const plain = JSON.parse(JSON.stringify(storedMessage({ properties: PROPERTIES }))) as Record<string, unknown>
    expect(plain).toMatchObject({
      topic: 'Orders',
      body: 'aGVsbG8=',
      keys: ['k1', 'k2'],
      properties: { region: '欧' },
      commitLogOffset: 1_024,
    })
  })

  it('can be looked at', () => {
    const text = inspect(storedMessage({ properties: PROPERTIES }), { depth: 5 })
    expect(text).toContain("topic: 'Orders'")
    expect(text).toContain('<Buffer 68 65 6c 6c 6f>')
    expect(text).toContain('commitLogOffset: 1024')
  })
})
