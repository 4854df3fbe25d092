import { systemClock } from '../runtime/clock'
import { table } from './table'

interface QueueCount {
  readonly name: string
  count: number
  first: number
  last: number
}

/** What the summary line of a command holds. */
export interface Summary {
  readonly failed: number
  readonly seconds: number
  readonly perSecond: number
}

/** Counts messages, in all and by queue. Time counts from its making on, or from `begin`. */
export class Tally {
  #beganAt = systemClock.monotonic()
  readonly #queues = new Map<string, QueueCount>()
  #count = 0
  failed = 0

  get count(): number {
    return this.#count
  }

  /** Time counts from here on. */
  begin(): void {
    this.#beganAt = systemClock.monotonic()
  }

  /** Counts messages whose queue is not known. */
  add(count: number): void {
    this.#count += count
  }

  /** Counts messages of one queue that follow one another from `offset` on. */
  addTo(brokerName: string, queueId: number, { offset, count = 1 }: { offset: number; count?: number }): void {
    this.#count += count
    const name = `${brokerName}/${queueId}`
    const queue = this.#queues.get(name)
    const last = offset + count - 1
    if (queue === undefined) {
      this.#queues.set(name, { name, count, first: offset, last })
      return
    }
    queue.count += count
    queue.first = Math.min(queue.first, offset)
    queue.last = Math.max(queue.last, last)
  }

  /** Figures up to now. */
  summary(): Summary {
    const ms = Math.max(1, systemClock.monotonic() - this.#beganAt)
    const seconds = Math.round(ms) / 1000
    return { failed: this.failed, seconds, perSecond: Math.round((this.#count * 10_000) / ms) / 10 }
  }

  /** A row for each queue, by name. */
  queueTable(): string {
    const rows = Array.from(this.#queues.values()).sort((a, b) => compareNames(a.name, b.name))
    return table(
      ['Queue', 'Messages', 'First offset', 'Last offset'],
      rows.map(({ name, count, first, last }) => [name, count, first, last]),
    )
  }

  get hasQueues(): boolean {
    return this.#queues.size > 0
  }
}

const { compare: compareNames } = new Intl.Collator('en', { numeric: true })
