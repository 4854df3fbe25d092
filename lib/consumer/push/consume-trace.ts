import type { MessageExt } from '../../model/message'
import { PROPERTY } from '../../model/property-names'
import type { SubBeforeTrace, TraceConsumeOutcome } from '../../model/trace'
import type { Clock } from '../../runtime/clock'
import type { TraceWriter } from '../../sending/trace-writer'
import { UniqueIds } from '../../wire/unique-id'
import type { ConsumeInterceptor, ConsumeInterceptorContext, ConsumeResult } from './consume-interceptor'

export interface ConsumeTraceOptions {
  readonly writer: Pick<TraceWriter, 'append'>
  /** Where traces go; messages from there are not traced. */
  readonly traceTopic: string
  readonly clock: Clock
  /** Calls that take longer are traced as TIME_OUT, as in Java. */
  readonly consumeTimeoutMs: number
}

/** What of brokers does not tell its region is of this one. */
const DEFAULT_REGION = 'DefaultRegion'
const GOOD: ReadonlySet<unknown> = new Set(['CONSUME_SUCCESS', 'SUCCESS', 'COMMIT'])

/** Traces every call of the listener: before it, and how it ended (Java `ConsumeMessageTraceHookImpl`). */
export function traceConsumption(options: ConsumeTraceOptions): ConsumeInterceptor {
  const { writer, clock, consumeTimeoutMs } = options
  const requestIds = new UniqueIds({ clock })
  return async (context, next) => {
    const traced = context.messages.filter(message => isTraced(message, options.traceTopic))
    const [first] = traced
    if (first === undefined) return next()
    const before = beforeTraces(traced, context, { requestId: requestIds.next(), timestamp: clock.now() })
    writer.append(first.topic, before)
    const beganAt = clock.monotonic()
    const ended = (success: boolean, outcome: TraceConsumeOutcome): void => {
      const tookMs = clock.monotonic() - beganAt
      const costMs = Math.floor(tookMs / context.messages.length)
      const isLate = outcome !== 'EXCEPTION' && tookMs >= consumeTimeoutMs
      const end = { costMs, success, outcome: isLate ? 'TIME_OUT' : outcome, timestamp: clock.now() } as const
      const after = before.map(({ requestId, msgId, keys, group }) => ({ requestId, msgId, keys, group, ...end }))
      writer.append(
        first.topic,
        after.map(trace => ({ type: 'SubAfter', ...trace })),
      )
    }
    let result: ConsumeResult
    try {
      result = await next()
    } catch (error) {
      ended(false, 'EXCEPTION')
      throw error
    }
    if (GOOD.has(result)) ended(true, 'SUCCESS')
    else ended(false, 'FAILED')
    return result
  }
}

/** The producer may have switched it off for a message. */
function isTraced(message: MessageExt, traceTopic: string): boolean {
  return message.topic !== traceTopic && message.properties[PROPERTY.TRACE_ON] !== 'false'
}

function beforeTraces(
  messages: readonly MessageExt[],
  { consumerGroup }: ConsumeInterceptorContext,
  common: Pick<SubBeforeTrace, 'requestId' | 'timestamp'>,
): SubBeforeTrace[] {
  return messages.map(({ msgId, keys, reconsumeTimes, properties }) => ({
    type: 'SubBefore',
    ...common,
    regionId: properties[PROPERTY.MSG_REGION] ?? DEFAULT_REGION,
    group: consumerGroup,
    msgId,
    retryTimes: reconsumeTimes,
    keys: keys.length === 0 ? undefined : keys.join(' '),
  }))
}
