import { readFastjson } from '../../../lib/wire/fastjson-reader'
import type { JsonValue } from '../../../lib/wire/json-value'

function plain(value: JsonValue): unknown {
  return JSON.parse(JSON.stringify(value))
}

describe('references', () => {
  it.each([
    ['{"a":{"x":1},"b":{"$ref":"$.a"}}', ['b', 'x'], 1],
    ['{"a":[{"x":1},{"$ref":"$.a[0]"}]}', ['a', '1', 'x'], 1],
    [`{"a":{"b.c":[7]},"d":{"$ref":"$.a['b.c'][0]"}}`, ['d'], 7],
    [String.raw`{"a":{"b.c":7},"d":{"$ref":"$.a.b\\.c"}}`, ['d'], 7],
    ['{"d":{"$ref":"$.later"},"later":5}', ['d'], 5],
    ['{"x":9,"a":{"b":{"$ref":".."}}}', ['a', 'b', 'x'], 9],
    ['{"a":{"x":3,"self":{"$ref":"@"}}}', ['a', 'self', 'x'], 3],
    ['{"x":2,"a":{"b":{"$ref":"$"}}}', ['a', 'b', 'x'], 2],
    ['{"a":5,"b":{"$ref":"$.c"},"c":{"$ref":"$.a"}}', ['b'], 5],
    ['{"a":{"x":1},"b":{"$ref":"$.a"},"c":{"$ref":"$.b.x"}}', ['c'], 1],
  ])('%s leads where it says', (text, path, expected) => {
    expect(path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], readFastjson(text))).toBe(
      expected,
    )
  })

  it.each(['$.nothing', '$.a.b.c', '$[3]', '$..', 'x', '$.a[', '$.b'])('%s leads nowhere and is null', path => {
    expect((readFastjson(JSON.stringify({ a: 1, b: { $ref: path } })) as Record<string, unknown>)['b']).toBeNull()
  })

  it('are only objects with nothing else', () => {
    expect(plain(readFastjson('{"a":{"$ref":"$","x":1},"b":{"$ref":5}}'))).toEqual({
      a: { $ref: '$', x: 1 },
      b: { $ref: 5 },
    })
  })

  it('may stand in a map with object keys', () => {
    const read = readFastjson('{"a":{"x":1},"m":{{"k":1}:{"$ref":"$.a"}}}') as {
      a: JsonValue
      m: Map<JsonValue, JsonValue>
    }
    expect([...read.m.values()][0]).toBe(read.a)
  })

  it('are refused where there are more than any sender writes', () => {
    const text = JSON.stringify({ a: 1, list: Array.from({ length: 1_025 }, () => ({ $ref: '$.a' })) })
    expect(() => readFastjson(text)).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
  })

  it.each([
    ['an object many times', `{"a":[${'1,'.repeat(1000)}],"b":[${'{"$ref":"$.a"},'.repeat(500)}]}`],
    [
      'lists of lists of lists',
      `{${Array.from({ length: 20 }, (_, i) => `"l${i + 1}":[${`{"$ref":"$.l${i}"},`.repeat(10)}]`).join()},"l0":[1,2,3]}`,
    ],
    ['what they stand in', `{"a":[${'1,'.repeat(1000)}],"b":[${'{"$ref":"$"},'.repeat(500)}]}`],
    [
      'a chain that nests',
      `{${Array.from({ length: 500 }, (_, i) => `"k${i}":[{"$ref":"$.k${i + 1}"}]`).join()},"k500":[1]}`,
    ],
  ])('are refused where they stand for %s', (_what, text) => {
    expect(() => readFastjson(text)).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
  })

  it('may stand for an object of some size many times', () => {
    const shared = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, i]))
    const text = JSON.stringify({ shared, list: Array.from({ length: 1000 }, () => ({ $ref: '$.shared' })) })
    expect((readFastjson(text) as { list: unknown[] }).list[999]).toEqual(shared)
  })

  it('in a circle of a thousand are settled', () => {
    const circle = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, i) => [`k${i}`, { $ref: `$.k${(i + 1) % 1_000}` }]),
    )
    expect((readFastjson(JSON.stringify(circle)) as Record<string, unknown>)['k500']).toBeNull()
  })
})
