import { Fifo } from '../../runtime/fifo'
import type { SpoolEntry } from './spool-entry'

/** Messages that are sent one after another. */
export interface Lane {
  readonly name: string
  readonly entries: Fifo<SpoolEntry>
  /** Tries of its first message that failed, since the last one that did not. */
  failures: number
  /** Monotonic, ms: not tried before. */
  restsUntil: number
}

/** What waits in the spool, by lanes. A lane is ready, at rest after a failure, or taken by who sends its first message. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>()
  readonly #ready = new Fifo<Lane>()
  readonly #resting = new Set<Lane>()
  readonly #entries = new Set<SpoolEntry>()
  readonly #ofTopic = new Map<string, number>()
  /** Of those at rest the earliest. */
  #nextDue = Infinity

  /** Messages that wait. */
  get size(): number {
    return this.#entries.size
  }

  /** The one that waits longest. */
  get oldest(): SpoolEntry | undefined {
    const [oldest] = this.#entries
    return oldest
  }

  /** When the next lane has rested enough, monotonic ms; Infinity where none rests. */
  get nextDue(): number {
    return this.#nextDue
  }

  has(lane: string): boolean {
    return this.#lanes.has(lane)
  }

  hasTopic(topic: string): boolean {
    return this.#ofTopic.has(topic)
  }

  add(entry: SpoolEntry): void {
    this.#entries.add(entry)
    this.#ofTopic.set(entry.topic, (this.#ofTopic.get(entry.topic) ?? 0) + 1)
    const lane = this.#lanes.get(entry.lane)
    if (lane !== undefined) {
      lane.entries.push(entry)
      return
    }
    const fresh: Lane = { name: entry.lane, entries: new Fifo(), failures: 0, restsUntil: 0 }
    fresh.entries.push(entry)
    this.#lanes.set(fresh.name, fresh)
    this.#ready.push(fresh)
  }

  /** A lane that may be tried now; it is the caller's until `next`, `again` or `rest`. */
  take(now: number): Lane | undefined {
    if (now >= this.#nextDue) this.#wake(now)
    return this.#ready.shift()
  }

  /** The first message of a lane that was taken waits no more. */
  next(lane: Lane): void {
    const entry = lane.entries.shift() as SpoolEntry
    this.#entries.delete(entry)
    const left = (this.#ofTopic.get(entry.topic) ?? 1) - 1
    if (left === 0) this.#ofTopic.delete(entry.topic)
    else this.#ofTopic.set(entry.topic, left)
    lane.failures = 0
    if (lane.entries.size > 0) this.#ready.push(lane)
    else this.#lanes.delete(lane.name)
  }

  /** A lane that was taken may be tried again when those that are ready were. */
  again(lane: Lane): void {
    this.#ready.push(lane)
  }

  /** A lane that was taken is not tried again before that time, monotonic ms. */
  rest(lane: Lane, until: number): void {
    lane.failures++
    lane.restsUntil = until
    this.#resting.add(lane)
    this.#nextDue = Math.min(this.#nextDue, until)
  }

  /** Ends the rest of all. */
  wakeAll(): void {
    this.#wake(Infinity)
  }

  #wake(now: number): void {
    this.#nextDue = Infinity
    for (const lane of this.#resting) {
      if (lane.restsUntil > now) this.#nextDue = Math.min(this.#nextDue, lane.restsUntil)
      else {
        this.#resting.delete(lane)
        this.#ready.push(lane)
      }
    }
  }
}
