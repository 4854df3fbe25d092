import { messageQueueKey } from '../../model/message-queue'
import type { Clock } from '../../runtime/clock'
import type { PopPlace, PopRequests } from '../pop/pop-requests'

export interface ArrivalsOptions {
  readonly clock: Clock
  readonly requests: Pick<PopRequests, 'hasMessages'>
}

/** Brokers hold a question this long while there is nothing new. */
const POLL_MS = 15_000
/** A broker that cannot be asked, or whose answers come to nothing, is not asked without a pause. */
const REST_MS = 1000

/**
 * Waits for messages at several places at once. There is one question per place at a time, however many wait; one that
 * nobody waits for any more serves those who come next.
 */
export class Arrivals {
  readonly #options: ArrivalsOptions
  readonly #questions = new Map<string, Promise<void>>()
  readonly #closing = new AbortController()

  constructor(options: ArrivalsOptions) {
    this.#options = options
  }

  /** Resolves when one of the places may have messages, or cannot be asked, when the time is over, or aborted. Never rejects. */
  async any(places: readonly PopPlace[], timeoutMs: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const ended = AbortSignal.any([over.signal, signal, this.#closing.signal])
    const time = this.#options.clock.sleep(timeoutMs, ended).catch(() => undefined)
    await Promise.race([time, ...places.map(place => this.#question(place))])
    over.abort()
  }

  /** Calls off what is under way. */
  end(): void {
    this.#closing.abort()
  }

  #question(place: PopPlace): Promise<void> {
    const { subString, expressionType } = place.subscription
    const key = `${messageQueueKey(place.queue)} ${expressionType} ${subString}`
    let question = this.#questions.get(key)
    if (question === undefined) {
      question = this.#ask(place).finally(() => this.#questions.delete(key))
      this.#questions.set(key, question)
    }
    return question
  }

  async #ask(place: PopPlace): Promise<void> {
    const { clock, requests } = this.#options
    const { signal } = this.#closing
    let mayHave = false
    while (!mayHave && !signal.aborted) {
      const askedAt = clock.monotonic()
      try {
        mayHave = await requests.hasMessages(place, POLL_MS, signal)
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
