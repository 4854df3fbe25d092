import { onAbort } from './on-abort'

/** Holds those who come while it is shut. */
export class Gate {
  #waiters = new Set<() => void>()
  #open = true

  /** It is open to begin with. */
  get isOpen(): boolean {
    return this.#open
  }

  /** Holds those who come from now on. */
  shut(): void {
    this.#open = false
  }

  /** Lets all go who wait. */
  open(): void {
    this.#open = true
    for (const waiter of [...this.#waiters]) waiter()
  }

  /** Resolves when the gate is open or the signal aborted. */
  whenOpen(signal: AbortSignal): Promise<void> {
    if (this.#open || signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const wake = (): void => {
        this.#waiters.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiters.add(wake)
      onAbort(signal, wake)
    })
  }
}
