export {
  prometheusMetrics,
} from './prometheus.js'
export type {
  MetricAttributes,
  MetricInstrument,
  MetricReading,
  MetricsRecorder,
  PrometheusMetricsOptions,
} from './prometheus.js'
