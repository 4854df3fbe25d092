import { withDeadline } from '../../../lib/runtime/deadline'
import { ManualClock } from '../../../lib/runtime/manual-clock'

function setUp(signal?: AbortSignal) {
  const clock = new ManualClock()
  const timers: { cancel: jest.Mock }[] = []
  const after = clock.after.bind(clock)
  jest.spyOn(clock, 'after').mockImplementation((ms, callback) => {
    const timer = after(ms, callback)
    const spied = { cancel: jest.fn(() => timer.cancel()) }
    timers.push(spied)
    return spied
  })
  const options = { clock, timeoutMs: 100, signal, onTimeout: () => new Error('too late') }
  return { clock, timers, options }
}

const never = new Promise<string>(() => undefined)

describe('withDeadline', () => {
  it("has the promise's value, and its timer is gone", async () => {
    const { options, timers } = setUp()
    await expect(withDeadline(Promise.resolve('in time'), options)).resolves.toBe('in time')
    expect(timers.map(({ cancel }) => cancel.mock.calls.length)).toEqual([1])
  })

  it("has the promise's rejection", async () => {
    await expect(withDeadline(Promise.reject(new Error('no luck')), setUp().options)).rejects.toThrow('no luck')
  })

  it('rejects when the time is up, and not before', async () => {
    const { clock, options } = setUp()
    const failed = jest.fn()
    const wait = withDeadline(never, options).catch(failed)
    await clock.advance(99)
    expect(failed).not.toHaveBeenCalled()
    await clock.advance(1)
    await wait
    expect(failed).toHaveBeenCalledWith(expect.objectContaining({ message: 'too late' }))
  })

  it('rejects with the reason of an abort', async () => {
    const abort = new AbortController()
    const { options, timers } = setUp(abort.signal)
    const wait = withDeadline(never, options)
    abort.abort(new Error('enough'))
    await expect(wait).rejects.toThrow('enough')
    expect(timers[0]?.cancel).toHaveBeenCalled()
  })

  it('rejects where the signal was aborted before, even if the promise has settled', async () => {
    const { options } = setUp(AbortSignal.abort(new Error('before')))
    await expect(withDeadline(Promise.resolve('v'), options)).rejects.toThrow('before')
  })

  it('takes its listener off the signal', async () => {
    const { signal } = new AbortController()
    const removed = jest.spyOn(signal, 'removeEventListener')
    await withDeadline(Promise.resolve(), setUp(signal).options)
    expect(removed).toHaveBeenCalledTimes(1)
  })

  it('hears of a rejection that comes too late, so that nothing is unhandled', async () => {
    const { clock, options } = setUp()
    let fail = (_error: Error): void => undefined
    const wait = withDeadline(new Promise((_resolve, reject) => (fail = reject)), options)
    const failed = expect(wait).rejects.toThrow('too late')
    await clock.advance(100)
    await failed
    const unhandled = jest.fn()
    process.once('unhandledRejection', unhandled)
    fail(new Error('late'))
    await clock.advance(0)
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})
