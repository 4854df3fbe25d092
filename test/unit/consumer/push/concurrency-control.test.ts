import { ConcurrencyControl } from '../../../../lib/consumer/push/concurrency-control'
import type { ConcurrencyRange } from '../../../../lib/consumer/push/concurrency-range'
import { FakeClient } from '../../../support/fake-client'

/** A control of calls that take 50 ms each, with messages waiting always. */
function setup(range: ConcurrencyRange) {
  const { clock, scheduler } = new FakeClient()
  const totals = { calls: 0, callMs: 0 }
  const state = { limit: range.min, loopLagMs: 0, watching: 0 }
  const control = new ConcurrencyControl({
    clock,
    scheduler,
    range,
    totals,
    load: () => {
      totals.calls += state.limit * 10
      totals.callMs += state.limit * 500
      return { running: state.limit, waiting: 9 }
    },
    apply: limit => (state.limit = limit),
    startLoopLag: () => {
      state.watching++
      return { takeMs: () => state.loopLagMs, stop: () => state.watching-- }
    },
  })
  return { clock, control, state }
}

describe('the control of concurrency', () => {
  it('looks at nothing where the number is fixed', async () => {
    const { clock, control, state } = setup({ min: 7, max: 7 })
    control.start()
    await clock.advance(60_000)
    expect(state).toEqual({ limit: 7, loopLagMs: 0, watching: 0 })
    expect(control.stats).toEqual({ limit: 7, min: 7, max: 7, lastMove: undefined, callMs: 0, loopLagMs: 0 })
    await control.stop()
  })

  it('raises the number while messages wait, lowers it while the event loop lags, and tells why', async () => {
    const { clock, control, state } = setup({ min: 1, max: 32 })
    control.start()
    await clock.advance(30_000)
    expect(control.stats).toEqual({ limit: 32, min: 1, max: 32, lastMove: 'BACKLOG', callMs: 50, loopLagMs: 0 })
    expect(state.limit).toBe(32)
    state.loopLagMs = 80
    await clock.advance(500)
    expect(control.stats).toMatchObject({ limit: 24, lastMove: 'EVENT_LOOP', loopLagMs: 80 })
    expect(state.limit).toBe(24)
    await control.stop()
    expect(state.watching).toBe(0)
    await clock.advance(30_000)
    expect(state.limit).toBe(24)
  })

  it('takes another range while it runs, from where it is', async () => {
    const { clock, control, state } = setup({ min: 1, max: 32 })
    control.start()
    await clock.advance(30_000)
    control.set({ min: 2, max: 8 })
    expect([state.limit, state.watching]).toEqual([8, 1])
    control.set({ min: 5, max: 5 })
    expect([state.limit, state.watching]).toEqual([5, 0])
    control.set({ min: 5, max: 50 })
    await clock.advance(30_000)
    expect(state.limit).toBe(50)
    await control.stop()
  })

  it('may be told before it has started', async () => {
    const { control, state } = setup({ min: 1, max: 4 })
    control.set({ min: 3, max: 6 })
    expect([state.limit, state.watching]).toEqual([3, 0])
    await control.stop()
  })
})
