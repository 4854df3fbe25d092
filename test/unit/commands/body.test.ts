import { bytes, json, text } from '../../../lib/commands/body'
import { fieldsOf, numberOf } from '../../../lib/commands/shape'

const count = json(
  value => numberOf(fieldsOf(value, 'a count')['count'], 'a count'),
  n => ({ count: n }),
)

describe('bytes', () => {
  it('hands the body through as it is, both ways, without a copy', () => {
    const body = Buffer.from('body')
    expect(bytes.encode(body)).toBe(body)
    expect(bytes.decode(body)).toBe(body)
  })
})

describe('text', () => {
  it('is UTF-8', () => {
    expect(Buffer.from(text.encode('中文')).toString('hex')).toBe('e4b8ade69687')
    expect(text.decode(Buffer.from('中文'))).toBe('中文')
  })
})

describe('json', () => {
  it('writes the plain form of a value and reads it back through the check', () => {
    expect(Buffer.from(count.encode(5)).toString()).toBe('{"count":5}')
    expect(count.decode(Buffer.from('{"count":5}'))).toBe(5)
  })

  it('writes the value itself where it needs no other form', () => {
    expect(Buffer.from(json(value => value).encode({ a: undefined, b: [1] })).toString()).toBe('{"b":[1]}')
  })

  it('reads what Fastjson writes: bare keys and objects as keys', () => {
    const any = json(value => value)
    expect(any.decode(Buffer.from('{0:"a"}'))).toEqual({ 0: 'a' })
    expect(any.decode(Buffer.from('{{"q":1}:2}'))).toEqual(new Map([[{ q: 1 }, 2]]))
  })

  it('takes a missing body for null', () => {
    expect(count.decode(Buffer.alloc(0))).toBe(0)
  })

  it.each(['{', 'nonsense', '{"count":"x"}', '[]', '7'])('fails with a typed error on %p', body => {
    expect(() => count.decode(Buffer.from(body))).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
  })
})
