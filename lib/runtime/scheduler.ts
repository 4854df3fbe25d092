import type { Clock, Timer } from './clock'

/** A periodic duty. The next run starts `everyMs` after the last has ended. */
export interface ScheduledTask {
  readonly name: string
  readonly everyMs: number
  /** Delay of the first run, ms; default `everyMs`. */
  readonly firstMs?: number
  readonly run: (signal: AbortSignal) => Promise<void> | void
}

interface Entry {
  readonly task: ScheduledTask
  dueAt: number
  running: Promise<void> | undefined
}

/** All periodic duties of one client, on one timer. */
export class Scheduler {
  readonly #clock: Clock
  readonly #onError: (task: string, error: unknown) => void
  readonly #entries = new Set<Entry>()
  readonly #stop = new AbortController()
  #timer: Timer | undefined

  constructor(clock: Clock, onError: (task: string, error: unknown) => void) {
    this.#clock = clock
    this.#onError = onError
  }

  /** Adds a task; the returned function takes it out again and resolves when its run under way has ended. */
  add(task: ScheduledTask): () => Promise<void> {
    const entry: Entry = { task, dueAt: this.#clock.monotonic() + (task.firstMs ?? task.everyMs), running: undefined }
    this.#entries.add(entry)
    this.#arm()
    return async () => {
      this.#entries.delete(entry)
      this.#arm()
      await entry.running
    }
  }

  /** Ends all tasks and waits for those that run. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#timer?.cancel()
    const running = Array.from(this.#entries, entry => entry.running)
    this.#entries.clear()
    await Promise.all(running.filter(each => each !== undefined))
  }

  #arm(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    let next = Infinity
    for (const entry of this.#entries) if (entry.running === undefined) next = Math.min(next, entry.dueAt)
    if (next === Infinity || this.#stop.signal.aborted) return
    this.#timer = this.#clock.after(Math.max(0, next - this.#clock.monotonic()), () => this.#runDue())
  }

  #runDue(): void {
    const now = this.#clock.monotonic()
    for (const entry of this.#entries) {
      if (entry.running === undefined && entry.dueAt <= now) entry.running = this.#run(entry)
    }
    this.#arm()
  }

  async #run(entry: Entry): Promise<void> {
    try {
      // A task that throws at once must not end before `running` is set to its run: it would never run again.
      await (async () => entry.task.run(this.#stop.signal))()
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#onError(entry.task.name, error)
    } finally {
      entry.running = undefined
      entry.dueAt = this.#clock.monotonic() + entry.task.everyMs
      this.#arm()
    }
  }
}
