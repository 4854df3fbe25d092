import { RocketMQError } from '../errors'
import { abortReason } from '../runtime/clock'

interface Waiter {
  readonly bytes: number
  readonly admit: () => void
}

/** Bounds what has been sent and not been answered, by messages and by bytes; those who wait come in turn. */
export class InFlightLimit {
  readonly #maxMessages: number
  readonly #maxBytes: number
  readonly #waiters = new Set<Waiter>()
  #messages = 0
  #bytes = 0
  #onIdle: (() => void)[] = []

  constructor(maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages
    this.#maxBytes = maxBytes
  }

  get messages(): number {
    return this.#messages
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Takes a place if there is one and nobody waits. A message above the whole limit of bytes goes when it is alone. */
  tryEnter(bytes: number): boolean {
    if (this.#waiters.size > 0 || !this.#fits(bytes)) return false
    this.#take(bytes)
    return true
  }

  /** Waits for a place. */
  enter(bytes: number, signal?: AbortSignal): Promise<void> {
    if (this.tryEnter(bytes)) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiters.delete(waiter)
        reject(abortReason(signal as AbortSignal))
      }
      const admit = (): void => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      const waiter: Waiter = { bytes, admit }
      this.#waiters.add(waiter)
      signal?.addEventListener('abort', onAbort, { once: true })
      if (signal?.aborted) onAbort()
    })
  }

  /** Gives a place back. */
  leave(bytes: number): void {
    this.#messages--
    this.#bytes -= bytes
    if (this.#waiters.size > 0) this.#admit()
    if (this.#messages === 0 && this.#onIdle.length > 0) this.#onIdle.splice(0).forEach(resolve => resolve())
  }

  /** Resolves when nothing is in flight and nobody waits. */
  whenIdle(): Promise<void> {
    if (this.#messages === 0) return Promise.resolve()
    return new Promise(resolve => this.#onIdle.push(resolve))
  }

  /** The error for a caller that does not wait. */
  refusal(topic: string): RocketMQError {
    const says = `${this.#messages} messages of ${this.#bytes} bytes are in flight already: wait, or raise maxInFlight or maxInFlightBytes`
    return new RocketMQError('TOO_MANY_REQUESTS', says, { topic, sent: 'NO' })
  }

  #admit(): void {
    for (const waiter of this.#waiters) {
      if (!this.#fits(waiter.bytes)) return
      this.#waiters.delete(waiter)
      this.#take(waiter.bytes)
      waiter.admit()
    }
  }

  #fits(bytes: number): boolean {
    return this.#messages === 0 || (this.#messages < this.#maxMessages && this.#bytes + bytes <= this.#maxBytes)
  }

  #take(bytes: number): void {
    this.#messages++
    this.#bytes += bytes
  }
}
