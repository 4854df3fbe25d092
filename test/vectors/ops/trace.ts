import { TRACE_CONSUME_OUTCOMES, TRACE_MESSAGE_TYPES, type Trace } from '../../../lib/model/trace'
import { decodeTraces, encodeTrace, traceKeys } from '../../../lib/wire/trace-data'
import { difference } from '../difference'
import type { Check, Op } from '../vector-file'

type Fields = Readonly<Record<string, unknown>>

/** A Java context holds several messages; with us each has a trace of its own. */
function tracesOf(context: Fields): Trace[] {
  const { traceType: type, timeStamp, regionId, groupName, costTime, success, requestId, contextCode } = context
  // Nothing has no traces.
  if (type === undefined) return []
  const isCloud = context['accessChannel'] === 'CLOUD'
  const [timestamp, group] = [Number(timeStamp), groupName]
  const ofContext = {
    ...{ type, regionId, requestId, costMs: costTime, success, outcome: TRACE_CONSUME_OUTCOMES[Number(contextCode)] },
    ...(type === 'SubAfter' && isCloud ? {} : { timestamp, group }),
  }
  return (context['beans'] as Fields[]).map(bean => {
    const { keys, tags, transactionId, ...rest } = bean
    const present = Object.entries({ keys, tags, transactionId }).filter(([, value]) => value !== null)
    return { ...ofContext, ...rest, ...Object.fromEntries(present) } as unknown as Trace
  })
}

/** What Java's reader makes of a trace: it fills in what is not there. */
function asJavaReads(trace: Trace): Fields {
  const has = trace as unknown as Fields
  const text = (name: string, missing: string): unknown => (name in has ? (has[name] ?? 'null') : missing)
  const isSub = trace.type === 'SubBefore' || trace.type === 'SubAfter'
  return {
    traceType: trace.type,
    timeStamp: trace.timestamp === undefined ? '(decoding time)' : String(trace.timestamp),
    regionId: has['regionId'] ?? '',
    groupName: trace.group ?? '',
    costTime: has['costMs'] ?? 0,
    success: has['success'] ?? true,
    requestId: isSub ? has['requestId'] : '(a new id)',
    contextCode: trace.type === 'SubAfter' ? TRACE_CONSUME_OUTCOMES.indexOf(trace.outcome) : 0,
    accessChannel: null,
    beans: [
      {
        topic: has['topic'] ?? '',
        msgId: trace.msgId,
        offsetMsgId: text('offsetMsgId', ''),
        tags: text('tags', ''),
        keys: trace.type === 'Recall' ? '' : (trace.keys ?? 'null'),
        storeHost: has['storeHost'] ?? '(own address)',
        clientHost: has['clientHost'] ?? '(own address)',
        storeTime: '0',
        retryTimes: has['retryTimes'] ?? 0,
        bodyLength: has['bodyLength'] ?? 0,
        msgType: has['msgType'] ?? null,
        transactionState: has['transactionState'] ?? null,
        transactionId: has['transactionId'] ?? null,
        fromTransactionCheck: has['fromTransactionCheck'] ?? false,
      },
    ],
  }
}

export const ops: Readonly<Record<string, Op>> = {}

export const checks: Readonly<Record<string, Check>> = {
  encode: (input, out) => {
    const traces = tracesOf(input)
    // Of some kinds Java writes one message alone.
    const written = traces.slice(0, /^Sub/.test(String(input['traceType'])) ? traces.length : 1)
    const transData = written.map(encodeTrace).join('')
    if ('result' in out) return same(transData === '' ? null : transData, out['result'])
    const transKey = [...new Set(traces.flatMap(traceKeys))].sort()
    same({ transData, transKey }, { transData: out['transData'], transKey: out['transKey'] })
    const decoded = decodeTraces(transData)
    // Java fails on a record whose last text is empty.
    if ('error' in (out['decoded'] as object)) same(decoded.length, written.length)
    else same(decoded.map(asJavaReads), out['decoded'])
  },
  enum: (_input, out) => {
    const types = (out['messageTypes'] as [string, number, string][]).map(([name, ordinal]) => [name, ordinal])
    same(
      [...TRACE_MESSAGE_TYPES.entries()].map(([ordinal, name]) => [name, ordinal]),
      types,
    )
  },
}

export const fields = {
  encode: {
    in: [
      ...['traceType', 'timeStamp', 'regionId', 'groupName', 'costTime', 'success', 'requestId', 'contextCode'],
      ...['accessChannel', 'beans'],
    ],
    out: ['transData', 'transKey', 'decoded', 'result'],
  },
  enum: { in: [], out: ['messageTypes'] },
}

function same(ours: unknown, javas: unknown): void {
  const found = difference(ours, javas)
  if (found !== undefined) throw new Error(found)
}
