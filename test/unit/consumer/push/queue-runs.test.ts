import { QueueRuns } from '../../../../lib/consumer/push/queue-runs'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { deferred } from '../../../support/fake-client'

interface Queue {
  readonly name: string
  held: number
}

/** Runs that the test ends, in order of their beginning. */
function setup() {
  const clock = new ManualClock()
  const [begun, free]: [string[], string[]] = [[], []]
  const ends: ReturnType<typeof deferred<number>>[] = []
  const runs = new QueueRuns<Queue>({
    clock,
    concurrency: 1,
    rate: { isOpen: () => true, passed: () => undefined },
    run: queue => {
      queue.held--
      begun.push(queue.name)
      const end = deferred<number>()
      ends.push(end)
      return end.promise
    },
    brokeOff: () => 500,
    signal: () => new AbortController().signal,
    nameOf: ({ name }) => name,
    onFree: ({ name }) => void free.push(name),
    onBackgroundError: error => {
      throw error
    },
  })
  const [a, b]: Queue[] = [
    { name: 'a', held: 2 },
    { name: 'b', held: 1 },
  ]
  const end = async (pauseMs: number | Error): Promise<void> => {
    if (pauseMs instanceof Error) ends.shift()?.reject(pauseMs)
    else ends.shift()?.resolve(pauseMs)
    await clock.advance(0)
  }
  for (const queue of [a, b] as Queue[]) runs.add(queue)
  runs.places.look()
  return { clock, runs, a: a as Queue, b: b as Queue, begun, free, end }
}

describe('runs of queues', () => {
  it('take turns, and go on while there are messages', async () => {
    const { runs, begun, free, end } = setup()
    expect([begun, runs.places.running]).toEqual([['a'], 1])
    for (let i = 0; i < 3; i++) await end(0)
    expect([begun, free]).toEqual([
      ['a', 'b', 'a'],
      ['a', 'b', 'a'],
    ])
    expect(runs.places.running).toBe(0)
  })

  it('are one at a time for each queue', () => {
    const { runs, a, begun } = setup()
    runs.places.updateConcurrency(4)
    runs.add(a)
    runs.places.look()
    expect(begun).toEqual(['a', 'b'])
  })

  it('of a queue that has come again wait for the end of those of the first', async () => {
    const { runs, begun, end } = setup()
    runs.places.updateConcurrency(4)
    runs.add({ name: 'a', held: 1 })
    runs.places.look()
    expect(begun).toEqual(['a', 'b'])
    await end(0)
    expect(begun).toEqual(['a', 'b', 'a'])
    await end(0)
    await end(0)
    expect(begun).toEqual(['a', 'b', 'a', 'a'])
  })

  it.each([500, new Error('broke off')])('keep the queue, not the place, for a pause after %p', async outcome => {
    const { clock, runs, a, begun, free, end } = setup()
    await end(outcome)
    runs.add(a)
    await end(0)
    await clock.advance(499)
    expect([begun, free]).toEqual([['a', 'b'], ['b']])
    await clock.advance(1)
    expect([begun, free]).toEqual([
      ['a', 'b', 'a'],
      ['b', 'a'],
    ])
  })

  it('do not wait out their pauses when they are drained', async () => {
    const { runs, end } = setup()
    await end(30_000)
    const drained = runs.places.drain()
    await end(30_000)
    await drained
  })
})
