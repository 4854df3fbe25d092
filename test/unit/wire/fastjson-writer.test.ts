import fc from '../../support/property'
import Long from 'long'
import { writeFastjson } from '../../../lib/wire/fastjson-writer'

describe('writeFastjson', () => {
  it('writes what JSON.stringify writes for plain values without nulls', () => {
    const text = fc.string({ unit: 'binary' })
    const value = fc.oneof(
      text,
      fc.boolean(),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
    )
    const plain = fc.oneof(
      fc.array(value),
      fc.dictionary(text, value),
      fc.array(fc.dictionary(text, fc.array(value, { maxLength: 3 }))),
    )
    fc.assert(fc.property(plain, each => expect(writeFastjson(each)).toBe(JSON.stringify(each))))
  })

  it('leaves out fields that are null or undefined, but not members of lists', () => {
    expect(writeFastjson({ a: null, b: undefined, c: [null, undefined, 1], d: { e: null } })).toBe(
      '{"c":[null,null,1],"d":{}}',
    )
  })

  it('writes large integers as digits', () => {
    expect(writeFastjson({ a: Long.MAX_VALUE, b: 2n ** 63n - 1n, c: Long.fromNumber(-1) })).toBe(
      '{"a":9223372036854775807,"b":9223372036854775807,"c":-1}',
    )
  })

  it('writes the keys of a Map by their kind', () => {
    const map = new Map<unknown, unknown>([
      [0, 'a'],
      [Long.fromNumber(1), 'b'],
      [{ topic: 'T', queueId: 3 }, { offset: 5 }],
      ['text', 'c'],
      ['left out', undefined],
    ])
    expect(writeFastjson(map)).toBe('{0:"a",1:"b",{"topic":"T","queueId":3}:{"offset":5},"text":"c"}')
  })

  it('writes null for nothing at all', () => {
    expect(writeFastjson(undefined)).toBe('null')
    expect(writeFastjson(null)).toBe('null')
  })

  it.each([2 ** 53, -(2 ** 60), 1e300])('refuses %d, which may be rounded', value => {
    expect(() => writeFastjson({ value })).toThrow(expect.objectContaining({ code: 'UNSAFE_INTEGER' }))
  })

  it.each([Number.NaN, Infinity, () => 1, Symbol('s')])('refuses %p', value => {
    expect(() => writeFastjson({ value })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  it('refuses what is nested too deep, and with it circles', () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    expect(() => writeFastjson(circle)).toThrow(/nested deeper than 64/)
  })
})
