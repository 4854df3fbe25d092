import { ManualClock } from '../../../lib/runtime/manual-clock'
import { WorkLoop } from '../../../lib/runtime/work-loop'

function setUp(options: { minIntervalMs?: number; run?: (signal: AbortSignal) => Promise<void> } = {}) {
  const clock = new ManualClock()
  const starts: number[] = []
  const errors: unknown[] = []
  const loop = new WorkLoop({
    clock,
    run: async signal => {
      starts.push(clock.monotonic())
      await (options.run?.(signal) ?? clock.sleep(10, signal))
    },
    onError: error => errors.push(error),
    ...(options.minIntervalMs === undefined ? {} : { minIntervalMs: options.minIntervalMs }),
  })
  return { clock, loop, starts, errors }
}

describe('WorkLoop', () => {
  it('runs at once when it is kicked, and tells when the run has ended', async () => {
    const { clock, loop, starts } = setUp()
    const ended = jest.fn()
    const run = loop.kick().then(ended)
    expect(starts).toEqual([0])
    await clock.advance(9)
    expect(ended).not.toHaveBeenCalled()
    await clock.advance(1)
    await run
  })

  it('runs once more for all kicks that come during a run, and those wait for that second run', async () => {
    const { clock, loop, starts } = setUp()
    const first = loop.kick()
    await clock.advance(5)
    const ended = jest.fn()
    const again = [loop.kick(), loop.kick(), loop.kick()].map(kick => kick.then(ended))
    await clock.advance(5)
    await first
    expect(ended).not.toHaveBeenCalled()
    await clock.advance(10)
    await Promise.all(again)
    await clock.advance(100)
    expect(starts).toEqual([0, 10])
  })

  it('runs again for a kick that comes during the second run', async () => {
    const { clock, loop, starts } = setUp()
    void loop.kick()
    void loop.kick()
    await clock.advance(15)
    void loop.kick()
    await clock.advance(100)
    expect(starts).toEqual([0, 10, 20])
  })

  it('keeps a least time between the starts of two runs', async () => {
    const { clock, loop, starts } = setUp({ minIntervalMs: 100 })
    void loop.kick()
    await clock.advance(20)
    void loop.kick()
    await clock.advance(300)
    void loop.kick()
    await clock.advance(300)
    expect(starts).toEqual([0, 100, 320])
  })

  it('reports a run that fails and lives on; the kick itself never rejects', async () => {
    const { clock, loop, starts, errors } = setUp({ run: () => Promise.reject(new Error('no')) })
    await loop.kick()
    await loop.kick()
    await clock.advance(10)
    expect(errors).toHaveLength(2)
    expect(starts).toHaveLength(2)
  })

  it('aborts the run under way when it stops, waits for its end and reports nothing', async () => {
    const { loop, errors } = setUp()
    const kick = loop.kick()
    await loop.stop()
    await kick
    expect(errors).toEqual([])
  })

  it('stops while it waits for its least time', async () => {
    const { clock, loop, starts } = setUp({ minIntervalMs: 1_000 })
    void loop.kick()
    await clock.advance(10)
    void loop.kick()
    await loop.stop()
    await clock.advance(5_000)
    expect(starts).toEqual([0])
  })

  it('does nothing when it is kicked after its stop, also for kicks that waited', async () => {
    const { clock, loop, starts } = setUp()
    void loop.kick()
    const waiting = loop.kick()
    await loop.stop()
    await Promise.all([waiting, loop.kick()])
    await clock.advance(100)
    expect(starts).toEqual([0])
  })
})
