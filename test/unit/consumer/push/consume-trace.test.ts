import { ConsumeTracer } from '../../../../lib/consumer/consume-tracer'
import { traceConsumption } from '../../../../lib/consumer/push/consume-trace'
import type { ConsumeInterceptorContext, ConsumeResult } from '../../../../lib/consumer/push/consume-interceptor'
import type { Trace } from '../../../../lib/model/trace'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { encodeProperties } from '../../../../lib/wire/properties'
import { storedMessage } from '../../../support/records'

const NOW = 1_700_000_000_000
const message = (id: string, properties: Record<string, string> = {}, topic = 'Orders') =>
  storedMessage({ topic, properties: encodeProperties({ UNIQ_KEY: id, ...properties }) })

function setup() {
  const clock = new ManualClock(NOW)
  const appended: [string, readonly Trace[]][] = []
  const writer = { append: (topic: string, traces: readonly Trace[]) => appended.push([topic, traces]) > 0 }
  const options = { consumerGroup: 'g', traceTopic: 'Traces', clock, consumeTimeoutMs: 1000 }
  const trace = traceConsumption(new ConsumeTracer({ ...options, writer: writer as never }))
  const call = (messages: ReturnType<typeof message>[], next: () => Promise<ConsumeResult>) =>
    trace({ messages } as unknown as ConsumeInterceptorContext, next)
  return { clock, appended, call }
}

const ok = (): Promise<ConsumeResult> => Promise.resolve('CONSUME_SUCCESS')

describe('the trace of consumption', () => {
  it('tells of every message before the call and after it', async () => {
    const { clock, appended, call } = setup()
    const next = async (): Promise<ConsumeResult> => {
      await clock.advance(30)
      return 'CONSUME_SUCCESS'
    }
    const messages = [message('A', { KEYS: 'k1 k2', MSG_REGION: 'eu' }), message('B')]
    expect(await call(messages, next)).toBe('CONSUME_SUCCESS')
    const requestId = expect.stringMatching(/^[\dA-F]{32}$/) as string
    const before = { type: 'SubBefore', group: 'g', requestId, timestamp: NOW, retryTimes: 0 }
    const after = { type: 'SubAfter', group: 'g', requestId, timestamp: NOW + 30, costMs: 15 }
    const good = { success: true, outcome: 'SUCCESS' }
    expect(appended).toEqual([
      [
        'Orders',
        [
          { ...before, msgId: 'A', keys: 'k1 k2', regionId: 'eu' },
          { ...before, msgId: 'B', keys: undefined, regionId: 'DefaultRegion' },
        ],
      ],
      [
        'Orders',
        [
          { ...after, ...good, msgId: 'A', keys: 'k1 k2' },
          { ...after, ...good, msgId: 'B', keys: undefined },
        ],
      ],
    ])
    const ids = appended.flatMap(([, traces]) => traces.map(each => (each as { requestId: string }).requestId))
    expect(new Set(ids).size).toBe(1)
  })

  it.each<[ConsumeResult, boolean, string]>([
    ['CONSUME_SUCCESS', true, 'SUCCESS'],
    ['SUCCESS', true, 'SUCCESS'],
    ['RECONSUME_LATER', false, 'FAILED'],
    [{ status: 'RECONSUME_LATER', firstFailed: 1 }, false, 'FAILED'],
    ['SUSPEND_CURRENT_QUEUE_A_MOMENT', false, 'FAILED'],
  ])('tells how the call ended: %j', async (result, success, outcome) => {
    const { appended, call } = setup()
    expect(await call([message('A')], () => Promise.resolve(result))).toBe(result)
    expect(appended[1]?.[1]).toMatchObject([{ success, outcome }])
  })

  it('tells of a listener that throws, and of one that takes too long', async () => {
    const { clock, appended, call } = setup()
    const failure = new Error('no')
    await expect(call([message('A')], () => Promise.reject(failure))).rejects.toBe(failure)
    expect(appended[1]?.[1]).toMatchObject([{ success: false, outcome: 'EXCEPTION' }])
    await call([message('A')], () => clock.advance(1000).then(ok))
    expect(appended[3]?.[1]).toMatchObject([{ success: true, outcome: 'TIME_OUT', costMs: 1000 }])
  })

  it('leaves out what its producer has switched off, and traces themselves', async () => {
    const { appended, call } = setup()
    await call([message('A', { TRACE_ON: 'false' }), message('B', { TRACE_ON: 'true' })], ok)
    expect(appended.map(([, traces]) => traces.map(({ msgId }) => msgId))).toEqual([['B'], ['B']])
    await call([message('C', {}, 'Traces')], ok)
    expect(appended).toHaveLength(2)
  })
})
