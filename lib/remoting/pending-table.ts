import type { Clock } from '../runtime/clock'
import { DeadlineList } from './deadline-list'
import type { PendingRequest } from './pending-request'

const MAX_OPAQUE = 0x7fffffff

/** The requests of one channel that wait for their reply, by opaque and by deadline. */
export class PendingTable {
  readonly #byOpaque = new Map<number, PendingRequest>()
  readonly #deadlines: DeadlineList<PendingRequest>
  #lastOpaque: number

  /** @param lastOpaque the number before the first one to be given */
  constructor(clock: Clock, onExpired: (entry: PendingRequest) => void, lastOpaque = 0) {
    this.#lastOpaque = lastOpaque
    this.#deadlines = new DeadlineList(clock, entry => {
      // An entry that expires in the same tick may have been taken back by the one before it.
      if (this.#byOpaque.get(entry.opaque) !== entry) return
      this.#byOpaque.delete(entry.opaque)
      onExpired(entry)
    })
  }

  get size(): number {
    return this.#byOpaque.size
  }

  /** Numbers for requests that wait for nothing come from the same counter. */
  nextOpaque(): number {
    do {
      this.#lastOpaque = this.#lastOpaque === MAX_OPAQUE ? 1 : this.#lastOpaque + 1
    } while (this.#byOpaque.has(this.#lastOpaque))
    return this.#lastOpaque
  }

  add(entry: PendingRequest, timeoutMs: number): void {
    entry.opaque = this.nextOpaque()
    this.#byOpaque.set(entry.opaque, entry)
    this.#deadlines.add(entry, timeoutMs)
  }

  /** Takes out and returns the entry that a reply belongs to; undefined for late, repeated and unknown ones. */
  take(opaque: number): PendingRequest | undefined {
    const entry = this.#byOpaque.get(opaque)
    if (entry === undefined) return undefined
    this.#byOpaque.delete(opaque)
    this.#deadlines.remove(entry)
    return entry
  }

  /** Takes out all entries, in the order of sending. */
  takeAll(): PendingRequest[] {
    const entries = [...this.#byOpaque.values()]
    this.#byOpaque.clear()
    for (const entry of entries) this.#deadlines.remove(entry)
    this.#deadlines.stop()
    return entries
  }
}
