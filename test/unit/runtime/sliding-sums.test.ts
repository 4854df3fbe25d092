import fc from '../../support/property'
import { SlidingSums } from '../../../lib/runtime/sliding-sums'

const SPAN = { buckets: 6, bucketMs: 10 }
const [A, B] = [0, 1]

describe('SlidingSums', () => {
  it('sums each column of what was added within the span', () => {
    const sums = new SlidingSums({ columns: 2, ...SPAN })
    sums.add(5, A, 1)
    sums.add(25, A, 2)
    sums.add(25, B, 40)
    expect(sums.spanMs).toBe(60)
    expect([sums.sum(30, A), sums.sum(30, B)]).toEqual([3, 40])
  })

  it('forgets what is older', () => {
    const sums = new SlidingSums({ columns: 1, ...SPAN })
    sums.add(5, A, 1)
    sums.add(15, A, 2)
    expect(sums.sum(59, A)).toBe(3)
    expect(sums.sum(60, A)).toBe(2)
    expect(sums.sum(70, A)).toBe(0)
  })

  it('agrees with a list of all that was added', () => {
    const steps = fc.array(fc.tuple(fc.nat(40), fc.nat(100)), { maxLength: 60 })
    fc.assert(
      fc.property(steps, given => {
        const sums = new SlidingSums({ columns: 1, ...SPAN })
        const added: { bucket: number; amount: number }[] = []
        let now = 1000
        for (const [passed, amount] of given) {
          now += passed
          sums.add(now, A, amount)
          added.push({ bucket: Math.floor(now / SPAN.bucketMs), amount })
          const oldest = Math.floor(now / SPAN.bucketMs) - SPAN.buckets
          const expected = added.reduce((sum, each) => sum + (each.bucket > oldest ? each.amount : 0), 0)
          expect(sums.sum(now, A)).toBe(expected)
        }
      }),
    )
  })
})
