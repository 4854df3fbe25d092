import { RocketMQError } from '../../../lib/errors'
import { SystemClock, abortReason, sleepOn } from '../../../lib/runtime/clock'
import { ManualClock } from '../../../lib/runtime/manual-clock'

describe('SystemClock', () => {
  const clock = new SystemClock()

  it('tells wall time and a time that never goes back', () => {
    const [before, wallBefore] = [clock.monotonic(), clock.now()]
    expect(clock.monotonic()).toBeGreaterThanOrEqual(before)
    expect(clock.now()).toBeGreaterThanOrEqual(wallBefore)
    expect(clock.now()).toBeGreaterThan(Date.UTC(2020, 0))
  })

  it('runs a timer once its time has come', async () => {
    await expect(new Promise<string>(resolve => clock.after(0, () => resolve('ran')))).resolves.toBe('ran')
  })

  it('never runs a timer that was cancelled', async () => {
    const ran: string[] = []
    const cancelled = clock.after(0, () => ran.push('cancelled'))
    cancelled.cancel()
    await new Promise<void>(resolve => clock.after(0, resolve))
    expect(ran).toEqual([])
  })

  it.each([2 ** 31, 2 ** 40, Infinity])('does not run a timer of %p ms at once, as Node would', ms => {
    const timers = jest.spyOn(globalThis, 'setTimeout')
    const timer = clock.after(ms, () => undefined)
    expect(timers.mock.calls).toEqual([[expect.any(Function), 2 ** 31 - 1]])
    timers.mockRestore()
    timer.cancel()
  })

  it('runs a timer beyond the range of Node after the whole of its time', () => {
    jest.useFakeTimers({ now: 0 })
    const ran = jest.fn()
    clock.after(2 ** 32, ran)
    jest.advanceTimersByTime(2 ** 32 - 1)
    expect(ran).not.toHaveBeenCalled()
    jest.advanceTimersByTime(1)
    expect(ran).toHaveBeenCalledTimes(1)
    jest.useRealTimers()
  })

  it('cancels a timer beyond the range of Node in any stage of it', () => {
    jest.useFakeTimers({ now: 0 })
    const ran = jest.fn()
    const timer = clock.after(2 ** 33, ran)
    jest.advanceTimersByTime(2 ** 32)
    timer.cancel()
    jest.advanceTimersByTime(2 ** 34)
    expect(ran).not.toHaveBeenCalled()
    jest.useRealTimers()
  })

  it('lets the process end in spite of a timer in the background', () => {
    const timers = jest.spyOn(globalThis, 'setTimeout')
    const [background, foreground] = [
      clock.after(60_000, () => undefined, { background: true }),
      clock.after(60_000, () => undefined),
    ]
    expect(timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([false, true])
    timers.mockRestore()
    background.cancel()
    foreground.cancel()
  })
})

describe('sleepOn', () => {
  it('resolves after its time', async () => {
    const clock = new ManualClock()
    const woken = jest.fn()
    const sleep = sleepOn(clock, 100).then(woken)
    await clock.advance(99)
    expect(woken).not.toHaveBeenCalled()
    await clock.advance(1)
    await sleep
  })

  it('rejects with the reason of an abort, at once, and takes its timer away', async () => {
    const clock = new ManualClock()
    const after = jest.spyOn(clock, 'after')
    const abort = new AbortController()
    const sleep = sleepOn(clock, 100, abort.signal)
    const cancel = jest.spyOn(after.mock.results[0]?.value as { cancel(): void }, 'cancel')
    abort.abort(new Error('enough'))
    await expect(sleep).rejects.toThrow('enough')
    expect(cancel).toHaveBeenCalledTimes(1)
  })

  it('rejects where the signal was aborted before, without a timer', async () => {
    const clock = new ManualClock()
    const after = jest.spyOn(clock, 'after')
    await expect(sleepOn(clock, 100, AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
    expect(after).not.toHaveBeenCalled()
  })

  it('leaves no listener on the signal, however it ends', async () => {
    const clock = new ManualClock()
    const { signal } = new AbortController()
    const [added, removed] = [jest.spyOn(signal, 'addEventListener'), jest.spyOn(signal, 'removeEventListener')]
    const sleep = sleepOn(clock, 1, signal)
    await clock.advance(1)
    await sleep
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length)
  })
})

describe('abortReason', () => {
  it.each([new TypeError('mine'), 'just so', new RocketMQError('REQUEST_TIMEOUT', 'late')])(
    'is a typed error with the reason as its cause: %s',
    reason => {
      const error = abortReason(AbortSignal.abort(reason))
      expect(RocketMQError.is(error)).toBe(true)
      expect(error).toMatchObject({ code: 'ABORTED', cause: reason })
    },
  )

  it("tells why, by Node's default reason, too", () => {
    const { message } = abortReason(AbortSignal.abort())
    expect(message).toBe('the call was aborted (This operation was aborted)')
  })

  it('is the reason itself where that says so already', () => {
    const reason = new RocketMQError('ABORTED', 'the admin client was shut down')
    expect(abortReason(AbortSignal.abort(reason))).toBe(reason)
  })
})
