import { getMaxListeners } from 'node:events'
import { onAbort } from '../../../lib/runtime/on-abort'

describe('onAbort', () => {
  it('tells the listener once, unless it was taken off before', () => {
    const abort = new AbortController()
    const [told, takenOff] = [jest.fn(), jest.fn()]
    onAbort(abort.signal, told)
    onAbort(abort.signal, takenOff)
    abort.signal.removeEventListener('abort', takenOff)
    abort.abort()
    abort.signal.dispatchEvent(new Event('abort'))
    expect([told.mock.calls.length, takenOff.mock.calls.length]).toEqual([1, 0])
  })

  it('lets one signal end many calls at a time, without a warning of a leak', () => {
    const { signal } = new AbortController()
    onAbort(signal, () => undefined)
    onAbort(signal, () => undefined)
    expect(getMaxListeners(signal)).toBe(Infinity)
  })

  it("takes signals of other makes than Node's", () => {
    const addEventListener = jest.fn()
    const listener = (): void => undefined
    onAbort({ addEventListener } as unknown as AbortSignal, listener)
    expect(addEventListener).toHaveBeenCalledWith('abort', listener, { once: true })
  })
})
