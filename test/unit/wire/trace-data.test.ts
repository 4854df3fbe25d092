import fc from '../../support/property'
import { TRACE_CONSUME_OUTCOMES, TRACE_MESSAGE_TYPES, type Trace } from '../../../lib/model/trace'
import { decodeTraces, encodeTrace, traceKeys } from '../../../lib/wire/trace-data'

const text = fc.string({ minLength: 1 }).filter(each => !/[\u0001\u0002]/.test(each) && each !== 'null')
const maybe = fc.option(text, { nil: undefined })
const count = fc.nat()
const head = { timestamp: fc.maxSafeNat(), regionId: text, group: text, msgId: text, keys: maybe }
const msgType = fc.constantFrom(...TRACE_MESSAGE_TYPES)

const trace: fc.Arbitrary<Trace> = fc.oneof(
  fc.record({
    type: fc.constant('Pub' as const),
    ...head,
    topic: text,
    tags: maybe,
    storeHost: text,
    bodyLength: count,
    costMs: count,
    msgType,
    offsetMsgId: maybe,
    success: fc.boolean(),
  }),
  fc.record({ type: fc.constant('SubBefore' as const), ...head, requestId: text, retryTimes: count }),
  fc.record({
    type: fc.constant('SubAfter' as const),
    msgId: text,
    keys: maybe,
    requestId: text,
    costMs: count,
    success: fc.boolean(),
    outcome: fc.constantFrom(...TRACE_CONSUME_OUTCOMES),
    timestamp: fc.maxSafeNat(),
    group: text,
  }),
  fc.record({
    type: fc.constant('EndTransaction' as const),
    ...head,
    topic: text,
    tags: maybe,
    storeHost: text,
    msgType,
    transactionId: maybe,
    transactionState: text,
    fromTransactionCheck: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('Recall' as const),
    ...head,
    keys: fc.constant(undefined),
    topic: text,
    success: fc.boolean(),
  }),
)

describe('the data of traces', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(trace), traces => {
        expect(decodeTraces(traces.map(encodeTrace).join(''))).toEqual(traces)
      }),
    )
  })

  it('is read whatever it is, and what is no trace is left out', () => {
    const piece = fc.oneof(
      fc.constantFrom('Pub', 'SubBefore', 'SubAfter', 'EndTransaction', 'Recall', '\u0001', '\u0002', '1'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        for (const { msgId } of decodeTraces(pieces.join(''))) expect(typeof msgId).toBe('string')
      }),
    )
    const good = 'Recall\u00011\u0001r\u0001g\u0001T\u0001M\u0001true\u0002'
    expect(
      decodeTraces(
        `Pub\u0001x\u0002${good}Nonsense\u0002Recall\u00019007199254740993\u0001r\u0001g\u0001T\u0001M\u0001true\u0002`,
      ),
    ).toHaveLength(1)
  })

  it('has the shorter forms of older clients, and the longer ones of others', () => {
    const pub = ['Pub', 1, 'r', 'g', 'T', 'M', 'null', 'k', 'h:1', 10, 2, 0]
    const read = (...fields: unknown[]) => decodeTraces(`${fields.join('\u0001')}\u0002`)[0]
    expect(read(...pub, true)).toMatchObject({ offsetMsgId: undefined, success: true, tags: undefined })
    expect(read(...pub, 'O', true)).toMatchObject({ offsetMsgId: 'O', success: true })
    expect(read(...pub, 'O', true, '10.0.0.9')).toMatchObject({ success: true, clientHost: '10.0.0.9' })
    expect(read('SubAfter', 'R', 'M', 3, true, 'k')).toMatchObject({ outcome: 'SUCCESS', group: undefined })
    expect(read('SubAfter', 'R', 'M', 3, false, 'k', 4)).toMatchObject({ outcome: 'FAILED', timestamp: undefined })
    expect(read('SubBefore', 1, 'r', 'g', 'R', 'M', 2, 'k', '10.0.0.9')).toMatchObject({ clientHost: '10.0.0.9' })
  })

  it('never ends with an empty text where there are no keys: Java’s reader would fail on the whole body', () => {
    const before = { type: 'SubBefore', timestamp: 1, regionId: 'r', group: 'g', requestId: 'R', msgId: 'M' } as const
    expect(encodeTrace({ ...before, retryTimes: 0, keys: undefined })).toBe(
      'SubBefore\u00011\u0001r\u0001g\u0001R\u0001M\u00010\u0001null\u0002',
    )
  })

  it('is found by the id and every key of its message', () => {
    const keyed = { msgId: 'M', keys: ' a  b ' } as Trace
    expect(traceKeys(keyed)).toEqual(['M', 'a', 'b'])
    expect(traceKeys({ ...keyed, keys: undefined })).toEqual(['M'])
  })
})
