import fc from '../../../support/property'
import type { ClaimOutcome, IdempotencyStore } from '../../../../lib/consumer/idempotent/idempotency-store'
import { idempotent } from '../../../../lib/consumer/idempotent/idempotent'
import { MemoryIdempotencyStore } from '../../../../lib/consumer/idempotent/memory-idempotency-store'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { consumeContext, orderMessage } from '../../../support/idempotent-setup'

const LEASE_MS = 3000
const KEYS = ['a', 'b', 'c']

/** What happens to one delivery of a message. */
interface Delivery {
  /** Listener time, ms. */
  readonly takesMs: number
  readonly ends: 'succeeds' | 'fails' | 'crashes'
  /** Of the store's calls, the first so many are answered; then one fails, as often as told. */
  readonly storeFails: readonly boolean[]
}

const delivery: fc.Arbitrary<Delivery> = fc.record({
  takesMs: fc.constantFrom(0, 100, 2500, 3500, 10_000),
  ends: fc.constantFrom('succeeds', 'succeeds', 'fails', 'crashes'),
  storeFails: fc.array(fc.constantFrom(false, false, false, true), { maxLength: 6 }),
})
/** Messages of each key, and for each the deliveries that go wrong or well before it is delivered without trouble. */
const message = fc.record({
  key: fc.constantFrom(...KEYS),
  startsAt: fc.nat({ max: 6000 }),
  deliveries: fc.array(delivery, { maxLength: 4 }),
})

const CALM: Delivery = { takesMs: 100, ends: 'succeeds', storeFails: [] }
const MAX_DELIVERIES = 60

/** A run of consumers of one group on one store, each message with a consumer of its own. */
class Run {
  readonly clock = new ManualClock()
  readonly #store = new MemoryIdempotencyStore({ clock: this.clock })
  /** Listeners at work, by key; what has crashed works no more. */
  readonly #working = new Map<string, number>()
  readonly successes = new Map<string, number>()
  readonly acknowledged: string[] = []
  overlaps = 0
  /** Successes of which the store could not be told. */
  untold = 0
  /** Times that the store could not be asked to prolong a claim, which may then have run out. */
  unprolonged = 0

  /** Delivers a message until it is acknowledged, as brokers do. */
  async deliver(key: string, startsAt: number, deliveries: readonly Delivery[]): Promise<void> {
    await this.clock.sleep(startsAt)
    for (let i = 0; i < MAX_DELIVERIES; i++) {
      const given = deliveries[i] ?? CALM
      const outcome = await Promise.race([this.#handle(key, given), this.#crash(given)])
      if (outcome === 'acknowledged') {
        this.acknowledged.push(key)
        return
      }
      await this.clock.sleep(1000)
    }
  }

  async #handle(key: string, { takesMs, ends, storeFails }: Delivery): Promise<'acknowledged' | 'again'> {
    const store = new UnreliableStore(this.#store, { fails: [...storeFails], diesAt: this.#diesAt(takesMs, ends) })
    const listener = idempotent(() => this.#listen(key, takesMs, ends), {
      store,
      clock: this.clock,
      leaseMs: LEASE_MS,
      keyOf: each => each.keys[0],
    })
    try {
      const result = await listener(orderMessage(key), consumeContext())
      return result === undefined ? 'acknowledged' : 'again'
    } catch (error) {
      if (store.failedAtDone) this.untold++
      expect(error).toMatchObject({ message: expect.stringMatching(/store|of the listener/) })
      return 'again'
    } finally {
      this.unprolonged += store.failedProlongings
    }
  }

  #diesAt(takesMs: number, ends: Delivery['ends']): () => boolean {
    const at = this.clock.monotonic() + takesMs
    return () => ends === 'crashes' && this.clock.monotonic() >= at
  }

  async #listen(key: string, takesMs: number, ends: Delivery['ends']): Promise<void> {
    const before = this.#working.get(key) ?? 0
    if (before > 0) this.overlaps++
    this.#working.set(key, before + 1)
    await this.clock.sleep(takesMs)
    this.#working.set(key, (this.#working.get(key) ?? 0) - 1)
    if (ends === 'crashes') return new Promise<void>(() => undefined)
    if (ends === 'fails') throw new Error('of the listener')
    this.successes.set(key, (this.successes.get(key) ?? 0) + 1)
  }

  /** What a process that dies leaves behind is noticed by the broker, which delivers again. */
  async #crash({ takesMs, ends }: Delivery): Promise<'again'> {
    if (ends !== 'crashes') return new Promise<never>(() => undefined)
    await this.clock.sleep(takesMs + 1)
    return 'again'
  }
}

/** A store whose calls may fail before they are made, and are made no more after the death of the process. */
class UnreliableStore implements IdempotencyStore {
  failedAtDone = false
  failedProlongings = 0
  #claimed = false
  readonly #inner: IdempotencyStore
  readonly #fails: boolean[]
  readonly #isDead: () => boolean

  constructor(inner: IdempotencyStore, { fails, diesAt }: { fails: boolean[]; diesAt: () => boolean }) {
    this.#inner = inner
    this.#fails = fails
    this.#isDead = diesAt
  }

  async claim(key: string, token: string, leaseMs: number): Promise<ClaimOutcome> {
    if (this.#claimed && this.#fails[0] === true) this.failedProlongings++
    const outcome = await this.#call(() => this.#inner.claim(key, token, leaseMs))
    this.#claimed ||= outcome === 'claimed'
    return outcome
  }

  done(key: string, token: string, ttlMs: number): Promise<boolean> {
    if (this.#fails[0] === true) this.failedAtDone = true
    return this.#call(() => this.#inner.done(key, token, ttlMs))
  }

  release(key: string, token: string): Promise<void> {
    return this.#call(() => this.#inner.release(key, token))
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    if (this.#isDead()) return new Promise<T>(() => undefined)
    if (this.#fails.shift() === true) throw new Error('the store does not answer')
    return call()
  }
}

/** Moves time on until all is done. */
async function play(run: Run, messages: readonly { key: string; startsAt: number; deliveries: readonly Delivery[] }[]) {
  let isOver = false
  const all = Promise.all(messages.map(each => run.deliver(each.key, each.startsAt, each.deliveries))).then(() => {
    isOver = true
  })
  for (let second = 0; second < 200 && !isOver; second++) await run.clock.advance(1000)
  expect(isOver).toBe(true)
  await all
}

describe('an idempotent listener, whatever befalls its consumers', () => {
  it('handles every key, never twice at a time, and once in all where the store learned of it', async () => {
    const property = fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), async messages => {
      const run = new Run()
      await play(run, messages)
      expect(run.acknowledged.toSorted()).toEqual(messages.map(({ key }) => key).toSorted())
      const keys = new Set(messages.map(({ key }) => key))
      for (const key of keys) expect(run.successes.get(key)).toBeGreaterThanOrEqual(1)
      const successes = [...run.successes.values()].reduce((sum, each) => sum + each, 0)
      expect(successes - keys.size).toBeLessThanOrEqual(run.untold + run.unprolonged)
      const prolongingFailed = messages.some(({ deliveries }) =>
        deliveries.some(each => each.storeFails.includes(true)),
      )
      if (!prolongingFailed) expect(run.overlaps).toBe(0)
    })
    const prolongingFails: Delivery = { takesMs: 10_000, ends: 'succeeds', storeFails: [false, true, true, true] }
    const unlucky = { key: 'a', startsAt: 0, deliveries: [prolongingFails] }
    await fc.assert(property, { numRuns: 40, examples: [[[unlucky, { ...unlucky, deliveries: [] }]]] })
  }, 60_000)
})
