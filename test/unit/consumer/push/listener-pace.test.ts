import { ConsumeRates } from '../../../../lib/consumer/push/consume-rates'
import { ListenerPace } from '../../../../lib/consumer/push/listener-pace'
import { FakeClient } from '../../../support/fake-client'

// That of the machine is none of this test's.
jest.mock('../../../../lib/runtime/event-loop-lag', () => ({
  EventLoopLag: class {
    takeMs = (): number => 0
    stop = (): void => undefined
  },
}))

describe('the pace of a listener', () => {
  it('moves the number of calls by what the service and the queues say, until it ends', async () => {
    const client = new FakeClient()
    const rates = new ConsumeRates()
    const service = { running: 2, updateConcurrency: (limit: number) => void (service.running = limit) }
    const pace = new ListenerPace({
      client: client.asClient,
      listener: { concurrency: { min: 2, max: 6 }, rateLimit: { perSecond: 5, burst: 5 } },
      rates,
      service: () => service,
      queues: () => [{ held: 0 }, { held: 3 }],
    })
    expect(pace.rate.stats).toMatchObject({ perSecond: 5, available: 5 })
    const end = pace.start()
    await client.clock.advance(60_000)
    expect([service.running, pace.concurrency.stats.limit]).toEqual([6, 6])
    await end()
    pace.rate.passed(5)
    let woken = false
    pace.rate.isOpen(() => (woken = true))
    await end()
    await client.clock.advance(5000)
    expect(woken).toBe(false)
  })
})
