import { RocketMQError } from '../errors'
import { type Clock, abortReason } from '../runtime/clock'
import { onAbort } from '../runtime/on-abort'

interface Waiter {
  readonly bytes: number
  readonly admit: () => void
  readonly refuse: (reason: RocketMQError) => void
}

/** How long a caller waits for its turn. */
export interface Patience {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface InFlightBounds {
  readonly maxMessages: number
  readonly maxBytes: number
}

/** Bounds what has been sent and not been answered, by messages and by bytes; those who wait come in turn. */
export class InFlightLimit {
  readonly #maxMessages: number
  readonly #maxBytes: number
  readonly #clock: Clock
  readonly #waiters = new Set<Waiter>()
  #messages = 0
  #bytes = 0
  /** Sends that go on after the one that is in flight, such as batches between two of their parts. */
  #holders = 0
  #onIdle: (() => void)[] = []
  #closed: (() => RocketMQError) | undefined

  constructor({ maxMessages, maxBytes }: InFlightBounds, clock: Clock) {
    this.#maxMessages = maxMessages
    this.#maxBytes = maxBytes
    this.#clock = clock
  }

  get messages(): number {
    return this.#messages
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How many wait for a place. */
  get waiting(): number {
    return this.#waiters.size
  }

  /** How many have told that more will follow. */
  get holders(): number {
    return this.#holders
  }

  /** Takes a place if there is one and nobody waits. A message above the whole limit of bytes goes when it is alone. */
  tryEnter(bytes: number): boolean {
    if (this.#waiters.size > 0 || !this.#fits(bytes)) return false
    this.#take(bytes)
    return true
  }

  /**
   * Waits for a place.
   * @throws RocketMQError SEND_TIMEOUT, ABORTED, and what `close` was given
   */
  enter(bytes: number, { timeoutMs, signal }: Patience): Promise<void> {
    if (this.tryEnter(bytes)) return Promise.resolve()
    if (this.#closed !== undefined) return Promise.reject(this.#closed())
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        timer.cancel()
        signal?.removeEventListener('abort', aborted)
        settle()
      }
      const giveUp = (reason: Error): void => {
        this.#waiters.delete(waiter)
        end(() => reject(reason))
        // It may have been too large for the room that those behind it can use.
        this.#admit()
      }
      const aborted = (): void => giveUp(abortReason(signal as AbortSignal))
      const waiter: Waiter = { bytes, admit: () => end(resolve), refuse: giveUp }
      const timer = this.#clock.after(timeoutMs, () => giveUp(this.#timeout(timeoutMs)))
      this.#waiters.add(waiter)
      if (signal !== undefined) onAbort(signal, aborted)
      if (signal?.aborted) aborted()
    })
  }

  /** Gives a place back. */
  leave(bytes: number): void {
    this.#messages--
    this.#bytes -= bytes
    if (this.#waiters.size > 0) this.#admit()
    if (this.#onIdle.length > 0) this.#tellIdle()
  }

  /** Tells that more will follow, which takes no place: nothing counts as idle until the returned function is called. */
  hold(): () => void {
    this.#holders++
    return () => {
      this.#holders--
      this.#tellIdle()
    }
  }

  /** Resolves when nothing is in flight, nobody waits and nothing will follow. */
  whenIdle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve()
    return new Promise(resolve => this.#onIdle.push(resolve))
  }

  /** Lets nobody in any more, and refuses those who wait; places that are taken can be given back. */
  close(reason: () => RocketMQError): void {
    this.#closed = reason
    for (const waiter of [...this.#waiters]) waiter.refuse(reason())
  }

  /** The error for a caller that does not wait. */
  refusal(topic: string): RocketMQError {
    if (this.#closed !== undefined) return this.#closed()
    const says = `${this.#state()}: wait, or raise maxInFlight or maxInFlightBytes`
    return new RocketMQError('TOO_MANY_REQUESTS', says, { topic, sent: 'NO' })
  }

  get #isIdle(): boolean {
    return this.#messages === 0 && this.#holders === 0
  }

  #tellIdle(): void {
    if (this.#isIdle) this.#onIdle.splice(0).forEach(resolve => resolve())
  }

  #timeout(timeoutMs: number): RocketMQError {
    const says = `the send waited its turn for ${Math.round(timeoutMs)} ms in vain, ${this.#state()}`
    return new RocketMQError('SEND_TIMEOUT', says, { sent: 'NO', attempts: 0, brokersTried: [] })
  }

  #state(): string {
    return `${this.#messages} messages of ${this.#bytes} bytes are in flight already`
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
    if (this.#closed !== undefined) return false
    return this.#messages === 0 || (this.#messages < this.#maxMessages && this.#bytes + bytes <= this.#maxBytes)
  }

  #take(bytes: number): void {
    this.#messages++
    this.#bytes += bytes
  }
}
