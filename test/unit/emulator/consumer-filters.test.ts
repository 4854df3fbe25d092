import { ConsumerFilters } from '../../../lib/emulator/consumer-filters'
import { GENERATIONS } from '../../../lib/emulator/generation'
import { subscription } from '../../support/emulator-site'

const sql = (subString: string, subVersion: number, rest: object = {}) =>
  subscription('T', { expressionType: 'SQL92', subString, subVersion, ...rest })

function filters(...told: ReturnType<typeof sql>[]): ConsumerFilters {
  const all = new ConsumerFilters(GENERATIONS['5'])
  for (const each of told) all.register('g', [each])
  return all
}

describe('ConsumerFilters', () => {
  it('keep the condition of a group on a topic', () => {
    const known = filters(sql('a > 1', 3))
    expect(known.get('g', 'T')).toMatchObject({ expression: 'a > 1', version: 3, condition: { kind: 'compare' } })
    expect([known.get('g', 'Other'), known.get('other', 'T')]).toEqual([undefined, undefined])
  })

  it.each([
    ['a newer one', sql('b > 1', 4), { expression: 'b > 1', version: 4 }],
    ['the same one anew', sql('a > 1', 4), { expression: 'a > 1', version: 4 }],
    ['an older one', sql('b > 1', 2), { expression: 'a > 1', version: 3 }],
    ['another one of the same version', sql('b > 1', 3), { expression: 'a > 1', version: 3 }],
    ['an older one that is wrong', sql('b > ', 2), { expression: 'a > 1', version: 3 }],
    ['an empty one', sql('', 4), { expression: 'a > 1', version: 3 }],
    ['one by tags', subscription('T', { subVersion: 4 }), { expression: 'a > 1', version: 3 }],
  ])('on %s, have the newest', (_what, later, expected) => {
    expect(filters(sql('a > 1', 3), later).get('g', 'T')).toMatchObject(expected)
  })

  it.each([
    ['that is wrong', sql('a > ', 4)],
    ['of a type that nobody knows', sql('a > 1', 4, { expressionType: 'XML' })],
  ])('forget what they had on a newer one %s', (_what, later) => {
    const known = filters(sql('a > 1', 3), later)
    expect(known.get('g', 'T')).toBeUndefined()
    known.register('g', [sql('a > 1', 3)])
    expect(known.get('g', 'T')).toMatchObject({ version: 3 })
  })

  it('tell what is wrong, or nothing where that is asked for', () => {
    expect(() => filters().compile('SQL92', 'a >')).toThrow('it ends too early')
    expect(() => filters().compile('XML', 'a > 1')).toThrow('there is no filter of type XML')
    expect(filters().tryCompile('SQL92', 'a >')).toBeUndefined()
    expect(filters().tryCompile('SQL92', 'a > 1')).toBeDefined()
  })

  it('know CONTAINS from generation 5 on', () => {
    const kinds = (['4.9', '5'] as const).map(
      version => new ConsumerFilters(GENERATIONS[version]).compile('SQL92', "a CONTAINS 'x'").kind,
    )
    expect(kinds).toEqual(['cast', 'search'])
  })
})
