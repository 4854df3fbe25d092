import { AdminCall } from '../../../lib/admin/admin-call'
import { ClientInstance } from '../../../lib/client/client-instance'
import { resolveClientOptions } from '../../../lib/client/resolve-client-options'
import { ManualClock } from '../../../lib/runtime/manual-clock'

function callOf(clock: ManualClock, signal = new AbortController().signal): AdminCall {
  const options = resolveClientOptions({ namesrvAddr: '127.0.0.1:1', advanced: { clock } })
  return new AdminCall(new ClientInstance(options, 'test'), { timeoutMs: 1000, signal })
}

describe('AdminCall', () => {
  it('gives each request what is left of the time', async () => {
    const clock = new ManualClock()
    const call = callOf(clock)
    expect(call.limits().timeoutMs).toBe(1000)
    await clock.advance(400)
    expect(call.limits().timeoutMs).toBe(600)
  })

  it('starts no request when the time is up', async () => {
    const clock = new ManualClock()
    const call = callOf(clock)
    await clock.advance(1000)
    expect(() => call.limits()).toThrow(
      expect.objectContaining({ code: 'REQUEST_TIMEOUT', message: expect.stringContaining('1000 ms') as string }),
    )
    await expect(call.findRoute('Orders')).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
  })

  it('starts no request once it is aborted', async () => {
    const abort = new AbortController()
    const call = callOf(new ManualClock(), abort.signal)
    abort.abort()
    await expect(call.findRoute('Orders')).rejects.toMatchObject({ code: 'ABORTED' })
  })

  it('sleeps no longer than the time that is left', async () => {
    const clock = new ManualClock()
    const call = callOf(clock)
    let woken = false
    const slept = call.sleep(60_000).then(() => (woken = true))
    await clock.advance(999)
    expect(woken).toBe(false)
    await clock.advance(1)
    await slept
  })
})
