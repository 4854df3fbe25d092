import fc from '../../../support/property'
import { evaluateSql92 } from '../../../../lib/emulator/sql92/evaluate'
import { MAX_LENGTH, parseSql92 } from '../../../../lib/emulator/sql92/parser'
import { RocketMQError } from '../../../../lib/errors'

const matches = (expression: string): boolean | null =>
  evaluateSql92(parseSql92(expression), name => ({ a: '5', b: 'x' })[name])

/** True where it was read, false where it was refused as it should be. */
function isRead(expression: string): boolean {
  try {
    matches(expression)
    return true
  } catch (error) {
    if (RocketMQError.is(error) && error.code === 'INVALID_EXPRESSION') return false
    throw error
  }
}

describe('parseSql92', () => {
  it.each([
    ['a = 5 OR TRUE AND FALSE', true],
    ['(a = 5 OR TRUE) AND FALSE', false],
    ['NOT a = 5', false],
    ['a = 5 IS NULL', false],
    ['a IS NULL = FALSE', true],
    ['TRUE = a > 4', true],
    ['a > 4 = TRUE', true],
    ['+ + a = 5', true],
    ["b NOT IN ('y') AND a NOT BETWEEN 6 AND 7 AND b NOT CONTAINS 'y'", true],
    ['((((a = 5))))', true],
  ])('gives %s its places: %p', (expression, value) => {
    expect(matches(expression)).toBe(value)
  })

  it.each(['a 5', 'a = 5 b', 'a-b = 5', 'a IS NULL > 5', 'a = 5)', 'a = 5 (', 'a = 5 5 ;', 'b LIKE'])(
    'ignores what follows the first whole expression: %s',
    expression => {
      expect(isRead(expression)).toBe(true)
    },
  )

  it.each([
    ['', 'it ends too early'],
    ['a >', 'it ends too early'],
    ['a > > 5', '> before 6 is out of place'],
    ['(a = 5', ') is missing at 6'],
    ['a IS 5', 'NULL is missing at 5'],
    ['a IS NOT 5', 'NULL is missing at 9'],
    ['a NOT = 5', '= before 8 is out of place'],
    ['a BETWEEN 1 OR 2', 'AND is missing at 12'],
    ['a BETWEEN 9 AND 1', 'smaller value first'],
    ['a IN (5)', 'string is missing at 6'],
    ["a IN ('x',)", 'string is missing at 10'],
    ["a IN 'x'", '( is missing at 5'],
    ['a CONTAINS b', 'string is missing at 11'],
    ['5', 'neither true nor false'],
    ['a = 5;', "';' at 5"],
    ['NOT a > 1', 'for numbers'],
  ])('refuses %j', (expression, says) => {
    expect(() => parseSql92(expression)).toThrow(says)
  })

  it('knows the newer operators unless told otherwise', () => {
    expect(parseSql92("b CONTAINS 'x'")).toMatchObject({ kind: 'search' })
    expect(parseSql92("b CONTAINS 'x'", { textOperators: false })).toEqual({ kind: 'cast', property: 'b' })
  })

  it('limits how deep and how long an expression may be', () => {
    const nested = (depth: number): string => `${'('.repeat(depth)}a = 5${')'.repeat(depth)}`
    expect(matches(nested(512))).toBe(true)
    for (const expression of [
      nested(513),
      `${'NOT '.repeat(513)}a`,
      `a = ${'- '.repeat(513)}5`,
      `a${' IS NULL'.repeat(513)}`,
    ])
      expect(() => parseSql92(expression)).toThrow('more than 512 levels deep')
    expect(() => parseSql92(`a = 5${' '.repeat(MAX_LENGTH)}`)).toThrow('longer than 262144 characters')
  })

  it('reads a long row of conditions', () => {
    const row = Array.from({ length: 15_000 }, (_, i) => `a = ${i + 6}`).join(' OR ')
    expect(matches(row)).toBe(false)
    expect(matches(`${row} OR a = 5`)).toBe(true)
    const texts = Array.from({ length: 20_000 }, (_, i) => `'${i}'`).join(',')
    expect(matches(`b NOT IN (${texts})`)).toBe(true)
  })

  it.each([
    "'",
    '(',
    '- ',
    '--',
    '-- \n',
    'NOT ',
    '/*',
    '/**/',
    '0',
    '.',
    "''",
    'a ',
    'a = ',
    'a IS NULL ',
    'a OR ',
    '+(',
    "b CONTAINS 'x' ",
  ])('ends for %j over and over', piece => {
    const text = piece.repeat(Math.floor(MAX_LENGTH / piece.length))
    expect([true, false]).toContain(isRead(text))
    expect([true, false]).toContain(isRead(`a = 5 AND ${text.slice(0, -20)}`))
  })

  it('reads or refuses whatever is made of its words', () => {
    const words =
      "a b 5 1.5 NULL TRUE FALSE AND OR NOT IS NULL IN BETWEEN CONTAINS = <> > >= < <= ( ) , + - ; 'x' --".split(' ')
    let read = 0
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 30 }), parts => {
        if (isRead(parts.join(' '))) read++
      }),
      { numRuns: 2_000 },
    )
    expect(read).toBeGreaterThan(50)
  })

  it('reads or refuses any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => void isRead(text)))
  })
})
