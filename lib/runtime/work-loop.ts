import type { Clock } from './clock'

interface WorkLoopOptions {
  readonly clock: Clock
  /** One run; it must honour `signal`. A rejection goes to `onError`, and the loop lives on. */
  readonly run: (signal: AbortSignal) => Promise<void>
  readonly onError: (error: unknown) => void
  /** Least time between the starts of two runs, ms; default 0. */
  readonly minIntervalMs?: number
}

/**
 * One run at a time, and one more if asked meanwhile.
 *
 * idle --kick--> running --kick--> running, again wanted --run ends--> running
 */
export class WorkLoop {
  readonly #options: WorkLoopOptions
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined
  #again: Promise<void> | undefined
  #lastStart = -Infinity

  constructor(options: WorkLoopOptions) {
    this.#options = options
  }

  /** Asks for a run; resolves, and never rejects, when a run that began after the call has ended or the loop was stopped. */
  kick(): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve()
    if (this.#running === undefined) {
      this.#running = this.#run()
      return this.#running
    }
    this.#again ??= this.#running.then(() => {
      this.#again = undefined
      return this.kick()
    })
    return this.#again
  }

  /** Aborts the run under way and waits for its end; later kicks do nothing. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { clock, run, onError, minIntervalMs = 0 } = this.#options
    const { signal } = this.#stop
    try {
      const wait = this.#lastStart + minIntervalMs - clock.monotonic()
      if (wait > 0) await clock.sleep(wait, signal)
      this.#lastStart = clock.monotonic()
      await run(signal)
    } catch (error) {
      if (!signal.aborted) onError(error)
    } finally {
      this.#running = undefined
    }
  }
}
