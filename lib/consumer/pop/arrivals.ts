import { messageQueueKey } from '../../model/message-queue'
import type { Clock } from '../../runtime/clock'
import { withAnySignal } from '../../runtime/any-signal'
import type { PopPlace, PopRequests } from './pop-requests'

export interface ArrivalsOptions {
  readonly clock: Clock
  readonly requests: Pick<PopRequests, 'hasMessages'>
  /** Brokers hold a question this long while there is nothing new, ms; default 15000. */
  readonly pollMs?: number
}

const DEFAULT_POLL_MS = 15_000
/** A broker that cannot be asked, or whose answers come to nothing, is not asked without a pause. */
const REST_MS = 1000

/**
 * Waits for messages at several places at once. There is one question per place at a time, however many wait; one that
 * nobody waits for any more serves those who come next.
 */
export class Arrivals {
  readonly #options: ArrivalsOptions
  /** What ends the waiting of each call that waits for a question's answer. */
  readonly #questions = new Map<string, Set<() => void>>()
  readonly #closing = new AbortController()

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  /** Resolves when one of the places may have messages, or cannot be asked, when the time is over, or aborted. Never rejects. */
  async any(places: readonly PopPlace[], timeoutMs: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const end = (): void => over.abort()
    const asked = places.map(place => this.#question(place))
    for (const waiting of asked) waiting.add(end)
    const signals = [over.signal, signal, this.#closing.signal]
    await withAnySignal(signals, any => this.#options.clock.sleep(timeoutMs, any)).catch(() => undefined)
    for (const waiting of asked) waiting.delete(end)
  }

  /** Calls off what is under way. */
  end(): void {
    this.#closing.abort()
  }

  #question(place: PopPlace): Set<() => void> {
    const { subString, expressionType } = place.subscription
    const key = `${messageQueueKey(place.queue)} ${expressionType} ${subString}`
    const asked = this.#questions.get(key)
    if (asked !== undefined) return asked
    const waiting = new Set<() => void>()
    this.#questions.set(key, waiting)
    void this.#ask(place, waiting).finally(() => {
      this.#questions.delete(key)
      for (const end of waiting) end()
    })
    return waiting
  }

  /** Asks again as long as somebody waits for it: a place may not be wanted any more. */
  async #ask(place: PopPlace, waiting: ReadonlySet<unknown>): Promise<void> {
    const { clock, requests, pollMs = DEFAULT_POLL_MS } = this.#options
    const { signal } = this.#closing
    let mayHave = false
    for (let asked = 0; !mayHave && !signal.aborted && (asked === 0 || waiting.size > 0); asked++) {
      const askedAt = clock.monotonic()
      try {
        mayHave = await requests.hasMessages(place, pollMs, signal)
      } catch {
        // The next pop tells what is wrong.
        mayHave = true
        await this.#rest(signal)
      }
      // A broker that holds too many questions answers at once.
      if (!mayHave && clock.monotonic() - askedAt < REST_MS) await this.#rest(signal)
    }
  }

  #rest(signal: AbortSignal): Promise<void> {
    return this.#options.clock.sleep(REST_MS, signal).catch(() => undefined)
  }
}
