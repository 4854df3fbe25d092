import { RocketMQError } from '../errors'
import type { Message } from '../model/message'
import type { SendResult } from '../model/results'
import type { Clock } from '../runtime/clock'
import { runIntercepted } from '../sending/intercepted-call'
import { type SendOptions, checkSendOptions } from '../sending/send-options'
import type { SendManner, SendPipeline } from './send-pipeline'

/** What an interceptor sees of a send. */
export interface SendInterceptorContext {
  /** Tells these contexts from those of other operations. */
  readonly operation: 'send'
  /** `SYNC` for `send`, `ASYNC` for `sendAsync`, `ONEWAY` for `sendOneway`. */
  readonly mode: 'SYNC' | 'ASYNC' | 'ONEWAY'
  /** Name of the producer group, without its namespace. */
  readonly producerGroup: string
  /** One message or a batch. May be replaced before `next()`; the caller's own object is never changed. */
  message: Message | readonly Message[]
  /** As they were given. */
  readonly options: SendOptions
}

/**
 * Runs around a send: `next` goes on, and resolves with the result, or with undefined for a oneway send, which has none.
 * An interceptor that throws fails the send: with INTERCEPTOR_FAILED, unless what it throws is a RocketMQError. The time and
 * the signal of the send end it also while interceptors have it; what they do later has no effect.
 */
export type SendInterceptor = (
  context: SendInterceptorContext,
  next: () => Promise<SendResult | undefined>,
) => Promise<SendResult | undefined>

/** How long interceptors may have a send. */
export interface InterceptLimits {
  readonly clock: Clock
  /** Limit of a send that brings none of its own, ms. */
  readonly sendTimeoutMs: number
  /** Has a shutdown wait until what it returns is called. */
  readonly hold: () => () => void
}

/**
 * Runs the interceptors around `send`, the first one outermost; it gets the options of the send, with the time that is left.
 * @throws RocketMQError INVALID_STATE where an interceptor ends a send that has a result without one; INTERCEPTOR_FAILED,
 * SEND_TIMEOUT, ABORTED, INVALID_ARGUMENT
 */
export async function intercept(
  interceptors: readonly SendInterceptor[],
  context: SendInterceptorContext,
  send: (options: SendOptions) => Promise<SendResult | undefined>,
  { clock, sendTimeoutMs, hold }: InterceptLimits,
): Promise<SendResult | undefined> {
  const { options, message, mode } = context
  if (interceptors.length === 0) return send(options)
  checkSendOptions(options)
  const { timeoutMs = sendTimeoutMs, signal } = options
  const done = hold()
  const result = await runIntercepted({
    interceptors,
    context,
    // One without a limit of its own keeps it so: it may share a batch.
    step: leftMs => send(options.timeoutMs === undefined ? options : { ...options, timeoutMs: leftMs }),
    name: 'the send',
    topic: topicOf(message),
    clock,
    timeoutMs,
    timeoutCode: 'SEND_TIMEOUT',
    signal,
  }).finally(done)
  if (result !== undefined || mode === 'ONEWAY') return result
  const says = 'an interceptor ended the send without a result: return what next() resolves with'
  throw new RocketMQError('INVALID_STATE', says, { sent: 'UNKNOWN' })
}

/**
 * Sends what interceptors have made of a message.
 * @throws RocketMQError INVALID_MESSAGE where they made a batch of one that is to be adjusted; and as a send
 */
export async function sendIntercepted(
  pipeline: Pick<SendPipeline, 'send' | 'sendAsync' | 'sendBatch' | 'sendOneway'>,
  { mode, message, options }: Pick<SendInterceptorContext, 'mode' | 'message' | 'options'>,
  manner: SendManner | undefined,
): Promise<SendResult | undefined> {
  if (isBatch(message)) {
    if (manner?.adjust === undefined) return pipeline.sendBatch(message, options, manner)
    const says = 'an interceptor made a batch of a message that must go alone'
    throw new RocketMQError('INVALID_MESSAGE', says, { sent: 'NO' })
  }
  if (mode === 'SYNC') return pipeline.send(message, options, manner)
  if (mode === 'ONEWAY') {
    await pipeline.sendOneway(message, options)
    return undefined
  }
  return new Promise((resolve, reject) => {
    pipeline.sendAsync(message, options, (error, result) => (error === undefined ? resolve(result) : reject(error)))
  })
}

/** Whether it is several messages. */
export function isBatch(message: Message | readonly Message[]): message is readonly Message[] {
  return Array.isArray(message)
}

/** Nothing of it is checked yet. */
function topicOf(message: Message | readonly Message[]): string | undefined {
  const first = (isBatch(message) ? message[0] : message) as Partial<Message> | null | undefined
  return typeof first?.topic === 'string' ? first.topic : undefined
}
