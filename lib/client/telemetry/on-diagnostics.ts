import type { DiagnosticsChannel, DiagnosticsEvents } from './events'
import { tracing } from './tracing'

/** What may be heard of an operation, in this order but for `end`, which comes as soon as the call has returned its promise. */
export interface DiagnosticsListener<Event> {
  /** It is about to begin. */
  start?(event: Event): void
  /** The call has returned its promise. */
  end?(event: Event): void
  /** It failed; `event.error` tells why. */
  error?(event: Event): void
  /** It has ended, either way; whoever awaits it runs after this and `asyncEnd`. */
  asyncStart?(event: Event): void
  /** The last that is heard of it. */
  asyncEnd?(event: Event): void
}

const MOMENTS = ['start', 'end', 'error', 'asyncStart', 'asyncEnd'] as const

/**
 * Hears of every operation of a kind in this process, of all clients, until the returned function is called. The same as
 * subscribing to Node's `tracingChannel('rocketwire:<channel>')`, with types. A listener must not throw: Node ends the
 * process for that.
 *
 * @example
 * const stop = onDiagnostics('send', { asyncEnd: ({ message, error }) => console.log(message, error ?? 'sent') })
 */
export function onDiagnostics<C extends DiagnosticsChannel>(
  channel: C,
  listener: DiagnosticsListener<DiagnosticsEvents[C]>,
): () => void {
  const channels = tracing(channel)
  const undo = MOMENTS.flatMap(moment => {
    const hear = listener[moment]?.bind(listener)
    if (hear === undefined) return []
    const subscriber = (event: unknown): void => hear(event as DiagnosticsEvents[C])
    channels[moment].subscribe(subscriber)
    return [() => channels[moment].unsubscribe(subscriber)]
  })
  return () => undo.forEach(unsubscribe => unsubscribe())
}
