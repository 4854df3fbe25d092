import { onDiagnostics } from '../../../../lib/client/telemetry/on-diagnostics'
import { Telemetry } from '../../../../lib/client/telemetry/telemetry'
import { ConcurrentContext } from '../../../../lib/consumer/push/concurrent-context'
import { observed } from '../../../../lib/consumer/push/consume-telemetry'
import type { Listener } from '../../../../lib/consumer/push/listener'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { storedMessage } from '../../../support/records'

const messageQueue = { topic: 'T', brokerName: 'a', queueId: 3 }
const CONTEXT = { consumerGroup: 'g', messageQueue, signal: new AbortController().signal }
const MESSAGES = [storedMessage({ queueOffset: 1 }), storedMessage({ queueOffset: 2 })]

const telemetry = new Telemetry({
  kind: 'consumer',
  group: 'g',
  namespace: '',
  clock: new ManualClock(),
  metrics: undefined,
  clientId: () => 'id',
  brokerAddress: () => undefined,
  onError: () => undefined,
})

/** Calls a listener that is observed. */
function call(handle: (messages: unknown, context: ConcurrentContext) => unknown): unknown {
  const calls = { ordered: 'none', batchSize: 2, concurrency: { min: 1, max: 1 }, rateLimit: undefined } as const
  const listener = { ...calls, listener: handle } as Listener
  return observed(listener, telemetry, 'BROADCASTING').listener(MESSAGES, new ConcurrentContext(CONTEXT) as never)
}

describe('a listener that is observed', () => {
  it('is called as it is while nobody subscribes: at once, with no promise', () => {
    expect(call(() => 'RECONSUME_LATER')).toBe('RECONSUME_LATER')
  })

  it('is told of, with its messages and its result, while somebody does', async () => {
    const told: unknown[] = []
    const stop = onDiagnostics('process', { asyncEnd: event => told.push({ ...event, brokerAddress: undefined }) })
    const result = await call((_messages, context) => {
      context.ackIndex = 0
    })
    stop()
    expect(result).toEqual({ status: 'RECONSUME_LATER', firstFailed: 1, delayLevel: 0 })
    const own = {
      operation: 'process',
      ordered: 'none',
      messageModel: 'BROADCASTING',
      messages: MESSAGES,
      messageQueue,
    }
    expect(told).toEqual([{ group: 'g', clientId: 'id', namespace: '', brokerAddress: undefined, ...own, result }])
  })

  it('is told of when it throws, and throws all the same', async () => {
    const errors: unknown[] = []
    const stop = onDiagnostics('process', { error: ({ error }) => errors.push(error) })
    const failure = new Error('not today')
    const failing = call(() => {
      throw failure
    })
    await expect(failing).rejects.toBe(failure)
    stop()
    expect(errors).toEqual([failure])
  })
})
