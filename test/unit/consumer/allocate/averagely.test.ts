import fc from '../../../support/property'
import { allocateAveragely } from '../../../../lib/consumer/allocate/averagely'
import { anyGroup, describeCommonChecks, expectEachQueueOnce, queuesOf, sharesOf } from '../../../support/allocation'

describe('AVG', () => {
  it('gives runs of neighbours, the longer ones first', () => {
    expect(sharesOf(allocateAveragely, queuesOf(8), ['a', 'b', 'c'])).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
    ])
  })

  it('leaves members without queues where there are too few', () => {
    expect(sharesOf(allocateAveragely, queuesOf(2), ['a', 'b', 'c'])).toEqual([[0], [1], []])
  })

  it('gives every queue once, in shares that differ by one at most', () => {
    fc.assert(
      fc.property(anyGroup, group => {
        const sizes = expectEachQueueOnce(allocateAveragely, group)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is known by its name', () => {
    expect(allocateAveragely.name).toBe('AVG')
  })

  describeCommonChecks(allocateAveragely)
})
