import type { Telemetry } from '../../client/telemetry/telemetry'
import type { MessageExt } from '../../model/message'
import type { MessageModel } from '../../model/consumer-types'
import { type ConsumeInterceptor, intercepted } from './consume-interceptor'
import type { Listener } from './listener'
import type { ConsumeConcurrentlyContext, ConsumeOrderlyContext } from './message-listener'

/** Which of the two it is goes with the listener's order. */
type ListenerContext = ConsumeConcurrentlyContext & ConsumeOrderlyContext

/** The listener with telemetry around its calls while anybody wants to hear of them; else each costs one look. */
export function observed(listener: Listener, telemetry: Telemetry, messageModel: MessageModel): Listener {
  const { ordered } = listener
  const tell: ConsumeInterceptor = ({ messages, messageQueue }, next) =>
    telemetry.run('process', { operation: 'process', ordered, messageModel, messages, messageQueue }, next)
  const told = intercepted(listener, [tell])
  const call = (messages: readonly MessageExt[], context: ListenerContext): unknown =>
    (telemetry.wants('process') ? told : listener).listener(messages, context)
  return { ...listener, listener: call } as Listener
}
