import fc from '../../support/property'
import Long from 'long'
import { isInt64, parseInt64, readInt64, readLong, toSafeInteger, writeInt64, writeLong } from '../../../lib/wire/int64'

const safeInteger = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 32, -(2 ** 32)),
)
const int64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)

function bytesOf(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}

describe('readInt64 and writeInt64', () => {
  it('agree with the 64-bit integers of Buffer for every safe integer', () => {
    fc.assert(
      fc.property(safeInteger, value => {
        const target = Buffer.alloc(10)
        expect(writeInt64(target, value, 1)).toBe(9)
        expect(target.readBigInt64BE(1)).toBe(BigInt(value))
        expect(readInt64(target, 1)).toBe(value)
      }),
    )
  })

  it('refuse what a number cannot hold instead of rounding it', () => {
    fc.assert(
      fc.property(int64, value => {
        if (Number.isSafeInteger(Number(value))) expect(readInt64(bytesOf(value), 0)).toBe(Number(value))
        else expect(() => readInt64(bytesOf(value), 0)).toThrow(expect.objectContaining({ code: 'UNSAFE_INTEGER' }))
      }),
    )
  })

  it.each([2n ** 53n, -(2n ** 53n), 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)])('refuse %s', value => {
    expect(() => readInt64(bytesOf(value), 0)).toThrow(
      expect.objectContaining({ code: 'UNSAFE_INTEGER', message: expect.stringContaining(String(value)) }),
    )
  })

  it.each([2 ** 53, 0.5, Number.NaN])('do not write %s', value => {
    expect(() => writeInt64(Buffer.alloc(8), value, 0)).toThrow(expect.objectContaining({ code: 'UNSAFE_INTEGER' }))
  })

  it('read nothing beyond the buffer', () => {
    expect(() => readInt64(Buffer.alloc(8), 1)).toThrow(RangeError)
    expect(() => readInt64(Buffer.alloc(8), -1)).toThrow(RangeError)
  })
})

describe('readLong and writeLong', () => {
  it('carry every 64-bit integer', () => {
    fc.assert(
      fc.property(int64, value => {
        const target = Buffer.alloc(8)
        expect(writeLong(target, Long.fromString(value.toString()), 0)).toBe(8)
        expect(target.readBigInt64BE()).toBe(value)
        expect(readLong(target, 0).toString()).toBe(value.toString())
      }),
    )
  })
})

describe('parseInt64', () => {
  it('reads the decimal text of every safe integer', () => {
    fc.assert(fc.property(safeInteger, value => expect(parseInt64(String(value))).toBe(value + 0)))
  })

  it.each([
    ['+7', 7],
    ['-0', 0],
    ['007', 7],
    ['00000000000000000000000001', 1],
  ])('reads %s as Java does', (text, value) => expect(parseInt64(text)).toBe(value))

  it.each(['', '-', '+', ' 1', '1 ', '1.0', '1e3', '0x10', 'NaN', '--1', '١', '1_000'])(
    'refuses %j, which is no integer',
    text => {
      expect(() => parseInt64(text)).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
    },
  )

  it('tells integers that a number cannot hold from those that 64 bits cannot', () => {
    expect(() => parseInt64('9007199254740992')).toThrow(expect.objectContaining({ code: 'UNSAFE_INTEGER' }))
    expect(() => parseInt64('-9223372036854775808')).toThrow(expect.objectContaining({ code: 'UNSAFE_INTEGER' }))
    expect(() => parseInt64('9223372036854775808')).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
    expect(() => parseInt64('9'.repeat(100_000))).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
  })
})

describe('isInt64', () => {
  it.each(['9223372036854775807', '-9223372036854775808', '+1', '0009223372036854775807'])('takes %s', text =>
    expect(isInt64(text)).toBe(true),
  )
  it.each(['9223372036854775808', '-9223372036854775809', '1'.repeat(20), '', '1.0'])('refuses %s', text =>
    expect(isInt64(text)).toBe(false),
  )
})

describe('toSafeInteger', () => {
  it.each([[5], [5n], [Long.fromNumber(5)], ['5'], ['+5']])('takes %p', value =>
    expect(toSafeInteger(value, 'offset')).toBe(5),
  )

  it.each([[0.5], [Number.NaN], ['5.0'], [''], ['five'], [{} as Long], [null as unknown as string]])(
    'refuses %p, which is no integer, by its name',
    value => {
      expect(() => toSafeInteger(value, 'offset')).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('offset') }),
      )
    },
  )

  it.each([[2 ** 53], [2n ** 53n], [Long.MAX_VALUE], ['9007199254740993'], [-(2n ** 63n)], [10n ** 30n]])(
    'refuses %p, which a number cannot hold',
    value => {
      expect(() => toSafeInteger(value, 'offset')).toThrow(
        expect.objectContaining({ code: 'UNSAFE_INTEGER', message: expect.stringContaining('offset') }),
      )
    },
  )
})
