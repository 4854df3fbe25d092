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

/** Runs the interceptors around `send`, the first one outermost. */
export function intercept(
  interceptors: readonly SendInterceptor[],
  context: SendInterceptorContext,
  send: () => Promise<SendResult | undefined>,
): Promise<SendResult | undefined> {
  const run = (index: number): Promise<SendResult | undefined> => {
    const interceptor = interceptors[index]
    return interceptor === undefined ? send() : interceptor(context, () => run(index + 1))
  }
  return run(0)
}
