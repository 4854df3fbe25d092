import { asError } from '../errors'
import { abortReason } from './clock'
import { onAbort } from './on-abort'

interface Flight<Value> {
  readonly answer: Promise<Value>
  readonly abort: AbortController
  waiting: number
}

/**
 * Callers that ask for the same key while an answer is under way share that answer. One who gives up leaves it to the
 * others; when nobody is left the question is called off.
 */
export class SingleFlight<Key, Value> {
  readonly #flights = new Map<Key, Flight<Value>>()

  /** True while an answer for the key is under way. */
  has(key: Key): boolean {
    return this.#flights.has(key)
  }

  /**
   * @param fetch asks; its signal calls the question off
   * @param signal ends the wait of this caller alone
   */
  run(key: Key, fetch: (signal: AbortSignal) => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    if (signal?.aborted) return Promise.reject(abortReason(signal))
    const flight = this.#flights.get(key) ?? this.#begin(key, fetch)
    flight.waiting++
    return signal === undefined ? flight.answer : this.#waitFor(key, flight, signal)
  }

  #begin(key: Key, fetch: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const abort = new AbortController()
    const answer = fetch(abort.signal).finally(() => this.#end(key, flight))
    const flight: Flight<Value> = { answer, abort, waiting: 0 }
    this.#flights.set(key, flight)
    return flight
  }

  #waitFor(key: Key, flight: Flight<Value>, signal: AbortSignal): Promise<Value> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(abortReason(signal))
        if (--flight.waiting > 0) return
        this.#end(key, flight)
        flight.abort.abort()
      }
      onAbort(signal, leave)
      const settle = (): void => signal.removeEventListener('abort', leave)
      flight.answer.finally(settle).then(resolve, (error: unknown) => reject(asError(error)))
    })
  }

  #end(key: Key, flight: Flight<Value>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}
