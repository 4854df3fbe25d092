import type { Clock } from '../runtime/clock'
import { DeadlineList } from './deadline-list'
import type { PendingRequest } from './pending-request'

const MAX_OPAQUE = 0x7fffffff
/** A power of two, as all sizes of the table are. */
const FIRST_SLOTS = 256

/**
 * The requests of one channel that wait for their reply, by opaque and by deadline. Opaques are given so that the low bits
 * of each are a free slot, which makes a plain array do for finding them. A `Map` would not: with entries that come and go
 * it replaces its table again and again, and a replaced table that the collector has promoted keeps its successor and all
 * entries in that, which is everything ever sent, until the next full collection.
 */
export class PendingTable {
  readonly #deadlines: DeadlineList<PendingRequest>
  #slots = emptySlots(FIRST_SLOTS)
  #size = 0
  #lastOpaque: number

  /** @param lastOpaque the number before the first one to be given */
  constructor(clock: Clock, onExpired: (entry: PendingRequest) => void, lastOpaque = 0) {
    this.#lastOpaque = lastOpaque
    this.#deadlines = new DeadlineList(clock, entry => {
      // An entry that expires in the same tick may have been taken back by the one before it.
      if (this.#clear(entry.opaque) === entry) onExpired(entry)
    })
  }

  /** Requests that wait. */
  get size(): number {
    return this.#size
  }

  /** Numbers for requests that wait for nothing come from the same counter. */
  nextOpaque(): number {
    const mask = this.#slots.length - 1
    do {
      this.#lastOpaque = this.#lastOpaque === MAX_OPAQUE ? 1 : this.#lastOpaque + 1
    } while (this.#slots[this.#lastOpaque & mask] !== undefined)
    return this.#lastOpaque
  }

  /** Takes a request in, gives it a number, and has it expire in `timeoutMs`. */
  add(entry: PendingRequest, timeoutMs: number): void {
    if (2 * this.#size >= this.#slots.length) this.#grow()
    entry.opaque = this.nextOpaque()
    this.#slots[entry.opaque & (this.#slots.length - 1)] = entry
    this.#size++
    this.#deadlines.add(entry, timeoutMs)
  }

  /** Takes out and returns the entry that a reply belongs to; undefined for late, repeated and unknown ones. */
  take(opaque: number): PendingRequest | undefined {
    const entry = this.#clear(opaque)
    if (entry !== undefined) this.#deadlines.remove(entry)
    return entry
  }

  /** Takes out all entries, in the order of sending. */
  takeAll(): PendingRequest[] {
    const entries = this.#slots.filter(entry => entry !== undefined)
    // Numbers that were given before the last wrap are larger than the last one.
    const age = ({ opaque }: PendingRequest): number => (this.#lastOpaque - opaque + MAX_OPAQUE) % MAX_OPAQUE
    entries.sort((a, b) => age(b) - age(a))
    this.#slots = emptySlots(FIRST_SLOTS)
    this.#size = 0
    for (const entry of entries) this.#deadlines.remove(entry)
    this.#deadlines.stop()
    return entries
  }

  #clear(opaque: number): PendingRequest | undefined {
    const slot = opaque & (this.#slots.length - 1)
    const entry = this.#slots[slot]
    if (entry?.opaque !== opaque) return undefined
    this.#slots[slot] = undefined
    this.#size--
    return entry
  }

  /** Twice the slots: entries of different slots stay in different ones. */
  #grow(): void {
    const before = this.#slots
    this.#slots = emptySlots(2 * before.length)
    for (const entry of before) {
      if (entry !== undefined) this.#slots[entry.opaque & (this.#slots.length - 1)] = entry
    }
  }
}

function emptySlots(length: number): (PendingRequest | undefined)[] {
  return new Array<PendingRequest | undefined>(length).fill(undefined)
}
