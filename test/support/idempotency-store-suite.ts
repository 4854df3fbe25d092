import { randomUUID } from 'node:crypto'
import fc from './property'
import type { ClaimOutcome, IdempotencyStore } from '../../lib/consumer/idempotent/idempotency-store'
import { answered } from './until'

interface Place {
  /** The store, once the tests run. */
  readonly store: () => IdempotencyStore
  /** Has some time pass, where it does not by itself. */
  readonly tick?: () => Promise<void>
  /** A lease or a time that a test can wait for, and in which it gets some answers; default 60. */
  readonly shortMs?: number
  readonly propertyRuns?: number
}

const LONG_MS = 3_600_000
/** Each is a key of its own, whatever a server thinks of case, spaces and accents. */
const LOOKALIKES = [
  'a',
  'A',
  'a ',
  ' a',
  'á',
  'a\u0301',
  "a'b",
  'a"b',
  'a\\b',
  'a%b',
  'a_b',
  '{a}',
  '订单-1',
  '🛒',
  'x'.repeat(500),
]

/** What every store must do, in memory or on a server. */
export function describeIdempotencyStore(title: string, place: Place): void {
  const { tick = async () => undefined, shortMs = 60 } = place
  const fresh = (): string => `key-${randomUUID()}`
  const claim = (key: string, token: string, leaseMs = LONG_MS): Promise<ClaimOutcome> =>
    place.store().claim(key, token, leaseMs)
  const done = (key: string, token: string, ttlMs = LONG_MS): Promise<boolean> => place.store().done(key, token, ttlMs)
  const release = (key: string, token: string): Promise<void> => place.store().release(key, token)

  /** Claims a key as soon as it can be had. */
  function claimInTime(key: string, token: string): Promise<ClaimOutcome> {
    const ask = async (): Promise<ClaimOutcome> => {
      await tick()
      return claim(key, token)
    }
    return answered(ask, outcome => outcome === 'claimed', { what: `a claim of ${key}`, withinMs: 5000 })
  }

  /** Resolves when a claim of `shortMs` that was made before has run out. */
  async function shortClaimsRunOut(): Promise<void> {
    const key = fresh()
    await claim(key, 'short', shortMs)
    await claimInTime(key, 'after')
  }

  describe(title, () => {
    it('gives a free key to one claim, and tells others that it is in hand, then that it is done', async () => {
      const key = fresh()
      expect(await claim(key, 'a')).toBe('claimed')
      expect(await claim(key, 'b')).toBe('busy')
      expect(await done(key, 'a')).toBe(true)
      expect(await claim(key, 'b')).toBe('done')
      expect(await claim(key, 'a')).toBe('done')
    })

    it('gives a key to one of many that claim it at once', async () => {
      const key = fresh()
      const outcomes = await Promise.all(Array.from({ length: 40 }, (_, i) => claim(key, `token-${i}`)))
      expect(outcomes.toSorted()).toEqual([...Array.from({ length: 39 }, () => 'busy'), 'claimed'])
    })

    it('takes no two keys for the same', async () => {
      const prefix = fresh()
      for (const key of LOOKALIKES) expect([key, await claim(prefix + key, 'a')]).toEqual([key, 'claimed'])
      for (const key of LOOKALIKES) expect([key, await done(prefix + key, 'a')]).toEqual([key, true])
      for (const key of LOOKALIKES) expect([key, await claim(prefix + key, 'b')]).toEqual([key, 'done'])
    })

    it('gives the key of a claim that has run out to the next', async () => {
      const key = fresh()
      await claim(key, 'dead', shortMs)
      expect(await claim(key, 'b')).toBe('busy')
      expect(await claimInTime(key, 'b')).toBe('claimed')
      expect(await claim(key, 'c')).toBe('busy')
    })

    it('prolongs a claim for its own token', async () => {
      const key = fresh()
      await claim(key, 'a', shortMs)
      expect(await claim(key, 'a', LONG_MS)).toBe('claimed')
      await shortClaimsRunOut()
      expect(await claim(key, 'b')).toBe('busy')
    })

    it('lets nobody whose claim has run out disturb the one that came after', async () => {
      const key = fresh()
      await claim(key, 'late', shortMs)
      await claimInTime(key, 'b')
      expect(await done(key, 'late')).toBe(false)
      await release(key, 'late')
      expect(await claim(key, 'late')).toBe('busy')
      expect(await claim(key, 'c')).toBe('busy')
      expect(await done(key, 'b')).toBe(true)
      expect(await claim(key, 'c')).toBe('done')
    })

    it('takes the word of one whose claim has run out where nobody came after', async () => {
      const key = fresh()
      await claim(key, 'late', shortMs)
      await shortClaimsRunOut()
      expect(await done(key, 'late')).toBe(true)
      expect(await claim(key, 'b')).toBe('done')
    })

    it('frees a key for its holder alone', async () => {
      const key = fresh()
      await claim(key, 'a')
      await release(key, 'b')
      expect(await claim(key, 'b')).toBe('busy')
      await release(key, 'a')
      expect(await claim(key, 'b')).toBe('claimed')
    })

    it('frees no key that is done', async () => {
      const key = fresh()
      await claim(key, 'a')
      await done(key, 'a')
      await release(key, 'a')
      await release(key, '')
      expect(await claim(key, 'b')).toBe('done')
    })

    it('forgets what was handled after its time', async () => {
      const key = fresh()
      await claim(key, 'a')
      await done(key, 'a', shortMs)
      expect(await claim(key, 'b')).toBe('done')
      expect(await claimInTime(key, 'b')).toBe('claimed')
    })

    it('counts the time of what was handled from the last word of it', async () => {
      const key = fresh()
      await claim(key, 'a')
      await done(key, 'a', shortMs)
      expect(await done(key, 'a', LONG_MS)).toBe(true)
      await shortClaimsRunOut()
      expect(await claim(key, 'b')).toBe('done')
    })

    it('does what a table of keys would do, whatever is asked of it', async () => {
      const step = fc.record({
        call: fc.constantFrom('claim', 'claim', 'done', 'release'),
        key: fc.constantFrom('k1', 'k2'),
        token: fc.constantFrom('t1', 't2', 't3'),
      })
      const steps = fc.array(step, { maxLength: 25 })
      const property = fc.asyncProperty(steps, async given => {
        const prefix = fresh()
        const table = new Map<string, string>()
        for (const { call, key, token } of given) {
          const held = table.get(key)
          if (call === 'claim') {
            const expected = held === undefined || held === token ? 'claimed' : held === 'DONE' ? 'done' : 'busy'
            expect(await claim(prefix + key, token)).toBe(expected)
            if (expected === 'claimed') table.set(key, token)
          } else if (call === 'done') {
            const expected = held === undefined || held === token || held === 'DONE'
            expect(await done(prefix + key, token)).toBe(expected)
            if (expected) table.set(key, 'DONE')
          } else {
            await release(prefix + key, token)
            if (held === token) table.delete(key)
          }
        }
      })
      await fc.assert(property, { numRuns: place.propertyRuns ?? 100 })
    })
  })
}
