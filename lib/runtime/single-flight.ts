/** Callers that ask for the same key while an answer is under way share that answer. */
export class SingleFlight<Key, Value> {
  readonly #flights = new Map<Key, Promise<Value>>()

  run(key: Key, fetch: () => Promise<Value>): Promise<Value> {
    const running = this.#flights.get(key)
    if (running !== undefined) return running
    const flight = fetch().finally(() => this.#flights.delete(key))
    this.#flights.set(key, flight)
    return flight
  }
}
