import { type RateLimit, checkedRateLimit } from '../../../lib/client/rate-limit'

describe('a rate limit', () => {
  it('is none where none is given', () => {
    expect(checkedRateLimit(undefined)).toBeUndefined()
  })

  it.each<[RateLimit, number]>([
    [{ perSecond: 50 }, 50],
    [{ perSecond: 2.9 }, 2],
    [{ perSecond: 0.001 }, 1],
    [{ perSecond: 50, burst: 7 }, 7],
  ])('lets the messages of a second come at once unless told otherwise: %j', (limit, burst) => {
    expect(checkedRateLimit(limit)).toEqual({ perSecond: limit.perSecond, burst })
  })

  it.each<[unknown, string]>([
    [{}, 'perSecond'],
    [{ perSecond: 0 }, 'perSecond'],
    [{ perSecond: NaN }, 'perSecond'],
    [{ perSecond: Infinity }, 'perSecond'],
    [{ perSecond: '5' }, 'perSecond'],
    [{ perSecond: 5, burst: 0 }, 'burst'],
    [{ perSecond: 5, burst: 1.5 }, 'burst'],
    [50, 'perSecond'],
  ])('is refused where it is wrong: %j', (limit, name) => {
    expect(() => checkedRateLimit(limit as RateLimit)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(name) }),
    )
  })
})
