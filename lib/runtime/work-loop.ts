import type { RocketMQError } from '../errors'
import type { Clock } from './clock'
import type { Watchdog } from './watchdog'

interface WorkLoopOptions {
  readonly clock: Clock
  /** One run; it must honour `signal`. A rejection goes to `onError`, and the loop lives on. */
  readonly run: (signal: AbortSignal) => Promise<void>
  readonly onError: (error: unknown) => void
  /** Least time between the starts of two runs, ms; default 0. */
  readonly minIntervalMs?: number
  /** Who looks whether a run makes progress, and gives up one that does not; default nobody. */
  readonly watch?: WatchedRuns
}

/** How runs of a loop are watched. A run that is given up may still go on: two at a time must do no harm. */
export interface WatchedRuns {
  readonly watchdog: Watchdog
  /** Names the loop for people. */
  readonly name: string
  /** A run may go without `progress` for so long, ms. */
  readonly boundMs: number
  /** What the run does or waits for. */
  readonly doing: () => string
  readonly onStalled: (error: RocketMQError) => void
}

/**
 * One run at a time, and one more if asked meanwhile.
 *
 * idle --kick--> running --kick--> running, again wanted --run ends, or is given up--> running
 */
export class WorkLoop {
  readonly #options: WorkLoopOptions
  readonly #unwatch: () => void
  #running: Promise<void> | undefined
  #again: Promise<void> | undefined
  #lastStart = -Infinity
  #lastProgress = 0
  /** Of the run under way, or the last one. */
  #abort = new AbortController()
  #giveUp = (): void => undefined
  #isStopped = false

  constructor(options: WorkLoopOptions) {
    this.#options = options
    this.#unwatch = this.#watched()
  }

  /** Asks for a run; resolves, and never rejects, when a run that began after the call has ended or the loop was stopped. */
  kick(): Promise<void> {
    if (this.#isStopped) return Promise.resolve()
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

  /** To be called by a run that has got on. */
  progress(): void {
    this.#lastProgress = this.#options.clock.monotonic()
  }

  /** Aborts the run under way and waits for its end; later kicks do nothing. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#abort.abort()
    await this.#running
    // Not before: one that hangs would hold up whoever stops the loop for ever.
    this.#unwatch()
  }

  async #run(): Promise<void> {
    const { clock, onError, minIntervalMs = 0 } = this.#options
    this.#abort = new AbortController()
    const { signal } = this.#abort
    const givenUp = new Promise<void>(resolve => (this.#giveUp = resolve))
    this.progress()
    try {
      const wait = this.#lastStart + minIntervalMs - clock.monotonic()
      if (wait > 0) await clock.sleep(wait, signal)
      this.#lastStart = clock.monotonic()
      await Promise.race([this.#options.run(signal), givenUp])
    } catch (error) {
      if (!signal.aborted) onError(error)
    } finally {
      this.#running = undefined
    }
  }

  #watched(): () => void {
    const { watch, clock } = this.#options
    if (watch === undefined) return () => undefined
    const { watchdog, ...rest } = watch
    return watchdog.add({
      ...rest,
      idleMs: () => (this.#running === undefined ? 0 : clock.monotonic() - this.#lastProgress),
      restart: () => {
        void this.kick()
        this.#abort.abort()
        this.#giveUp()
      },
    })
  }
}
