import { Fifo } from './fifo'

/**
 * Lets so many pieces of work run at a time; others wait in the order in which they came. Of one slot: each begins when the
 * one before has ended, well or not.
 */
export class WorkSlots {
  #free: number
  readonly #waiting = new Fifo<() => void>()

  /** @param slots at least 1 */
  constructor(slots: number) {
    this.#free = slots
  }

  /** Settles as `work` does, which begins when there is a slot for it. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }
}
