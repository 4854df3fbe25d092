import fc from '../../support/property'
import { TokenBucket } from '../../../lib/runtime/token-bucket'

describe('a bucket of tokens', () => {
  it('is full to begin with, and holds no more than its burst', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0)
    expect(bucket.available(0)).toBe(3)
    expect(bucket.available(60_000)).toBe(3)
  })

  it('has tokens come back at its rate', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, 0)
    bucket.take(3)
    expect([bucket.available(0), bucket.waitMs(0)]).toEqual([0, 100])
    expect([bucket.available(50), bucket.waitMs(50)]).toEqual([0.5, 50])
    expect([bucket.available(100), bucket.waitMs(100)]).toEqual([1, 0])
  })

  it('has what was taken beyond it waited for', () => {
    const bucket = new TokenBucket({ perSecond: 2, burst: 1 }, 0)
    bucket.take(5)
    expect(bucket.waitMs(0)).toBe(2500)
  })

  it('never lets more through than its burst and its rate, however they are asked for', () => {
    const asks = fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 4 })), {
      maxLength: 50,
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), asks, (perSecond, burst, steps) => {
        const bucket = new TokenBucket({ perSecond, burst }, 0)
        let now = 0
        let taken = 0
        for (const [restMs, wanted] of steps) {
          now += restMs
          for (let n = 0; n < wanted && bucket.waitMs(now) === 0; n++) {
            bucket.take(1)
            taken++
          }
        }
        expect(taken).toBeLessThanOrEqual(burst + (now * perSecond) / 1000 + 1e-6)
      }),
    )
  })
})
