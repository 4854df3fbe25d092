export { prometheusMetrics } from './prometheus-metrics'

export type { MetricAttributes, MetricInstrument, MetricReading, MetricsRecorder } from '../../client/telemetry/metrics'
export type { PrometheusMetricsOptions } from './prometheus-metrics'
