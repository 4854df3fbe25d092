import { type Clock, systemClock } from '../../lib/runtime/clock'

/** The system's clock, put forward. */
export class ForwardClock implements Clock {
  #skippedMs = 0
  readonly now = (): number => systemClock.now() + this.#skippedMs
  readonly monotonic = (): number => systemClock.monotonic() + this.#skippedMs
  readonly after: Clock['after'] = (...args) => systemClock.after(...args)
  readonly sleep: Clock['sleep'] = (...args) => systemClock.sleep(...args)

  skip(ms: number): void {
    this.#skippedMs += ms
  }
}
