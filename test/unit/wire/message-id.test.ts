import Long from 'long'
import { hostBytes } from '../../../lib/wire/host-address'
import { writeLong } from '../../../lib/wire/int64'
import { bytesToHex, createOffsetMsgId, decodeOffsetMsgId, hexToBytes } from '../../../lib/wire/message-id'

function offsetBytes(offset: Long): Buffer {
  const bytes = Buffer.alloc(8)
  writeLong(bytes, offset, 0)
  return bytes
}

describe('offset message ids', () => {
  it.each([
    ['127.0.0.1:10911', '123456789', '7F00000100002A9F00000000075BCD15'],
    ['[::1]:10911', '5', '0000000000000000000000000000000100002A9F0000000000000005'],
    ['10.1.2.3:0', '9223372036854775807', '0A010203000000007FFFFFFFFFFFFFFF'],
  ])('%s at %s is %s', (address, offset, id) => {
    expect(createOffsetMsgId(hostBytes(address), offsetBytes(Long.fromString(offset)))).toBe(id)
    const decoded = decodeOffsetMsgId(id)
    expect(decoded.address).toBe(address)
    expect(decoded.commitLogOffset.toString()).toBe(offset)
  })

  it('has host and port apart, without brackets', () => {
    expect(decodeOffsetMsgId('0000000000000000000000000000000100002A9F0000000000000005')).toMatchObject({
      host: '::1',
      port: 10911,
    })
  })

  it('reads lower case', () => {
    expect(decodeOffsetMsgId('7f00000100002a9f0000000000000abc').commitLogOffset.toNumber()).toBe(0xabc)
  })

  it.each([
    '',
    '7F',
    '7F00000100002A9F0000000000000AB',
    '7F00000100002A9F0000000000000ABCDE',
    'zz00000100002A9F0000000000000ABC',
  ])('refuses %j', id => {
    expect(() => decodeOffsetMsgId(id)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  it('refuses a unique id, whose digits would name a port that cannot be', () => {
    expect(() => decodeOffsetMsgId('7F0000010BAD18B4AAC25D6F3E100000')).toThrow(/port/)
  })
})

describe('hexadecimal text', () => {
  it('is upper case and read in either case', () => {
    expect(bytesToHex(Buffer.from([0, 0xab, 0xff]))).toBe('00ABFF')
    expect(hexToBytes('00abFF')).toEqual(Buffer.from([0, 0xab, 0xff]))
  })

  it.each(['', 'abc', '0g', ' 00'])('%j is refused', text => {
    expect(() => hexToBytes(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
