import fc from '../../support/property'
import { hostBytes } from '../../../lib/wire/host-address'
import { decodeStoredMessages } from '../../../lib/wire/stored-message-decoder'
import { encodeStoredMessage } from '../../../lib/wire/stored-message-encoder'
import { CONTEXT, recordBytes, storedRecord } from '../../support/records'

const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })
const record = fc.record({
  topic: fc.oneof(
    fc.string({ minLength: 1, maxLength: 300 }),
    fc.constantFrom('T'.repeat(127), 'T'.repeat(128), '主题'.repeat(60)),
  ),
  body: fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
  properties: fc.dictionary(fc.stringMatching(/^\w+$/), fc.stringMatching(/^[\w 键]+$/)).map(all =>
    Object.entries(all)
      .map(([name, value]) => `${name}\u0001${value}\u0002`)
      .join(''),
  ),
  queueId: int32,
  queueOffset: fc.maxSafeNat(),
  commitLogOffset: fc.maxSafeNat(),
  sysFlag: int32,
  bornTimestamp: fc.maxSafeNat(),
  bornHost: fc.constantFrom('10.0.0.7:50123', '[2001:db8::1]:65535', '0.0.0.0:0'),
  storeTimestamp: fc.maxSafeNat(),
  storeHost: fc.constantFrom('127.0.0.1:10911', '[::1]:10911'),
  flag: int32,
  reconsumeTimes: int32,
  preparedTransactionOffset: fc.maxSafeNat(),
  bodyCRC: int32,
})

describe('encodeStoredMessage', () => {
  it('writes what the decoder reads, for any record', () => {
    fc.assert(
      fc.property(record, fields => {
        const { messages, damage } = decodeStoredMessages(encodeStoredMessage(fields), CONTEXT)
        expect(damage).toBeUndefined()
        const [message] = messages
        expect(message?.unreadable).toBeUndefined()
        const { properties, sysFlag, ...others } = fields
        expect(message).toMatchObject(others)
        expect((message?.sysFlag ?? 0) & ~0x30).toBe(sysFlag & ~0x30)
        expect(
          Object.entries(message?.properties ?? {})
            .map(([name, value]) => `${name}\u0001${value}\u0002`)
            .sort()
            .join(''),
        ).toBe(
          properties
            .split('\u0002')
            .filter(Boolean)
            .map(each => `${each}\u0002`)
            .sort()
            .join(''),
        )
      }),
    )
  })

  it('writes the bytes that Java writes', () => {
    expect(recordBytes({ topic: 'TopicTest' }).toString('hex')).toBe(
      '00000069daa320a73610a686000000010000000000000000000000070000000000000400000000000000018bcfe568000a0000070000c3cb0000018bcfe5687b7f00000100002a9f0000000000000000000000000000000568656c6c6f09546f706963546573740000',
    )
  })

  it('takes the second version for topics above 127 bytes', () => {
    expect(recordBytes({ topic: 'T'.repeat(127) }).readInt32BE(4)).toBe(-626843481)
    expect(recordBytes({ topic: 'T'.repeat(128) }).readInt32BE(4)).toBe(-626843477)
  })

  it('sets the bits of IPv6 hosts by the hosts themselves', () => {
    expect(recordBytes({ sysFlag: 0x30 }).readInt32BE(36)).toBe(0)
    expect(recordBytes({ bornHost: '[::1]:1' }).readInt32BE(36)).toBe(0x10)
    expect(recordBytes({ storeHost: '[::1]:1' }).readInt32BE(36)).toBe(0x20)
  })

  it('takes hosts as bytes too', () => {
    expect(recordBytes({ bornHost: hostBytes('[::1]:1'), storeHost: hostBytes('1.2.3.4:5') })).toEqual(
      recordBytes({ bornHost: '[::1]:1', storeHost: '1.2.3.4:5' }),
    )
  })

  it('refuses properties and topics that their lengths cannot tell', () => {
    expect(() => encodeStoredMessage(storedRecord({ properties: '键'.repeat(10_923) }))).toThrow(
      expect.objectContaining({ code: 'INVALID_MESSAGE' }),
    )
    expect(() => encodeStoredMessage(storedRecord({ topic: 'T'.repeat(32_768) }))).toThrow(
      expect.objectContaining({ code: 'INVALID_MESSAGE' }),
    )
  })
})
