export interface RoutePollsOptions {
  /** The interval in which every topic is asked for once, ms. */
  readonly everyMs: number
  /** So many are asked for together, also where there are few. */
  readonly least: number
  readonly topics: () => readonly string[]
  /** Asks for the routes of topics; rejects where one of them fails. */
  readonly ask: (topics: readonly string[], signal: AbortSignal) => Promise<void>
}

/** Into so many parts the topics of an interval are divided at most. */
const MAX_PARTS = 30

/** Asks for the routes of all topics again and again: a part of them at a time, spread over the interval where there are many. */
export class RoutePolls {
  readonly #options: RoutePollsOptions
  /** Of this interval, to be asked for yet. */
  #left: readonly string[] = []
  #perPart = 0
  #parts = 1
  #hasFailed = false

  constructor(options: RoutePollsOptions) {
    this.#options = options
  }

  /** From the end of one part to the next, ms. */
  get pauseMs(): number {
    return this.#options.everyMs / this.#parts
  }

  /** Asks for the next part; rejects with the first failure of an interval, and keeps others to itself. */
  async askNext(signal: AbortSignal): Promise<void> {
    if (this.#left.length === 0) this.#begin()
    const part = this.#left.slice(0, this.#perPart)
    this.#left = this.#left.slice(part.length)
    try {
      await this.#options.ask(part, signal)
    } catch (error) {
      if (this.#hasFailed) return
      this.#hasFailed = true
      throw error
    }
  }

  #begin(): void {
    const { topics, least } = this.#options
    this.#left = [...new Set(topics())]
    this.#perPart = Math.max(least, Math.ceil(this.#left.length / MAX_PARTS))
    this.#parts = Math.max(1, Math.ceil(this.#left.length / this.#perPart))
    this.#hasFailed = false
  }
}
