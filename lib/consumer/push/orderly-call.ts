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

/** A call of a listener with messages of a queue in order. */
type OrderlyCall = ListenerCall & { readonly context: ConsumeOrderlyContext }

/**
 * Calls a listener, and tells what comes of it: a failure, which is told, too. At once where the listener returns no promise.
 * Throws, or rejects, only with what `onListenerError` throws.
 */
export function callInOrder(options: OrderlyCallOptions, call: OrderlyCall): OrderlyVerdict | Promise<OrderlyVerdict> {
  options.rate.passed(call.entries.length)
  let verdict: OrderlyVerdict
  try {
    const given: unknown = options.listener(messagesOf(call.entries), call.context)
    if (isThenable(given)) return whenSettled(options, call, given)
    verdict = orderlyVerdict(given, call.context, options.suspendMs)
  } catch (error) {
    verdict = failed(options, call, error)
  }
  return noted(options, call, verdict)
}

async function whenSettled(
  options: OrderlyCallOptions,
  call: OrderlyCall,
  given: PromiseLike<unknown>,
): Promise<OrderlyVerdict> {
  let verdict: OrderlyVerdict
  try {
    verdict = orderlyVerdict(await given, call.context, options.suspendMs)
  } catch (error) {
    verdict = failed(options, call, error)
  }
  return noted(options, call, verdict)
}

function failed(
  { onListenerError, suspendMs }: OrderlyCallOptions,
  { entries, context }: OrderlyCall,
  error: unknown,
): OrderlyVerdict {
  onListenerError(asError(error), messagesOf(entries))
  return { outcome: 'SUSPEND', pauseMs: clampSuspension(context.suspendCurrentQueueTimeMs ?? suspendMs) }
}

function noted(
  { rates, clock }: OrderlyCallOptions,
  { queue, entries }: OrderlyCall,
  verdict: OrderlyVerdict,
): OrderlyVerdict {
  const isAgain = verdict.outcome === 'SUSPEND' || verdict.outcome === 'ROLLBACK'
  rates.of(queue.queue.topic).called(clock.monotonic(), entries, isAgain ? entries.length : 0)
  return verdict
}
