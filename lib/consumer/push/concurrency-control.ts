import type { Clock } from '../../runtime/clock'
import type { EventLoopLag } from '../../runtime/event-loop-lag'
import type { Scheduler } from '../../runtime/scheduler'
import { ConcurrencyLaw, type ConcurrencyMove } from './concurrency-law'
import type { ConcurrencyRange } from './concurrency-range'
import type { CallTotals } from './consume-rates'

/** How many listener calls may run at a time, and what that is found by. */
export interface ConcurrencyStats {
  /** Calls that may run at a time at present; it moves between `min` and `max`. */
  readonly limit: number
  /** Lower bound of `limit`, calls. */
  readonly min: number
  /** Upper bound of `limit`, calls. */
  readonly max: number
  /** Why it was moved last; undefined where it was not, or does not move. */
  readonly lastMove: ConcurrencyMove | undefined
  /** Mean duration of the calls that ended of late, ms; 0 where none did, or it does not move. */
  readonly callMs: number
  /** How late the event loop was of late with what was due, ms; 0 where it does not move. */
  readonly loopLagMs: number
}

export interface ConcurrencyControlOptions {
  readonly clock: Clock
  readonly scheduler: Pick<Scheduler, 'add'>
  readonly range: ConcurrencyRange
  /** Of the consumer's calls so far. */
  readonly totals: Readonly<CallTotals>
  /** Calls under way, and messages that wait for one. */
  readonly load: () => { readonly running: number; readonly waiting: number }
  readonly apply: (limit: number) => void
  readonly startLoopLag: () => Pick<EventLoopLag, 'takeMs' | 'stop'>
}

const LOOK_EVERY_MS = 500

/** Keeps the number of listener calls at a time where it is of use, where the user leaves that to it. */
export class ConcurrencyControl {
  readonly #options: ConcurrencyControlOptions
  #range: ConcurrencyRange
  #law: ConcurrencyLaw
  #end: (() => Promise<void>) | undefined
  #isStarted = false
  #seen: CallTotals & { at: number } = { calls: 0, callMs: 0, at: 0 }
  #callMs = 0
  #loopLagMs = 0

  constructor(options: ConcurrencyControlOptions) {
    this.#options = options
    this.#range = options.range
    this.#law = new ConcurrencyLaw(options.range)
  }

  get stats(): ConcurrencyStats {
    const { limit, lastMove } = this.#law
    return { limit, ...this.#range, lastMove, callMs: this.#callMs, loopLagMs: this.#loopLagMs }
  }

  /** Begins to look, where there is something to find. */
  start(): void {
    this.#isStarted = true
    if (this.#range.min < this.#range.max) this.#watch()
  }

  /** Another range from now on. */
  set(range: ConcurrencyRange): void {
    this.#range = range
    this.#law = new ConcurrencyLaw(range, this.#law.limit)
    this.#options.apply(this.#law.limit)
    void this.#end?.()
    this.#end = undefined
    if (this.#isStarted && range.min < range.max) this.#watch()
  }

  async stop(): Promise<void> {
    this.#isStarted = false
    await this.#end?.()
    this.#end = undefined
  }

  #watch(): void {
    const { scheduler, startLoopLag } = this.#options
    const loopLag = startLoopLag()
    this.#takeSeen()
    const run = (): void => this.#look(loopLag.takeMs())
    const remove = scheduler.add({ name: 'adapt concurrency', everyMs: LOOK_EVERY_MS, run })
    this.#end = () => {
      loopLag.stop()
      this.#callMs = 0
      this.#loopLagMs = 0
      return remove()
    }
  }

  #look(loopLagMs: number): void {
    const { load, apply } = this.#options
    const { limit } = this.#law
    const seen = this.#takeSeen()
    this.#loopLagMs = loopLagMs
    if (seen.calls > 0) this.#callMs = seen.callMs / seen.calls
    const next = this.#law.look({ ...seen, ...load(), loopLagMs })
    if (next !== limit) apply(next)
  }

  /** The calls since it was last asked. */
  #takeSeen(): { elapsedMs: number; calls: number; callMs: number } {
    const { clock, totals } = this.#options
    const before = this.#seen
    this.#seen = { calls: totals.calls, callMs: totals.callMs, at: clock.monotonic() }
    const { calls, callMs, at } = this.#seen
    return { elapsedMs: at - before.at, calls: calls - before.calls, callMs: callMs - before.callMs }
  }
}
