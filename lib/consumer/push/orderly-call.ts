import { asError } from '../../errors'
import { type ServiceOptions, isThenable, messagesOf } from './consume-service'
import type { ListenerCall } from './listener-calls'
import { type OrderlyVerdict, clampSuspension, orderlyVerdict } from './listener-result'
import type { ConsumeOrderlyContext, MessageListenerOrderly } from './message-listener'

interface OrderlyCallOptions extends Pick<ServiceOptions, 'clock' | 'rate' | 'rates' | 'onListenerError'> {
  readonly listener: MessageListenerOrderly
  /** How long a queue stands still after a failure, ms. */
  readonly suspendMs: number
}

/** Calls a listener with messages of a queue in order. Resolves with what comes of it: a failure, which is told, too. */
export async function callInOrder(
  { listener, suspendMs, clock, rate, rates, onListenerError }: OrderlyCallOptions,
  { queue, entries, context }: ListenerCall & { readonly context: ConsumeOrderlyContext },
): Promise<OrderlyVerdict> {
  let verdict: OrderlyVerdict
  rate.passed(entries.length)
  try {
    const given: unknown = listener(messagesOf(entries), context)
    verdict = orderlyVerdict(isThenable(given) ? await given : given, context, suspendMs)
  } catch (error) {
    onListenerError(asError(error), messagesOf(entries))
    verdict = { outcome: 'SUSPEND', pauseMs: clampSuspension(context.suspendCurrentQueueTimeMs ?? suspendMs) }
  }
  const isAgain = verdict.outcome === 'SUSPEND' || verdict.outcome === 'ROLLBACK'
  rates.of(queue.queue.topic).called(clock.monotonic(), entries, isAgain ? entries.length : 0)
  return verdict
}
