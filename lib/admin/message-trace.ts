import { TRACE_TOPIC } from '../model/system-topics'
import type { Trace } from '../model/trace'
import { decodeTraces } from '../wire/trace-data'
import type { AdminCall } from './admin-call'
import { type KeyQuery, queryByKey } from './messages'

/** Bounds of a query for the traces of a message. */
export interface TraceQuery extends KeyQuery {
  /** Where they are; default RMQ_SYS_TRACE_TOPIC. */
  readonly topic?: string
}

/** The traces of a message, oldest first. */
export async function queryMessageTrace(
  call: AdminCall,
  msgId: string,
  { topic = TRACE_TOPIC, ...bounds }: TraceQuery,
): Promise<Trace[]> {
  const messages = await queryByKey(call, topic, { ...bounds, key: msgId })
  const traces = messages.flatMap(message => decodeTraces(message.text()).map(trace => ({ trace, message })))
  const ofMessage = traces.filter(({ trace }) => trace.msgId === msgId)
  // Old clients do not tell when a listener ended.
  const timeOf = ({ trace, message }: (typeof ofMessage)[number]): number => trace.timestamp ?? message.storeTimestamp
  return ofMessage.sort((a, b) => timeOf(a) - timeOf(b)).map(({ trace }) => trace)
}
