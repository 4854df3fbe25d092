import { BrokerClocks } from '../../../../lib/consumer/pop/broker-clocks'
import { PopProcessQueue } from '../../../../lib/consumer/pop/pop-process-queue'
import { Renewals } from '../../../../lib/consumer/pop/renewals'
import type { RocketMQError } from '../../../../lib/errors'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { deferred } from '../../../support/fake-client'
import { PLACE, popped } from '../../../support/pop-setup'

async function setup(renewsHeld = false) {
  const clock = new ManualClock()
  const clocks = new BrokerClocks(clock)
  clocks.learn('a', 1000, clock.monotonic())
  const errors: RocketMQError[] = []
  const asked: number[] = []
  const site = { answer: async (): Promise<string> => '' }
  const renewals = new Renewals({
    consumerGroup: 'g',
    clock,
    clocks,
    invisibleTime: {
      change: (message, ms) => {
        asked.push(message.queueOffset)
        expect(ms).toBe(60_000)
        return site.answer()
      },
    },
    invisibleMs: 60_000,
    consumeTimeoutMs: 100_000,
    renewsHeld,
    onBackgroundError: error => void errors.push(error),
  })
  const queue = new PopProcessQueue(PLACE.queue, 10)
  queue.put([popped({ queueOffset: 1 }), popped({ queueOffset: 2 })])
  const [running] = queue.take(1, clock.monotonic())
  return { clock, renewals, queue, asked, errors, site, running }
}

describe('messages whose listeners work', () => {
  it('are hidden for longer when half of their time is over', async () => {
    const { clock, renewals, queue, asked } = await setup()
    expect(renewals.everyMs).toBe(10_000)
    await clock.advance(29_999)
    renewals.sweep([queue])
    expect(asked).toEqual([])
    await clock.advance(1)
    renewals.sweep([queue])
    expect(asked).toEqual([1])
  })

  it('are asked for once at a time, and again where that failed', async () => {
    const { clock, renewals, queue, asked, site, errors, running } = await setup()
    const answer = deferred<string>()
    site.answer = () => answer.promise
    await clock.advance(30_000)
    renewals.sweep([queue])
    renewals.sweep([queue])
    expect(asked).toEqual([1])
    answer.reject(new Error('no'))
    await running?.renewal
    await clock.advance(0)
    expect(errors).toHaveLength(1)
    renewals.sweep([queue])
    expect(asked).toEqual([1, 1])
  })

  it('are not when their time is over, or the listener takes too long, which is told once', async () => {
    const { clock, renewals, queue, asked, errors, running } = await setup()
    await clock.advance(60_000)
    renewals.sweep([queue])
    await clock.advance(40_000)
    renewals.sweep([queue])
    renewals.sweep([queue])
    expect(asked).toEqual([])
    expect(running?.isOverdue).toBe(true)
    expect(errors).toMatchObject([{ code: 'LISTENER_TIMEOUT', topic: 'Orders' }])
  })

  it('are hidden together with those that wait behind them, in order', async () => {
    const { clock, renewals, queue, asked } = await setup(true)
    await clock.advance(30_000)
    renewals.sweep([queue])
    expect(asked).toEqual([1, 2])
  })
})
