import type { Clock } from '../runtime/clock'
import { backoffMs } from '../runtime/random'

export interface LostBrokersOptions {
  readonly clock: Clock
  /** Asks for the routes that name a broker. */
  readonly look: (brokerName: string, signal: AbortSignal) => Promise<void>
  /** True once a broker can be used again, by whichever address, or is in no route any more. */
  readonly isSettled: (brokerName: string, lostAddress: string) => boolean
}

const FIRST_MS = 500
const LAST_MS = 5000
/** Half a minute of them; after that it is the regular question again that finds out. */
const TRIES = 10

/**
 * Asks for routes sooner than the regular question does where a connection to a broker was lost: a slave that became the
 * master, or the same broker elsewhere, is found seconds after name servers know of it.
 */
export class LostBrokers {
  readonly #options: LostBrokersOptions
  readonly #stop = new AbortController()
  readonly #searches = new Map<string, Promise<void>>()

  constructor(options: LostBrokersOptions) {
    this.#options = options
  }

  /** To be called when a connection was lost; a search for this broker that is under way goes on. */
  lost(brokerName: string, address: string): void {
    if (this.#searches.has(brokerName) || this.#stop.signal.aborted) return
    const search = this.#search(brokerName, address).finally(() => this.#searches.delete(brokerName))
    this.#searches.set(brokerName, search)
  }

  /** Ends all searches. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#searches.values())
  }

  async #search(brokerName: string, address: string): Promise<void> {
    const { clock, look, isSettled } = this.#options
    const { signal } = this.#stop
    try {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        await clock.sleep(backoffMs(attempt, FIRST_MS, LAST_MS), signal)
        if (isSettled(brokerName, address)) return
        // The regular question tells where name servers do not answer.
        await look(brokerName, signal).catch(() => undefined)
      }
    } catch {
      // Stopped.
    }
  }
}
