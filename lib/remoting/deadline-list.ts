import type { Clock, Timer } from '../runtime/clock'

/** What may expire. The list keeps its own marks in it, so that adding and removing allocate nothing. */
export interface Deadline {
  /** Monotonic time, ms; set by the list. */
  deadlineAt: number
  /** Place in the list, `NOT_LISTED` outside of it; set by the list. */
  deadlineSlot: number
  previousDeadline: Deadline | undefined
  nextDeadline: Deadline | undefined
}

/** `deadlineSlot` of an entry that is in no list. */
export const NOT_LISTED = -1

const TICK_MS = 16
/** A timer as late as this tells that the event loop was blocked. */
const BLOCKED_MS = 100
const SLOTS = 1024
const MASK = SLOTS - 1

/**
 * Deadlines of one channel, on one timer: a wheel of slots with a linked list each, so that sends of 3 s and pulls of
 * 30 s can be mixed at a constant cost. An entry expires at most one tick (16 ms) late and never early; after the event
 * loop was blocked it is a tick more, in which answers are read that have come meanwhile.
 */
export class DeadlineList<Entry extends Deadline> {
  readonly #clock: Clock
  readonly #onExpired: (entry: Entry) => void
  readonly #heads: (Entry | undefined)[] = new Array<Entry | undefined>(SLOTS).fill(undefined)
  #size = 0
  /** Ticks up to this one have been looked at. */
  #doneTick = 0
  #timer: Timer | undefined
  #timerTick = Infinity
  #isExcused = false

  /** `onExpired` is called after the entry was taken out. */
  constructor(clock: Clock, onExpired: (entry: Entry) => void) {
    this.#clock = clock
    this.#onExpired = onExpired
  }

  /** Entries that may still expire. */
  get size(): number {
    return this.#size
  }

  /** Has an entry expire in `ms`; it must be in no list. */
  add(entry: Entry, ms: number): void {
    const now = this.#clock.monotonic()
    if (this.#size === 0) this.#doneTick = Math.floor(now / TICK_MS)
    const tick = Math.max(Math.ceil((now + ms) / TICK_MS), this.#doneTick + 1)
    const slot = tick & MASK
    const head = this.#heads[slot]
    entry.deadlineAt = now + ms
    entry.deadlineSlot = slot
    entry.previousDeadline = undefined
    entry.nextDeadline = head
    if (head !== undefined) head.previousDeadline = entry
    this.#heads[slot] = entry
    this.#size++
    if (tick < this.#timerTick) this.#arm(tick, now)
  }

  /** Takes out an entry; nothing happens where it has expired meanwhile. */
  remove(entry: Entry): void {
    const { deadlineSlot, previousDeadline, nextDeadline } = entry
    if (deadlineSlot === NOT_LISTED) return
    if (nextDeadline !== undefined) nextDeadline.previousDeadline = previousDeadline
    if (previousDeadline !== undefined) previousDeadline.nextDeadline = nextDeadline
    else this.#heads[deadlineSlot] = nextDeadline as Entry | undefined
    entry.deadlineSlot = NOT_LISTED
    entry.previousDeadline = undefined
    entry.nextDeadline = undefined
    this.#size--
  }

  /** Calls off the timer; to be called when the list is of no more use. */
  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#timerTick = Infinity
  }

  #expire(): void {
    const now = this.#clock.monotonic()
    const lateMs = now - this.#timerTick * TICK_MS
    this.#timerTick = Infinity
    this.#isExcused = lateMs > BLOCKED_MS && !this.#isExcused
    if (this.#isExcused) {
      this.#arm(Math.floor(now / TICK_MS) + 1, now)
      return
    }
    const expired = this.#takeExpired(now)
    if (this.#size > 0) this.#arm(this.#nextTick(), now)
    for (const entry of expired) this.#onExpired(entry)
  }

  #takeExpired(now: number): Entry[] {
    const nowTick = Math.floor(now / TICK_MS)
    const first = Math.max(this.#doneTick + 1, nowTick - MASK)
    this.#doneTick = nowTick
    const expired: Entry[] = []
    for (let tick = first; tick <= nowTick; tick++) {
      let entry = this.#heads[tick & MASK]
      while (entry !== undefined) {
        const next = entry.nextDeadline as Entry | undefined
        if (entry.deadlineAt <= now) {
          this.remove(entry)
          expired.push(entry)
        }
        entry = next
      }
    }
    return expired
  }

  /** The next tick with entries in its slot; some of them may be due only rounds later. */
  #nextTick(): number {
    let tick = this.#doneTick + 1
    while (tick < this.#doneTick + SLOTS && this.#heads[tick & MASK] === undefined) tick++
    return tick
  }

  #arm(tick: number, now: number): void {
    this.#timer?.cancel()
    this.#timerTick = tick
    this.#timer = this.#clock.after(Math.max(0, tick * TICK_MS - now), () => this.#expire())
  }
}
