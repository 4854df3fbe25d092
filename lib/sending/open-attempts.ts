import type { RocketMQError } from '../errors'

/** A send that has no outcome yet: an entry of the list itself, so that nothing is made for it. */
export interface OpenAttempt {
  previousOpen: OpenAttempt | undefined
  nextOpen: OpenAttempt | undefined
  /** Ends it with an error, and takes it out. */
  close(reason: RocketMQError): void
}

/** The sends of a producer that have no outcome yet, for the end of a shutdown. */
export class OpenAttempts {
  #newest: OpenAttempt | undefined

  add(attempt: OpenAttempt): void {
    attempt.previousOpen = this.#newest
    if (this.#newest !== undefined) this.#newest.nextOpen = attempt
    this.#newest = attempt
  }

  /** Nothing happens to one that was taken out before. */
  delete(attempt: OpenAttempt): void {
    const { previousOpen, nextOpen } = attempt
    if (nextOpen !== undefined) nextOpen.previousOpen = previousOpen
    else if (this.#newest === attempt) this.#newest = previousOpen
    if (previousOpen !== undefined) previousOpen.nextOpen = nextOpen
    attempt.previousOpen = undefined
    attempt.nextOpen = undefined
  }

  /** Ends all, each with an error of its own. */
  close(reason: () => RocketMQError): void {
    for (let attempt = this.#newest; attempt !== undefined; attempt = this.#newest) {
      this.delete(attempt)
      attempt.close(reason())
    }
  }
}
