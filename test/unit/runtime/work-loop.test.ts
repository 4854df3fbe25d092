import { ManualClock } from '../../../lib/runtime/manual-clock'
import type { RocketMQError } from '../../../lib/errors'
import { Watchdog } from '../../../lib/runtime/watchdog'
import { WorkLoop } from '../../../lib/runtime/work-loop'
import { deferred } from '../../support/fake-client'

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

describe('a WorkLoop that is watched', () => {
  /** Its first run hangs, later ones end at once. */
  function watched() {
    const clock = new ManualClock()
    const watchdog = new Watchdog()
    const [starts, errors, stalled]: [number[], unknown[], RocketMQError[]] = [[], [], []]
    const signals: AbortSignal[] = []
    const hung = deferred()
    const loop = new WorkLoop({
      clock,
      run: signal => {
        starts.push(clock.monotonic())
        signals.push(signal)
        return starts.length === 1 ? hung.promise : Promise.resolve()
      },
      onError: error => errors.push(error),
      watch: {
        watchdog,
        name: 'the loop',
        boundMs: 100,
        doing: () => 'hangs',
        onStalled: error => stalled.push(error),
      },
    })
    return { clock, watchdog, loop, starts, errors, stalled, signals, hung }
  }

  it('gives up a run without progress, aborts it, and begins the next; those who wait are let go', async () => {
    const { clock, watchdog, loop, starts, stalled, signals } = watched()
    const kicked = Promise.all([loop.kick(), loop.kick()])
    await clock.advance(101)
    watchdog.look()
    watchdog.look()
    await kicked
    expect(starts).toEqual([0, 101])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    expect(stalled).toMatchObject([{ code: 'LOOP_STALLED', message: expect.stringContaining('it hangs') }])
    await loop.stop()
  })

  it('lets a run be that gets on, and a loop that rests', async () => {
    const { clock, watchdog, loop, starts, stalled, hung } = watched()
    void loop.kick()
    for (let n = 0; n < 4; n++) {
      await clock.advance(80)
      loop.progress()
      watchdog.look()
    }
    hung.resolve()
    await clock.advance(5000)
    watchdog.look()
    watchdog.look()
    expect([starts, stalled]).toEqual([[0], []])
    await loop.stop()
  })

  it('does not hear of what a run says that was given up', async () => {
    const { clock, watchdog, loop, errors, starts, hung } = watched()
    void loop.kick()
    await clock.advance(101)
    watchdog.look()
    watchdog.look()
    hung.reject(new Error('late'))
    await clock.advance(1)
    expect([errors, starts]).toEqual([[], [0, 101]])
    await loop.stop()
  })

  it('is stopped all the same where its run hangs, once that is given up', async () => {
    const { clock, watchdog, loop, starts } = watched()
    void loop.kick()
    const stopped = loop.stop()
    await clock.advance(101)
    watchdog.look()
    watchdog.look()
    await stopped
    expect(starts).toEqual([0])
  })
})
