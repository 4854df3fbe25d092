import { PopOrderlyService } from '../../../../lib/consumer/pop/pop-orderly-service'
import { PopProcessQueue } from '../../../../lib/consumer/pop/pop-process-queue'
import { ConsumeRates } from '../../../../lib/consumer/push/consume-rates'
import type { MessageListenerOrderly } from '../../../../lib/consumer/push/message-listener'
import { RocketMQError } from '../../../../lib/errors'
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

function setup(listener: MessageListenerOrderly, { batchSize = 1, concurrency = 2, rateLimit }: Given = {}) {
  const clock = new ManualClock()
  const recorded = recordedSettlement()
  const seen: string[] = []
  const failures: string[] = []
  const service = new PopOrderlyService({
    consumerGroup: 'g',
    batchSize,
    concurrency,
    clock,
    rate: new RateGate(clock, rateLimit),
    rates: new ConsumeRates(),
    settlement: recorded.settlement,
    suspendMs: 1000,
    listener: (messages, context) => {
      seen.push(`${context.messageQueue.queueId}: ${messages.map(({ queueOffset }) => queueOffset).join()}`)
      return listener(messages, context)
    },
    onListenerError: error => void failures.push(error.message),
    onBackgroundError: () => undefined,
  })
  const queue = new PopProcessQueue(PLACE.queue, 96)
  const submit = async (queueId: number, ...offsets: number[]): Promise<void> => {
    service.submit(queue, queue.put(offsets.map(queueOffset => popped({ queueId, queueOffset }))))
    await clock.advance(0)
  }
  return { clock, service, queue, submit, seen, failures, ...recorded }
}

describe('popped messages in order', () => {
  it('are handled one call at a time for each queue, queues side by side', async () => {
    const calls: ReturnType<typeof deferred<void>>[] = []
    const { submit, seen, service, clock, told } = setup(() => {
      const call = deferred()
      calls.push(call)
      return call.promise
    })
    await submit(0, 1, 2)
    await submit(1, 5)
    expect([seen, service.running]).toEqual([['0: 1', '1: 5'], 2])
    calls[0]?.resolve()
    await clock.advance(0)
    expect([seen.at(-1), told]).toEqual(['0: 2', ['done 1']])
  })

  it('are tried again in place after a pause, and hold up only those behind them', async () => {
    let isBroken = true
    const { submit, seen, clock, told, failures } = setup(messages => {
      if (messages[0]?.queueOffset !== 1 || !isBroken) return 'SUCCESS'
      isBroken = false
      throw new Error('broken')
    })
    await submit(0, 1, 2)
    await submit(1, 5)
    expect([seen, failures]).toEqual([['0: 1', '1: 5'], ['broken']])
    await clock.advance(999)
    expect(told).toEqual(['done 5'])
    await clock.advance(1)
    expect([seen.slice(2), told]).toEqual([
      ['0: 1', '0: 2'],
      ['done 5', 'done 1', 'done 2'],
    ])
  })

  it('pause as long as the listener says, and count their tries', async () => {
    const tries: number[] = []
    const { submit, clock } = setup(messages => {
      tries.push(messages[0]?.reconsumeTimes ?? -1)
      return { status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 50 }
    })
    await submit(0, 1)
    await clock.advance(50)
    await clock.advance(50)
    expect(tries).toEqual([0, 1, 2])
  })

  it('leave when they failed too often, and those behind them go on after the pause', async () => {
    const { submit, lastTry, told, seen, clock } = setup(messages =>
      messages[0]?.queueOffset === 1 ? 'SUSPEND_CURRENT_QUEUE_A_MOMENT' : 'SUCCESS',
    )
    lastTry.add(1)
    await submit(0, 1, 2)
    expect([told, seen]).toEqual([['failed at 0 1'], ['0: 1']])
    await clock.advance(1000)
    expect([told.slice(1), seen.slice(1)]).toEqual([['done 2'], ['0: 2']])
  })

  it('go to the dead letters at once where they cannot be read', async () => {
    const { service, queue, told, clock } = setup(() => 'SUCCESS')
    const garbled = popped({ queueId: 0, queueOffset: 0 })
    garbled.unreadable = new RocketMQError('MESSAGE_UNREADABLE', 'no')
    service.submit(queue, queue.put([garbled, popped({ queueId: 0, queueOffset: 1 })]))
    await clock.advance(0)
    expect(told).toEqual(['failed at -1 0', 'done 1'])
  })

  it('are kept while the listener has not committed them, and come again together when it takes them back', async () => {
    const results = ['SUCCESS', 'ROLLBACK', 'SUCCESS', 'COMMIT'] as const
    let count = 0
    const { submit, seen, clock, told, queue } = setup((_messages, context) => {
      context.autoCommit = false
      return results[count++]
    })
    await submit(0, 1, 2)
    expect([seen, told, queue.count]).toEqual([['0: 1', '0: 2'], [], 2])
    await clock.advance(1000)
    expect([seen.slice(2), told]).toEqual([
      ['0: 1', '0: 2'],
      ['done 1', 'done 2'],
    ])
  })

  it.each(['SUCCESS', 'SUSPEND_CURRENT_QUEUE_A_MOMENT', 'ROLLBACK'] as const)(
    'that are kept are let go when the queue is given away, or where a call for it ends with %s then',
    async result => {
      const calls: ReturnType<typeof deferred<typeof result>>[] = []
      const { submit, clock, told, queue } = setup((_messages, context) => {
        context.autoCommit = false
        if (context.messageQueue.queueId === 1) return 'SUCCESS'
        const call = deferred<typeof result>()
        calls.push(call)
        return call.promise
      })
      await submit(1, 7)
      await submit(0, 1)
      calls[0]?.resolve('SUCCESS')
      await submit(0, 2)
      queue.takeHeld()
      queue.drop()
      expect(told).toEqual(['open 7'])
      calls[1]?.resolve(result)
      await clock.advance(0)
      const second = result === 'SUSPEND_CURRENT_QUEUE_A_MOMENT' ? 'failed at 0 2' : 'open 2'
      expect([told.slice(1).toSorted(), queue.count]).toEqual([[second, 'open 1'].toSorted(), 0])
    },
  )

  it('that are kept can still be committed by a call that ends after the queue was given away', async () => {
    const results: Promise<'SUCCESS' | 'COMMIT'>[] = []
    const { promise, resolve } = deferred<'COMMIT'>()
    results.push(Promise.resolve('SUCCESS'), promise)
    const { submit, clock, told, queue } = setup((_messages, context) => {
      context.autoCommit = false
      return results.shift()
    })
    await submit(0, 1, 2)
    queue.drop()
    resolve('COMMIT')
    await clock.advance(0)
    expect([told, queue.count]).toEqual([['done 1', 'done 2'], 0])
  })

  it('that are kept are committed with what comes after them, and replaced by what the broker gives again', async () => {
    const results = ['SUCCESS', 'SUCCESS', 'COMMIT'] as const
    let count = 0
    const { submit, told, queue } = setup((_messages, context) => {
      context.autoCommit = false
      return results[count++]
    })
    for (let i = 0; i < 2; i++) await submit(0, 1)
    expect([queue.count, told]).toEqual([1, []])
    await submit(0, 2)
    expect(told).toEqual(['done 1', 'done 2'])
  })

  it('that the broker gives again replace those that wait', async () => {
    const call = deferred()
    const { submit, seen, clock, queue } = setup(() => call.promise)
    await submit(0, 1, 2, 3)
    await submit(0, 2, 3)
    expect(queue.count).toBe(3)
    call.resolve()
    await clock.advance(0)
    expect(seen).toEqual(['0: 1', '0: 2', '0: 3'])
  })

  it('are left alone when they were given to others meanwhile', async () => {
    const call = deferred()
    const { submit, seen, clock, queue } = setup(() => call.promise)
    await submit(0, 1, 2)
    queue.takeHeld()
    call.resolve()
    await clock.advance(0)
    expect([seen, queue.count]).toEqual([['0: 1'], 0])
  })

  it('are waited for at the end, without their pauses', async () => {
    const { service, submit, seen, told, queue } = setup(() => 'SUSPEND_CURRENT_QUEUE_A_MOMENT')
    await submit(0, 1, 2)
    await service.drain()
    expect([seen, told, queue.count]).toEqual([['0: 1'], ['open 1', 'open 2'], 0])
  })

  it('get more places', async () => {
    const { service, submit, seen, clock } = setup(() => new Promise(() => undefined), { concurrency: 1 })
    await submit(0, 1)
    await submit(1, 5)
    expect(seen).toEqual(['0: 1'])
    service.updateConcurrency(2)
    await clock.advance(0)
    expect(seen).toEqual(['0: 1', '1: 5'])
  })

  it('are no more a second than the listener may have', async () => {
    const { submit, told, clock } = setup(() => 'SUCCESS', { rateLimit: { perSecond: 2, burst: 2 } })
    await submit(0, 1, 2, 3, 4, 5)
    expect(told.length).toBe(2)
    await clock.advance(1000)
    expect(told.length).toBe(4)
  })
})
