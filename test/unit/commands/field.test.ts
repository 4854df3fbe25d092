import fc from '../../support/property'
import { boolean, bound, compile, int, interpret, long, optional, string } from '../../../lib/commands/field'
import type { ExtFields } from '../../../lib/wire/remoting-command'

const SCHEMA = {
  topic: string,
  queueId: int,
  offset: long,
  limit: bound,
  batch: boolean,
  key: optional(string),
  times: optional(int),
  at: optional(long),
  end: optional(bound),
  force: optional(boolean),
} as const
const NAMES = { topic: 'b', at: 'g' } as const

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const int53 = fc.maxSafeInteger()
const header = fc.record(
  {
    topic: fc.string(),
    queueId: int32,
    offset: int53,
    limit: int53,
    batch: fc.boolean(),
    key: fc.string(),
    times: int32,
    at: int53,
    end: int53,
    force: fc.boolean(),
  },
  { requiredKeys: ['topic', 'queueId', 'offset', 'limit', 'batch'] },
)

const CODECS = [
  ['generated', compile(SCHEMA, NAMES)],
  ['interpreted', interpret(SCHEMA, NAMES)],
] as const

const COMPLETE: ExtFields = { b: 'T', queueId: '1', offset: '2', limit: '3', batch: 'true' }

describe.each(CODECS)('a %s codec of a header', (_kind, codec) => {
  it('reads what it has written', () => {
    fc.assert(fc.property(header, each => expect(codec.decode(codec.encode(each))).toEqual(each)))
  })

  it('writes text under the names of the wire, and nothing for what is missing', () => {
    const written = codec.encode({ topic: 'T', queueId: -1, offset: 2 ** 53 - 1, limit: 0, batch: false, at: 5 })
    expect(written).toEqual({ b: 'T', queueId: '-1', offset: '9007199254740991', limit: '0', batch: 'false', g: '5' })
    expect(Object.keys(written)).not.toContain('key')
  })

  it('skips fields that it does not know, whatever they are called', () => {
    const strange = Object.assign(Object.create(null) as ExtFields, COMPLETE, { ['__proto__']: 'x', toString: 'y' })
    expect(codec.decode(strange)).toEqual({ topic: 'T', queueId: 1, offset: 2, limit: 3, batch: true })
  })

  it('takes an explicit null for a missing field', () => {
    expect(codec.decode({ ...COMPLETE, key: null, g: null }).key).toBeUndefined()
    expect(() => codec.decode({ ...COMPLETE, b: null })).toThrow('the header lacks the required field b')
  })

  it('names a required field that is missing', () => {
    const { b, offset } = COMPLETE
    expect(() => codec.decode({ b, offset } as ExtFields)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_ERROR', message: 'the header lacks the required field queueId' }),
    )
    expect(() => codec.decode(undefined)).toThrow('lacks the required field b')
  })

  it.each(['', ' 1', '0x10', '1e3', '1.0', 'NaN', 'one', '2147483648', '-2147483649'])(
    'refuses %p as an integer of 32 bits, as Java does',
    text => {
      expect(() => codec.decode({ ...COMPLETE, queueId: text })).toThrow(
        expect.objectContaining({ code: 'PROTOCOL_ERROR', message: expect.stringContaining('32-bit integer') }),
      )
    },
  )

  it.each([
    ['+7', 7],
    ['-0', 0],
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
  ])('reads %p as the integer %p', (text, value) => {
    expect(codec.decode({ ...COMPLETE, queueId: text }).queueId).toBe(value)
  })

  it.each(['', '1.5', 'x', '9223372036854775808'])('refuses %p as an integer of 64 bits', text => {
    expect(() => codec.decode({ ...COMPLETE, offset: text })).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_ERROR' }),
    )
  })

  it('refuses a 64-bit integer that a number would round', () => {
    expect(() => codec.decode({ ...COMPLETE, offset: '9007199254740993' })).toThrow(
      expect.objectContaining({ code: 'UNSAFE_INTEGER' }),
    )
  })

  it.each([
    ['9223372036854775807', Number.MAX_SAFE_INTEGER],
    ['-9223372036854775808', Number.MIN_SAFE_INTEGER],
    ['12', 12],
  ])('cuts the bound %p to %p', (text, value) => {
    expect(codec.decode({ ...COMPLETE, limit: text }).limit).toBe(value)
  })

  it.each(['', 'x', '9223372036854775808'])('refuses %p as a bound', text => {
    expect(() => codec.decode({ ...COMPLETE, limit: text })).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_ERROR' }),
    )
  })

  it.each([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['false', false],
    ['1', false],
    ['', false],
  ])('reads %p as the boolean %p, as Java does', (text, value) => {
    expect(codec.decode({ ...COMPLETE, batch: text }).batch).toBe(value)
  })

  it('does not repeat the whole of a hostile value', () => {
    try {
      codec.decode({ ...COMPLETE, queueId: 'x'.repeat(1_000_000) })
    } catch (error) {
      expect((error as Error).message.length).toBeLessThan(200)
    }
    expect.assertions(1)
  })
})

describe('compile', () => {
  it('gives the same as its form for places that refuse generated code', () => {
    fc.assert(
      fc.property(header, each => {
        const [generated, interpreted] = CODECS.map(([, codec]) => codec.encode(each))
        expect(generated).toEqual(interpreted)
      }),
    )
  })

  it('falls back where code generation is refused, and nowhere else', () => {
    const original = globalThis.Function
    const refuse = (error: Error) =>
      function refused(): never {
        throw error
      } as unknown as FunctionConstructor
    try {
      globalThis.Function = refuse(new EvalError('Code generation from strings disallowed for this context'))
      expect(compile(SCHEMA, NAMES).decode(COMPLETE)).toMatchObject({ topic: 'T', queueId: 1 })
      globalThis.Function = refuse(new TypeError('a defect'))
      expect(() => compile(SCHEMA, NAMES).decode(COMPLETE)).toThrow('a defect')
    } finally {
      globalThis.Function = original
    }
  })

  it('makes its functions when they are first needed, and once', () => {
    const codec = compile(SCHEMA, NAMES)
    const { decode } = codec
    const first = decode(COMPLETE)
    const { decode: made } = codec
    expect(made).not.toBe(decode)
    expect([codec.decode(codec.encode(first)), decode(COMPLETE)]).toEqual([first, first])
    expect(codec.decode).toBe(made)
  })

  it('makes a codec for a command without fields', () => {
    const none = compile({})
    expect(none.encode({})).toEqual({})
    expect(none.decode(undefined)).toEqual({})
  })
})
