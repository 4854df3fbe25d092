import {
  TRACE_CONSUME_OUTCOMES,
  TRACE_MESSAGE_TYPES,
  type Trace,
  type TraceConsumeOutcome,
  type TraceMessageType,
} from '../model/trace'

const FIELD_END = '\u0001'
const RECORD_END = '\u0002'
/** What Java's `StringBuilder` makes of a missing value. */
const MISSING = 'null'

/** A trace as Java's `TraceDataEncoder` writes it. */
export function encodeTrace(trace: Trace): string {
  return fieldsOf(trace).map(String).join(FIELD_END) + RECORD_END
}

/** What the trace is found by: the id of its message and the keys of that. */
export function traceKeys({ msgId, keys = '' }: Trace): string[] {
  return [msgId, ...keys.split(' ').filter(key => key !== '')]
}

/** The traces of a body, in their order; what is none is left out. Bodies come from anybody. */
export function decodeTraces(text: string): Trace[] {
  return text.split(RECORD_END).flatMap(record => decodeTrace(record.split(FIELD_END)) ?? [])
}

function fieldsOf(trace: Trace): unknown[] {
  const { type, msgId } = trace
  // An empty text as the last field makes Java's reader fail on the whole body; that of no keys is its own `null`.
  const keys = trace.keys ?? MISSING
  if (type === 'SubAfter') {
    const { requestId, costMs, success, outcome, timestamp, group } = trace
    const code = TRACE_CONSUME_OUTCOMES.indexOf(outcome)
    const fields = [type, requestId, msgId, costMs, success, keys, code]
    return timestamp === undefined ? [...fields, ''] : [...fields, timestamp, group ?? '']
  }
  const head = [type, trace.timestamp, trace.regionId, trace.group]
  switch (type) {
    case 'SubBefore':
      return [...head, trace.requestId, msgId, trace.retryTimes, keys]
    case 'Recall':
      return [...head, trace.topic, msgId, trace.success]
    case 'Pub': {
      const { topic, tags = MISSING, storeHost, bodyLength, costMs, offsetMsgId = MISSING, success } = trace
      const msgType = TRACE_MESSAGE_TYPES.indexOf(trace.msgType)
      return [...head, topic, msgId, tags, keys, storeHost, bodyLength, costMs, msgType, offsetMsgId, success]
    }
    case 'EndTransaction': {
      const { topic, tags = MISSING, storeHost, transactionId = MISSING, transactionState } = trace
      const msgType = TRACE_MESSAGE_TYPES.indexOf(trace.msgType)
      const end = [msgType, transactionId, transactionState, trace.fromTransactionCheck]
      return [...head, topic, msgId, tags, keys, storeHost, ...end]
    }
  }
}

/** Undefined for a record that is none. */
function decodeTrace(fields: readonly string[]): Trace | undefined {
  const type = fields[0]
  if (type === 'SubAfter') return decodeSubAfter(fields)
  const [timestamp, regionId, group] = [numberAt(fields, 1), fields[2], fields[3]]
  if (timestamp === undefined || regionId === undefined || group === undefined) return undefined
  const head = { timestamp, regionId, group }
  switch (type) {
    case 'Pub':
      return decodePub(fields, head)
    case 'SubBefore':
      return decodeSubBefore(fields, head)
    case 'EndTransaction':
      return decodeEndTransaction(fields, head)
    case 'Recall': {
      const [topic, msgId, success] = [fields[4], fields[5], fields[6]]
      if (topic === undefined || msgId === undefined || success === undefined) return undefined
      return { type, ...head, topic, msgId, keys: undefined, success: success === 'true' }
    }
    default:
      return undefined
  }
}

interface Head {
  readonly timestamp: number
  readonly regionId: string
  readonly group: string
}

/** Older clients wrote 13 fields, without the offset id; that for Go writes a 15th, its address. */
function decodePub(fields: readonly string[], head: Head): Trace | undefined {
  const [topic, msgId, storeHost] = [fields[4], fields[5], fields[8]]
  const [bodyLength, costMs, msgType] = [numberAt(fields, 9), numberAt(fields, 10), messageTypeAt(fields, 11)]
  const hasOffsetId = fields.length >= 14
  const success = fields[hasOffsetId ? 13 : 12]
  if (topic === undefined || msgId === undefined || storeHost === undefined || success === undefined) return undefined
  if (bodyLength === undefined || costMs === undefined || msgType === undefined) return undefined
  const message = { topic, msgId, tags: textAt(fields, 6), keys: textAt(fields, 7), storeHost, bodyLength, msgType }
  const offsetMsgId = hasOffsetId ? textAt(fields, 12) : undefined
  const clientHost = fields[14]
  const ended = { costMs, offsetMsgId, success: success === 'true' }
  return { type: 'Pub', ...head, ...message, ...ended, ...(clientHost === undefined ? {} : { clientHost }) }
}

function decodeSubBefore(fields: readonly string[], head: Head): Trace | undefined {
  const [requestId, msgId, retryTimes, clientHost] = [fields[4], fields[5], numberAt(fields, 6), fields[8]]
  if (requestId === undefined || msgId === undefined || retryTimes === undefined) return undefined
  const host = clientHost === undefined ? {} : { clientHost }
  return { type: 'SubBefore', ...head, requestId, msgId, retryTimes, keys: textAt(fields, 7), ...host }
}

/** Older clients wrote 6 or 7 fields, without how it ended, when, and in which group. */
function decodeSubAfter(fields: readonly string[]): Trace | undefined {
  const [requestId, msgId, costMs, success] = [fields[1], fields[2], numberAt(fields, 3), fields[4]]
  if (requestId === undefined || msgId === undefined || costMs === undefined || success === undefined) return undefined
  const outcome: TraceConsumeOutcome = TRACE_CONSUME_OUTCOMES[numberAt(fields, 6) ?? 0] ?? 'SUCCESS'
  const when = fields.length >= 9 ? { timestamp: numberAt(fields, 7), group: fields[8] } : NOT_TOLD
  const ended = { costMs, success: success === 'true', outcome }
  return { type: 'SubAfter', requestId, msgId, keys: textAt(fields, 5), ...ended, ...when }
}

const NOT_TOLD = { timestamp: undefined, group: undefined }

function decodeEndTransaction(fields: readonly string[], head: Head): Trace | undefined {
  const [topic, msgId, storeHost, transactionState] = [fields[4], fields[5], fields[8], fields[11]]
  const msgType = messageTypeAt(fields, 9)
  if (topic === undefined || msgId === undefined || storeHost === undefined) return undefined
  if (msgType === undefined || transactionState === undefined) return undefined
  const message = { topic, msgId, tags: textAt(fields, 6), keys: textAt(fields, 7), storeHost, msgType }
  const transaction = {
    transactionId: textAt(fields, 10),
    transactionState,
    fromTransactionCheck: fields[12] === 'true',
  }
  return { type: 'EndTransaction', ...head, ...message, ...transaction }
}

function textAt(fields: readonly string[], index: number): string | undefined {
  const text = fields[index]
  return text === MISSING ? undefined : text
}

/** Undefined unless it is a whole number that is safe. */
function numberAt(fields: readonly string[], index: number): number | undefined {
  const text = fields[index] ?? ''
  const number = /^-?\d{1,16}$/.test(text) ? Number(text) : NaN
  return Number.isSafeInteger(number) ? number : undefined
}

function messageTypeAt(fields: readonly string[], index: number): TraceMessageType | undefined {
  return TRACE_MESSAGE_TYPES[numberAt(fields, index) ?? -1]
}
