import { within } from '../../../lib/consumer/within'
import { ManualClock } from '../../../lib/runtime/manual-clock'

const clock = new ManualClock()
const call = (options: object) => ({ clock, what: 'the call', options })
const never = () => new Promise<never>(() => undefined)

describe('a call', () => {
  it('gets the limits that the user gives, or 10 s', async () => {
    const { signal } = new AbortController()
    expect(await within(call({ timeoutMs: 5, signal }), async limits => limits)).toEqual({ timeoutMs: 5, signal })
    expect(await within(call({}), async limits => limits)).toEqual({ timeoutMs: 10_000, signal: undefined })
  })

  it('ends with its time, whatever heeds that', async () => {
    const late = expect(within(call({ timeoutMs: 5 }), never)).rejects.toMatchObject({
      code: 'REQUEST_TIMEOUT',
      message: 'the call did not end within 5 ms',
    })
    await clock.advance(5)
    await late
  })

  it('ends with its signal, and does not begin after it', async () => {
    const abort = new AbortController()
    const ended = expect(within(call({ signal: abort.signal }), never)).rejects.toMatchObject({ code: 'ABORTED' })
    abort.abort()
    await ended
    const work = jest.fn(never)
    await expect(within(call({ signal: abort.signal }), work)).rejects.toMatchObject({ code: 'ABORTED' })
    expect(work).not.toHaveBeenCalled()
  })

  it('refuses a limit that is none', async () => {
    await expect(within(call({ timeoutMs: 0 }), never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})
