import type { Clock, Timer } from '../runtime/clock'

/** A call that waits for its time. */
export interface ScheduledCall {
  cancel(): void
}

interface Entry extends ScheduledCall {
  readonly due: number
  readonly order: number
  run: (() => void) | undefined
}

/** Node cuts longer timers to 1 ms. */
const LONGEST_WAIT_MS = 3_600_000

/** All that happens later, in one heap by due time on one timer. */
export class Schedule {
  readonly #clock: Clock
  readonly #heap: Entry[] = []
  #order = 0
  #timer: Timer | undefined
  #timerDue = Infinity

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls that wait, cancelled ones included until their time. */
  get size(): number {
    return this.#heap.length
  }

  /** Calls `run` in `ms`; calls of the same time run in the order in which they were made. */
  after(ms: number, run: () => void): ScheduledCall {
    const entry: Entry = {
      due: this.#clock.monotonic() + Math.max(0, ms),
      order: this.#order++,
      run,
      cancel: () => (entry.run = undefined),
    }
    this.#push(entry)
    if (entry.due < this.#timerDue) this.#arm()
    return entry
  }

  /** Forgets everything. */
  stop(): void {
    this.#heap.length = 0
    this.#arm()
  }

  #arm(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#timerDue = this.#heap[0]?.due ?? Infinity
    if (this.#timerDue === Infinity) return
    const wait = Math.max(0, this.#timerDue - this.#clock.monotonic())
    this.#timer = this.#clock.after(Math.min(wait, LONGEST_WAIT_MS), () => this.#runDue(), { background: true })
  }

  #runDue(): void {
    const now = this.#clock.monotonic()
    for (let first = this.#heap[0]; first !== undefined && first.due <= now; first = this.#heap[0]) {
      this.#pop()
      first.run?.()
    }
    this.#arm()
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let at = heap.push(entry) - 1
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if (!isBefore(entry, heap[parent] as Entry)) break
      heap[at] = heap[parent] as Entry
      at = parent
    }
    heap[at] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const entry = heap.pop() as Entry
    if (heap.length === 0) return
    let at = 0
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++
      if (!isBefore(heap[child] as Entry, entry)) break
      heap[at] = heap[child] as Entry
      at = child
    }
    heap[at] = entry
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order)
}
