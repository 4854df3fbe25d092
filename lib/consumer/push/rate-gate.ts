import type { Clock, Timer } from '../../runtime/clock'
import { TokenBucket, type TokenRate } from '../../runtime/token-bucket'

/** What is told of a rate limit. */
export interface RateLimitStats {
  /** Messages a second. */
  readonly perSecond: number
  /** Messages that may come at once after a rest. */
  readonly burst: number
  /** Messages that may be handed out now; negative where a batch went beyond. */
  readonly available: number
  /** True while messages wait for it. */
  readonly isLimiting: boolean
}

/** Lets so many messages a second through. Without a limit it costs a look at a field. */
export class RateGate {
  readonly #clock: Clock
  #bucket: TokenBucket | undefined
  #timer: Timer | undefined
  /** Of those who were refused: a consumer that pulls and pops has two services. */
  readonly #waiting = new Set<() => void>()

  constructor(clock: Clock, limit: TokenRate | undefined) {
    this.#clock = clock
    this.set(limit)
  }

  /** Undefined where there is no limit. */
  get stats(): RateLimitStats | undefined {
    if (this.#bucket === undefined) return undefined
    const available = Math.floor(this.#bucket.available(this.#clock.monotonic()))
    return { ...this.#bucket.rate, available, isLimiting: this.#timer !== undefined }
  }

  /** Another limit from now on, or none. */
  set(limit: TokenRate | undefined): void {
    this.#bucket = limit === undefined ? undefined : new TokenBucket(limit, this.#clock.monotonic())
    this.#open()
  }

  /** Whether messages may be handed out; where not, `wake` is called when they may, once however often it was asked. */
  isOpen(wake: () => void): boolean {
    if (this.#bucket === undefined) return true
    const waitMs = this.#bucket.waitMs(this.#clock.monotonic())
    if (waitMs === 0) return true
    this.#waiting.add(wake)
    this.#timer ??= this.#clock.after(waitMs, () => this.#open())
    return false
  }

  /** Messages were handed out. A batch may go beyond what there is: what comes next waits longer. */
  passed(messages: number): void {
    this.#bucket?.take(messages)
  }

  /** Wakes nobody any more. */
  close(): void {
    this.#timer?.cancel()
    this.#waiting.clear()
  }

  #open(): void {
    // Who is woken first takes what there is, and asks again before the others: so the last goes first.
    const waiting = [...this.#waiting].reverse()
    this.#timer?.cancel()
    this.#timer = undefined
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}
