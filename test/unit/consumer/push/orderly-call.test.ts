import { ConsumeRates } from '../../../../lib/consumer/push/consume-rates'
import type { ConsumeOrderlyResult, MessageListenerOrderly } from '../../../../lib/consumer/push/message-listener'
import { callInOrder } from '../../../../lib/consumer/push/orderly-call'
import { OrderlyContext } from '../../../../lib/consumer/push/orderly-context'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { storedMessage } from '../../../support/records'

const queue = { queue: { topic: 'Orders', brokerName: 'b', queueId: 0 } }
const entries = [1, 2].map(queueOffset => ({ message: storedMessage({ queueOffset }), startedAt: 0 }))

async function call(listener: MessageListenerOrderly) {
  const clock = new ManualClock()
  const rates = new ConsumeRates()
  const told: string[] = []
  const { signal } = new AbortController()
  const context = new OrderlyContext({ consumerGroup: 'g', messageQueue: queue.queue, signal }, 'queue')
  const options = {
    listener,
    suspendMs: 1000,
    clock,
    rates,
    rate: { isOpen: () => true, passed: (count: number) => void told.push(`passed ${count}`) },
    onListenerError: (error: Error, messages: readonly unknown[]) =>
      void told.push(`${error.message} for ${messages.length}`),
  }
  const verdict = await callInOrder(options, { queue, entries, context })
  return { verdict, told, failed: rates.of('Orders').status(clock.monotonic()).consumeFailedMsgs }
}

describe('a call in order', () => {
  it.each<ConsumeOrderlyResult | Promise<ConsumeOrderlyResult>>(['SUCCESS', Promise.resolve('SUCCESS')])(
    'commits what has succeeded: %p',
    async result => {
      const done = { verdict: { outcome: 'COMMIT' }, told: ['passed 2'], failed: 0 }
      expect(await call(() => result)).toEqual(done)
    },
  )

  it('stands still where the listener says so', async () => {
    const { verdict, told, failed } = await call(() => ({ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 20 }))
    expect([verdict, told, failed]).toEqual([{ outcome: 'SUSPEND', pauseMs: 20 }, ['passed 2'], 2])
  })

  it('tells of a listener that throws, and stands still as long as its context says', async () => {
    const { verdict, told, failed } = await call((_messages, context) => {
      context.suspendCurrentQueueTimeMs = 5
      throw new Error('broken')
    })
    expect([verdict, told, failed]).toEqual([{ outcome: 'SUSPEND', pauseMs: 10 }, ['passed 2', 'broken for 2'], 2])
  })
})
