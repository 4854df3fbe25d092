import type { Clock } from '../../lib/runtime/clock'

/** How long it took until things went on, ms; undefined while they do not. */
export interface Recovery {
  readonly sendMs: number | undefined
  readonly consumeMs: number | undefined
}

/** Measures the time from the end of a fault until the first acknowledged send and the first consumed message of those since. */
export class RecoveryClock {
  readonly #clock: Clock
  #since: number | undefined
  #wallSince = 0
  #place: string | undefined
  #sendMs: number | undefined
  #consumeMs: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Begins to measure, anew where it has before. @param place what alone counts from now on, such as a broker's name */
  faultEnds(place?: string): void {
    this.#since = this.#clock.monotonic()
    this.#wallSince = this.#clock.now()
    this.#place = place
    this.#sendMs = undefined
    this.#consumeMs = undefined
  }

  acknowledged(place?: string): void {
    this.#sendMs ??= this.#elapsed(place)
  }

  /** @param bornAt when it was sent, ms since 1970: what is older was on its way already, and shows nothing */
  consumed(bornAt: number, place?: string): void {
    if (bornAt >= this.#wallSince) this.#consumeMs ??= this.#elapsed(place)
  }

  get recovery(): Recovery {
    return { sendMs: this.#sendMs, consumeMs: this.#consumeMs }
  }

  #elapsed(place: string | undefined): number | undefined {
    if (this.#since === undefined || (this.#place !== undefined && place !== this.#place)) return undefined
    return this.#clock.monotonic() - this.#since
  }
}
