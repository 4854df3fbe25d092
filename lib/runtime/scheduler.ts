import type { RocketMQError } from '../errors'
import type { Clock, Timer } from './clock'
import { WATCH_EVERY_MS, type Watchdog } from './watchdog'

/** A periodic duty. The next run starts `everyMs` after the last has ended, or what that returns then. */
export interface ScheduledTask {
  readonly name: string
  readonly everyMs: number | (() => number)
  /** Delay of the first run, ms; default `everyMs`. */
  readonly firstMs?: number
  /** A run may take so long, ms, then it is told of and given up, and the next begins an interval later; default 120000. */
  readonly boundMs?: number
  readonly run: (signal: AbortSignal) => Promise<void> | void
}

interface Entry {
  readonly task: ScheduledTask
  dueAt: number
  running: Promise<void> | undefined
  startedAt: number
  unwatch: () => void
}

/** Who looks whether tasks end. */
interface SchedulerWatch {
  readonly watchdog: Watchdog
  readonly onStalled: (error: RocketMQError) => void
}

const BOUND_MS = 120_000

/** All periodic duties of one client, on one timer. */
export class Scheduler {
  readonly #clock: Clock
  readonly #onError: (task: string, error: unknown) => void
  readonly #watch: SchedulerWatch | undefined
  readonly #entries = new Set<Entry>()
  readonly #stop = new AbortController()
  #timer: Timer | undefined

  /** @param watch has it look at what is watched there, its own tasks among that */
  constructor(clock: Clock, onError: (task: string, error: unknown) => void, watch?: SchedulerWatch) {
    this.#clock = clock
    this.#onError = onError
    this.#watch = watch
    if (watch === undefined) return
    this.add({ name: 'look for what stands still', everyMs: WATCH_EVERY_MS, run: () => watch.watchdog.look() })
  }

  /** Adds a task; the returned function takes it out again and resolves when its run under way has ended. */
  add(task: ScheduledTask): () => Promise<void> {
    const dueAt = this.#clock.monotonic() + (task.firstMs ?? intervalOf(task))
    const entry: Entry = { task, dueAt, running: undefined, startedAt: 0, unwatch: () => undefined }
    entry.unwatch = this.#watched(entry)
    this.#entries.add(entry)
    this.#arm()
    return async () => {
      entry.unwatch()
      this.#entries.delete(entry)
      this.#arm()
      await entry.running
    }
  }

  /** Ends all tasks and waits for those that run. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#timer?.cancel()
    for (const { unwatch } of this.#entries) unwatch()
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
      if (entry.running === undefined && entry.dueAt <= now) this.#begin(entry)
    }
    this.#arm()
  }

  #begin(entry: Entry): void {
    entry.startedAt = this.#clock.monotonic()
    const running = this.#run(entry.task).then(() => {
      if (entry.running === running) this.#ended(entry)
    })
    entry.running = running
  }

  async #run(task: ScheduledTask): Promise<void> {
    try {
      await task.run(this.#stop.signal)
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#onError(task.name, error)
    }
  }

  #ended(entry: Entry): void {
    entry.running = undefined
    entry.dueAt = this.#clock.monotonic() + intervalOf(entry.task)
    this.#arm()
  }

  #watched(entry: Entry): () => void {
    if (this.#watch === undefined) return () => undefined
    const { watchdog, onStalled } = this.#watch
    const { name, boundMs = BOUND_MS } = entry.task
    return watchdog.add({
      name: `the periodic task "${name}"`,
      boundMs,
      idleMs: () => (entry.running === undefined ? 0 : this.#clock.monotonic() - entry.startedAt),
      doing: () => 'waits for the end of its run',
      restart: () => this.#ended(entry),
      onStalled,
    })
  }
}

function intervalOf({ everyMs }: ScheduledTask): number {
  return typeof everyMs === 'number' ? everyMs : everyMs()
}
