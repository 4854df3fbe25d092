import { withAnySignal } from '../../runtime/any-signal'
import { PendingWork } from '../../runtime/pending-work'
import { asTyped } from '../as-typed'
import type { ServiceOptions } from './consume-service'
import { Pump } from './pump'

export interface ListenerPlacesOptions extends Pick<
  ServiceOptions,
  'clock' | 'concurrency' | 'rate' | 'onBackgroundError'
> {
  /** Hands out once; false where there is nothing to hand out. `now` is monotonic, ms. */
  readonly handOut: (now: number) => boolean
}

/** The places of a service for listener calls: as long as one is free, and the rate limit allows it, it hands out. */
export class ListenerPlaces {
  readonly #options: ListenerPlacesOptions
  readonly #pump: Pump
  readonly #wake = (): void => this.look()
  readonly #drained = new AbortController()
  readonly #work = new PendingWork()
  /** Those who wait for the end of all calls. */
  readonly #waiters: (() => void)[] = []
  #concurrency: number
  #running = 0
  #besides = 0
  #hasEnded = false

  constructor(options: ListenerPlacesOptions) {
    this.#options = options
    this.#concurrency = options.concurrency
    this.#pump = new Pump(options.clock, now => this.#step(now))
  }

  /** Calls under way. */
  get running(): number {
    return this.#running
  }

  /** Aborted by `drain`. */
  get signal(): AbortSignal {
    return this.#drained.signal
  }

  /** There may be something to hand out. */
  look(): void {
    if (this.#running === 0 && this.#waiters.length > 0) this.#wakeWaiters()
    this.#pump.run()
  }

  updateConcurrency(concurrency: number): void {
    this.#concurrency = concurrency
    this.#pump.run()
  }

  /** Whether the rate limit lets messages through now; where not, it hands out as soon as it does. */
  rateAllows(): boolean {
    return this.#options.rate.isOpen(this.#wake)
  }

  /** A call takes a place. */
  begin(): void {
    this.#running++
  }

  /** A call has ended; `look` is to follow when its outcome is noted. */
  end(): void {
    this.#running--
  }

  /** Other work takes a place, such as handing messages back: so that a listener that always fails floods no broker. */
  beginBesides(): void {
    this.#besides++
  }

  /** Such work has ended; `look` is to follow. */
  endBesides(): void {
    this.#besides--
  }

  /** Keeps work for `drain` to wait for. Where it fails, that is reported as `says`. */
  track(work: Promise<void>, says: string): void {
    void this.#work.add(work.catch((error: unknown) => this.#options.onBackgroundError(asTyped(error, says))))
  }

  /** Resolves after a while; at once when `signal` is aborted or the service is drained. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    await withAnySignal([signal, this.signal], any => clock.sleep(ms, any)).catch(() => undefined)
  }

  /** Hands out no more; resolves when the calls under way, and what was kept of their outcome, have ended. */
  async drain(): Promise<void> {
    this.#hasEnded = true
    this.#drained.abort()
    if (this.#running > 0) await new Promise<void>(resolve => this.#waiters.push(resolve))
    await this.#work.settled()
  }

  #wakeWaiters(): void {
    for (const resolve of this.#waiters.splice(0)) resolve()
  }

  #step(now: number): boolean {
    if (this.#running + this.#besides >= this.#concurrency || this.#hasEnded) return false
    return this.rateAllows() && this.#options.handOut(now)
  }
}
