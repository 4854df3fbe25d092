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

/**
 * Calls a listener with messages of a queue in order, and tells what comes of it: a failure, which is told, too. At once
 * where the listener returns no promise; never rejects.
 */
export function callInOrder(
  options: OrderlyCallOptions,
  call: ListenerCall & { readonly context: ConsumeOrderlyContext },
): OrderlyVerdict | Promise<OrderlyVerdict> {
  options.rate.passed(call.entries.length)
  try {
    const given: unknown = options.listener(messagesOf(call.entries), call.context)
    return isThenable(given) ? whenSettled(options, call, given) : judge(options, call, given)
  } catch (error) {
    return failed(options, call, error)
  }
}

type OrderlyCall = Parameters<typeof callInOrder>[1]

async function whenSettled(
  options: OrderlyCallOptions,
  call: OrderlyCall,
  given: PromiseLike<unknown>,
): Promise<OrderlyVerdict> {
  try {
    return judge(options, call, await given)
  } catch (error) {
    return failed(options, call, error)
  }
}

/** @throws RocketMQError INVALID_ARGUMENT for a result that is none */
function judge(options: OrderlyCallOptions, call: OrderlyCall, result: unknown): OrderlyVerdict {
  const verdict = orderlyVerdict(result, call.context, options.suspendMs)
  const isAgain = verdict.outcome === 'SUSPEND' || verdict.outcome === 'ROLLBACK'
  note(options, call, isAgain)
  return verdict
}

function failed(options: OrderlyCallOptions, call: OrderlyCall, error: unknown): OrderlyVerdict {
  options.onListenerError(asError(error), messagesOf(call.entries))
  note(options, call, true)
  return { outcome: 'SUSPEND', pauseMs: clampSuspension(call.context.suspendCurrentQueueTimeMs ?? options.suspendMs) }
}

function note({ rates, clock }: OrderlyCallOptions, { queue, entries }: OrderlyCall, isAgain: boolean): void {
  rates.of(queue.queue.topic).called(clock.monotonic(), entries, isAgain ? entries.length : 0)
}
