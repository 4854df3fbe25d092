import { type ErrorCode, RocketMQError, asError } from '../errors'
import type { Clock, Timer } from '../runtime/clock'
import { type Interceptor, runInterceptors } from '../runtime/interceptors'
import { onAbort } from '../runtime/on-abort'
import { sendFailure } from './send-failure'

/** A call with interceptors around it. */
export interface InterceptedCallOptions<Context, Result> {
  readonly interceptors: readonly Interceptor<Context, Result>[]
  readonly context: Context
  /** The call itself; `leftMs` of the time are left. It heeds the signal, and has a limit of its own. */
  readonly step: (leftMs: number) => Promise<Result>
  /** What the call is, for messages. */
  readonly name: string
  readonly topic: string | undefined
  readonly clock: Clock
  /** So long may interceptors take, before the call and after it, ms. */
  readonly timeoutMs: number
  /** What it rejects with where they take longer. */
  readonly timeoutCode: ErrorCode
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs the interceptors around a call. Its time and its signal end it also while they have it; what they do later has no
 * effect.
 * @throws RocketMQError INTERCEPTOR_FAILED with what one throws as its cause, unless that is a RocketMQError; the code for the
 * time that is up; ABORTED; and as the call
 */
export function runIntercepted<Context, Result>(options: InterceptedCallOptions<Context, Result>): Promise<Result> {
  return new InterceptedCall(options).run()
}

class InterceptedCall<Context, Result> {
  readonly #options: InterceptedCallOptions<Context, Result>
  #settle: { resolve: (result: Result) => void; reject: (error: Error) => void } | undefined
  #state: 'BEFORE' | 'UNDER_WAY' | 'AFTER' = 'BEFORE'
  #isOver = false
  #leftMs: number
  /** Since when interceptors have it, monotonic ms. */
  #since = 0
  #timer: Timer | undefined
  /** What the call itself has failed with. */
  #failure: Error | undefined

  constructor(options: InterceptedCallOptions<Context, Result>) {
    this.#options = options
    this.#leftMs = options.timeoutMs
  }

  run(): Promise<Result> {
    const { interceptors, context, signal } = this.#options
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      if (signal !== undefined) onAbort(signal, this.#aborted)
      if (signal?.aborted === true) {
        this.#aborted()
        return
      }
      this.#watch()
      runInterceptors(interceptors, context, () => this.#step()).then(
        result => this.#end()?.resolve(result),
        (thrown: unknown) => this.#end()?.reject(this.#failureOf(thrown)),
      )
    })
  }

  async #step(): Promise<Result> {
    const { clock, step, name } = this.#options
    if (this.#isOver)
      throw new RocketMQError('INVALID_STATE', `${name} had ended before next() was called`, { sent: 'NO' })
    this.#timer?.cancel()
    this.#leftMs = Math.max(0, this.#leftMs - (clock.monotonic() - this.#since))
    this.#state = 'UNDER_WAY'
    try {
      return await step(this.#leftMs)
    } catch (error) {
      this.#failure = asError(error)
      throw error
    } finally {
      this.#state = 'AFTER'
      this.#watch()
    }
  }

  /** Interceptors have it now. */
  #watch(): void {
    if (this.#isOver) return
    const { clock, signal } = this.#options
    this.#since = clock.monotonic()
    // Those that pass on what the call has failed with, or make something of it, come first.
    const isAborted = signal?.aborted === true
    this.#timer = clock.after(isAborted ? 0 : this.#leftMs, () => (isAborted ? this.#aborted() : this.#timeUp()))
  }

  #timeUp(): void {
    const { timeoutCode, timeoutMs, name, topic } = this.#options
    const says = `interceptors took longer than the ${Math.round(timeoutMs)} ms of ${name}: ${this.#where}`
    this.#end()?.reject(
      new RocketMQError(timeoutCode, says, { ...(topic && { topic }), sent: this.#sent, cause: this.#failure }),
    )
  }

  // The call itself ends with the signal, too, and knows best what became of it.
  readonly #aborted = (): void => {
    if (this.#state === 'UNDER_WAY') return
    this.#end()?.reject(this.#failure ?? this.#abortion(this.#options.signal?.reason))
  }

  #abortion(cause: unknown): RocketMQError {
    const says = `${this.#options.name} was aborted (${asError(cause).message}): ${this.#where}`
    return new RocketMQError('ABORTED', says, { sent: this.#sent, cause })
  }

  #failureOf(thrown: unknown): Error {
    const { name, topic, signal } = this.#options
    if (this.#failure !== undefined && thrown === this.#failure) return this.#failure
    if (signal?.aborted === true && thrown === signal.reason) return this.#abortion(thrown)
    if (RocketMQError.is(thrown)) return sendFailure(thrown, this.#sent)
    const says = `an interceptor of ${name} threw: ${asError(thrown).message}`
    return new RocketMQError('INTERCEPTOR_FAILED', says, { ...(topic && { topic }), sent: this.#sent, cause: thrown })
  }

  get #where(): string {
    return this.#state === 'BEFORE' ? 'it had not been passed on by next()' : 'it had been passed on'
  }

  get #sent(): 'NO' | 'UNKNOWN' {
    if (this.#state === 'BEFORE') return 'NO'
    return (RocketMQError.is(this.#failure) ? this.#failure.sent : undefined) ?? 'UNKNOWN'
  }

  /** Who settles it; undefined where it is settled. */
  #end() {
    if (this.#isOver) return undefined
    this.#isOver = true
    this.#timer?.cancel()
    this.#options.signal?.removeEventListener('abort', this.#aborted)
    return this.#settle
  }
}
