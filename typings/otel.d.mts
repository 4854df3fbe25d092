export {
  otelMetrics,
  startTracing,
} from './otel.js'
export type {
  MetricAttributes,
  MetricInstrument,
  MetricReading,
  MetricsRecorder,
  OtelMetricsOptions,
  OtelTracingOptions,
} from './otel.js'
