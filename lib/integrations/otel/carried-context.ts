import { type Context, type Link, ROOT_CONTEXT, type TextMapGetter, propagation, trace } from '@opentelemetry/api'
import type { Message, MessageExt, MessageProperties } from '../../model/message'
import { isRecord } from '../../model/option-checks'
import { userPropertyProblem } from '../../model/user-properties'

/** Where clients of RocketMQ 5 over gRPC put the parent of a trace. */
const GRPC_TRACE_CONTEXT = 'TRACE_CONTEXT'

const GETTER: TextMapGetter<MessageProperties> = {
  keys: properties => Object.keys(properties),
  get: (properties, name) => properties[name] ?? (name === 'traceparent' ? properties[GRPC_TRACE_CONTEXT] : undefined),
}

/** The message with a context among its properties, in the form of the registered propagator; those of the user's stay. */
export function carrying(message: Message, context: Context): Message {
  if (message.properties !== undefined && !isRecord(message.properties)) return message
  const carried: Record<string, string> = {}
  propagation.inject(context, carried)
  const usable = Object.entries(carried).filter(([name, value]) => userPropertyProblem(name, value) === undefined)
  return { ...message, properties: { ...Object.fromEntries(usable), ...message.properties } }
}

/** The context that a message came with. */
export function contextOf({ properties }: MessageExt | Message, parent: Context = ROOT_CONTEXT): Context {
  return properties === undefined ? parent : propagation.extract(parent, properties, GETTER)
}

/** A link to the span in which a message was made, where it tells of one. */
export function linkTo(message: MessageExt | Message): Link[] {
  const context = trace.getSpanContext(contextOf(message))
  return context === undefined ? [] : [{ context }]
}
