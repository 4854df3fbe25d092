import fc from '../../../support/property'
import { ConcurrencyLaw, type ConcurrencySample } from '../../../../lib/consumer/push/concurrency-law'

const LOOK_MS = 500

/** How long a call takes where so many run at a time, ms. */
type Latency = (running: number) => number

/** A second look after look at calls that take as long as `latency` says, with messages waiting or so many wanted at a time. */
function run(
  law: ConcurrencyLaw,
  seconds: number,
  latency: Latency,
  { wanted = Infinity, loopLagMs = 0 } = {},
): number {
  for (let look = 0; look < seconds * 2; look++) {
    const running = Math.min(law.limit, wanted)
    const calls = Math.round((running * LOOK_MS) / latency(running))
    const callMs = calls * latency(running)
    const waiting = wanted > law.limit ? 100 : 0
    law.look({ elapsedMs: LOOK_MS, calls, callMs, running, waiting, loopLagMs })
  }
  return law.limit
}

const steady: Latency = () => 50
/** Something behind the listener that does so many at a time, and lets the others wait. */
const bottleneck =
  (places: number): Latency =>
  running =>
    50 * Math.max(1, running / places)

describe('the law of concurrency', () => {
  it('begins at the least, and goes to the most while messages wait and calls are as quick as before', () => {
    const law = new ConcurrencyLaw({ min: 1, max: 40 })
    expect(law.limit).toBe(1)
    expect(run(law, 30, steady)).toBe(40)
    expect(law.lastMove).toBe('BACKLOG')
  })

  it('stays where it is while messages do not wait', () => {
    const law = new ConcurrencyLaw({ min: 4, max: 40 })
    expect(run(law, 30, steady, { wanted: 3 })).toBe(4)
    expect(law.lastMove).toBeUndefined()
  })

  it('keeps no raise that only makes calls slower, and tries again later', () => {
    const law = new ConcurrencyLaw({ min: 1, max: 200 })
    run(law, 60, bottleneck(10))
    expect(law.limit).toBeGreaterThanOrEqual(8)
    expect(law.limit).toBeLessThanOrEqual(18)
    // What was in the way is gone.
    expect(run(law, 120, steady)).toBeGreaterThan(50)
  })

  it('goes down while calls take much longer than usual', () => {
    const law = new ConcurrencyLaw({ min: 1, max: 20 }, 20)
    run(law, 10, steady)
    run(law, 2, () => 400)
    expect(law.limit).toBeLessThan(20)
    expect(law.lastMove).toBe('LATENCY')
  })

  it('goes down, and not up at once, while the event loop lags', () => {
    const law = new ConcurrencyLaw({ min: 2, max: 100 }, 100)
    expect(run(law, 1, steady, { loopLagMs: 51 })).toBe(56)
    expect(law.lastMove).toBe('EVENT_LOOP')
    expect(run(law, 1.5, steady)).toBe(56)
    expect(run(law, 3, steady)).toBeGreaterThan(56)
    expect(run(law, 30, steady, { loopLagMs: 200 })).toBe(2)
  })

  it('goes down to what is used, step by step', () => {
    const law = new ConcurrencyLaw({ min: 2, max: 100 }, 100)
    expect(run(law, 2, steady, { wanted: 5 })).toBe(75)
    expect(run(law, 90, steady, { wanted: 5 })).toBeLessThanOrEqual(10)
    expect(law.lastMove).toBe('IDLE')
    expect(law.limit).toBeGreaterThanOrEqual(6)
  })

  it('grows for slow calls, too, though few of them end', () => {
    const law = new ConcurrencyLaw({ min: 1, max: 10 })
    expect(run(law, 120, () => 20_000)).toBe(10)
  })

  it('does not grow for messages that nothing hands out, as under a rate limit', () => {
    const law = new ConcurrencyLaw({ min: 5, max: 10 })
    for (let i = 0; i < 40; i++) {
      law.look({ elapsedMs: LOOK_MS, calls: 30, callMs: 30, running: 1, waiting: 900, loopLagMs: 0 })
    }
    expect(law.limit).toBe(5)
  })

  it('never leaves its range, whatever is seen', () => {
    const sample: fc.Arbitrary<ConcurrencySample> = fc.record({
      elapsedMs: fc.nat(6000),
      calls: fc.nat(10_000),
      callMs: fc.nat(1_000_000),
      running: fc.nat(60),
      waiting: fc.nat(100),
      loopLagMs: fc.nat(100),
    })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 30 }),
        fc.array(sample),
        (min, more, all) => {
          const law = new ConcurrencyLaw({ min, max: min + more })
          for (const each of all) {
            const limit = law.look(each)
            expect(Number.isInteger(limit) && limit >= min && limit <= min + more).toBe(true)
          }
        },
      ),
    )
  })
})
