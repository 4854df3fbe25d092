import fc from '../../../support/property'
import { compareByOrder, compareValues } from '../../../../lib/emulator/sql92/compare-values'
import type { Sql92Number } from '../../../../lib/emulator/sql92/expression'

const int = (value: number): Sql92Number => ({ type: 'int', value: BigInt(value) })
const long = (value: bigint): Sql92Number => ({ type: 'long', value })
const double = (value: number): Sql92Number => ({ type: 'double', value })

describe('compareValues', () => {
  it.each([
    [int(5), int(5), 0],
    [int(4), long(5n), -1],
    [long(9_007_199_254_740_993n), long(9_007_199_254_740_992n), 1],
    [int(5), double(5.5), -1],
    [double(NaN), double(Infinity), 1],
    [double(1), double(NaN), -1],
    [double(NaN), double(NaN), 0],
    [double(-0), double(0), -1],
    [double(0), double(-0), 1],
    [int(5), '5', 0],
    ['007', int(7), 0],
    ['5.5', double(5.5), 0],
    ['9007199254740993', long(9_007_199_254_740_992n), 1],
    ['a', 'b', -1],
    ['a', 'a', 0],
    ['b', 'a', 1],
    [true, false, 1],
    ['TRUE', true, 0],
    ['yes', true, -1],
    [true, int(1), -1],
    [int(1), true, -1],
  ])('of %o and %o is %d', (left, right, order) => {
    expect(compareValues(left, right)).toBe(order)
  })

  it.each([
    ['5.5', int(5)],
    [int(5), 'abc'],
    ['9007199254740993', int(5)],
    ['x', double(1)],
    [true, 'true'],
  ])('of %o and %o fails', (left, right) => {
    expect(() => compareValues(left, right)).toThrow(expect.objectContaining({ code: 'INVALID_EXPRESSION' }))
  })

  it('puts numbers of all types in one order', () => {
    const numbers = fc.oneof(fc.integer().map(int), fc.bigInt({ min: -(2n ** 50n), max: 2n ** 50n }).map(long))
    fc.assert(
      fc.property(numbers, numbers, fc.integer(), (left, right, other) => {
        expect(Math.sign(compareValues(left, right))).toBe(0 - Math.sign(compareValues(right, left)) + 0)
        expect(compareValues(left, double(other))).toBe(Math.sign(Number(left.value) - other))
      }),
    )
  })
})

describe('compareByOrder', () => {
  it('compares two texts as numbers', () => {
    expect(compareByOrder('10', '9.5')).toBe(1)
    expect(compareByOrder('10', int(9))).toBe(1)
  })

  it('fails for texts that are none', () => {
    expect(() => compareByOrder('a', '9')).toThrow("'a' and '9' are texts and have no order")
  })
})
