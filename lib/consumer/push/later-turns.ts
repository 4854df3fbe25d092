import { Fifo } from '../../runtime/fifo'

/** Lets work go on in later turns of the event loop: one piece in each, in the order in which they asked. */
export class LaterTurns {
  readonly #waiting = new Fifo<() => void>()
  readonly #wake = (): void => {
    this.#waiting.shift()?.()
    if (this.#waiting.size > 0) setImmediate(this.#wake)
  }

  /** Resolves when it is the caller's turn. */
  next(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      if (this.#waiting.size === 1) setImmediate(this.#wake)
    })
  }
}
