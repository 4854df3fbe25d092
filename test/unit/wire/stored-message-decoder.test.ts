import fc from '../../support/property'
import { decodeStoredMessages } from '../../../lib/wire/stored-message-decoder'
import { CONTEXT, recordBytes } from '../../support/records'

const offsets = (bytes: Buffer): number[] =>
  decodeStoredMessages(bytes, CONTEXT).messages.map(message => message.queueOffset)

/** A record with four bytes changed. */
function changed(at: number, value: number): Buffer {
  const bytes = recordBytes({ properties: 'TAGS\u0001a\u0002', queueOffset: 8 })
  bytes.writeInt32BE(value | 0, at)
  return bytes
}

/** A record with one of its 16-bit lengths changed; only topics of more than 127 bytes have such a length. */
function withLength(of: 'topic' | 'properties', length: number): Buffer {
  const topic = 'T'.repeat(200)
  const bytes = recordBytes({ topic, properties: 'TAGS\u0001a\u0002', queueOffset: 8 })
  const topicLengthAt = 88 + 'hello'.length
  bytes.writeUInt16BE(length, of === 'topic' ? topicLengthAt : topicLengthAt + 2 + topic.length)
  return bytes
}

/** The same record with longs, ports and lengths that nobody could mean. */
const UNREADABLE: readonly (readonly [string, Buffer])[] = [
  ['an unknown magic', changed(4, 0x01a320a7)],
  ['a blank magic', changed(4, -875286124)],
  ['a commit-log offset beyond 2^53', changed(28, 0x7fffffff)],
  ['a born time beyond 2^53', changed(40, 0x00200000)],
  ['a store time beyond 2^53', changed(56, -0x00200000)],
  ['a prepared offset beyond 2^53', changed(76, 0x7fffffff)],
  ['a port beyond 65535', changed(52, 65_536)],
  ['a store port beyond 65535', changed(68, -1)],
  ['a body past its end', changed(84, 1_000)],
  ['a body that leaves no room for a topic', changed(84, 5 + 1 + 6 + 2 + 7)],
  ['a negative body length', changed(84, -1)],
  ['properties of more than 32767 bytes', withLength('properties', 0x8000)],
  ['properties past its end', withLength('properties', 8)],
  ['a topic of a negative length', withLength('topic', 0x8000)],
  ['a topic past its end', withLength('topic', 0x7fff)],
]

describe('decodeStoredMessages', () => {
  it('reads records behind one another', () => {
    const bytes = Buffer.concat([
      recordBytes({ queueOffset: 1 }),
      recordBytes({ queueOffset: 2, bornHost: '[::1]:1' }),
      recordBytes({ queueOffset: 3, topic: 'T'.repeat(200) }),
    ])
    const { messages, damage } = decodeStoredMessages(bytes, CONTEXT)
    expect(messages.map(message => message.queueOffset)).toEqual([1, 2, 3])
    expect(messages.every(message => message.unreadable === undefined)).toBe(true)
    expect(damage).toBeUndefined()
  })

  it('has nothing to say about no bytes', () => {
    expect(decodeStoredMessages(Buffer.alloc(0), CONTEXT)).toEqual({ messages: [], damage: undefined, intact: 0 })
  })

  it('reads the length of a version 1 topic without a sign', () => {
    const bytes = recordBytes({ topic: 'T'.repeat(200) })
    // Make it version 1: another magic, and one byte less of length.
    const topicAt = 88 + 5
    const old = Buffer.concat([bytes.subarray(0, topicAt), bytes.subarray(topicAt + 1)])
    old.writeInt32BE(old.length, 0)
    old.writeInt32BE(-626843481, 4)
    expect(decodeStoredMessages(old, CONTEXT).messages[0]?.topic).toBe('T'.repeat(200))
  })

  it.each(UNREADABLE)('marks %s and goes on with the record after it', (_what, bytes) => {
    const { messages, damage } = decodeStoredMessages(
      Buffer.concat([recordBytes(), bytes, recordBytes({ queueOffset: 9 })]),
      CONTEXT,
    )
    expect(messages.map(message => message.queueOffset)).toEqual([7, 8, 9])
    expect(messages.map(message => message.unreadable?.code)).toEqual([undefined, 'MESSAGE_UNREADABLE', undefined])
    expect(messages[1]?.unreadable?.message).toMatch(/offset 8 of queue 1 on broker-a/)
    expect(damage).toBeUndefined()
  })

  it.each(UNREADABLE)('a message with %s can be looked at', (_what, bytes) => {
    const [message] = decodeStoredMessages(bytes, CONTEXT).messages
    expect(message).toMatchObject({ topic: '', tags: undefined, properties: {} })
    expect(message?.body).toHaveLength(0)
    expect(JSON.parse(JSON.stringify(message))).toMatchObject({ queueOffset: 8, queueId: 1 })
    expect(message?.copy().unreadable).toBe(message?.unreadable)
  })

  it('skips a record whose queue offset cannot be told, and says so', () => {
    const { messages, damage } = decodeStoredMessages(
      Buffer.concat([recordBytes(), changed(20, 0x00200000), recordBytes({ queueOffset: 9 })]),
      CONTEXT,
    )
    expect(messages.map(message => message.queueOffset)).toEqual([7, 9])
    expect(damage).toMatchObject({ code: 'PROTOCOL_ERROR' })
  })

  it('skips a record too short for its IPv6 hosts, and says so', () => {
    const short = recordBytes({ topic: 'T', body: Buffer.alloc(0) })
    short.writeInt32BE(0x30, 36)
    const { messages, damage } = decodeStoredMessages(Buffer.concat([short, recordBytes({ queueOffset: 9 })]), CONTEXT)
    expect(messages.map(message => message.queueOffset)).toEqual([9])
    expect(damage).toMatchObject({ code: 'PROTOCOL_ERROR' })
  })

  it.each([0, -1, 90, 0x7fffffff])('stops where a record claims %i bytes, and says so', size => {
    const wrong = recordBytes()
    wrong.writeInt32BE(size, 0)
    const { messages, damage } = decodeStoredMessages(Buffer.concat([recordBytes(), wrong, recordBytes()]), CONTEXT)
    expect(messages).toHaveLength(1)
    expect(damage).toMatchObject({ code: 'PROTOCOL_ERROR' })
  })

  it('tells how many messages stand before the first damage', () => {
    const beheaded = recordBytes()
    beheaded.writeInt32BE(0x7fffffff, 20)
    const whole = recordBytes()
    const parts = [whole, whole, beheaded, whole, Buffer.from('cut')]
    expect(decodeStoredMessages(Buffer.concat(parts), CONTEXT)).toMatchObject({
      intact: 2,
      messages: { length: 3 },
      damage: { message: expect.stringContaining('no readable head') as string },
    })
    expect(decodeStoredMessages(Buffer.concat([whole, Buffer.from('cut')]), CONTEXT).intact).toBe(1)
    expect(decodeStoredMessages(Buffer.concat([whole, whole]), CONTEXT).intact).toBe(2)
  })

  it('reads the whole records before a cut, wherever it is', () => {
    const record = recordBytes()
    for (let length = 1; length < record.length; length++) {
      const { messages, damage } = decodeStoredMessages(Buffer.concat([record, record.subarray(0, length)]), CONTEXT)
      expect(messages).toHaveLength(1)
      expect(damage).toMatchObject({ code: 'PROTOCOL_ERROR' })
    }
  })

  it('does not hold the CRC of a body against it, as Java does not', () => {
    const [message] = decodeStoredMessages(changed(8, 12_345), CONTEXT).messages
    expect(message).toMatchObject({ bodyCRC: 12_345, unreadable: undefined })
    expect(message?.text()).toBe('hello')
  })

  it('leaves spare bytes behind the properties alone', () => {
    const record = recordBytes({ properties: 'TAGS\u0001a\u0002' })
    const spare = Buffer.concat([record, Buffer.from('TAGS\u0001b\u0002')])
    spare.writeInt32BE(spare.length, 0)
    const [message] = decodeStoredMessages(spare, CONTEXT).messages
    expect(message?.tags).toBe('a')
    expect({ ...message?.properties }).toEqual({ TAGS: 'a' })
  })

  it('adds the offset of a static topic', () => {
    const { messages } = decodeStoredMessages(recordBytes(), { brokerName: 'broker-b', offsetDelta: 1_000 })
    expect(messages[0]).toMatchObject({ queueOffset: 1_007, brokerName: 'broker-b' })
  })

  it('keeps the offsets in the order of the records', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat(), { maxLength: 20 }), all =>
        expect(offsets(Buffer.concat(all.map(queueOffset => recordBytes({ queueOffset }))))).toEqual(all),
      ),
    )
  })
})
