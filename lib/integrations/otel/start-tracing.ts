import {
  type Context,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  context,
  diag,
  trace,
} from '@opentelemetry/api'
import type { DiagnosticsChannel, DiagnosticsEvents, ReceiveEvent, SendEvent } from '../../client/telemetry/events'
import { onDiagnostics } from '../../client/telemetry/on-diagnostics'
import { type AnyEvent, errorTypeOf, isBatch, topicOf } from '../../client/telemetry/outcome'
import { asError } from '../../errors'
import type { Message, MessageExt } from '../../model/message'
import { type OptionNames, checkOptions } from '../../model/option-checks'
import { systemClock } from '../../runtime/clock'
import { carrying, contextOf, linkTo } from './carried-context'
import { attributesOf, ofMessage, outcomeOf } from './span-attributes'

/** Options of `startTracing`. */
export interface OtelTracingOptions {
  /** Makes the spans; default: the one that is registered with OpenTelemetry, now or later. */
  readonly tracerProvider?: TracerProvider
  /**
   * True: the span of a listener that is given one message is a child of the span that sent it, in the same trace, besides
   * being linked to it. Default false: it begins a trace of its own, or is a child of what is active.
   */
  readonly continueTraces?: boolean
}

const OPTIONS: OptionNames<OtelTracingOptions> = { tracerProvider: true, continueTraces: true }
const KINDS = { process: SpanKind.CONSUMER, request: SpanKind.CLIENT, settle: SpanKind.CLIENT } as const

/**
 * Has spans made of all operations of all clients in this process, until the returned function is called. The context of a
 * send goes with each message, in the form of the registered propagator (W3C with the SDK's defaults): a subscriber's spans
 * are linked to those of the senders.
 *
 * @example
 * const stop = startTracing()
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function startTracing(options: OtelTracingOptions = {}): () => void {
  checkOptions(options, OPTIONS, 'the options of startTracing')
  const { tracerProvider, continueTraces = false } = options
  const spans = new Spans((tracerProvider ?? trace).getTracer('rocketwire'), continueTraces)
  const stops = [
    around(
      'send',
      event => spans.send(event),
      event => spans.end(event),
    ),
    around(
      'process',
      event => spans.process(event),
      event => spans.end(event),
    ),
    around(
      'request',
      event => spans.begin(event, KINDS.request),
      event => spans.end(event),
    ),
    around(
      'settle',
      event => spans.begin(event, KINDS.settle, settledBy(event).flatMap(linkTo)),
      event => spans.end(event),
    ),
    around(
      'receive',
      event => spans.note(event),
      event => spans.received(event),
    ),
  ]
  return () => stops.forEach(stop => stop())
}

/**
 * Begins before an operation, and ends after it; the returned function ends that for all that begin later. Nothing that goes
 * wrong here may reach the operation.
 */
function around<C extends DiagnosticsChannel>(
  channel: C,
  begin: (event: DiagnosticsEvents[C]) => Context,
  end: (event: DiagnosticsEvents[C]) => void,
): () => void {
  const begun = new WeakSet()
  let open = 0
  let isLast = false
  const stopBegins = onDiagnostics(channel, {
    start: event => {
      const active = guarded(() => begin(event), context.active())
      begun.add(event)
      open++
      const { within } = event
      event.within = call => {
        const withActive = () => context.with(active, call)
        return within === undefined ? withActive() : within(withActive)
      }
    },
  })
  const stopEnds = onDiagnostics(channel, {
    asyncEnd: event => {
      if (!begun.delete(event)) return
      guarded(() => end(event), undefined)
      open--
      if (isLast && open === 0) stopEnds()
    },
  })
  return () => {
    stopBegins()
    isLast = true
    if (open === 0) stopEnds()
  }
}

function guarded<T>(work: () => T, otherwise: T): T {
  try {
    return work()
  } catch (error) {
    diag.error('rocketwire: a span could not be made', error)
    return otherwise
  }
}

/** The spans of operations under way. */
class Spans {
  readonly #tracer: Tracer
  readonly #continueTraces: boolean
  readonly #open = new WeakMap<object, Span>()
  /** When calls for messages began, and in which context. */
  readonly #calls = new WeakMap<object, { readonly at: number; readonly parent: Context }>()

  constructor(tracer: Tracer, continueTraces: boolean) {
    this.#tracer = tracer
    this.#continueTraces = continueTraces
  }

  /** Returns the context in which the operation is to run. */
  begin(event: AnyEvent, kind: SpanKind, links: Link[] = [], parent = context.active()): Context {
    const span = this.#tracer.startSpan(nameOf(event), { kind, links, attributes: attributesOf(event) }, parent)
    this.#open.set(event, span)
    return trace.setSpan(parent, span)
  }

  /** A message that has a context already keeps it, and is linked to. */
  send(event: SendEvent): Context {
    const { message } = event
    if (isBatch(message)) {
      const created = message.map(each => this.#created(each))
      event.message = created
      return this.begin(event, SpanKind.CLIENT, created.flatMap(linkTo))
    }
    const links = linkTo(message)
    if (links.length > 0) return this.begin(event, SpanKind.CLIENT, links)
    const own = this.begin(event, SpanKind.PRODUCER)
    event.message = carrying(message, own)
    return own
  }

  process(event: DiagnosticsEvents['process']): Context {
    const { messages } = event
    const [only] = messages
    const parent =
      this.#continueTraces && messages.length === 1 ? contextOf(only as MessageExt, context.active()) : undefined
    return this.begin(event, KINDS.process, messages.flatMap(linkTo), parent)
  }

  /** What is received is known at the end, and often it is nothing, of which no span tells. */
  note(event: ReceiveEvent): Context {
    const parent = context.active()
    this.#calls.set(event, { at: systemClock.now(), parent })
    return parent
  }

  received(event: ReceiveEvent): void {
    const call = this.#calls.get(event)
    if (call === undefined || (event.messages.length === 0 && event.error === undefined)) return
    const links = event.messages.flatMap(linkTo)
    const attributes = attributesOf(event)
    const options = { kind: SpanKind.CONSUMER, links, attributes, startTime: call.at }
    this.#open.set(event, this.#tracer.startSpan(nameOf(event), options, call.parent))
    this.end(event)
  }

  end(event: AnyEvent): void {
    const span = this.#open.get(event)
    if (span === undefined) return
    span.setAttributes(outcomeOf(event))
    const errorType = errorTypeOf(event)
    if (errorType !== undefined) {
      span.setAttribute('error.type', errorType)
      const error = event.error === undefined ? undefined : asError(event.error)
      if (error !== undefined) span.recordException(error)
      span.setStatus({ code: SpanStatusCode.ERROR, message: error?.message ?? errorType })
    }
    span.end()
  }

  /** The message with a span of its own, to which those are linked that receive it. */
  #created(message: Message): Message {
    if (linkTo(message).length > 0) return message
    const attributes = {
      'messaging.system.name': 'rocketmq',
      'messaging.operation.name': 'create',
      'messaging.operation.type': 'create',
      'messaging.destination.name': message.topic,
      ...ofMessage(message),
    }
    const span = this.#tracer.startSpan(`create ${message.topic}`, { kind: SpanKind.PRODUCER, attributes })
    span.end()
    return carrying(message, trace.setSpan(context.active(), span))
  }
}

function settledBy({ messages, transaction }: DiagnosticsEvents['settle']): readonly (Message | MessageExt)[] {
  return transaction === undefined ? messages : [transaction.message]
}

function nameOf(event: AnyEvent): string {
  const topic = topicOf(event)
  return topic === undefined ? event.operation : `${event.operation} ${topic}`
}
