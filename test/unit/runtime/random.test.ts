import fc from '../../support/property'
import { backoffMs, randomBelow, randomHex, randomUint32, shuffled } from '../../../lib/runtime/random'

describe('randomBelow', () => {
  it('stays below its bound and reaches all of it', () => {
    const seen = new Set(Array.from({ length: 1000 }, () => randomBelow(4)))
    expect([...seen].sort()).toEqual([0, 1, 2, 3])
  })
})

describe('randomHex', () => {
  it('has two lower-case digits for each byte and is never the same', () => {
    expect(randomHex(6)).toMatch(/^[0-9a-f]{12}$/)
    expect(randomHex(6)).not.toBe(randomHex(6))
  })
})

describe('randomUint32', () => {
  it('is an unsigned integer of 32 bits that uses the high one too', () => {
    const numbers = Array.from({ length: 200 }, randomUint32)
    expect(numbers.every(each => Number.isInteger(each) && each >= 0 && each < 2 ** 32)).toBe(true)
    expect(numbers.some(each => each >= 2 ** 31)).toBe(true)
  })
})

describe('shuffled', () => {
  it('holds the same things and leaves the list alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), items => {
        const before = [...items]
        const result = shuffled(items)
        expect(items).toEqual(before)
        expect(result.sort()).toEqual(before.sort())
      }),
    )
  })

  it('puts every thing in every place', () => {
    const first = new Set(Array.from({ length: 300 }, () => shuffled(['a', 'b', 'c'])[0]))
    expect([...first].sort()).toEqual(['a', 'b', 'c'])
  })
})

describe('backoffMs', () => {
  it.each([
    [0, 100],
    [1, 200],
    [4, 1600],
    [5, 2000],
    [1000, 2000],
  ])('of try %i lies between half of %i ms and the whole', (attempt, full) => {
    const waits = Array.from({ length: 200 }, () => backoffMs(attempt, 100, 2000))
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(full / 2)
    expect(Math.max(...waits)).toBeLessThanOrEqual(full)
    expect(new Set(waits).size).toBeGreaterThan(1)
  })
})
