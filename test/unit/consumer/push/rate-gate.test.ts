import { RateGate } from '../../../../lib/consumer/push/rate-gate'
import { ManualClock } from '../../../../lib/runtime/manual-clock'

function setup(perSecond: number, burst: number) {
  const clock = new ManualClock()
  const gate = new RateGate(clock, { perSecond, burst })
  let woken = 0
  const wake = () => void woken++
  const isOpen = () => gate.isOpen(wake)
  return { clock, gate, isOpen, woken: () => woken }
}

describe('a gate that lets so many through', () => {
  it('is open for ever without a limit, and tells nothing of it', () => {
    const gate = new RateGate(new ManualClock(), undefined)
    gate.passed(1_000_000)
    expect([gate.isOpen(() => undefined), gate.stats]).toEqual([true, undefined])
  })

  it('shuts when the burst has passed, and wakes who has asked when the next may', async () => {
    const { clock, gate, isOpen, woken } = setup(10, 2)
    expect(isOpen()).toBe(true)
    gate.passed(2)
    expect(isOpen()).toBe(false)
    expect(gate.stats).toEqual({ perSecond: 10, burst: 2, available: 0, isLimiting: true })
    expect(isOpen()).toBe(false)
    await clock.advance(99)
    expect(woken()).toBe(0)
    await clock.advance(1)
    expect(woken()).toBe(1)
    expect(isOpen()).toBe(true)
    expect(gate.stats).toMatchObject({ available: 1, isLimiting: false })
  })

  it('has what comes after a batch wait for all of it', async () => {
    const { clock, gate, isOpen, woken } = setup(10, 1)
    gate.passed(5)
    expect(isOpen()).toBe(false)
    await clock.advance(499)
    expect(woken()).toBe(0)
    await clock.advance(1)
    expect(woken()).toBe(1)
  })

  it('wakes all who have asked, and lets none of them go first for ever', async () => {
    const { clock, gate } = setup(10, 1)
    const passed: string[] = []
    const serviceOf = (name: string) => () => {
      while (gate.isOpen(services[name] as () => void)) {
        passed.push(name)
        gate.passed(1)
      }
    }
    const services: Record<string, () => void> = { pulled: serviceOf('pulled'), popped: serviceOf('popped') }
    for (const serve of Object.values(services)) serve()
    await clock.advance(400)
    expect(passed).toEqual(['pulled', 'popped', 'pulled', 'popped', 'pulled'])
  })

  it('opens when it is given another limit, or none', () => {
    const { gate, isOpen, woken } = setup(0.001, 1)
    gate.passed(1)
    expect(isOpen()).toBe(false)
    gate.set({ perSecond: 5, burst: 5 })
    expect([woken(), isOpen()]).toEqual([1, true])
    gate.set(undefined)
    expect([woken(), gate.stats]).toEqual([1, undefined])
  })

  it('wakes nobody after it was closed', async () => {
    const { clock, gate, isOpen, woken } = setup(10, 1)
    gate.passed(1)
    isOpen()
    gate.close()
    await clock.advance(1000)
    expect(woken()).toBe(0)
  })
})
