import { Gate } from '../../../lib/runtime/gate'
import { ManualClock } from '../../../lib/runtime/manual-clock'

const clock = new ManualClock()
const { signal: noSignal } = new AbortController()

describe('Gate', () => {
  it('lets everybody through while it is open', async () => {
    const gate = new Gate()
    expect(gate.isOpen).toBe(true)
    await gate.whenOpen(noSignal)
  })

  it('holds everybody while it is shut, and lets all through when it opens', async () => {
    const gate = new Gate()
    gate.shut()
    const passed = jest.fn()
    const waits = [gate.whenOpen(noSignal).then(passed), gate.whenOpen(noSignal).then(passed)]
    await clock.advance(0)
    expect(gate.isOpen).toBe(false)
    expect(passed).not.toHaveBeenCalled()
    gate.open()
    await Promise.all(waits)
    expect(passed).toHaveBeenCalledTimes(2)
  })

  it('lets through whose signal is aborted, and keeps the others', async () => {
    const gate = new Gate()
    gate.shut()
    const abort = new AbortController()
    const held = jest.fn()
    void gate.whenOpen(noSignal).then(held)
    const aborted = gate.whenOpen(abort.signal)
    abort.abort()
    await aborted
    await gate.whenOpen(abort.signal)
    expect(held).not.toHaveBeenCalled()
  })

  it('leaves no listener on the signal', async () => {
    const gate = new Gate()
    const { signal } = new AbortController()
    const [added, removed] = [jest.spyOn(signal, 'addEventListener'), jest.spyOn(signal, 'removeEventListener')]
    gate.shut()
    const wait = gate.whenOpen(signal)
    gate.open()
    await wait
    expect(added).toHaveBeenCalledTimes(1)
    expect(removed).toHaveBeenCalledTimes(1)
  })

  it('can be shut again by one whom it let through', async () => {
    const gate = new Gate()
    gate.shut()
    const first = gate.whenOpen(noSignal).then(() => gate.shut())
    gate.open()
    await first
    expect(gate.isOpen).toBe(false)
  })
})
