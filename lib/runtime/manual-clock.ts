import { type Clock, type Timer, sleepOn } from './clock'

interface Entry {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** Enough turns of the event loop for a chain of loopback requests inside one process to finish. */
const SETTLE_TURNS = 50

/**
 * A clock that stands still until it is told to move, for tests of behaviour that takes seconds.
 *
 * @example
 * const clock = new ManualClock()
 * const emulator = await Emulator.start({ clock })
 * await clock.advance(30_000)
 */
export class ManualClock implements Clock {
  /** Wall time where `monotonic` is 0: summed up step by step it would lose parts of a millisecond. */
  #origin: number
  #monotonic = 0
  #order = 0
  readonly #entries = new Set<Entry>()

  /** `startMs`: wall time to begin with, milliseconds since 1970; default is the present. */
  constructor(startMs: number = Date.now()) {
    this.#origin = startMs
  }

  /** Whole, as the system's is, also where a timer fell due at a fraction of a millisecond. */
  now(): number {
    return Math.floor(this.#origin + this.#monotonic)
  }

  /** Milliseconds that it was advanced by. */
  monotonic(): number {
    return this.#monotonic
  }

  /** Runs `callback` when the clock was advanced by `ms`. */
  after(ms: number, callback: () => void): Timer {
    const entry: Entry = { at: this.#monotonic + Math.max(0, ms), order: this.#order++, callback }
    this.#entries.add(entry)
    return { cancel: () => this.#entries.delete(entry) }
  }

  /** Resolves when the clock was advanced by `ms`; rejects with ABORTED when aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal)
  }

  /** Moves time on by `ms`, runs what falls due in order, and lets the work that it starts settle after each step. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms
    await settle()
    for (let next = this.#nextDue(end); next !== undefined; next = this.#nextDue(end)) {
      this.#monotonic = next.at
      this.#entries.delete(next)
      next.callback()
      await settle()
    }
    this.#monotonic = end
    await settle()
  }

  /** Steps the wall clock alone, as an administrator or a time server would; timers do not notice. */
  stepWallClock(ms: number): void {
    this.#origin += ms
  }

  #nextDue(end: number): Entry | undefined {
    let next: Entry | undefined
    for (const entry of this.#entries) {
      if (entry.at > end) continue
      if (next === undefined || entry.at < next.at || (entry.at === next.at && entry.order < next.order)) next = entry
    }
    return next
  }
}

/** Lets promises, sockets and immediates that are already under way come to rest. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) await new Promise(resolve => setImmediate(resolve))
}
