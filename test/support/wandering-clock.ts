import { type Clock, systemClock } from '../../lib/runtime/clock'

/** The system's clock, whose wall time an administrator sets. */
export class WanderingClock implements Clock {
  #stepMs = 0
  readonly now = (): number => systemClock.now() + this.#stepMs
  readonly monotonic = (): number => systemClock.monotonic()
  readonly after: Clock['after'] = (...args) => systemClock.after(...args)
  readonly sleep: Clock['sleep'] = (...args) => systemClock.sleep(...args)

  step(ms: number): void {
    this.#stepMs += ms
  }
}
