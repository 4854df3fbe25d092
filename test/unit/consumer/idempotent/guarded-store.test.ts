import { GuardedStore } from '../../../../lib/consumer/idempotent/guarded-store'
import type { ClaimOutcome } from '../../../../lib/consumer/idempotent/idempotency-store'
import { RocketMQError } from '../../../../lib/errors'
import { idempotentSetup } from '../../../support/idempotent-setup'

function setUp() {
  const { clock, store, errors, options } = idempotentSetup()
  const guarded = new GuardedStore({ ...options, ttlMs: 60_000, leaseMs: 30_000, storeTimeoutMs: 1000 })
  return { clock, store, errors, guarded }
}

describe('a guarded store', () => {
  it('hands calls on with the lease and the time to remember', async () => {
    const { guarded, clock } = setUp()
    expect(await guarded.claim('k', 'a')).toBe('claimed')
    expect(await guarded.claim('k', 'b')).toBe('busy')
    await clock.advance(29_999)
    expect(await guarded.claim('k', 'b')).toBe('busy')
    expect(await guarded.prolong('k', 'a')).toBe(true)
    await clock.advance(29_999)
    expect(await guarded.claim('k', 'b')).toBe('busy')
    expect(await guarded.prolong('k', 'b')).toBe(false)
    expect(await guarded.done('k', 'b')).toBe(false)
    expect(await guarded.done('k', 'a')).toBe(true)
    await clock.advance(59_999)
    expect(await guarded.claim('k', 'b')).toBe('done')
    await clock.advance(1)
    expect(await guarded.claim('k', 'b')).toBe('claimed')
  })

  it('rejects with a typed error that names the call, the key and the cause', async () => {
    const { guarded, store } = setUp()
    const cause = new Error('connection lost')
    store.before = () => {
      throw cause
    }
    const expected = { code: 'IDEMPOTENCY_STORE_FAILED', retriable: true, cause }
    await expect(guarded.claim('k', 'a')).rejects.toMatchObject({
      ...expected,
      message: 'the idempotency store failed at claim of k: connection lost',
    })
    await expect(guarded.done('k', 'a')).rejects.toMatchObject(expected)
  })

  it('leaves typed errors as they are', async () => {
    const { guarded, store } = setUp()
    const error = new RocketMQError('TOO_MANY_REQUESTS', 'full')
    store.before = () => Promise.reject(error)
    await expect(guarded.claim('k', 'a')).rejects.toBe(error)
  })

  it('survives a store that throws at once, or returns no promise', async () => {
    const { guarded, store } = setUp()
    store.claim = () => {
      throw new Error('at once')
    }
    await expect(guarded.claim('k', 'a')).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_FAILED' })
    store.claim = () => 'busy' as unknown as Promise<ClaimOutcome>
    expect(await guarded.claim('k', 'a')).toBe('busy')
  })

  it.each([undefined, 'free', true, null])('takes %p for no outcome of a claim', async outcome => {
    const { guarded, store } = setUp()
    store.claim = async () => outcome as ClaimOutcome
    await expect(guarded.claim('k', 'a')).rejects.toMatchObject({
      code: 'IDEMPOTENCY_STORE_FAILED',
      message: expect.stringContaining('it may be one of claimed, done, busy'),
    })
  })

  it('gives up on a call without answer, and gives back what was claimed after that', async () => {
    const { guarded, store, clock } = setUp()
    let answer = (): void => undefined
    store.before = method => (method === 'claim' ? new Promise<void>(resolve => (answer = resolve)) : undefined)
    const claimed = expect(guarded.claim('k', 'a')).rejects.toMatchObject({
      code: 'IDEMPOTENCY_STORE_FAILED',
      message: expect.stringContaining('no answer within 1000 ms'),
    })
    await clock.advance(1000)
    await claimed
    answer()
    await clock.advance(0)
    expect(store.calls).toEqual(['claim k', 'release k'])
    expect(store.inner.stats().claimed).toBe(0)
  })

  it('gives nothing back where the late claim was refused', async () => {
    const { guarded, store, clock } = setUp()
    await store.inner.claim('k', 'other', 60_000)
    let answer = (): void => undefined
    store.before = () => new Promise<void>(resolve => (answer = resolve))
    const claimed = expect(guarded.claim('k', 'a')).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_FAILED' })
    await clock.advance(1000)
    await claimed
    answer()
    await clock.advance(0)
    expect(store.calls).toEqual(['claim k'])
  })

  it('tells of a claim that could not be given back, and does not reject', async () => {
    const { guarded, store, errors } = setUp()
    store.before = () => Promise.reject(new Error('gone'))
    await guarded.letGo('k', 'a')
    expect(errors).toMatchObject([
      { code: 'IDEMPOTENCY_STORE_FAILED', message: expect.stringContaining('release of k') },
    ])
  })
})
