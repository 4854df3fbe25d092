import type { Clock } from '../../runtime/clock'
import type { DiagnosticsChannel, DiagnosticsEvent, DiagnosticsEvents } from './events'
import { INSTRUMENTS, type MetricAttributes, type MetricReading, type MetricsRecorder } from './metrics'
import { type AnyEvent, errorTypeOf, messageCountOf, topicOf } from './outcome'
import { tracing } from './tracing'

/** What telemetry needs of the producer or consumer that it tells of. */
export interface TelemetryOptions {
  readonly kind: 'producer' | 'consumer' | 'admin'
  readonly group: string
  readonly namespace: string
  readonly clock: Clock
  /** Undefined where no metrics are wanted. */
  readonly metrics: MetricsRecorder | undefined
  /** Asked when it is of interest: the id is known from the start on. */
  readonly clientId: () => string | undefined
  readonly brokerAddress: (brokerName: string) => string | undefined
  /** A recorder threw. */
  readonly onError: (error: unknown) => void
}

/** What is special of an event; the rest is the same for all of a client. */
type Own<E> = Omit<E, Exclude<keyof DiagnosticsEvent, 'error'> | 'error' | 'result'>

/** Tells of a client's operations by tracing channels and metrics; where nobody listens, that costs one look. */
export class Telemetry {
  readonly #options: TelemetryOptions

  constructor(options: TelemetryOptions) {
    this.#options = options
  }

  /** Whether anybody wants to hear of an operation; to be asked before anything is made for `run`. */
  wants(channel: DiagnosticsChannel): boolean {
    if (this.#options.metrics !== undefined) return true
    const { start, end, error, asyncStart, asyncEnd } = tracing(channel)
    return (
      start.hasSubscribers ||
      asyncEnd.hasSubscribers ||
      end.hasSubscribers ||
      asyncStart.hasSubscribers ||
      error.hasSubscribers
    )
  }

  /** Does the work, and tells of it; `work` gets the event, of which subscribers may have changed what they may. */
  run<C extends DiagnosticsChannel, T>(
    channel: C,
    own: Own<DiagnosticsEvents[C]>,
    work: (event: DiagnosticsEvents[C]) => Promise<T>,
  ): Promise<T> {
    const { group, namespace, clientId, brokerAddress } = this.#options
    const common = { group, namespace, clientId: clientId() ?? '', brokerAddress }
    const event = { ...common, ...own } as unknown as DiagnosticsEvents[C]
    const call = (): Promise<T> => work(event)
    // Subscribers of `start` are told before this runs.
    const run = (): Promise<T> => (event.within === undefined ? call() : event.within(call))
    const traced = (): Promise<T> => tracing(channel).tracePromise(run, event)
    return this.#options.metrics === undefined ? traced() : this.#timed(event, traced)
  }

  /** Has gauges read, until the returned function is called. */
  observe(read: () => Iterable<MetricReading>): () => void {
    const { metrics } = this.#options
    let stop: (() => void) | undefined
    this.#guard(() => (stop = metrics?.observe(read)))
    return () => this.#guard(() => stop?.())
  }

  async #timed<T>(event: AnyEvent, work: () => Promise<T>): Promise<T> {
    const { clock } = this.#options
    const beganAt = clock.monotonic()
    const ended = (outcome: { result?: unknown; error?: unknown }): void => {
      const seconds = (clock.monotonic() - beganAt) / 1000
      // Where nobody subscribes Node leaves the event as it is.
      this.#guard(() => this.#record(Object.assign(event, outcome), seconds))
    }
    try {
      const result = await work()
      ended({ result })
      return result
    } catch (error) {
      ended({ error })
      throw error
    }
  }

  #record(event: AnyEvent, seconds: number): void {
    const metrics = this.#options.metrics as MetricsRecorder
    const { operation } = event
    const attributes = this.#attributesOf(event)
    const { operationDuration, processDuration, sentMessages, consumedMessages } = INSTRUMENTS
    metrics.record(operation === 'process' ? processDuration : operationDuration, seconds, attributes)
    const count = messageCountOf(event)
    if (operation === 'send') metrics.record(sentMessages, count, attributes)
    else if (CONSUMES.has(operation) && count > 0) metrics.record(consumedMessages, count, attributes)
  }

  #attributesOf(event: AnyEvent): MetricAttributes {
    const { kind, group } = this.#options
    const errorType = errorTypeOf(event)
    // Whatever a caller takes for a topic would be a series of its own.
    const topic = errorType === 'INVALID_TOPIC' ? undefined : topicOf(event)
    return {
      'messaging.system.name': 'rocketmq',
      'messaging.operation.name': event.operation,
      'messaging.operation.type': OPERATION_TYPES[event.operation],
      ...(topic === undefined ? {} : { 'messaging.destination.name': topic }),
      ...(kind === 'consumer' ? { 'messaging.consumer.group.name': group } : {}),
      ...(errorType === undefined ? {} : { 'error.type': errorType }),
    }
  }

  /** Whoever measures must not break what is measured. */
  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#options.onError(error)
    }
  }
}

const CONSUMES: ReadonlySet<string> = new Set(['process', 'receive', 'poll', 'pull'])

/** The kind that OpenTelemetry's conventions have for each operation. */
export const OPERATION_TYPES = {
  send: 'send',
  request: 'send',
  process: 'process',
  receive: 'receive',
  poll: 'receive',
  pull: 'receive',
  ack: 'settle',
  changeInvisibleDuration: 'settle',
  sendMessageBack: 'settle',
  commit: 'settle',
  endTransaction: 'settle',
} as const satisfies Record<AnyEvent['operation'], string>
