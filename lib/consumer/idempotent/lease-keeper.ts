import { RocketMQError } from '../../errors'
import type { Timer } from '../../runtime/clock'
import type { GuardedStore } from './guarded-store'
import type { ResolvedIdempotentOptions } from './idempotent-options'

/** A key that this consumer has claimed, and the name of its claim. */
export interface Claim {
  readonly key: string
  readonly token: string
}

interface LeaseKeeperOptions extends Pick<
  ResolvedIdempotentOptions,
  'clock' | 'leaseMs' | 'maxLeaseMs' | 'onBackgroundError'
> {
  readonly store: Pick<GuardedStore, 'prolong'>
}

/** A claim is prolonged this often in a lease, so that one failure of the store loses none. */
const TIMES_A_LEASE = 3

/** Prolongs the claims of one listener call while that works, up to a bound. */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions
  readonly #claims: Set<Claim>
  readonly #since: number
  #timer: Timer | undefined
  #prolonging: Promise<void> | undefined
  #ended = false

  /** `since`: when the claims were asked for, by the clock's monotonic time. */
  constructor(options: LeaseKeeperOptions, claims: readonly Claim[], since: number) {
    this.#options = options
    this.#claims = new Set(claims)
    this.#since = since
    this.#schedule(since)
  }

  /** Prolongs nothing more; resolves when no call of the store is under way. */
  async end(): Promise<void> {
    this.#ended = true
    this.#timer?.cancel()
    await this.#prolonging
  }

  #schedule(lastAsked: number): void {
    if (this.#ended || this.#claims.size === 0) return
    const { clock, leaseMs } = this.#options
    const ms = Math.max(0, lastAsked + leaseMs / TIMES_A_LEASE - clock.monotonic())
    const prolong = (): void => void (this.#prolonging = this.#prolongAll())
    this.#timer = clock.after(ms, prolong, { background: true })
  }

  async #prolongAll(): Promise<void> {
    const { clock, maxLeaseMs } = this.#options
    const now = clock.monotonic()
    if (now - this.#since >= maxLeaseMs) {
      for (const claim of this.#claims) this.#lost(claim, `is prolonged no longer than ${maxLeaseMs} ms (maxLeaseMs)`)
      return
    }
    await Promise.all(Array.from(this.#claims, claim => this.#prolong(claim)))
    this.#schedule(now)
  }

  async #prolong(claim: Claim): Promise<void> {
    try {
      if (!(await this.#options.store.prolong(claim.key, claim.token))) this.#lost(claim, 'had run out')
    } catch (error) {
      // The next time is before the lease ends.
      this.#options.onBackgroundError(error as RocketMQError)
    }
  }

  #lost(claim: Claim, how: string): void {
    this.#claims.delete(claim)
    const says = `the claim of ${claim.key} ${how} while its listener still works: another consumer may handle it, too`
    this.#options.onBackgroundError(new RocketMQError('IDEMPOTENCY_LEASE_LOST', says))
  }
}
