import { RocketMQError } from '../errors'
import { type Clock, type Timer, abortReason } from '../runtime/clock'
import { LinkedQueue } from '../runtime/linked-queue'
import { onAbort } from '../runtime/on-abort'
import { TokenBucket, type TokenRate } from '../runtime/token-bucket'

interface Waiter {
  readonly bytes: number
  readonly messages: number
  readonly admit: () => void
  readonly refuse: (reason: RocketMQError) => void
}

/** Timers cannot wait as long as a large batch may owe at a low rate, ms. */
const MAX_REFILL_MS = 60_000

/** How long a caller waits for its turn. */
export interface Patience {
  /** Undefined for as long as it takes. */
  readonly timeoutMs: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface InFlightBounds {
  readonly maxMessages: number
  readonly maxBytes: number
  /** So many messages a second; default: no limit. */
  readonly rate?: TokenRate | undefined
}

/**
 * Bounds what has been sent and not been answered, by messages and by bytes, and how much is sent a second; those who wait
 * come in turn.
 */
export class InFlightLimit {
  readonly #maxMessages: number
  readonly #maxBytes: number
  readonly #clock: Clock
  readonly #bucket: TokenBucket | undefined
  #refill: Timer | undefined
  readonly #waiters = new LinkedQueue<Waiter>()
  #messages = 0
  #bytes = 0
  /** Sends that go on after the one that is in flight, such as batches between two of their parts. */
  #holders = 0
  #onIdle: (() => void)[] = []
  #closed: (() => RocketMQError) | undefined

  constructor({ maxMessages, maxBytes, rate }: InFlightBounds, clock: Clock) {
    this.#maxMessages = maxMessages
    this.#maxBytes = maxBytes
    this.#clock = clock
    if (rate !== undefined) this.#bucket = new TokenBucket(rate, clock.monotonic())
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

  /**
   * Takes a place if there is one and nobody waits. What is above the whole limit of bytes goes when it is alone.
   * @param messages counted against the rate; a batch may go beyond what there is, and what comes next waits longer
   */
  tryEnter(bytes: number, messages = 1): boolean {
    if (this.#waiters.size > 0 || !this.#fits(bytes)) return false
    this.#take(bytes, messages)
    return true
  }

  /**
   * Waits for a place.
   * @throws RocketMQError SEND_TIMEOUT, ABORTED, and what `close` was given
   */
  enter(bytes: number, { timeoutMs, signal }: Patience, messages = 1): Promise<void> {
    if (this.tryEnter(bytes, messages)) return Promise.resolve()
    if (this.#closed !== undefined) return Promise.reject(this.#closed())
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        timer?.cancel()
        signal?.removeEventListener('abort', aborted)
        settle()
      }
      const giveUp = (reason: Error): void => {
        this.#waiters.remove(link)
        end(() => reject(reason))
        // It may have been too large for the room that those behind it can use.
        this.#admit()
        this.#tellIdle()
      }
      const aborted = (): void => giveUp(abortReason(signal as AbortSignal))
      const waiter: Waiter = { bytes, messages, admit: () => end(resolve), refuse: giveUp }
      const timer =
        timeoutMs === undefined ? undefined : this.#clock.after(timeoutMs, () => giveUp(this.#timeout(timeoutMs)))
      const link = this.#waiters.push(waiter)
      this.#awaitRefill()
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
    for (const waiter of this.#waiters.all) waiter.refuse(reason())
  }

  /** The error for a caller that does not wait. */
  refusal(topic: string): RocketMQError {
    if (this.#closed !== undefined) return this.#closed()
    const cure = this.#rateWaitMs() > 0 ? 'raise rateLimit' : 'raise maxInFlight or maxInFlightBytes'
    const says = `${this.#state()}: wait, or ${cure}`
    return new RocketMQError('TOO_MANY_REQUESTS', says, { topic, sent: 'NO' })
  }

  get #isIdle(): boolean {
    return this.#messages === 0 && this.#holders === 0 && this.#waiters.size === 0
  }

  #tellIdle(): void {
    if (this.#isIdle) this.#onIdle.splice(0).forEach(resolve => resolve())
  }

  #timeout(timeoutMs: number): RocketMQError {
    const says = `the send waited its turn for ${Math.round(timeoutMs)} ms in vain, ${this.#state()}`
    return new RocketMQError('SEND_TIMEOUT', says, { sent: 'NO', attempts: 0, brokersTried: [] })
  }

  #state(): string {
    if (this.#bucket !== undefined && this.#rateWaitMs() > 0)
      return `more than ${this.#bucket.rate.perSecond} messages a second are sent already`
    return `${this.#messages} messages of ${this.#bytes} bytes are in flight already`
  }

  #rateWaitMs(): number {
    return this.#bucket === undefined ? 0 : this.#bucket.waitMs(this.#clock.monotonic())
  }

  #admit(): void {
    for (let waiter = this.#waiters.first; waiter !== undefined; waiter = this.#waiters.first) {
      if (!this.#fits(waiter.bytes)) break
      this.#waiters.shift()
      this.#take(waiter.bytes, waiter.messages)
      waiter.admit()
    }
    this.#awaitRefill()
  }

  #awaitRefill(): void {
    this.#refill?.cancel()
    this.#refill = undefined
    const next = this.#waiters.first
    // Where there is no room, those who leave make it.
    if (this.#bucket === undefined || next === undefined || !this.#hasRoom(next.bytes)) return
    // Time has gone on since it was found that there is no token.
    const waitMs = Math.min(Math.max(this.#rateWaitMs(), 1), MAX_REFILL_MS)
    this.#refill = this.#clock.after(waitMs, () => this.#admit())
  }

  #fits(bytes: number): boolean {
    return this.#closed === undefined && this.#hasRoom(bytes) && this.#rateWaitMs() === 0
  }

  #hasRoom(bytes: number): boolean {
    return this.#messages === 0 || (this.#messages < this.#maxMessages && this.#bytes + bytes <= this.#maxBytes)
  }

  #take(bytes: number, messages: number): void {
    this.#messages++
    this.#bucket?.take(messages)
    this.#bytes += bytes
  }
}
