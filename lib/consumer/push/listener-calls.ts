import { asError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import { asTyped } from '../as-typed'
import { type ServiceOptions, messagesOf } from './consume-service'
import { callListener } from './listener-call'
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

  begin(call: Call): void {
    const { listener, places, rate } = this.#options
    rate.passed(call.entries.length)
    places.begin()
    callListener(
      () => listener(messagesOf(call.entries), call.context),
      result => this.#end(call, 'ended', result),
      (error: unknown) => this.#end(call, 'failed', error),
    )
  }

  /** Counts a call, of whose messages the last `failed` come again. */
  note({ queue, entries }: ListenerCall, failed: number): void {
    const { rates, clock } = this.#options
    rates.of(queue.queue.topic).called(clock.monotonic(), entries, failed)
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
