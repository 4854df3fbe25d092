import fc from '../../support/property'
import { Schedule } from '../../../lib/emulator/schedule'
import { ManualClock } from '../../../lib/runtime/manual-clock'

describe('Schedule', () => {
  it('calls at the time that was asked for, not before', async () => {
    const clock = new ManualClock()
    const schedule = new Schedule(clock)
    const calls: string[] = []
    schedule.after(20, () => calls.push('late'))
    schedule.after(10, () => calls.push('early'))
    await clock.advance(9)
    expect(calls).toEqual([])
    await clock.advance(1)
    expect(calls).toEqual(['early'])
    await clock.advance(10)
    expect(calls).toEqual(['early', 'late'])
    expect(schedule.size).toBe(0)
  })

  it('calls in order of time, and of the same time in the order in which they were made', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 20 }), { maxLength: 40 }), async delays => {
        const clock = new ManualClock()
        const schedule = new Schedule(clock)
        const calls: number[] = []
        delays.forEach((ms, i) => schedule.after(ms, () => calls.push(i)))
        await clock.advance(20)
        const expected = delays.map((ms, i) => ({ ms, i })).sort((a, b) => a.ms - b.ms || a.i - b.i)
        expect(calls).toEqual(expected.map(({ i }) => i))
      }),
      { numRuns: 20 },
    )
  })

  it('does not call what was cancelled', async () => {
    const clock = new ManualClock()
    const schedule = new Schedule(clock)
    const run = jest.fn()
    schedule.after(10, run).cancel()
    await clock.advance(10)
    expect(run).not.toHaveBeenCalled()
  })

  it('waits for times far beyond what one timer can hold', async () => {
    const clock = new ManualClock()
    const schedule = new Schedule(clock)
    const run = jest.fn()
    schedule.after(3 * 3_600_000, run)
    await clock.advance(3 * 3_600_000 - 1)
    expect(run).not.toHaveBeenCalled()
    await clock.advance(1)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('takes new calls while it calls', async () => {
    const clock = new ManualClock()
    const schedule = new Schedule(clock)
    const run = jest.fn()
    schedule.after(5, () => schedule.after(5, run))
    await clock.advance(10)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('forgets everything when it is stopped', async () => {
    const clock = new ManualClock()
    const schedule = new Schedule(clock)
    const run = jest.fn()
    schedule.after(5, run)
    schedule.stop()
    await clock.advance(10)
    expect(run).not.toHaveBeenCalled()
  })
})
