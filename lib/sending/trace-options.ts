import { RocketMQError } from '../errors'
import { checkOptions } from '../model/option-checks'
import { TRACE_TOPIC } from '../model/system-topics'
import { checkTopicToSend } from '../model/validators'

/** Where traces go. */
export interface TraceOptions {
  /** A topic of your own; default RMQ_SYS_TRACE_TOPIC, which brokers have with `traceTopicEnable=true` (Java `customizedTraceTopic`). */
  readonly topic?: string
}

/**
 * The topic that traces go to; undefined where nothing is traced.
 * @throws RocketMQError INVALID_ARGUMENT, INVALID_TOPIC
 */
export function checkedTraceTopic(trace: boolean | TraceOptions | undefined): string | undefined {
  if (trace === undefined || trace === false) return undefined
  if (trace === true) return TRACE_TOPIC
  const given: unknown = trace
  if (typeof given !== 'object' || given === null) {
    throw new RocketMQError('INVALID_ARGUMENT', `trace is ${String(given)}; it must be true, false or { topic }`)
  }
  checkOptions(trace, { topic: true }, 'trace')
  const { topic = TRACE_TOPIC } = trace
  checkTopicToSend(topic)
  return topic
}
