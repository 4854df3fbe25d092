import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 10
const NS_PER_MS = 1e6
/** One pause of the garbage collector is no lag; being late most of the time is. */
const PERCENTILE = 90

/** How late the event loop is with what is due: it is busy with something else. */
export class EventLoopLag {
  readonly #delays: IntervalHistogram

  /** Measures until `stop`. */
  constructor() {
    this.#delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
    this.#delays.enable()
  }

  /** The delay since the last call that nine of ten waits kept within, ms; 0 where none was seen. */
  takeMs(): number {
    const delays = this.#delays
    const waitedMs = delays.count === 0 ? 0 : delays.percentile(PERCENTILE) / NS_PER_MS
    delays.reset()
    return Math.max(0, waitedMs - RESOLUTION_MS)
  }

  stop(): void {
    this.#delays.disable()
  }
}
