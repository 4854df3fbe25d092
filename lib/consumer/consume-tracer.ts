import type { ClientInstance } from '../client/client-instance'
import type { RocketMQError } from '../errors'
import type { MessageExt } from '../model/message'
import { PROPERTY } from '../model/property-names'
import { DEFAULT_REGION, type SubBeforeTrace, type TraceConsumeOutcome } from '../model/trace'
import type { Clock } from '../runtime/clock'
import { type TraceStats, type TraceWriter, createTraceWriter } from '../sending/trace-writer'
import { UniqueIds } from '../wire/unique-id'

export interface ConsumeTracerOptions {
  readonly writer: Pick<TraceWriter, 'append' | 'stop' | 'stats' | 'topics'>
  readonly consumerGroup: string
  /** Where traces go; messages from there are not traced. */
  readonly traceTopic: string
  readonly clock: Clock
  /** What takes longer is traced as TIME_OUT, as in Java. */
  readonly consumeTimeoutMs: number
}

/** A consumer whose doings may be traced. */
export type TracedConsumer = Omit<ConsumeTracerOptions, 'writer' | 'clock' | 'traceTopic'> & {
  /** Undefined where nothing is traced. */
  readonly traceTopic: string | undefined
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** How the handling of messages ended. */
export type TraceEnd = (success: boolean, outcome: TraceConsumeOutcome) => void

/** What was traced last is sent within this time. */
const FLUSH_MS = 5000

/** Undefined where nothing is traced. */
export function createConsumeTracer(client: ClientInstance, consumer: TracedConsumer): ConsumeTracer | undefined {
  const { traceTopic, onBackgroundError, ...rest } = consumer
  if (traceTopic === undefined) return undefined
  const group = { group: rest.consumerGroup, kind: 'CONSUME', topic: traceTopic, onBackgroundError } as const
  return new ConsumeTracer({ ...rest, traceTopic, clock: client.clock, writer: createTraceWriter(client, group) })
}

/** Traces what a consumer handles, before and after it (Java `ConsumeMessageTraceHookImpl`). */
export class ConsumeTracer {
  readonly #options: ConsumeTracerOptions
  readonly #requestIds: UniqueIds

  constructor(options: ConsumeTracerOptions) {
    this.#options = options
    this.#requestIds = new UniqueIds({ clock: options.clock })
  }

  get stats(): TraceStats {
    return this.#options.writer.stats
  }

  /** Topics whose routes it needs. */
  get topics(): Iterable<string> {
    return this.#options.writer.topics
  }

  /** Messages are about to be handled; tell the returned function how that has ended. Undefined where none is traced. */
  begin(messages: readonly MessageExt[]): TraceEnd | undefined {
    const { writer, clock, consumeTimeoutMs } = this.#options
    const traced = messages.filter(message => this.#isTraced(message))
    const [first] = traced
    if (first === undefined) return undefined
    const before = this.#before(traced)
    writer.append(first.topic, before)
    const beganAt = clock.monotonic()
    return (success, outcome) => {
      const tookMs = clock.monotonic() - beganAt
      const isLate = outcome !== 'EXCEPTION' && tookMs >= consumeTimeoutMs
      const end = {
        type: 'SubAfter',
        costMs: Math.floor(tookMs / messages.length),
        success,
        outcome: isLate ? 'TIME_OUT' : outcome,
        timestamp: clock.now(),
      } as const
      const after = before.map(({ requestId, msgId, keys, group }) => ({ ...end, requestId, msgId, keys, group }))
      writer.append(first.topic, after)
    }
  }

  /** Sends what waits, for a while, and then no more. Never rejects. */
  stop(timeoutMs: number): Promise<void> {
    return this.#options.writer.stop(Math.min(timeoutMs, FLUSH_MS))
  }

  /** The producer may have switched it off for a message. */
  #isTraced({ topic, properties }: MessageExt): boolean {
    return topic !== this.#options.traceTopic && properties[PROPERTY.TRACE_ON] !== 'false'
  }

  #before(messages: readonly MessageExt[]): SubBeforeTrace[] {
    const { consumerGroup: group, clock } = this.#options
    const common = { type: 'SubBefore', timestamp: clock.now(), requestId: this.#requestIds.next(), group } as const
    return messages.map(({ msgId, keys, reconsumeTimes, properties }) => ({
      ...common,
      regionId: properties[PROPERTY.MSG_REGION] ?? DEFAULT_REGION,
      msgId,
      retryTimes: reconsumeTimes,
      keys: keys.length === 0 ? undefined : keys.join(' '),
    }))
  }
}
