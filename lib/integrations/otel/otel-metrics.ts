import { type Counter, type Histogram, type MeterProvider, type ObservableGauge, metrics } from '@opentelemetry/api'
import {
  INSTRUMENTS,
  type MetricAttributes,
  type MetricInstrument,
  type MetricReading,
  type MetricsRecorder,
} from '../../client/telemetry/metrics'
import { type OptionNames, checkOptions } from '../../model/option-checks'

/** Options of `otelMetrics`. */
export interface OtelMetricsOptions {
  /** Makes the instruments; default: the one that is registered with OpenTelemetry when `otelMetrics` is called. */
  readonly meterProvider?: MeterProvider
}

const OPTIONS: OptionNames<OtelMetricsOptions> = { meterProvider: true }

type Read = () => Iterable<MetricReading>

/**
 * A recorder for the option `metrics` that records with OpenTelemetry, under the names of its conventions for messaging.
 * One is enough for all clients; register the SDK first.
 *
 * @example
 * const producer = new Producer({ namesrvAddr, producerGroup, metrics: otelMetrics() })
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function otelMetrics(options: OtelMetricsOptions = {}): MetricsRecorder {
  checkOptions(options, OPTIONS, 'the options of otelMetrics')
  const { meterProvider } = options
  const meter = (meterProvider ?? metrics.getMeterProvider()).getMeter('rocketwire')
  const counters = new Map<string, Counter>()
  const histograms = new Map<string, Histogram>()
  const gauges = new Map<string, ObservableGauge>()
  const reads = new Set<Read>()

  const listen = (): void => {
    for (const instrument of Object.values<MetricInstrument>(INSTRUMENTS)) {
      const { kind, name, unit, description } = instrument
      if (kind === 'gauge') gauges.set(name, meter.createObservableGauge(name, { unit, description }))
    }
    meter.addBatchObservableCallback(
      result => {
        for (const { instrument, value, attributes } of Array.from(reads).flatMap(read => [...read()])) {
          const gauge = gauges.get(instrument.name)
          if (gauge !== undefined) result.observe(gauge, value, attributes)
        }
      },
      [...gauges.values()],
    )
  }

  return {
    record(instrument: MetricInstrument, value: number, attributes: MetricAttributes): void {
      const { kind, name, unit, description, buckets } = instrument
      if (kind === 'counter') {
        made(counters, name, () => meter.createCounter(name, { unit, description })).add(value, attributes)
        return
      }
      const advice = buckets === undefined ? {} : { explicitBucketBoundaries: [...buckets] }
      const make = (): Histogram => meter.createHistogram(name, { unit, description, advice })
      made(histograms, name, make).record(value, attributes)
    },

    observe(read: Read): () => void {
      if (gauges.size === 0) listen()
      // Of its own: one function may be given twice.
      const own: Read = () => read()
      reads.add(own)
      return () => reads.delete(own)
    },
  }
}

function made<T>(known: Map<string, T>, name: string, make: () => T): T {
  let instrument = known.get(name)
  if (instrument === undefined) known.set(name, (instrument = make()))
  return instrument
}
