import fc from '../../../support/property'
import { evaluateSql92 } from '../../../../lib/emulator/sql92/evaluate'
import { parseSql92 } from '../../../../lib/emulator/sql92/parser'

const PROPERTIES: Readonly<Record<string, string>> = { n: '5', t: 'hello world', yes: 'true', empty: '' }

const evaluate = (expression: string): boolean | null => evaluateSql92(parseSql92(expression), name => PROPERTIES[name])

/** Truths by what they are called in SQL. */
const TRUTHS = { TRUE: true, FALSE: false, NULL: null } as const
const names = fc.constantFrom('TRUE' as const, 'FALSE' as const, 'NULL' as const)

describe('evaluateSql92', () => {
  it.each([
    ['n', false],
    ['gone', null],
    ['n = 5', true],
    ["n = '5'", true],
    ['5 = gone', false],
    ['gone = 5', null],
    ['gone = lost', true],
    ['gone IS NULL', true],
    ['n IS NOT NULL', true],
    ['(gone = 5) IS NULL', true],
    ['n <> 6', true],
    ['gone <> 6', null],
    ['n > 4', true],
    ['n >= 5', true],
    ['n < 5', false],
    ['n <= 4', false],
    ['n > gone', null],
    ['-n > 1', null],
    ['n > -1', true],
    ['n > - - 4', true],
    ['-5 = -5', true],
    ['-.5 < 0', true],
    ['n BETWEEN 5 AND 5', true],
    ['n NOT BETWEEN 6 AND 7', true],
    ['n NOT BETWEEN 7 AND 6', true],
    ['n BETWEEN 6 AND gone', false],
    ['n BETWEEN 4 AND gone', null],
    ['n BETWEEN gone AND 4', false],
    ['gone BETWEEN 1 AND 2', null],
    ["t IN ('hello world')", true],
    ["t NOT IN ('x', 'y')", true],
    ["gone IN ('x')", null],
    ["gone NOT IN ('x')", null],
    ["t CONTAINS 'o w'", true],
    ["t NOT STARTSWITH 'hell'", false],
    ["t ENDSWITH 'ld'", true],
    ["gone NOT CONTAINS 'x'", false],
    ["t NOT CONTAINS ''", false],
    ["(n = 5) CONTAINS 'true'", false],
    ['yes = TRUE', true],
    ['n = TRUE', false],
    ['5 = TRUE', false],
    ["empty = ''", true],
  ])('%s is %p', (expression, value) => {
    expect(evaluate(expression)).toBe(value)
  })

  it.each(['t > 1', 'n = 9007199254740993 OR t = 5', 'TRUE = t', 'n > t', 't BETWEEN 1 AND 2'])(
    'cannot tell %s',
    expression => {
      expect(() => evaluate(expression)).toThrow(expect.objectContaining({ code: 'INVALID_EXPRESSION' }))
    },
  )

  it('does not look at what no longer counts', () => {
    expect(evaluate('n = 5 OR t > 1')).toBe(true)
    expect(evaluate('n = 6 AND t > 1')).toBe(false)
    expect(evaluate('n BETWEEN 6 AND t')).toBe(false)
    expect(evaluate('gone > t')).toBeNull()
  })

  it('has a logic of three values', () => {
    fc.assert(
      fc.property(names, names, names, (x, y, z) => {
        const all = [TRUTHS[x], TRUTHS[y], TRUTHS[z]]
        const unknown = all.includes(null)
        expect(evaluate(`${x} AND ${y} AND ${z}`)).toBe(all.includes(false) ? false : unknown ? null : true)
        expect(evaluate(`${x} OR ${y} OR ${z}`)).toBe(all.includes(true) ? true : unknown ? null : false)
        expect(evaluate(`NOT (${x} OR ${y})`)).toBe(evaluate(`NOT ${x} AND NOT ${y}`))
      }),
    )
  })

  it('asks for each property once for each place that names it', () => {
    let asked = 0
    // Java would look at the innermost one 2^20 times.
    const nested = Array.from({ length: 20 }).reduce<string>(inner => `-(${inner} BETWEEN 1 AND 2)`, 'n')
    evaluateSql92(parseSql92(`${nested} IS NULL`), () => (asked++, '1'))
    expect(asked).toBe(1)
  })
})
