import { runInterceptors } from '../runtime/interceptors'
import { RocketMQError } from '../errors'
import type { Message } from '../model/message'
import type { SendResult } from '../model/results'
import type { SendOptions } from '../sending/send-options'
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

/**
 * Sends what interceptors have made of a message.
 * @throws RocketMQError INVALID_MESSAGE where they made a batch of one that is to be adjusted; and as a send
 */
export async function sendIntercepted(
  pipeline: Pick<SendPipeline, 'send' | 'sendAsync' | 'sendBatch' | 'sendOneway'>,
  { mode, message, options }: SendInterceptorContext,
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
