import { PopConcurrentService } from '../../../../lib/consumer/pop/pop-concurrent-service'
import { PopProcessQueue } from '../../../../lib/consumer/pop/pop-process-queue'
import { ConsumeRates } from '../../../../lib/consumer/push/consume-rates'
import type { MessageListenerConcurrently } from '../../../../lib/consumer/push/message-listener'
import { RateGate } from '../../../../lib/consumer/push/rate-gate'
import type { TokenRate } from '../../../../lib/runtime/token-bucket'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { deferred } from '../../../support/fake-client'
import { PLACE, popped, recordedSettlement } from '../../../support/pop-setup'

/** How the listener is called. */
interface Given {
  readonly batchSize?: number
  readonly concurrency?: number
  readonly rateLimit?: TokenRate
}

function setup(listener: MessageListenerConcurrently, { batchSize = 1, concurrency = 2, rateLimit }: Given = {}) {
  const clock = new ManualClock()
  const { settlement, told, over } = recordedSettlement()
  const failures: string[] = []
  const rates = new ConsumeRates()
  const service = new PopConcurrentService({
    consumerGroup: 'g',
    batchSize,
    concurrency,
    clock,
    rate: new RateGate(clock, rateLimit),
    rates,
    settlement,
    listener,
    onListenerError: (error, messages) => void failures.push(`${error.message} ${messages.length}`),
    onBackgroundError: error => {
      throw error
    },
  })
  const queue = new PopProcessQueue(PLACE.queue, 96)
  const submit = (count: number): void => {
    queue.put(Array.from({ length: count }, (_, queueOffset) => popped({ queueOffset })))
    service.submit(queue)
  }
  return { clock, service, queue, submit, told, over, failures, rates }
}

describe('popped messages without order', () => {
  it('are acknowledged when their listener has ended', async () => {
    const contexts: unknown[] = []
    const { submit, told, rates, clock } = setup((_messages, context) => void contexts.push(context))
    submit(2)
    expect(told).toEqual(['done 0', 'done 1'])
    expect(contexts[0]).toMatchObject({ consumerGroup: 'g', messageQueue: { queueId: -1 } })
    expect(rates.of('Orders').status(clock.monotonic()).consumeOKTPS).toBeGreaterThan(0)
  })

  it('are handled as many at a time as there are places', async () => {
    const calls: ReturnType<typeof deferred<void>>[] = []
    const { service, submit, told, clock } = setup(() => {
      const call = deferred()
      calls.push(call)
      return call.promise
    })
    submit(5)
    expect([calls.length, service.running]).toEqual([2, 2])
    calls[1]?.resolve()
    await clock.advance(0)
    expect([calls.length, told]).toEqual([3, ['done 1']])
    service.updateConcurrency(4)
    expect(calls.length).toBe(5)
  })

  it('come again where the listener says so, throws, or gives no result', () => {
    let count = 0
    const results: (() => unknown)[] = [
      () => 'RECONSUME_LATER',
      () => ({ status: 'RECONSUME_LATER', delayLevel: 3 }),
      () => 'nonsense',
      () => {
        throw new Error('broken')
      },
    ]
    const { submit, told, failures } = setup((_messages, context) => {
      if (count === 3) context.delayLevelWhenNextConsume = 5
      return results[count++]?.() as never
    })
    submit(4)
    expect(told).toEqual(['failed at 0 0', 'failed at 3 1', 'failed at 0 2', 'failed at 5 3'])
    expect(failures).toEqual([expect.stringContaining('nonsense'), 'broken 1'])
  })

  it('of one call may fail in part', () => {
    const { submit, told } = setup(() => ({ status: 'RECONSUME_LATER', firstFailed: 2 }), { batchSize: 3 })
    submit(3)
    expect(told).toEqual(['done 0', 'done 1', 'failed at 0 2'])
    const second = setup((_messages, context) => void (context.ackIndex = 0), { batchSize: 2 })
    second.submit(2)
    expect(second.told).toEqual(['done 0', 'failed at 0 1'])
  })

  it('are not handed out any more when others may have them', () => {
    const { submit, over, told, queue } = setup(() => undefined)
    over.add(0)
    submit(2)
    expect([told, queue.count]).toEqual([['done 1'], 0])
  })

  it('are waited for at the end, and none is begun with', async () => {
    const call = deferred()
    const { service, submit, told, queue } = setup(() => call.promise, { concurrency: 1 })
    submit(2)
    const drained = Promise.all([service.drain(), service.drain()])
    call.resolve()
    await drained
    expect([told, queue.held]).toEqual([['done 0'], 1])
    await service.drain()
  })

  it('are no more a second than the listener may have', async () => {
    const { submit, told, clock } = setup(() => undefined, { rateLimit: { perSecond: 2, burst: 2 } })
    submit(5)
    expect(told.length).toBe(2)
    await clock.advance(1000)
    expect(told.length).toBe(4)
  })
})
