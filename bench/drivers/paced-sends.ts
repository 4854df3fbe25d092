import { Latencies } from './latencies'
import { type Measured, startStopwatch } from './rounds'

/** How often sends are made; each time as many as the pace asks for by then. */
const EVERY_MS = 2

/** Sends at a given pace, each with a key of its own, and the time until each was handled, by the clock of this process. */
export class PacedSends {
  readonly #sentAt = new Map<string, number>()
  #rounds = 0
  #onHandled: (ms: number) => void = () => undefined

  /** A message with this key was handled; keys that are not known are those of others. */
  handled(key: string): void {
    const at = this.#sentAt.get(key)
    if (at === undefined) return
    this.#sentAt.delete(key)
    this.#onHandled(performance.now() - at)
  }

  /** Resolves when all are handled; the first send that fails ends it. */
  run(messages: number, pace: number, send: (key: string) => Promise<unknown>): Promise<Measured> {
    const prefix = `order-${this.#rounds++}-`
    const latencies = new Latencies()
    const stop = startStopwatch()
    const startedAt = performance.now()
    return new Promise((resolve, reject) => {
      let sent = 0
      this.#onHandled = ms => {
        latencies.add(ms)
        if (sent === messages && this.#sentAt.size === 0) resolve({ ...stop(), latency: latencies.summary() })
      }
      const sendDue = (): void => {
        const due = Math.min(messages, Math.ceil(((performance.now() - startedAt) * pace) / 1000))
        for (; sent < due; sent++) {
          const key = `${prefix}${sent}`
          this.#sentAt.set(key, performance.now())
          send(key).catch(reject)
        }
        if (sent === messages) clearInterval(timer)
      }
      const timer = setInterval(sendDue, EVERY_MS)
    })
  }
}
