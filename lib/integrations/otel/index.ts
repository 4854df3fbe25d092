export { otelMetrics } from './otel-metrics'
export { startTracing } from './start-tracing'

export type { MetricAttributes, MetricInstrument, MetricReading, MetricsRecorder } from '../../client/telemetry/metrics'
export type { OtelMetricsOptions } from './otel-metrics'
export type { OtelTracingOptions } from './start-tracing'
