import { asError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import { asTyped } from '../as-typed'
import { type ServiceOptions, isThenable, messagesOf } from './consume-service'
import type { ListenerPlaces } from './listener-places'

/** Messages that are given to the listener. */
export interface ListenerCall {
  readonly queue: { readonly queue: MessageQueue }
  readonly entries: readonly { readonly message: MessageExt; readonly startedAt: number }[]
  readonly context: unknown
}

export interface ListenerCallsOptions<Call extends ListenerCall, Verdict> extends Pick<
  ServiceOptions,
  'clock' | 'rate' | 'rates' | 'onListenerError' | 'onBackgroundError'
> {
  readonly listener: (messages: readonly MessageExt[], context: Call['context']) => unknown
  readonly places: Pick<ListenerPlaces, 'begin' | 'end' | 'look'>
  /** What a result means; throws for one that is none, which counts as a failure. */
  readonly judge: (result: unknown, call: Call) => Verdict
  readonly settle: (call: Call, verdict: Verdict) => void
  /** The listener threw, rejected or returned what is no result; that is noted and told. */
  readonly failed: (call: Call) => void
}

/** Calls the listener, each time in a place, and has the outcome noted. */
export class ListenerCalls<Call extends ListenerCall, Verdict> {
  readonly #options: ListenerCallsOptions<Call, Verdict>

  constructor(options: ListenerCallsOptions<Call, Verdict>) {
    this.#options = options
  }

  /** A listener that returns no promise has its outcome noted at once, and costs none. */
  begin(call: Call): void {
    const { listener, places, rate } = this.#options
    rate.passed(call.entries.length)
    places.begin()
    let result: unknown
    try {
      result = listener(messagesOf(call.entries), call.context)
      // A promise of another make may call back twice, or throw.
      if (isThenable(result) && !(result instanceof Promise)) result = Promise.resolve(result)
    } catch (error) {
      this.#end(call, 'failed', error)
      return
    }
    if (result instanceof Promise) this.#whenSettled(call, result)
    else this.#end(call, 'ended', result)
  }

  /** Counts a call, of whose messages the last `failed` come again. */
  note({ queue, entries }: ListenerCall, failed: number): void {
    const { rates, clock } = this.#options
    rates.of(queue.queue.topic).called(clock.monotonic(), entries, failed)
  }

  #whenSettled(call: Call, result: Promise<unknown>): void {
    const ended = (value: unknown): void => this.#end(call, 'ended', value)
    result.then(ended, (error: unknown) => this.#end(call, 'failed', error))
  }

  /** Whatever comes of the call, its place is free. */
  #end(call: Call, how: 'ended' | 'failed', outcome: unknown): void {
    const { places, onBackgroundError } = this.#options
    places.end()
    try {
      if (how === 'ended') this.#settle(call, outcome)
      else this.#fail(call, outcome)
    } catch (error) {
      onBackgroundError(asTyped(error, 'the result of a listener could not be noted'))
    }
    places.look()
  }

  #settle(call: Call, result: unknown): void {
    const { judge, settle } = this.#options
    let verdict: Verdict
    try {
      verdict = judge(result, call)
    } catch (error) {
      this.#fail(call, error)
      return
    }
    settle(call, verdict)
  }

  #fail(call: Call, error: unknown): void {
    const { onListenerError, failed } = this.#options
    this.note(call, call.entries.length)
    try {
      onListenerError(asError(error), messagesOf(call.entries))
    } finally {
      failed(call)
    }
  }
}
