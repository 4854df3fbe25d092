import fc from '../../support/property'
import { appendProperty, decodeProperties, encodeProperties, findProperty } from '../../../lib/wire/properties'

const part = fc.string({ unit: fc.constantFrom('a', 'B', '0', ' ', '键', '😀', '_', '.'), minLength: 1, maxLength: 6 })
const name = fc.oneof(part, fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'TAGS'))
/** Any mixture of names, values and separators, most of it malformed. */
const anyText = fc
  .array(fc.oneof(name, fc.constantFrom('\u0001', '\u0002')), { maxLength: 30 })
  .map(parts => parts.join(''))

describe('decodeProperties', () => {
  it('reads back what encodeProperties writes', () => {
    fc.assert(
      fc.property(fc.dictionary(name, part), properties => {
        expect({ ...decodeProperties(encodeProperties(properties)) }).toEqual({ ...properties })
      }),
    )
  })

  it.each([
    ['a\u0001b', { a: 'b' }],
    ['a\u0001b\u0002c\u0001d', { a: 'b', c: 'd' }],
    ['a\u0001\u0002b\u0001c\u0002', { b: 'c' }],
    ['\u0001x\u0002', {}],
    ['ab\u0002c\u0001d\u0002', { c: 'd' }],
    ['a\u0001b\u0001c\u0002', { a: 'b\u0001c' }],
    ['a\u00011\u0002a\u00012\u0002', { a: '2' }],
    ['a\u00011\u0002a\u0001\u0002', { a: '1' }],
    ['', {}],
  ])('reads %j as Java does', (text, expected) => expect({ ...decodeProperties(text) }).toEqual(expected))

  it('takes hostile names for names like others', () => {
    const properties = decodeProperties('__proto__\u0001x\u0002constructor\u0001y\u0002')
    expect(Object.keys(properties)).toEqual(['__proto__', 'constructor'])
    expect(properties['__proto__']).toBe('x')
    expect(properties['toString']).toBeUndefined()
    expect(decodeProperties('')['__proto__']).toBeUndefined()
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

describe('decodeProperties of pieces without a name', () => {
  it('does not look for the next name at each of them', () => {
    const indexOf = jest.spyOn(String.prototype, 'indexOf')
    const properties = decodeProperties(`${'x\u0002'.repeat(1000)}a\u0001b`)
    const looks = indexOf.mock.calls.filter(([wanted]) => wanted === '\u0001')
    indexOf.mockRestore()
    expect({ ...properties }).toEqual({ a: 'b' })
    expect(looks).toHaveLength(1)
  })
})

describe('encodeProperties and appendProperty', () => {
  it('leave out null and undefined', () => {
    expect(encodeProperties({ a: '1', b: null, c: undefined, d: '2' })).toBe('a\u00011\u0002d\u00012\u0002')
  })

  it('give the same text', () => {
    expect(appendProperty(appendProperty('', 'a', '1'), 'd', '2')).toBe(encodeProperties({ a: '1', d: '2' }))
  })
})

describe('findProperty', () => {
  it('finds exactly what decodeProperties gives, in any text', () => {
    fc.assert(
      fc.property(anyText, fc.oneof(name, fc.constantFrom('', '\u0001', '\u0002')), (text, wanted) => {
        const bytes = Buffer.from(`<<${text}>>`)
        expect(findProperty(bytes, 2, bytes.length - 2, wanted)).toBe(decodeProperties(text)[wanted])
      }),
      { numRuns: 2_000 },
    )
  })

  it('does not look beyond its range', () => {
    const bytes = Buffer.from('TAGS\u0001outside\u0002TAGS\u0001inside\u0002TAGS\u0001outside\u0002')
    expect(findProperty(bytes, 13, 25, 'TAGS')).toBe('inside')
    expect(findProperty(bytes, 13, 13, 'TAGS')).toBeUndefined()
  })

  it('keeps working with more names than it remembers', () => {
    const bytes = Buffer.from('n7\u0001x\u0002')
    for (let i = 0; i < 1_000; i++)
      expect(findProperty(bytes, 0, bytes.length, `n${i}`)).toBe(i === 7 ? 'x' : undefined)
  })
})
