import fc from '../../support/property'
import { averageShare, circleShare } from '../../../lib/model/allocation'

const ALL = [0, 1, 2, 3, 4, 5, 6]

describe.each([
  {
    share: averageShare,
    parts: [
      [0, 1, 2],
      [3, 4],
      [5, 6],
    ],
  },
  {
    share: circleShare,
    parts: [
      [0, 3, 6],
      [1, 4],
      [2, 5],
    ],
  },
])('$share.name', ({ share, parts }) => {
  it('gives each member its part', () => {
    expect([0, 1, 2].map(index => share(ALL, 3, index))).toEqual(parts)
  })

  it('gives nothing to who is no member', () => {
    expect(share(ALL, 3, -1)).toEqual([])
  })

  it('gives everything to somebody, and nothing to two', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat()), fc.integer({ min: 1, max: 9 }), (all, members) => {
        const shares = Array.from({ length: members }, (_, index) => share(all, members, index))
        expect(shares.flat().sort()).toEqual([...all].sort())
        expect(
          Math.max(...shares.map(each => each.length)) - Math.min(...shares.map(each => each.length)),
        ).toBeLessThan(2)
      }),
    )
  })
})
