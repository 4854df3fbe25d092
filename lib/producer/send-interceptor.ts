import { runInterceptors } from '../runtime/interceptors'
import { RocketMQError } from '../errors'
import type { Message } from '../model/message'
import type { SendResult } from '../model/results'
import type { SendOptions } from '../sending/send-options'

/** What an interceptor sees of a send. */
export interface SendInterceptorContext {
  readonly operation: 'send'
  readonly mode: 'SYNC' | 'ASYNC' | 'ONEWAY'
  readonly producerGroup: string
  /** One message or a batch. May be replaced before `next()`; the caller's own object is never changed. */
  message: Message | readonly Message[]
  readonly options: SendOptions
}

/**
 * Runs around a send: `next` goes on, and resolves with the result, or with undefined for a oneway send, which has none.
 * An interceptor that throws fails the send.
 */
export type SendInterceptor = (
  context: SendInterceptorContext,
  next: () => Promise<SendResult | undefined>,
) => Promise<SendResult | undefined>

/**
 * Runs the interceptors around `send`, the first one outermost.
 * @throws RocketMQError INVALID_STATE where an interceptor ends a send that has a result without one
 */
export async function intercept(
  interceptors: readonly SendInterceptor[],
  context: SendInterceptorContext,
  send: () => Promise<SendResult | undefined>,
): Promise<SendResult | undefined> {
  const result = await runInterceptors(interceptors, context, send)
  if (result !== undefined || context.mode === 'ONEWAY') return result
  const says = 'an interceptor ended the send without a result: return what next() resolves with'
  throw new RocketMQError('INVALID_STATE', says)
}
