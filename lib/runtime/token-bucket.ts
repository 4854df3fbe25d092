/** So many a second, and some at once after a rest. */
export interface TokenRate {
  readonly perSecond: number
  /** Most that may be taken at once. */
  readonly burst: number
}

/** Tokens that come back at a steady rate. What is taken beyond them is owed, and waited for before the next is taken. */
export class TokenBucket {
  readonly rate: TokenRate
  #tokens: number
  #filledAt: number

  /** It is full to begin with. @param now monotonic, ms, as in all its calls */
  constructor(rate: TokenRate, now: number) {
    this.rate = rate
    this.#tokens = rate.burst
    this.#filledAt = now
  }

  /** Tokens that are there; negative where some are owed. */
  available(now: number): number {
    const { perSecond, burst } = this.rate
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) * perSecond) / 1000)
    this.#filledAt = now
    return this.#tokens
  }

  /** Milliseconds until a whole token is there; 0 where there is one. */
  waitMs(now: number): number {
    const missing = 1 - this.available(now)
    // Sums of fractions miss a whole one by a hair.
    return missing <= 1e-9 ? 0 : (missing * 1000) / this.rate.perSecond
  }

  take(count: number): void {
    this.#tokens -= count
  }
}
