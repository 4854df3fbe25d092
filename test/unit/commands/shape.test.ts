import Long from 'long'
import {
  booleanOf,
  boundOf,
  entriesOf,
  fieldsOf,
  listOf,
  messageQueueOf,
  numberOf,
  oneOf,
  optionalTextOf,
  textOf,
} from '../../../lib/commands/shape'
import { readFastjson } from '../../../lib/wire/fastjson-reader'

const malformed = expect.objectContaining({
  code: 'PROTOCOL_ERROR',
  message: expect.stringContaining('a thing is not of the shape') as string,
})
const WHAT = 'a thing'

/** One reader, what it gives for null, what it accepts, and what it refuses. */
interface Case {
  readonly read: (value: unknown, what: string) => unknown
  readonly ofNull: unknown
  readonly accepts: readonly unknown[]
  readonly refuses: readonly unknown[]
}

const CASES: Record<string, Case> = {
  fieldsOf: { read: fieldsOf, ofNull: {}, accepts: [{ a: 1 }], refuses: [1, 'x', [], new Map(), Long.MAX_VALUE, true] },
  optionalTextOf: { read: optionalTextOf, ofNull: undefined, accepts: ['x', ''], refuses: [1, {}, []] },
  numberOf: { read: numberOf, ofNull: 0, accepts: [0, -1, 1.5], refuses: ['1', {}, Long.MAX_VALUE, true] },
  boundOf: { read: boundOf, ofNull: 0, accepts: [0, -1, 5], refuses: ['1', {}, true] },
  booleanOf: { read: booleanOf, ofNull: false, accepts: [true, false], refuses: ['true', 1, {}] },
  listOf: {
    read: (value, what) => listOf(value, what, textOf),
    ofNull: [],
    accepts: [['a', 'b'], []],
    refuses: ['ab', {}, [1], [null]],
  },
  oneOf: { read: oneOf(['A', 'B'], 'B'), ofNull: 'B', accepts: ['A', 'B'], refuses: [1, {}, ['A']] },
}

describe.each(Object.entries(CASES))('%s', (_name, { read, ofNull, accepts, refuses }) => {
  it('gives its default for null and for what is missing, as Fastjson leaves empty things out', () => {
    expect(read(null, WHAT)).toEqual(ofNull)
    expect(read(undefined, WHAT)).toEqual(ofNull)
  })

  it.each(accepts.map(value => [value]))('hands %j through', value => {
    expect(read(value, WHAT)).toEqual(value)
  })

  it.each(refuses.map(value => [value]))('refuses %p and names the thing', value => {
    expect(() => read(value, WHAT)).toThrow(malformed)
  })
})

describe('textOf', () => {
  it('refuses whatever is no text, a missing one too', () => {
    expect(textOf('', WHAT)).toBe('')
    for (const value of [undefined, null, 1, {}, []]) expect(() => textOf(value, WHAT)).toThrow(malformed)
  })
})

describe('numberOf', () => {
  it('gives the default that it is told', () => {
    expect(numberOf(undefined, WHAT, -1)).toBe(-1)
    expect(booleanOf(null, WHAT, true)).toBe(true)
  })
})

describe('entriesOf', () => {
  const read = (text: string) => entriesOf(readFastjson(text), WHAT, { key: messageQueueOf, value: numberOf })

  it('reads objects as keys', () => {
    expect(read('{{"topic":"T","brokerName":"b","queueId":3}:7}')).toEqual([
      [{ topic: 'T', brokerName: 'b', queueId: 3 }, 7],
    ])
  })

  it('reads texts as keys, dangerous ones too', () => {
    expect(entriesOf(readFastjson('{"__proto__":"a","b":"c"}'), WHAT, { key: textOf, value: textOf })).toEqual([
      ['__proto__', 'a'],
      ['b', 'c'],
    ])
  })

  it('has none of null', () => {
    expect(read('null')).toEqual([])
  })

  it.each(['[1]', '7', '{"x":1}', '{{"topic":"T"}:1}', '{{"topic":"T","brokerName":"b","queueId":"x"}:1}'])(
    'refuses %s',
    text => {
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'PROTOCOL_ERROR' }))
    },
  )
})

describe('messageQueueOf', () => {
  it('names the field that is wrong', () => {
    expect(() => messageQueueOf({ brokerName: 'b', queueId: 1 }, WHAT)).toThrow('the topic in a thing is not')
    expect(() => messageQueueOf({ topic: 'T', queueId: 1 }, WHAT)).toThrow('the brokerName in a thing is not')
    expect(() => messageQueueOf({ topic: 'T', brokerName: 'b', queueId: 'x' }, WHAT)).toThrow(
      'the queueId in a thing is not',
    )
  })
})

describe('boundOf', () => {
  it('cuts what a number cannot hold to the largest or smallest that one can', () => {
    expect(boundOf(Long.MAX_VALUE, WHAT)).toBe(Number.MAX_SAFE_INTEGER)
    expect(boundOf(Long.MIN_VALUE, WHAT)).toBe(Number.MIN_SAFE_INTEGER)
  })
})

describe('oneOf', () => {
  it.each(['C', 'a', ''])('reads the unknown name %p as a missing one, as Java does', name => {
    expect(oneOf(['A', 'B'], 'B')(name, WHAT)).toBe('B')
  })
})
