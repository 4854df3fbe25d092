import { inspect } from 'node:util'
import type { RocketMQError } from '../../../lib/errors'
import type { Credentials } from '../../../lib/remoting/credentials'
import { CredentialsKeeper } from '../../../lib/remoting/credentials-keeper'
import type { Timer } from '../../../lib/runtime/clock'
import { ManualClock } from '../../../lib/runtime/manual-clock'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const never = new Promise<never>(() => undefined)
const REQUEST = { code: 105, extFields: { topic: 'T' } }

const raise = (says: string): never => {
  throw new Error(says)
}

/** A keeper whose provider counts, and gives keys that end an hour after they were asked for. */
function setUp(answer?: (asked: number, clock: ManualClock) => Promise<Credentials>) {
  const clock = new ManualClock(1_700_000_000_000)
  const failed: RocketMQError[] = []
  let asked = 0
  const lent = async (): Promise<Credentials> => ({
    accessKey: `AK${asked}`,
    secretKey: `secret-${asked}`,
    expiresAt: clock.now() + HOUR_MS,
  })
  const credentials = (): Promise<Credentials> => (asked++, (answer ?? lent)(asked, clock))
  const keeper = new CredentialsKeeper({ credentials, clock, onRenewalFailed: error => failed.push(error) })
  const ready = (timeoutMs = 3000): Promise<void> =>
    keeper.ready({ clock, timeoutMs, onTimeout: () => new Error('timed out') })
  const signedAs = (): unknown => keeper.sign(REQUEST, 'JSON').extFields?.['AccessKey']
  return { clock, keeper, failed, ready, signedAs, asked: () => asked }
}

describe('CredentialsKeeper', () => {
  it('signs with keys that are given at once, and never asks for others', () => {
    const credentials = { accessKey: 'AK', secretKey: 'secret' }
    const keeper = new CredentialsKeeper({ credentials, clock: new ManualClock(), onRenewalFailed: () => undefined })
    expect(keeper.isReady).toBe(true)
    expect(keeper.sign(REQUEST, 'JSON').extFields?.['AccessKey']).toBe('AK')
    expect(keeper.refused(5)).toBe(false)
  })

  it('asks its provider once for all requests that wait for the first keys', async () => {
    const { keeper, ready, signedAs, asked } = setUp()
    expect(keeper.isReady).toBe(false)
    expect(() => signedAs()).toThrow(expect.objectContaining({ code: 'CREDENTIALS_FAILED' }))
    await Promise.all([ready(), ready()])
    expect(keeper.isReady).toBe(true)
    expect(signedAs()).toBe('AK1')
    expect(asked()).toBe(1)
  })

  it('renews keys beside the traffic before they end', async () => {
    const { clock, keeper, ready, signedAs, asked } = setUp()
    await ready()
    await clock.advance(54 * MINUTE_MS)
    expect(keeper.isReady).toBe(true)
    expect(asked()).toBe(1)
    await clock.advance(2 * MINUTE_MS)
    expect(keeper.isReady).toBe(true)
    expect(signedAs()).toBe('AK1')
    await clock.advance(0)
    expect(signedAs()).toBe('AK2')
    expect(asked()).toBe(2)
  })

  it('has requests wait for other keys once those of before have ended', async () => {
    const { clock, keeper, ready, signedAs } = setUp()
    await ready()
    await clock.advance(HOUR_MS)
    expect(keeper.isReady).toBe(false)
    await ready()
    expect(signedAs()).toBe('AK2')
  })

  it('goes on with keys that are still good when their renewal fails, tells of it and tries again', async () => {
    const { clock, keeper, ready, failed, signedAs, asked } = setUp(async (count, clock) => {
      if (count === 2) throw new Error('the token service is down')
      return { accessKey: `AK${count}`, secretKey: 's', expiresAt: clock.now() + HOUR_MS }
    })
    await ready()
    await clock.advance(56 * MINUTE_MS)
    expect(keeper.isReady).toBe(true)
    await clock.advance(0)
    expect(failed).toEqual([expect.objectContaining({ code: 'CREDENTIALS_FAILED', retriable: true })])
    expect(failed[0]?.message).toContain('the token service is down')
    expect(keeper.isReady).toBe(true)
    expect(signedAs()).toBe('AK1')
    await clock.advance(10_000)
    expect(keeper.isReady).toBe(true)
    await clock.advance(0)
    expect([signedAs(), asked()]).toEqual(['AK3', 3])
  })

  it.each([
    ['throws', async () => Promise.reject(new Error('no keys today')), 'no keys today'],
    ['gives nothing', () => undefined as never, 'credentials must be'],
    ['throws at once', () => raise('no keys today'), 'no keys today'],
    ['gives no keys', async () => ({}) as Credentials, 'credentials.accessKey'],
    ['gives keys that have ended', async () => ({ accessKey: 'a', secretKey: 's', expiresAt: 5 }), 'time is over'],
  ])('says what is wrong where the provider %s, and leaves it alone for a second', async (_how, answer, words) => {
    const { clock, ready, asked } = setUp(answer)
    await expect(ready()).rejects.toMatchObject({ code: 'CREDENTIALS_FAILED', sent: 'NO' })
    await expect(ready()).rejects.toThrow(words)
    expect(asked()).toBe(1)
    await clock.advance(1000)
    await expect(ready()).rejects.toThrow(words)
    expect(asked()).toBe(2)
  })

  it('takes keys of a provider that gives them at once', async () => {
    const { ready, signedAs } = setUp(() => ({ accessKey: 'AK', secretKey: 's' }) as never)
    await ready()
    expect(signedAs()).toBe('AK')
  })

  it('gives up a provider that does not answer; requests give up before by their own limits', async () => {
    const { clock, ready } = setUp(() => new Promise(() => undefined))
    const [short, long] = [ready(1000), ready(HOUR_MS)]
    const outcomes = Promise.allSettled([short, long])
    await clock.advance(30_000)
    expect(await outcomes).toMatchObject([
      { reason: { message: 'timed out' } },
      { reason: { code: 'CREDENTIALS_FAILED', message: expect.stringContaining('30000 ms') } },
    ])
  })

  it('asks for other keys when a server refuses those of a request, but not for each request', async () => {
    const { clock, keeper, ready, signedAs, asked } = setUp()
    await ready()
    expect(keeper.refused(clock.monotonic())).toBe(false)
    await clock.advance(10_000)
    const sentAt = clock.monotonic()
    expect(keeper.refused(sentAt)).toBe(true)
    expect(keeper.isReady).toBe(false)
    await clock.advance(5)
    await ready()
    expect(signedAs()).toBe('AK2')
    // Another request that went out with the old keys may go again with the new ones; one that had these may not.
    expect(keeper.refused(sentAt)).toBe(true)
    expect(keeper.isReady).toBe(true)
    expect(keeper.refused(clock.monotonic())).toBe(false)
    expect(asked()).toBe(2)
  })

  it('shows its keys to nobody', async () => {
    const { keeper, ready } = setUp()
    await ready()
    expect(inspect(keeper, { depth: null, showHidden: true }) + JSON.stringify(keeper)).not.toContain('secret-')
  })

  it('waits for its provider no more at its end, and tells of nothing', async () => {
    const { clock, keeper, failed, ready } = setUp((asked, at) =>
      asked === 1 ? Promise.resolve({ accessKey: 'AK', secretKey: 's', expiresAt: HOUR_MS + at.now() }) : never,
    )
    await ready()
    await clock.advance(56 * MINUTE_MS)
    const timers = jest.spyOn(clock, 'after')
    expect(keeper.isReady).toBe(true)
    const armed = timers.mock.results.map(({ value }) => jest.spyOn(value as Timer, 'cancel'))
    keeper.end()
    await clock.advance(0)
    expect(armed.map(({ mock }) => mock.calls.length)).toEqual([1])
    expect(failed).toEqual([])
  })
})
