import { describeDifference, differences } from './differences'
import { among, anyOrder, byVersion, forVersion, including, like, onlyIn4, since5 } from './expected'

const says = (actual: unknown, expected: unknown): string[] => differences(actual, expected).map(describeDifference)

describe('the comparison of an answer with its row', () => {
  it('finds none where all is as expected', () => {
    expect(
      says(
        { code: 'SUCCESS', fields: { offset: '3' }, json: [1, null] },
        {
          code: 'SUCCESS',
          fields: { offset: like(/\d/) },
          json: [1, null],
        },
      ),
    ).toEqual([])
  })

  it('tells where a value is another, is missing, or is in no row', () => {
    expect(says({ a: { b: [1, 2] }, extra: 'x' }, { a: { b: [1, 3] }, more: like(/y/) })).toEqual([
      'a.b[1] is 2 instead of 3',
      'more is missing: text like /y/',
      "extra is in no row: 'x'",
    ])
  })

  it.each([
    [{ a: 1 }, [1]],
    [[1], { a: 1 }],
    [[1, 2], [1]],
    [undefined, { a: 1 }],
    ['3', 3],
    ['a3', like(/\d/)],
    [['a', 'b', 'b'], anyOrder('b', 'a')],
    [['a'], anyOrder('b', 'a')],
    [['a'], including('b')],
    [{ a: 1 }, among({ b: 1 })],
  ])('tells %j from %j', (actual, expected) => {
    expect(differences(actual, expected)).not.toEqual([])
  })

  it.each([
    [['a', 'b'], anyOrder('b', like(/[ab]/))],
    [['a', 'b'], including('b')],
    [{ a: 1, b: 2 }, among({ b: 2 })],
  ])('takes %j for %j', (actual, expected) => {
    expect(differences(actual, expected)).toEqual([])
  })

  it('chooses what a generation sends, at any depth', () => {
    const expected = {
      fields: { both: '1', old: onlyIn4('o'), young: since5('y') },
      list: anyOrder(among({ value: byVersion({ '4.9': 4, '5': 5 }) })),
    }
    expect(forVersion(expected, '4.9')).toEqual({
      fields: { both: '1', old: 'o' },
      list: anyOrder(among({ value: 4 })),
    })
    expect(forVersion(expected, '5')).toEqual({
      fields: { both: '1', young: 'y' },
      list: anyOrder(among({ value: 5 })),
    })
  })
})
