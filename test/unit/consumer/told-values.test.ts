import { wallTime, wholeMiB } from '../../../lib/consumer/told-values'
import { ManualClock } from '../../../lib/runtime/manual-clock'

describe('what administrators are told', () => {
  it('are whole MiB', () => {
    expect([0, 1_048_575, 1_048_576].map(wholeMiB)).toEqual([0, 0, 1])
  })

  it('are wall times, and 0 for what never was', async () => {
    const clock = new ManualClock(1_700_000_000_000)
    const at = clock.monotonic()
    await clock.advance(500)
    expect([wallTime(clock, at), wallTime(clock, undefined)]).toEqual([1_700_000_000_000, 0])
  })
})
