/** A figure that is recorded: what it is called, and what its numbers are. */
export interface MetricInstrument {
  /** Its name, by OpenTelemetry's rules. */
  readonly name: string
  /** `counter` only rises, `histogram` gathers values, `gauge` is read. */
  readonly kind: 'counter' | 'histogram' | 'gauge'
  /** As UCUM writes it: `s`, `By`, `{message}`. */
  readonly unit: string
  /** What it counts, for people to read. */
  readonly description: string
  /** Of a histogram: upper bounds of its buckets. */
  readonly buckets?: readonly number[]
}

/** What a number is of; few values each, so that series stay few. */
export type MetricAttributes = Readonly<Record<string, string>>

/** A number of a gauge as it is now. */
export interface MetricReading {
  /** What is read. */
  readonly instrument: MetricInstrument
  /** In the instrument's unit. */
  readonly value: number
  /** What the number is of. */
  readonly attributes: MetricAttributes
}

/**
 * Takes figures of clients (option `metrics`). `rocketwire/otel` and `rocketwire/prometheus` have one each; for other
 * systems write these two methods. What they throw is logged and harms nothing.
 */
export interface MetricsRecorder {
  /** Adds to a counter, or takes a value into a histogram. Called for every operation: be quick. */
  record(instrument: MetricInstrument, value: number, attributes: MetricAttributes): void
  /** Has gauges read whenever the recorder collects; the returned function ends that. */
  observe(read: () => Iterable<MetricReading>): () => void
}

const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** All that is recorded: the first four as OpenTelemetry's conventions for messaging have them, the rest our own. */
export const INSTRUMENTS = {
  operationDuration: {
    name: 'messaging.client.operation.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of operations that producers and consumers call',
    buckets: DURATION_BUCKETS,
  },
  processDuration: {
    name: 'messaging.process.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of calls of listeners',
    buckets: DURATION_BUCKETS,
  },
  sentMessages: {
    name: 'messaging.client.sent.messages',
    kind: 'counter',
    unit: '{message}',
    description: 'Messages that producers tried to send',
  },
  consumedMessages: {
    name: 'messaging.client.consumed.messages',
    kind: 'counter',
    unit: '{message}',
    description: 'Messages that were given to listeners or returned by receive, poll and pull',
  },
  connections: {
    name: 'rocketwire.client.connections',
    kind: 'gauge',
    unit: '{connection}',
    description: 'Open connections to name servers and brokers',
  },
  inFlight: {
    name: 'rocketwire.producer.in_flight.messages',
    kind: 'gauge',
    unit: '{message}',
    description: 'Messages sent and not yet answered',
  },
  inFlightBytes: {
    name: 'rocketwire.producer.in_flight.size',
    kind: 'gauge',
    unit: 'By',
    description: 'Bytes of the bodies of messages sent and not yet answered',
  },
  outboxMessages: {
    name: 'rocketwire.producer.outbox.messages',
    kind: 'gauge',
    unit: '{message}',
    description: 'Messages that wait on the local disk for a broker',
  },
  outboxBytes: {
    name: 'rocketwire.producer.outbox.size',
    kind: 'gauge',
    unit: 'By',
    description: 'Bytes of the files of the outbox',
  },
  outboxRejected: {
    name: 'rocketwire.producer.outbox.rejected',
    kind: 'gauge',
    unit: '{message}',
    description: 'Messages of the outbox that were put aside since the start, as brokers refused them',
  },
  outboxAge: {
    name: 'rocketwire.producer.outbox.age',
    kind: 'gauge',
    unit: 's',
    description: 'How long the oldest message of the outbox waits',
  },
  lag: {
    name: 'rocketwire.consumer.lag',
    kind: 'gauge',
    unit: '{message}',
    description: 'Messages of the assigned queues that are not handled yet, as of the last pulls',
  },
  cached: {
    name: 'rocketwire.consumer.cached.messages',
    kind: 'gauge',
    unit: '{message}',
    description: 'Messages in hand',
  },
  cachedBytes: {
    name: 'rocketwire.consumer.cached.size',
    kind: 'gauge',
    unit: 'By',
    description: 'Bytes of the bodies of messages in hand',
  },
  listeners: {
    name: 'rocketwire.consumer.listeners',
    kind: 'gauge',
    unit: '{call}',
    description: 'Listener calls under way',
  },
} as const satisfies Record<string, MetricInstrument>
