import { systemClock } from '../runtime/clock'
import { describeError } from './describe-error'

/** Equal complaints are printed once in this time. */
const QUIET_MS = 10_000
const REMEMBERED = 100

/** Prints errors of the background on standard error, so that a broker that is away does not flood the terminal. */
export class Complaints {
  readonly #printedAt = new Map<string, number>()

  readonly print = (error: Error): void => {
    const says = describeError(error)
    const now = systemClock.monotonic()
    const last = this.#printedAt.get(says)
    if (last !== undefined && now - last < QUIET_MS) return
    if (this.#printedAt.size >= REMEMBERED) this.#printedAt.clear()
    this.#printedAt.set(says, now)
    console.error(`rocketwire: ${says}`)
  }
}
