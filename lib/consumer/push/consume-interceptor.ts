import { type Interceptor, runInterceptors } from '../../client/interceptors'
import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import { isThenable } from './consume-service'
import type { Listener } from './listener'
import { concurrentVerdict, suspensionMs } from './listener-result'
import type { ConsumeConcurrentlyResult, ConsumeContext, ConsumeOrderlyResult } from './message-listener'

/** What an interceptor sees of a call of the listener. */
export interface ConsumeInterceptorContext {
  readonly operation: 'consume'
  readonly ordered: 'none' | 'queue' | 'key'
  readonly consumerGroup: string
  /** The messages of the call: one, unless `batchSize` is larger. */
  readonly messages: readonly MessageExt[]
  /** The queue that they came from; for retried ones a queue of the group's retry topic. */
  readonly messageQueue: MessageQueue
  /** As the listener's. */
  readonly signal: AbortSignal
}

/** Outcome of a listener as interceptors get it: one that returned nothing has returned `CONSUME_SUCCESS`, in order `SUCCESS`. */
export type ConsumeResult = Exclude<ConsumeConcurrentlyResult | ConsumeOrderlyResult, void>

/**
 * Runs around a call of the listener: `next` goes on, resolves with the listener's result and rejects with its error. What
 * the interceptor returns counts in place of that; one that throws or rejects fails the messages, as the listener would.
 */
export type ConsumeInterceptor = (
  context: ConsumeInterceptorContext,
  next: () => Promise<ConsumeResult>,
) => Promise<ConsumeResult>

/** The listener with interceptors around it, the first one outermost; itself where there are none, at no cost. */
export function intercepted(listener: Listener, interceptors: readonly ConsumeInterceptor[]): Listener {
  if (interceptors.length === 0) return listener
  const { ordered } = listener
  const around = (messages: readonly MessageExt[], context: ConsumeContext): Promise<ConsumeResult> => {
    const { consumerGroup, messageQueue, signal } = context
    const seen = { operation: 'consume', ordered, consumerGroup, messages, messageQueue, signal } as const
    return run(interceptors, seen, async () => {
      const given = listener.listener(messages, context)
      return checkedResult(ordered, isThenable(given) ? await given : given, messages.length)
    })
  }
  return { ...listener, listener: around } as Listener
}

/** Interceptors are not shown as a result what is none. */
function checkedResult(
  ordered: Listener['ordered'],
  result: ConsumeConcurrentlyResult | ConsumeOrderlyResult,
  count: number,
): ConsumeResult {
  if (ordered === 'none') concurrentVerdict(result, count)
  else suspensionMs(result, 0)
  if (result !== undefined) return result
  return ordered === 'none' ? 'CONSUME_SUCCESS' : 'SUCCESS'
}

/** A result that got lost on the way would make a success of a failure. */
async function run(
  interceptors: readonly Interceptor<ConsumeInterceptorContext, ConsumeResult>[],
  context: ConsumeInterceptorContext,
  call: () => Promise<ConsumeResult>,
): Promise<ConsumeResult> {
  const result = await runInterceptors(interceptors, context, call)
  if (!isMissing(result)) return result
  const says = 'an interceptor ended a call of the listener without a result: return what next() resolves with'
  throw new RocketMQError('INVALID_STATE', says)
}

/** Types say that it never is; JavaScript does not know them. */
function isMissing(result: unknown): boolean {
  return result === undefined
}
