import { MeterProvider } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/api';

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
 * A recorder for the option `metrics` that records with OpenTelemetry, under the names of its conventions for messaging.
 * One is enough for all clients; register the SDK first.
 *
 * @example
 * const producer = new Producer({ namesrvAddr, producerGroup, metrics: otelMetrics() })
 * @throws RocketMQError INVALID_ARGUMENT
 */
export declare function otelMetrics(options?: OtelMetricsOptions): MetricsRecorder;

/** Options of `otelMetrics`. */
export declare interface OtelMetricsOptions {
    /** Makes the instruments; default: the one that is registered with OpenTelemetry when `otelMetrics` is called. */
    readonly meterProvider?: MeterProvider;
}

/** Options of `startTracing`. */
export declare interface OtelTracingOptions {
    /** Makes the spans; default: the one that is registered with OpenTelemetry, now or later. */
    readonly tracerProvider?: TracerProvider;
    /**
     * True: the span of a listener that is given one message is a child of the span that sent it, in the same trace, besides
     * being linked to it. Default false: it begins a trace of its own, or is a child of what is active.
     */
    readonly continueTraces?: boolean;
}

/**
 * Has spans made of all operations of all clients in this process, until the returned function is called. The context of a
 * send goes with each message, in the form of the registered propagator (W3C with the SDK's defaults): a subscriber's spans
 * are linked to those of the senders.
 *
 * @example
 * const stop = startTracing()
 * @throws RocketMQError INVALID_ARGUMENT
 */
export declare function startTracing(options?: OtelTracingOptions): () => void;

export { }
