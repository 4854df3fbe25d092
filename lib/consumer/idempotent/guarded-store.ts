import { RocketMQError, asError } from '../../errors'
import { withDeadline } from '../../runtime/deadline'
import type { ClaimOutcome, IdempotencyStore } from './idempotency-store'
import type { ResolvedIdempotentOptions } from './idempotent-options'

type GuardedStoreOptions = Pick<
  ResolvedIdempotentOptions,
  'store' | 'clock' | 'ttlMs' | 'leaseMs' | 'storeTimeoutMs' | 'onBackgroundError'
>

const OUTCOMES: readonly unknown[] = ['claimed', 'done', 'busy'] satisfies ClaimOutcome[]

/** A user's store with limits: each call ends in time, and fails with a typed error alone. */
export class GuardedStore {
  readonly #options: GuardedStoreOptions
  readonly #store: IdempotencyStore

  constructor(options: GuardedStoreOptions) {
    this.#options = options
    this.#store = options.store
  }

  /** As the store's. What is claimed after the time is up is given back. */
  async claim(key: string, token: string): Promise<ClaimOutcome> {
    const answer = this.#claim(key, token)
    try {
      return await this.#inTime('claim', key, answer)
    } catch (error) {
      answer.then(outcome => (outcome === 'claimed' ? this.letGo(key, token) : undefined)).catch(() => undefined)
      throw error
    }
  }

  /** Prolongs a claim; false where it is ours no more. */
  async prolong(key: string, token: string): Promise<boolean> {
    return (await this.#inTime('claim', key, this.#claim(key, token))) === 'claimed'
  }

  /** As the store's. */
  async done(key: string, token: string): Promise<boolean> {
    const answer = this.#call(() => this.#store.done(key, token, this.#options.ttlMs))
    return (await this.#inTime('done', key, answer)) !== false
  }

  /** As `release` of the store; where that fails it is told, and the lease runs out by itself. */
  async letGo(key: string, token: string): Promise<void> {
    try {
      await this.#inTime(
        'release',
        key,
        this.#call(() => this.#store.release(key, token)),
      )
    } catch (error) {
      this.#options.onBackgroundError(error as RocketMQError)
    }
  }

  async #claim(key: string, token: string): Promise<ClaimOutcome> {
    const outcome: unknown = await this.#call(() => this.#store.claim(key, token, this.#options.leaseMs))
    if (OUTCOMES.includes(outcome)) return outcome as ClaimOutcome
    throw new Error(`claim resolved with ${String(outcome)}; it may be one of ${OUTCOMES.join(', ')}`)
  }

  /** The user's function may throw, or return no promise. */
  async #call<T>(call: () => Promise<T>): Promise<T> {
    return call()
  }

  async #inTime<T>(method: keyof IdempotencyStore, key: string, answer: Promise<T>): Promise<T> {
    const { clock, storeTimeoutMs: timeoutMs } = this.#options
    const late = (): Error => new Error(`no answer within ${timeoutMs} ms`)
    try {
      return await withDeadline(answer, { clock, timeoutMs, onTimeout: late })
    } catch (error) {
      if (RocketMQError.is(error)) throw error
      const cause = asError(error)
      const says = `the idempotency store failed at ${method} of ${key}: ${cause.message}`
      throw new RocketMQError('IDEMPOTENCY_STORE_FAILED', says, { cause })
    }
  }
}
