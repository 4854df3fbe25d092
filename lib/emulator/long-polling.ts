import type { Clock } from '../runtime/clock'
import type { ConsumeQueue } from './store/consume-queue'
import type { MessageFilter } from './store/read-messages'

/** A pull that waits for messages. */
export interface ParkedPull {
  readonly queue: ConsumeQueue
  /** It waits for messages from here on. */
  readonly offset: number
  /** Undefined: every message. */
  readonly filter: MessageFilter | undefined
  /** How long it may wait, ms. */
  readonly waitMs: number
  /** True once nobody waits for its answer. */
  readonly isGone: () => boolean
  /** Runs it again; it is answered then, whatever it finds. */
  readonly resume: () => void
}

interface Parked extends ParkedPull {
  readonly until: number
  /** Messages before this one were looked at. */
  seen: number
}

/** Pulls that found nothing and wait (Java `PullRequestHoldService`). */
export class LongPolling {
  readonly #clock: Clock
  readonly #byQueue = new Map<ConsumeQueue, Parked[]>()
  /** Queues that got messages in this turn. */
  readonly #arrived = new Set<ConsumeQueue>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How many pulls wait. */
  get size(): number {
    let size = 0
    for (const parked of this.#byQueue.values()) size += parked.length
    return size
  }

  park(pull: ParkedPull): void {
    const parked = { ...pull, until: this.#clock.monotonic() + pull.waitMs, seen: pull.offset }
    const others = this.#byQueue.get(pull.queue)
    if (others === undefined) this.#byQueue.set(pull.queue, [parked])
    else others.push(parked)
  }

  /** A queue got a message: those who wait for it go on at the end of this turn, once for all messages of the turn. */
  onArrived(queue: ConsumeQueue): void {
    if (!this.#byQueue.has(queue)) return
    if (this.#arrived.size === 0) process.nextTick(() => this.#wakeArrived())
    this.#arrived.add(queue)
  }

  /** Looks at all: whoever has waited long enough goes on, and whoever has messages to get, wanted by its filter or not. */
  sweep(): void {
    const now = this.#clock.monotonic()
    for (const queue of [...this.#byQueue.keys()])
      this.#wake(queue, ({ until, offset }) => now >= until || queue.maxOffset > offset)
  }

  /** Forgets all; nobody is answered. */
  clear(): void {
    this.#byQueue.clear()
    this.#arrived.clear()
  }

  #wakeArrived(): void {
    const queues = [...this.#arrived]
    this.#arrived.clear()
    for (const queue of queues) this.#wake(queue, parked => hasWanted(queue, parked))
  }

  #wake(queue: ConsumeQueue, goesOn: (parked: Parked) => boolean): void {
    const all = this.#byQueue.get(queue)
    if (all === undefined) return
    const waiting: Parked[] = []
    const woken: Parked[] = []
    for (const parked of all) if (!parked.isGone()) (goesOn(parked) ? woken : waiting).push(parked)
    if (waiting.length > 0) this.#byQueue.set(queue, waiting)
    else this.#byQueue.delete(queue)
    for (const parked of woken) parked.resume()
  }
}

/** Looks at new messages only, so that a filter that wants none of them costs each of them one look. */
function hasWanted(queue: ConsumeQueue, parked: Parked): boolean {
  const { filter } = parked
  if (filter === undefined) return queue.maxOffset > parked.offset
  for (let offset = Math.max(parked.seen, queue.minOffset); offset < queue.maxOffset; offset++) {
    if (filter(queue, offset)) return true
  }
  parked.seen = queue.maxOffset
  return false
}
