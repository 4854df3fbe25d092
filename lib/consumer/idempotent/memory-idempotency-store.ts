import { checkedRange } from '../../client/checked-options'
import { RocketMQError } from '../../errors'
import { checkOptions } from '../../model/option-checks'
import { type Clock, systemClock } from '../../runtime/clock'
import { AgeOrderedMap } from './age-ordered-map'
import type { ClaimOutcome, IdempotencyStore } from './idempotency-store'

/** Options of a store in memory. */
export interface MemoryIdempotencyStoreOptions {
  /** Most keys that are remembered, 1 to 10000000; default 100000. */
  readonly maxEntries?: number
  /** Source of time; default the system's. For tests. */
  readonly clock?: Clock
}

/** What a store in memory holds. */
export interface MemoryIdempotencyStoreStats {
  /** Keys that are in hand, those whose lease has run out included until somebody meets them. */
  readonly claimed: number
  /** Keys that were handled. */
  readonly done: number
  /** Handled keys that were forgotten before their time, for want of room. Where it grows, raise `maxEntries`. */
  readonly evicted: number
}

interface Claim {
  readonly token: string
  readonly endsAt: number
}

const DEFAULT_MAX_ENTRIES = 100_000
const MOST_ENTRIES = 10_000_000
/** Each claim clears this many keys that are past their time, so that memory shrinks without a timer. */
const CLEARED_AT_ONCE = 2
/** Claims that are looked at for one that has run out; those that live are prolonged, and are young then. */
const LOOKED_AT = 1000

/**
 * Remembers handled messages in this process: for one consumer, or several of one process. It holds at most `maxEntries`
 * keys; the oldest handled ones are forgotten first, those in hand never.
 */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #maxEntries: number
  readonly #clock: Clock
  /** By when they were claimed or prolonged. */
  readonly #claims = new AgeOrderedMap<Claim>()
  /** When each key is forgotten; by when it was done. */
  readonly #done = new AgeOrderedMap<number>()
  #evicted = 0

  /** @throws RocketMQError INVALID_ARGUMENT */
  constructor(options: MemoryIdempotencyStoreOptions = {}) {
    checkOptions(options, { maxEntries: true, clock: true })
    const { maxEntries = DEFAULT_MAX_ENTRIES, clock = systemClock } = options
    this.#maxEntries = checkedRange('maxEntries', maxEntries, 1, MOST_ENTRIES)
    this.#clock = clock
  }

  /** As `IdempotencyStore.claim`; rejects with TOO_MANY_REQUESTS where `maxEntries` keys are in hand. */
  claim(key: string, token: string, leaseMs: number): Promise<ClaimOutcome> {
    const now = this.#clock.monotonic()
    this.#clear(now)
    if (this.#isDone(key, now)) return Promise.resolve('done')
    const held = this.#claims.get(key)
    if (held !== undefined && held.token !== token && held.endsAt > now) return Promise.resolve('busy')
    this.#claims.delete(key)
    if (!this.#makeRoom(now)) return Promise.reject(this.#full())
    this.#claims.set(key, { token, endsAt: now + leaseMs })
    return Promise.resolve('claimed')
  }

  /** As `IdempotencyStore.done`; rejects with TOO_MANY_REQUESTS where the claim has run out and `maxEntries` others are in hand. */
  done(key: string, token: string, ttlMs: number): Promise<boolean> {
    const now = this.#clock.monotonic()
    const held = this.#claims.get(key)
    if (held !== undefined && held.token !== token && held.endsAt > now) return Promise.resolve(false)
    this.#claims.delete(key)
    this.#done.delete(key)
    if (!this.#makeRoom(now)) return Promise.reject(this.#full())
    this.#done.set(key, now + ttlMs)
    return Promise.resolve(true)
  }

  /** As `IdempotencyStore.release`. */
  release(key: string, token: string): Promise<void> {
    if (this.#claims.get(key)?.token === token) this.#claims.delete(key)
    return Promise.resolve()
  }

  /** What it is doing at the moment. */
  stats(): MemoryIdempotencyStoreStats {
    return { claimed: this.#claims.size, done: this.#done.size, evicted: this.#evicted }
  }

  #isDone(key: string, now: number): boolean {
    const until = this.#done.get(key)
    if (until === undefined) return false
    if (until > now) return true
    this.#done.delete(key)
    return false
  }

  /** Of both kinds the eldest, which mostly end first. */
  #clear(now: number): void {
    this.#done.removeEldest(until => until <= now, CLEARED_AT_ONCE)
    this.#claims.removeEldest(({ endsAt }) => endsAt <= now, CLEARED_AT_ONCE)
  }

  /** False where all room is taken by claims that run. */
  #makeRoom(now: number): boolean {
    if (this.#claims.size + this.#done.size < this.#maxEntries) return true
    if (this.#done.removeEldest(until => until <= now, 1) > 0) return true
    if (this.#done.removeEldest(() => true, 1) > 0) {
      this.#evicted++
      return true
    }
    return this.#removeOneThatRanOut(now)
  }

  /** Leases may differ in length, so it need not be the eldest. */
  #removeOneThatRanOut(now: number): boolean {
    let left = LOOKED_AT
    for (const [key, { endsAt }] of this.#claims.fromEldest()) {
      if (left-- === 0) return false
      if (endsAt > now) continue
      this.#claims.delete(key)
      return true
    }
    return false
  }

  #full(): RocketMQError {
    const says = `the idempotency store in memory has ${this.#maxEntries} messages in hand, which is all it may hold`
    return new RocketMQError('TOO_MANY_REQUESTS', `${says}: raise maxEntries, or lower the consumer's concurrency`)
  }
}
