/** Work under way, for those who wait for its end. */
export class PendingWork {
  readonly #work = new Set<Promise<void>>()

  /** How much of it is under way. */
  get size(): number {
    return this.#work.size
  }

  /** Keeps the work until it has ended, well or not, and returns it. */
  add<T>(work: Promise<T>): Promise<T> {
    const remove = (): void => void this.#work.delete(ended)
    const ended = work.then(remove, remove)
    this.#work.add(ended)
    return work
  }

  /** Resolves when all of it has ended, and what was added meanwhile; never rejects. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work)
  }
}
