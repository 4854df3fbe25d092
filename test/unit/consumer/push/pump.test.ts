import { Pump } from '../../../../lib/consumer/push/pump'
import { ManualClock } from '../../../../lib/runtime/manual-clock'

const nextTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

/** A clock that goes on by so much whenever it is read. */
class RestlessClock extends ManualClock {
  #reads = 0

  constructor(readonly step: number) {
    super()
  }

  override monotonic(): number {
    return this.step * this.#reads++
  }
}

describe('a pump', () => {
  it('repeats its step until there is nothing to do, and tells it the time', () => {
    const seen: number[] = []
    const pump = new Pump(new RestlessClock(1), now => seen.push(now) < 3)
    pump.run()
    expect(seen).toEqual([0, 1, 2])
    pump.run()
    expect(seen).toHaveLength(4)
  })

  it('does not run inside itself', () => {
    let depth = 0
    let steps = 0
    const pump = new Pump(new ManualClock(), () => {
      expect(depth++).toBe(0)
      pump.run()
      depth--
      return ++steps < 3
    })
    pump.run()
    expect(steps).toBe(3)
  })

  it('lets the event loop turn after 10 ms, and goes on by itself', async () => {
    let steps = 0
    const pump = new Pump(new RestlessClock(5), () => ++steps < 7)
    pump.run()
    expect(steps).toBe(3)
    await nextTurn()
    expect(steps).toBe(6)
    await nextTurn()
    expect(steps).toBe(7)
    await nextTurn()
    expect(steps).toBe(7)
  })

  it('goes on once in the next turn, however often it is asked to run', async () => {
    let steps = 0
    const pump = new Pump(new RestlessClock(20), () => ++steps < 99)
    for (let i = 0; i < 5; i++) pump.run()
    expect(steps).toBe(1)
    await nextTurn()
    expect(steps).toBe(2)
    steps = 98
    await nextTurn()
    expect(steps).toBe(99)
  })

  it('can run again after a step that threw', () => {
    let steps = 0
    const pump = new Pump(new ManualClock(), () => {
      if (++steps === 1) throw new Error('a defect')
      return false
    })
    expect(() => pump.run()).toThrow('a defect')
    pump.run()
    expect(steps).toBe(2)
  })
})
