import fc from '../../support/property'
import Long from 'long'
import { readFastjson } from '../../../lib/wire/fastjson-reader'
import { writeFastjson } from '../../../lib/wire/fastjson-writer'
import type { JsonValue } from '../../../lib/wire/json-value'

/** JSON text that JSON.parse reads without rounding an integer and without nulls lost. */
const standardText = fc
  .jsonValue({ maxDepth: 6 })
  .map(value => JSON.stringify(value))
  .filter(text => !/\d{16}/.test(text))

function plain(value: JsonValue): unknown {
  return JSON.parse(JSON.stringify(value))
}

describe('readFastjson on standard JSON', () => {
  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(standardText, text => expect(plain(readFastjson(text))).toEqual(JSON.parse(text))),
      { numRuns: 500 },
    )
  })

  it('gives what JSON.parse gives, whatever the blanks', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('\t', '\n  ', '\r\n'), (value, blank) => {
        const text = JSON.stringify(value, null, blank)
        fc.pre(!/\d{16}/.test(text))
        expect(plain(readFastjson(` ${text}\n`))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('reads strings with every kind of character', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => expect(readFastjson(JSON.stringify(text))).toBe(text)))
  })

  it.each(['0', '-0', '1.5', '-1.5E-4', '1e3', '0.0', '1E+2', '9007199254740991', '-9007199254740991', '1e400'])(
    'reads the number %s',
    text => {
      expect(Object.is(readFastjson(text), JSON.parse(text))).toBe(true)
    },
  )

  it('takes __proto__ and constructor for names like others, and lets the last of equal names count', () => {
    const read = readFastjson('{"__proto__":{"x":1},"constructor":2,"a":1,"a":3}') as Record<string, unknown>
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor', 'a'])
    expect(read['x']).toBeUndefined()
    expect(read['toString']).toBeUndefined()
    expect(read['a']).toBe(3)
  })
})

describe('readFastjson on what Fastjson writes', () => {
  it('reads bare, quoted and single-quoted keys', () => {
    expect(plain(readFastjson(`{0:"a",-1:"b",name_$1:"c",'d':'e'}`))).toEqual({
      0: 'a',
      '-1': 'b',
      name_$1: 'c',
      d: 'e',
    })
  })

  it('reads a map with objects for keys to a Map', () => {
    const read = readFastjson(
      '{"t":{{"brokerName":"a","queueId":3}:{"o":1},{"brokerName":"b","queueId":4}:{"o":2}}}',
    ) as { t: JsonValue }
    expect(read.t).toBeInstanceOf(Map)
    const entries = Array.from(read.t as Map<JsonValue, JsonValue>, ([key, value]) => [plain(key), plain(value)])
    expect(entries).toEqual([
      [{ brokerName: 'a', queueId: 3 }, { o: 1 }],
      [{ brokerName: 'b', queueId: 4 }, { o: 2 }],
    ])
  })

  it('reads lists for keys, and a map that has both kinds', () => {
    const read = readFastjson('{"x":1,[1,2]:3,"y":4}') as Map<JsonValue, JsonValue>
    expect([...read]).toEqual([
      ['x', 1],
      [[1, 2], 3],
      ['y', 4],
    ])
  })

  it('never rounds an integer', () => {
    expect(readFastjson('9007199254740993')).toEqual(Long.fromString('9007199254740993'))
    expect(String(readFastjson('-9223372036854775808'))).toBe('-9223372036854775808')
    expect(readFastjson('9223372036854775808')).toBe('9223372036854775808')
    expect(readFastjson('123456789012345')).toBe(123456789012345)
    expect(readFastjson('1234567890123456')).toBe(1234567890123456)
  })

  it('skips comments and commas at the end', () => {
    expect(plain(readFastjson('/* a */ {"a":[1,2,], // b\n "b":{},} // c'))).toEqual({ a: [1, 2], b: {} })
  })

  it('reads the escapes of Fastjson', () => {
    expect(readFastjson(String.raw`"\x41\'\v\0\7é😀\/"`)).toBe("A'\v\0\x07é😀/")
  })

  it('takes no text at all for null, as Java does', () => {
    expect(readFastjson('')).toBeNull()
    expect(readFastjson(Buffer.alloc(0))).toBeNull()
  })

  it('reads a buffer as UTF-8', () => {
    expect(readFastjson(Buffer.from('{"键":"值"}'))).toMatchObject({ 键: '值' })
    expect(readFastjson(Buffer.from('22ff22', 'hex'))).toBe('\ufffd')
  })
})

describe('malformed text', () => {
  it.each([
    ' ',
    '{',
    '[',
    '"a',
    "'a",
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '[1 2]',
    '[,]',
    '[1,,2]',
    '{,}',
    '1 2',
    '{}}',
    'tru',
    'nullx',
    'undefined',
    'NaN',
    '01',
    '-',
    '1.',
    '.5',
    '1e',
    '1.5.2',
    '0x10',
    '--1',
    '+1',
    '{"a":1}x',
    '/* open',
    '/',
    '{:1}',
    String.raw`"\u12"`,
    String.raw`"\uzzzz"`,
    String.raw`"\q"`,
    '\u0000',
    '[1}',
    '{"a":1]',
    '{{"a":1}}',
    '{[1]}',
    '"a\\',
  ])('%j is refused with PROTOCOL_ERROR', text => {
    expect(() => readFastjson(text)).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
  })

  it('is refused with the position', () => {
    expect(() => readFastjson('{"a":[1,2 3]}')).toThrow(/"3" at 10/)
    expect(() => readFastjson('{"a":')).toThrow(/ends too early/)
  })

  it('may not be nested too deep', () => {
    expect(() => readFastjson('['.repeat(65) + ']'.repeat(65))).toThrow(/nested deeper than 64/)
    expect(() => readFastjson('['.repeat(1_000_000))).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
    expect(() => readFastjson('['.repeat(64) + ']'.repeat(64))).not.toThrow()
  })

  it('takes no longer than its length allows', () => {
    for (const text of [
      '"\\n'.repeat(1) + '\\n'.repeat(300_000) + '"',
      '9'.repeat(300_000),
      '/**/'.repeat(100_000) + '1',
      `{${'"a":1,'.repeat(100_000)}}`,
      `0.${'1'.repeat(300_000)}x`,
    ]) {
      const started = process.hrtime.bigint()
      try {
        readFastjson(text)
      } catch (error) {
        expect(error).toMatchObject({ code: 'PROTOCOL_ERROR' })
      }
      expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(1_000)
    }
  })
})

describe('reader and writer', () => {
  it('carry any value back and forth', () => {
    const key = fc.oneof(fc.string(), fc.constant('__proto__'))
    const { value } = fc.letrec<{ value: unknown }>(tie => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.bigInt(2n ** 53n, 2n ** 63n - 1n).map(large => Long.fromString(large.toString())),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: false }),
        fc
          .array(fc.tuple(fc.record({ id: fc.nat() }), tie('value')), { minLength: 1, maxLength: 3 })
          .map(entries => new Map(entries)),
      ),
    }))
    fc.assert(
      fc.property(value, original => {
        const text = writeFastjson(original)
        expect(writeFastjson(readFastjson(text))).toBe(text)
      }),
      { numRuns: 500 },
    )
  })
})
