import { readFileSync } from 'node:fs'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { type Timer, systemClock } from '../../lib/runtime/clock'

/** How long the event loop was away. */
export interface Blocks {
  /** At most, ms. */
  readonly longestMs: number
  /** 99 of 100 waits were no longer, ms. */
  readonly p99Ms: number
  /** Processor time of this thread in one turn at most, ms: what is left of a block where nothing else uses the machine. NaN where it cannot be told. */
  readonly cpuMs: number
}

const NS_PER_MS = 1e6
const LOOK_EVERY_MS = 1

/** Looks every millisecond when the event loop comes by, and what this thread has done since. */
export class BlockWatch {
  readonly #delays: IntervalHistogram
  #timer: Timer | undefined
  #cpuMs = threadCpuMs()
  #mostCpuMs = 0

  constructor() {
    this.#delays = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS })
    this.#delays.enable()
    this.#look()
  }

  /** Ends it. */
  stop(): Blocks {
    this.#delays.disable()
    this.#timer?.cancel()
    const { max, p99 } = { max: this.#delays.max, p99: this.#delays.percentile(99) }
    return { longestMs: max / NS_PER_MS, p99Ms: p99 / NS_PER_MS, cpuMs: this.#mostCpuMs }
  }

  #look(): void {
    const cpuMs = threadCpuMs()
    this.#mostCpuMs = Math.max(this.#mostCpuMs, cpuMs - this.#cpuMs)
    this.#cpuMs = cpuMs
    this.#timer = systemClock.after(LOOK_EVERY_MS, () => this.#look())
  }
}

/** Of the main thread, whose file is that of the process. */
function threadCpuMs(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[0]) / NS_PER_MS
  } catch {
    return NaN
  }
}
