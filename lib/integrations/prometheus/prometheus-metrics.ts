import type * as promClient from 'prom-client'
import type { Counter, Gauge, Histogram, Registry } from 'prom-client'
import {
  INSTRUMENTS,
  type MetricAttributes,
  type MetricInstrument,
  type MetricReading,
  type MetricsRecorder,
} from '../../client/telemetry/metrics'
import { type OptionNames, checkOptions } from '../../model/option-checks'

/** Options of `prometheusMetrics`. */
export interface PrometheusMetricsOptions {
  /** The package `prom-client`, as your program imports it. */
  readonly client: typeof promClient
  /** Where the metrics are registered; default: the default registry of `client`. */
  readonly register?: Registry
  /** Begins the name of every metric; default: nothing. */
  readonly prefix?: string
}

const OPTIONS: OptionNames<PrometheusMetricsOptions> = { client: true, register: true, prefix: true }

/** All attributes that there are. */
const LABELS = [
  'messaging.system.name',
  'messaging.operation.name',
  'messaging.operation.type',
  'messaging.destination.name',
  'messaging.consumer.group.name',
  'messaging.client.id',
  'rocketwire.group',
  'error.type',
].map(underscored)

/** What Prometheus wants a name to end with. */
const UNIT_SUFFIXES: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' }

/**
 * A recorder for the option `metrics` that records with `prom-client`. Names are those of OpenTelemetry as Prometheus
 * writes them, such as `messaging_client_operation_duration_seconds`. One for each registry, for all clients.
 *
 * @example
 * import client from 'prom-client'
 * const producer = new Producer({ namesrvAddr, producerGroup, metrics: prometheusMetrics({ client }) })
 * @throws RocketMQError INVALID_ARGUMENT; Error of prom-client where the registry has such metrics already
 */
export function prometheusMetrics(options: PrometheusMetricsOptions): MetricsRecorder {
  checkOptions(options, OPTIONS, 'the options of prometheusMetrics')
  const { client, register = client.register, prefix = '' } = options
  const reads = new Set<() => Iterable<MetricReading>>()
  const readings = onceInATurn(() => Array.from(reads).flatMap(read => [...read()]))
  const counters = new Map<string, Counter>()
  const histograms = new Map<string, Histogram>()
  for (const instrument of Object.values<MetricInstrument>(INSTRUMENTS)) {
    const { name, kind, description: help, buckets = [] } = instrument
    const common = { name: prefix + metricName(instrument), help, labelNames: LABELS, registers: [register] }
    if (kind === 'counter') counters.set(name, new client.Counter(common))
    else if (kind === 'histogram') histograms.set(name, new client.Histogram({ ...common, buckets: [...buckets] }))
    else new client.Gauge({ ...common, collect: collecting(name, readings) })
  }
  return {
    record({ name }: MetricInstrument, value: number, attributes: MetricAttributes): void {
      const labels = labelsOf(attributes)
      counters.get(name)?.inc(labels, value)
      histograms.get(name)?.observe(labels, value)
    },

    observe(read: () => Iterable<MetricReading>): () => void {
      // Of its own: one function may be given twice.
      const own = (): Iterable<MetricReading> => read()
      reads.add(own)
      return () => reads.delete(own)
    },
  }
}

/** What is gone since the last time is not shown any more. */
function collecting(name: string, readings: () => readonly MetricReading[]): (this: Gauge) => void {
  return function collect() {
    this.reset()
    for (const { instrument, value, attributes } of readings())
      if (instrument.name === name) this.set(labelsOf(attributes), value)
  }
}

/** A registry collects all of its gauges in one turn; clients may have thousands of queues to go through. */
function onceInATurn<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    if (made === undefined) {
      made = { value: make() }
      queueMicrotask(() => (made = undefined))
    }
    return made.value
  }
}

function metricName({ name, kind, unit }: MetricInstrument): string {
  return `${underscored(name)}${UNIT_SUFFIXES[unit] ?? ''}${kind === 'counter' ? '_total' : ''}`
}

function labelsOf(attributes: MetricAttributes): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [underscored(name), value]))
}

function underscored(name: string): string {
  return name.replaceAll('.', '_')
}
