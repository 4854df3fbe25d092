import { asError } from '../errors'

/** What became of one item: what `work` resolved with, or the error that it rejected with. */
export type Outcome<T, R> =
  | { readonly index: number; readonly item: T; readonly value: R; readonly error: undefined }
  | { readonly index: number; readonly item: T; readonly value: undefined; readonly error: Error }

export interface EachOutcomeOptions<T, R> {
  /** Items that are worked on, or whose outcome was not read yet. */
  readonly limit: number
  readonly work: (item: T) => Promise<R>
  /** Called before an item is taken: where it throws no more are taken, and it is thrown after the last outcome. */
  readonly check?: () => void
  /** No more items are taken once it is aborted; `check` may tell why. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Works on items side by side, and tells what became of each as soon as it is known. The next item is taken only when there
 * is room for it; where the outcomes are not read, nothing more is done. Ending early takes no more items, lets the source
 * go, and waits for what is under way. What the source fails with is thrown after the last outcome.
 */
export function eachOutcome<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  options: EachOutcomeOptions<T, R>,
): AsyncGenerator<Outcome<T, R>, void, undefined> {
  return new BoundedRun(items, options).outcomes()
}

class BoundedRun<T, R> {
  readonly #options: EachOutcomeOptions<T, R>
  readonly #items: Iterable<T> | AsyncIterable<T>
  #source: Iterator<T> | AsyncIterator<T> | undefined
  readonly #settled: Outcome<T, R>[] = []
  #running = 0
  #index = 0
  /** An asynchronous source was asked for its next item. */
  #asking = false
  /** No more items are taken. */
  #isOver = false
  #failure: { readonly error: unknown } | undefined
  #wake: () => void = () => undefined

  constructor(items: Iterable<T> | AsyncIterable<T>, options: EachOutcomeOptions<T, R>) {
    this.#options = options
    this.#items = items
  }

  async *outcomes(): AsyncGenerator<Outcome<T, R>, void, undefined> {
    const { signal } = this.#options
    const stop = (): void => this.#stop()
    signal?.addEventListener('abort', stop)
    if (signal?.aborted === true) this.#stop()
    try {
      this.#take()
      while (!this.#isOver || this.#running > 0 || this.#settled.length > 0) {
        const next = this.#settled.shift()
        if (next === undefined) await new Promise<void>(resolve => (this.#wake = resolve))
        else yield next
        this.#take()
      }
      if (this.#failure !== undefined) throw this.#failure.error
    } finally {
      signal?.removeEventListener('abort', stop)
      await this.#end()
    }
  }

  async #end(): Promise<void> {
    this.#isOver = true
    while (this.#running > 0) await new Promise<void>(resolve => (this.#wake = resolve))
    const source = this.#source
    this.#source = undefined
    const closed = source?.return?.()
    // One that does not come back from its last question would not come back from this one either.
    if (!this.#asking) await closed
    else Promise.resolve(closed).catch(() => undefined)
  }

  #stop(): void {
    if (!this.#isOver) this.#attempt(() => this.#options.check?.())
    this.#isOver = true
    this.#wake()
  }

  #take(): void {
    this.#attempt(() => {
      while (!this.#isOver && !this.#asking && this.#running + this.#settled.length < this.#options.limit) {
        this.#options.check?.()
        this.#next()
      }
    })
  }

  #next(): void {
    if (Symbol.asyncIterator in this.#items) {
      this.#source ??= this.#items[Symbol.asyncIterator]()
      this.#ask(this.#source as AsyncIterator<T>)
      return
    }
    this.#source ??= this.#items[Symbol.iterator]()
    this.#took(this.#fromSource(() => (this.#source as Iterator<T>).next()))
  }

  #ask(source: AsyncIterator<T>): void {
    this.#asking = true
    const answered = (take: () => void): void => {
      this.#asking = false
      if (!this.#isOver) this.#attempt(take)
      this.#take()
      this.#wake()
    }
    Promise.resolve(this.#fromSource(() => source.next())).then(
      result => answered(() => this.#took(result)),
      (error: unknown) =>
        answered(() =>
          this.#fromSource(() => {
            throw error
          }),
        ),
    )
  }

  /** A source that has failed is not closed. */
  #fromSource<V>(step: () => V): V {
    try {
      return step()
    } catch (error) {
      this.#source = undefined
      throw error
    }
  }

  #took({ done, value }: IteratorResult<T>): void {
    if (done === true) {
      this.#isOver = true
      this.#source = undefined
      return
    }
    const item = value
    const index = this.#index++
    this.#running++
    this.#options.work(item).then(
      result => this.#settle({ index, item, value: result, error: undefined }),
      (error: unknown) => this.#settle({ index, item, value: undefined, error: asError(error) }),
    )
  }

  #settle(outcome: Outcome<T, R>): void {
    this.#running--
    this.#settled.push(outcome)
    this.#wake()
  }

  #attempt(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.#failure = { error }
      this.#isOver = true
    }
  }
}
