import { ManualClock } from '../../../lib/runtime/manual-clock'
import type { RocketMQError } from '../../../lib/errors'
import { Watchdog } from '../../../lib/runtime/watchdog'
import { Scheduler } from '../../../lib/runtime/scheduler'
import { deferred } from '../../support/fake-client'

function setUp() {
  const clock = new ManualClock()
  const failures: [string, unknown][] = []
  const scheduler = new Scheduler(clock, (task, error) => failures.push([task, error]))
  const runs: number[] = []
  return { clock, failures, scheduler, runs, note: () => void runs.push(clock.monotonic()) }
}

describe('Scheduler', () => {
  it('runs a task every so often, the first time after the first interval', async () => {
    const { clock, scheduler, runs, note } = setUp()
    scheduler.add({ name: 'beat', everyMs: 30, run: note })
    await clock.advance(100)
    expect(runs).toEqual([30, 60, 90])
  })

  it('runs it sooner the first time where it is told to', async () => {
    const { clock, scheduler, runs, note } = setUp()
    scheduler.add({ name: 'ask', firstMs: 5, everyMs: 30, run: note })
    await clock.advance(40)
    expect(runs).toEqual([5, 35])
  })

  it('begins the next run an interval after the last one has ended', async () => {
    const { clock, scheduler, runs, note } = setUp()
    const run = async (): Promise<void> => {
      note()
      await clock.sleep(50)
    }
    scheduler.add({ name: 'slow', everyMs: 30, run })
    await clock.advance(200)
    expect(runs).toEqual([30, 110, 190])
  })

  it('keeps the pace of a task while another one takes long', async () => {
    const { clock, scheduler, runs, note } = setUp()
    scheduler.add({ name: 'stuck', everyMs: 10, run: () => new Promise<void>(() => undefined) })
    scheduler.add({ name: 'beat', everyMs: 30, run: note })
    await clock.advance(100)
    expect(runs).toEqual([30, 60, 90])
  })

  it('has one timer for all tasks, and none after its stop', async () => {
    const { clock, scheduler, note } = setUp()
    const pending = new Set<object>()
    const after = clock.after.bind(clock)
    jest.spyOn(clock, 'after').mockImplementation((ms, callback) => {
      const timer = after(ms, () => {
        pending.delete(spied)
        callback()
      })
      const spied = { cancel: () => (pending.delete(spied), timer.cancel()) }
      pending.add(spied)
      return spied
    })
    for (const everyMs of [10, 20, 30]) scheduler.add({ name: `${everyMs}`, everyMs, run: note })
    await clock.advance(65)
    expect(pending.size).toBe(1)
    await scheduler.stop()
    expect(pending.size).toBe(0)
  })

  it.each([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
  ])('reports a task that %s and runs it again', async (_how, run) => {
    const { clock, scheduler, failures } = setUp()
    scheduler.add({ name: 'ask', everyMs: 30, run })
    await clock.advance(70)
    expect(failures).toEqual([
      ['ask', expect.objectContaining({ message: 'no' })],
      ['ask', expect.objectContaining({ message: 'no' })],
    ])
  })

  it('runs a task no more that was taken out, and waits for its run under way', async () => {
    const { clock, scheduler, runs, note } = setUp()
    const remove = scheduler.add({ name: 'slow', everyMs: 30, run: () => (note(), clock.sleep(50)) })
    await clock.advance(40)
    const removed = jest.fn()
    const removal = remove().then(removed)
    await clock.advance(39)
    expect(removed).not.toHaveBeenCalled()
    await clock.advance(1)
    await removal
    await clock.advance(200)
    expect(runs).toEqual([30])
  })

  it('waits at its stop for a run that does not look at its signal', async () => {
    const { clock, scheduler } = setUp()
    scheduler.add({ name: 'deaf', everyMs: 30, run: () => clock.sleep(50) })
    await clock.advance(30)
    const stopped = jest.fn()
    const stop = scheduler.stop().then(stopped)
    await clock.advance(49)
    expect(stopped).not.toHaveBeenCalled()
    await clock.advance(1)
    await stop
    expect(stopped).toHaveBeenCalled()
  })

  it('aborts and awaits what runs when it stops, and starts nothing more', async () => {
    const { clock, scheduler, runs, note, failures } = setUp()
    scheduler.add({ name: 'slow', everyMs: 30, run: signal => (note(), clock.sleep(1_000, signal)) })
    await clock.advance(40)
    await scheduler.stop()
    scheduler.add({ name: 'late', everyMs: 1, run: note })
    await clock.advance(2_000)
    expect(runs).toEqual([30])
    expect(failures).toEqual([])
  })
})

describe('a Scheduler whose tasks are watched', () => {
  it('tells of a task that does not end, and runs it again', async () => {
    const clock = new ManualClock()
    const [stalled, failures]: [RocketMQError[], unknown[]] = [[], []]
    const scheduler = new Scheduler(clock, (_task, error) => failures.push(error), {
      watchdog: new Watchdog(),
      onStalled: error => stalled.push(error),
    })
    const [starts, hung]: [number[], ReturnType<typeof deferred<void>>] = [[], deferred()]
    const remove = scheduler.add({
      name: 'beat',
      everyMs: 30_000,
      boundMs: 50_000,
      run: () => {
        starts.push(clock.monotonic())
        return starts.length === 1 ? hung.promise : Promise.resolve()
      },
    })
    await clock.advance(119_999)
    expect([starts, stalled]).toEqual([[30_000], []])
    await clock.advance(1)
    expect(stalled).toMatchObject([{ code: 'LOOP_STALLED', message: expect.stringContaining('"beat"') }])
    await clock.advance(60_000)
    expect(starts).toEqual([30_000, 150_000, 180_000])
    // What comes of it late changes nothing.
    hung.reject(new Error('late'))
    await clock.advance(30_000)
    expect(starts).toEqual([30_000, 150_000, 180_000, 210_000])
    await remove()
    await scheduler.stop()
  })
})
