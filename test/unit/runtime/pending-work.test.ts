import { PendingWork } from '../../../lib/runtime/pending-work'
import { deferred } from '../../support/fake-client'

describe('work under way', () => {
  it('is waited for, with what is added meanwhile, however it ends', async () => {
    const pending = new PendingWork()
    const [first, second] = [deferred<number>(), deferred<number>()]
    const result = pending.add(first.promise)
    let isSettled = false
    const settled = pending.settled().then(() => (isSettled = true))
    const failure = pending.add(second.promise).catch((error: unknown) => error)
    expect(pending.size).toBe(2)
    first.resolve(7)
    expect(await result).toBe(7)
    expect([isSettled, pending.size]).toEqual([false, 1])
    second.reject(new Error('no'))
    await settled
    expect([pending.size, await failure]).toEqual([0, new Error('no')])
  })

  it('is waited for no longer than there is some', async () => {
    await new PendingWork().settled()
  })
})
