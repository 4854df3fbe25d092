import {
  MAX_DEPTH,
  betweenOf,
  checkBounds,
  compareOf,
  conditionOf,
  equalOf,
  floatOf,
  inOf,
  integerOf,
  isNullOf,
  logicOf,
  negateOf,
  notOf,
  searchOf,
} from '../../../../lib/emulator/sql92/build-expression'
import type { Sql92Operand } from '../../../../lib/emulator/sql92/expression'

const a: Sql92Operand = { kind: 'property', name: 'a' }
const five: Sql92Operand = { kind: 'literal', value: integerOf('5') }
const six: Sql92Operand = { kind: 'literal', value: integerOf('6') }
const text: Sql92Operand = { kind: 'literal', value: 'x' }
const yes: Sql92Operand = { kind: 'truth', value: true }
const none: Sql92Operand = { kind: 'truth', value: null }

const REFUSED = expect.objectContaining({ code: 'INVALID_EXPRESSION' }) as Error

describe('conditionOf', () => {
  it('takes a property for a truth, and neither constants nor negative numbers', () => {
    expect(conditionOf(a)).toEqual({ kind: 'cast', property: 'a' })
    expect(conditionOf(yes)).toBe(yes)
    for (const operand of [five, text, negateOf(a)]) expect(() => conditionOf(operand)).toThrow(REFUSED)
  })
})

describe('logicOf', () => {
  it('keeps conditions of one rank side by side', () => {
    const row = logicOf('or', logicOf('or', a, yes), isNullOf(a))
    expect(row.terms.map(({ kind }) => kind)).toEqual(['cast', 'truth', 'equal'])
    expect(row.depth).toBe(2)
    expect(logicOf('and', row, a).terms[0]).toBe(row)
  })
})

describe('equalOf', () => {
  it.each([
    ['NULL = a', none, a],
    ['a = NULL', a, none],
    ["TRUE = 'x'", yes, text],
  ])('refuses %s', (_what, left, right) => {
    expect(() => equalOf(left, right)).toThrow(REFUSED)
  })

  it('takes a constant before a truth, as brokers do', () => {
    expect(equalOf(five, yes)).toMatchObject({ kind: 'equal' })
  })
})

describe('compareOf and betweenOf', () => {
  it.each([text, yes, none, isNullOf(a)])('refuse what has no order: %j', operand => {
    expect(() => compareOf('>', operand, a)).toThrow(REFUSED)
    expect(() => compareOf('>', a, operand)).toThrow(REFUSED)
    for (const [value, low, high] of [
      [operand, five, six],
      [a, operand, six],
      [a, five, operand],
    ] as const)
      expect(() => betweenOf(value, low, high)).toThrow(REFUSED)
  })

  it('take properties and numbers', () => {
    expect(compareOf('<', a, negateOf(text))).toMatchObject({ operator: '<' })
    expect(betweenOf(five, a, six)).toMatchObject({ kind: 'between', not: false })
  })
})

describe('checkBounds', () => {
  it('wants the smaller number first', () => {
    expect(() => checkBounds(betweenOf(a, six, five))).toThrow('smaller value first')
    expect(() => checkBounds(betweenOf(a, five, five))).not.toThrow()
    expect(() => checkBounds(betweenOf(a, six, negateOf(five)))).not.toThrow()
  })
})

describe('inOf', () => {
  it('wants the name of a property', () => {
    expect(inOf(a, ['x', 'x'], true)).toEqual({ kind: 'in', property: 'a', texts: new Set(['x']), not: true })
    expect(() => inOf(text, ['x'], false)).toThrow(REFUSED)
  })
})

describe('searchOf', () => {
  it.each([
    ['CONTAINS', true, true, true],
    ['STARTSWITH', true, false, false],
    ['ENDSWITH', false, false, true],
  ] as const)('%s looks where it says', (operator, ab, cab, ca) => {
    const search = (needle: string) => searchOf(operator, a, { text: needle, not: false }).matches
    expect([search('ab')?.('abc'), search('ab')?.('cabc'), search('a')?.('ca')]).toEqual([ab, cab, ca])
    expect(search('')).toBeUndefined()
  })
})

describe('numbers', () => {
  it('are of 32 bits where that is enough', () => {
    expect(integerOf('2147483647')).toEqual({ type: 'int', value: 2_147_483_647n })
    expect(integerOf('2147483648')).toEqual({ type: 'long', value: 2_147_483_648n })
    expect(() => integerOf('9223372036854775808')).toThrow('9223372036854775808 does not fit 64 bits')
  })

  it('may be as large and as small as a double, and not 0', () => {
    expect(floatOf('1e2')).toEqual({ type: 'double', value: 100 })
    expect(() => floatOf('1e309')).toThrow('1e309 is greater than')
    expect(() => floatOf('0.0')).toThrow('0.0 is less than')
  })
})

describe('the depth', () => {
  it('is limited', () => {
    let deep = notOf(a)
    for (let i = 1; i < MAX_DEPTH; i++) deep = isNullOf(deep)
    expect(deep).toMatchObject({ depth: MAX_DEPTH })
    expect(() => isNullOf(deep)).toThrow('more than 512 levels deep')
    expect(() => logicOf('and', logicOf('and', a, a), deep)).toThrow('more than 512 levels deep')
  })
})
