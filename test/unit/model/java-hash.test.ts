import fc from '../../support/property'
import Long from 'long'
import { javaDoubleHash, javaHashOf } from '../../../lib/model/java-hash'

describe('javaHashOf', () => {
  it.each<[unknown, number]>([
    ['TagA', 2598919],
    [0, 0],
    [-0, 0],
    [-12345, -12345],
    [2147483647, 2147483647],
    [2147483648, -2147483648],
    [1.5, 1073217536],
    [Infinity, 2146435072],
    [NaN, 2146959360],
    [true, 1231],
    [false, 1237],
    [9007199254740993n, 2097153],
    [-1n, 0],
    [9223372036854775807n, -2147483648],
    [Long.MAX_VALUE, -2147483648],
    [Long.fromNumber(1), 1],
  ])("of %p is Java's %i", (value, hash) => {
    expect(javaHashOf(value)).toBe(hash)
  })

  it('is one for a number, a bigint and a Long beyond 32 bits', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger().filter(value => value !== (value | 0)),
        value => {
          const hash = javaHashOf(value)
          expect([javaHashOf(BigInt(value)), javaHashOf(Long.fromNumber(value))]).toEqual([hash, hash])
        },
      ),
    )
  })

  it.each([null, undefined, {}, [], Symbol('x'), 1n << 63n])('is refused for %p', value => {
    expect(() => javaHashOf(value)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})

describe('javaDoubleHash', () => {
  it('hashes whole numbers as Double', () => {
    expect([javaDoubleHash(0), javaDoubleHash(-0), javaDoubleHash(2), javaDoubleHash(NaN)]).toEqual([
      0, -2147483648, 1073741824, 2146959360,
    ])
  })
})
