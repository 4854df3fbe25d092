import fc from '../../../support/property'
import { allocateAveragelyByCircle } from '../../../../lib/consumer/allocate/averagely-by-circle'
import { anyGroup, describeCommonChecks, expectEachQueueOnce, queuesOf, sharesOf } from '../../../support/allocation'

describe('AVG_BY_CIRCLE', () => {
  it('deals queues out one by one', () => {
    expect(sharesOf(allocateAveragelyByCircle, queuesOf(8), ['a', 'b', 'c'])).toEqual([
      [0, 3, 6],
      [1, 4, 7],
      [2, 5],
    ])
  })

  it('gives every queue once, in shares that differ by one at most', () => {
    fc.assert(
      fc.property(anyGroup, group => {
        const sizes = expectEachQueueOnce(allocateAveragelyByCircle, group)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is known by its name', () => {
    expect(allocateAveragelyByCircle.name).toBe('AVG_BY_CIRCLE')
  })

  describeCommonChecks(allocateAveragelyByCircle)
})
