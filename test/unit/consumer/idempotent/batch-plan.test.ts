import fc from '../../../support/property'
import { batchOutcome, planBatch } from '../../../../lib/consumer/idempotent/batch-plan'
import type { ClaimOutcome } from '../../../../lib/consumer/idempotent/idempotency-store'

const outcomes = new Map<string, ClaimOutcome>([
  ['new', 'claimed'],
  ['new too', 'claimed'],
  ['old', 'done'],
  ['elsewhere', 'busy'],
])

describe('the plan of a batch', () => {
  it('hands out each key that was claimed once', () => {
    const plan = planBatch(['old', 'new', 'new', 'new too'], outcomes)
    expect(plan).toEqual({ handOut: [1, 3], firstBusy: 4, giveBack: [] })
  })

  it('stops before the first message that somebody else has in hand, and gives back what was claimed behind it', () => {
    const plan = planBatch(['new', 'elsewhere', 'old', 'new too', 'new'], outcomes)
    expect(plan).toEqual({ handOut: [0], firstBusy: 1, giveBack: [3] })
  })

  it('of what the listener was given, counts up to the first that failed', () => {
    const keys = ['old', 'new', 'old', 'new too', 'new']
    const plan = planBatch(keys, outcomes)
    expect(batchOutcome(plan, 5, 1)).toEqual({
      firstFailed: 3,
      handled: [1],
      failed: [3],
      skipped: [0, 2],
      unjudged: true,
    })
    expect(batchOutcome(plan, 5, 0)).toMatchObject({ firstFailed: 1, handled: [], failed: [1, 3], skipped: [0] })
    expect(batchOutcome(plan, 5, 2)).toMatchObject({ firstFailed: 5, failed: [], skipped: [0, 2, 4], unjudged: false })
  })

  it('knows when all that come again were judged by the listener', () => {
    const plan = planBatch(['old', 'new', 'new too'], outcomes)
    expect(batchOutcome(plan, 3, 0).unjudged).toBe(false)
  })

  it('loses no message and counts none twice, whatever comes together', () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 12 })
    const state = fc.constantFrom<ClaimOutcome>('claimed', 'done', 'busy')
    const states = fc.tuple(state, state, state, state, state)
    const property = fc.property(keys, states, fc.nat(), (given, [a, b, c, d, e], seed) => {
      const of = new Map<string, ClaimOutcome>(Object.entries({ a, b, c, d, e }))
      const plan = planBatch(given, of)
      const succeeded = seed % (plan.handOut.length + 1)
      const { firstFailed, handled, failed, skipped } = batchOutcome(plan, given.length, succeeded)
      // What need not come again was handled here, or is a duplicate of what was handled here or before.
      const settled = [...handled, ...skipped].toSorted((x, y) => x - y)
      expect(settled).toEqual(Array.from({ length: firstFailed }, (_, index) => index))
      for (const index of skipped) {
        const key = given[index] as string
        expect(of.get(key) === 'done' || handled.some(each => given[each] === key && each < index)).toBe(true)
      }
      // Each claim is either used or given back.
      const claimed = new Set(given.filter(key => of.get(key) === 'claimed'))
      const ended = [...handled, ...failed, ...plan.giveBack].map(index => given[index])
      expect(ended.toSorted()).toEqual([...claimed].toSorted())
    })
    fc.assert(property)
  })
})
