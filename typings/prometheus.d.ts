import type * as promClient from 'prom-client';
import type { Registry } from 'prom-client';

/** What a number is of; few values each, so that series stay few. */
export declare type MetricAttributes = Readonly<Record<string, string>>;

/** A figure that is recorded: what it is called, and what its numbers are. */
export declare interface MetricInstrument {
    /** Its name, by OpenTelemetry's rules. */
    readonly name: string;
    /** `counter` only rises, `histogram` gathers values, `gauge` is read. */
    readonly kind: 'counter' | 'histogram' | 'gauge';
    /** As UCUM writes it: `s`, `By`, `{message}`. */
    readonly unit: string;
    /** What it counts, for people to read. */
    readonly description: string;
    /** Of a histogram: upper bounds of its buckets. */
    readonly buckets?: readonly number[];
}

/** A number of a gauge as it is now. */
export declare interface MetricReading {
    /** What is read. */
    readonly instrument: MetricInstrument;
    /** In the instrument's unit. */
    readonly value: number;
    /** What the number is of. */
    readonly attributes: MetricAttributes;
}

/**
 * Takes figures of clients (option `metrics`). `rocketwire/otel` and `rocketwire/prometheus` have one each; for other
 * systems write these two methods. What they throw is logged and harms nothing.
 */
export declare interface MetricsRecorder {
    /** Adds to a counter, or takes a value into a histogram. Called for every operation: be quick. */
    record(instrument: MetricInstrument, value: number, attributes: MetricAttributes): void;
    /** Has gauges read whenever the recorder collects; the returned function ends that. */
    observe(read: () => Iterable<MetricReading>): () => void;
}

/**
 * A recorder for the option `metrics` that records with `prom-client`. Names are those of OpenTelemetry as Prometheus
 * writes them, such as `messaging_client_operation_duration_seconds`. One for each registry, for all clients.
 *
 * @example
 * import client from 'prom-client'
 * const producer = new Producer({ namesrvAddr, producerGroup, metrics: prometheusMetrics({ client }) })
 * @throws RocketMQError INVALID_ARGUMENT; Error of prom-client where the registry has such metrics already
 */
export declare function prometheusMetrics(options: PrometheusMetricsOptions): MetricsRecorder;

/** Options of `prometheusMetrics`. */
export declare interface PrometheusMetricsOptions {
    /** The package `prom-client`, as your program imports it. */
    readonly client: typeof promClient;
    /** Where the metrics are registered; default: the default registry of `client`. */
    readonly register?: Registry;
    /** Begins the name of every metric; default: nothing. */
    readonly prefix?: string;
}

export { }
