import type { Clock } from '../runtime/clock'
import type { Schedule, ScheduledCall } from './schedule'

export interface DelayedDeliveryOptions {
  readonly clock: Clock
  readonly schedule: Schedule
  /** Stores the message whose waiting copy lies at this commit-log offset under its real topic. */
  readonly deliver: (commitLogOffset: number) => void
}

/** Delivers messages with a delay at their time, or as soon as the broker is up again. */
export class DelayedDelivery {
  readonly #options: DelayedDeliveryOptions
  readonly #waiting = new Set<ScheduledCall>()
  #overdue: number[] = []
  #running = false

  constructor(options: DelayedDeliveryOptions) {
    this.#options = options
  }

  /** Messages that wait for their time. */
  get size(): number {
    return this.#waiting.size + this.#overdue.length
  }

  /** `dueAt`: milliseconds since 1970 UTC. */
  add(commitLogOffset: number, dueAt: number): void {
    const { clock, schedule } = this.#options
    const call = schedule.after(dueAt - clock.now(), () => {
      this.#waiting.delete(call)
      if (this.#running) this.#options.deliver(commitLogOffset)
      else this.#overdue.push(commitLogOffset)
    })
    this.#waiting.add(call)
  }

  start(): void {
    this.#running = true
    const overdue = this.#overdue
    this.#overdue = []
    for (const offset of overdue) this.#options.deliver(offset)
  }

  stop(): void {
    this.#running = false
  }
}
