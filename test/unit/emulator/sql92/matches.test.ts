import { matchesSql92 } from '../../../../lib/emulator/sql92/matches'
import { parseSql92 } from '../../../../lib/emulator/sql92/parser'

describe('matchesSql92', () => {
  it.each([
    ['true', 'a = 5', true],
    ['false', 'a = 6', false],
    ['unknown', 'b = 5', false],
    ['not to be evaluated', 'c > 5', false],
  ])('decides on what is %s', (_what, expression, match) => {
    expect(matchesSql92(parseSql92(expression), name => ({ a: '5', c: 'x' })[name])).toBe(match)
  })

  it('hides no other failure', () => {
    const fails = (): never => {
      throw new TypeError('a slip')
    }
    expect(() => matchesSql92(parseSql92('a = 5'), fails)).toThrow('a slip')
  })
})
