/** Runs one piece of work at a time, in the order of the calls. */
export class InTurn {
  #last: Promise<unknown> = Promise.resolve()

  /** Settles as `work` does, which begins when all work before it has ended, well or not. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}
