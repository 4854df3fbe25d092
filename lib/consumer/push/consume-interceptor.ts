import { type Interceptor, runInterceptors } from '../../runtime/interceptors'
import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import { isThenable } from './consume-service'
import type { Listener } from './listener'
import { concurrentVerdict, orderlyVerdict } from './listener-result'
import type {
  ConsumeConcurrentlyContext,
  ConsumeConcurrentlyResult,
  ConsumeOrderlyContext,
  ConsumeOrderlyResult,
} from './message-listener'

/** What an interceptor sees of a call of the listener. */
export interface ConsumeInterceptorContext {
  /** Tells these contexts from those of other operations. */
  readonly operation: 'consume'
  /** How the consumer keeps order, as `consume` was told. */
  readonly ordered: 'none' | 'queue' | 'key'
  /** Name of the consumer group, without its namespace. */
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

/** Which of the two it is goes with the listener's order. */
type ListenerContext = ConsumeConcurrentlyContext & ConsumeOrderlyContext

/** The listener with interceptors around it, the first one outermost; itself where there are none, at no cost. */
export function intercepted(listener: Listener, interceptors: readonly ConsumeInterceptor[]): Listener {
  if (interceptors.length === 0) return listener
  const { ordered } = listener
  const around = (messages: readonly MessageExt[], context: ListenerContext): Promise<ConsumeResult> => {
    const { consumerGroup, messageQueue, signal } = context
    const seen = { operation: 'consume', ordered, consumerGroup, messages, messageQueue, signal } as const
    return run(interceptors, seen, async () => {
      const given = listener.listener(messages, context)
      const result = isThenable(given) ? await given : given
      return ordered === 'none'
        ? concurrentResult(result as ConsumeConcurrentlyResult, messages.length, context)
        : orderlyResult(result as ConsumeOrderlyResult, context)
    })
  }
  return { ...listener, listener: around } as Listener
}

/** What was set on the context to tell that messages failed is said by the result from here on, where interceptors see it. */
function concurrentResult(
  result: ConsumeConcurrentlyResult,
  count: number,
  context: ConsumeConcurrentlyContext,
): ConsumeResult {
  const { firstFailed, delayLevel } = concurrentVerdict(result, count, context)
  const isPartly = context.ackIndex !== undefined && firstFailed < count
  context.ackIndex = undefined
  return isPartly ? { status: 'RECONSUME_LATER', firstFailed, delayLevel } : (result ?? 'CONSUME_SUCCESS')
}

function orderlyResult(result: ConsumeOrderlyResult, context: ConsumeOrderlyContext): ConsumeResult {
  orderlyVerdict(result, context, 0)
  return result ?? 'SUCCESS'
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
