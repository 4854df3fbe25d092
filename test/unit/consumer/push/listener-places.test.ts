import { ListenerPlaces } from '../../../../lib/consumer/push/listener-places'
import { RateGate } from '../../../../lib/consumer/push/rate-gate'
import type { RocketMQError } from '../../../../lib/errors'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import type { TokenRate } from '../../../../lib/runtime/token-bucket'
import { deferred } from '../../../support/fake-client'

/** Places that are handed `waiting` calls, each of which the test ends. */
function setup({ waiting = 9, limit }: { waiting?: number; limit?: TokenRate } = {}) {
  const clock = new ManualClock()
  const rate = new RateGate(clock, limit)
  const errors: RocketMQError[] = []
  const site = { waiting, begun: 0 }
  const places = new ListenerPlaces({
    clock,
    rate,
    concurrency: 3,
    onBackgroundError: error => void errors.push(error),
    handOut: () => {
      if (site.waiting === 0) return false
      site.waiting--
      site.begun++
      rate.passed(1)
      places.begin()
      return true
    },
  })
  const end = (): void => {
    places.end()
    places.look()
  }
  return { clock, places, site, errors, end }
}

describe('the places of a service', () => {
  it('are filled as they become free, and as there are more of them', () => {
    const { places, site, end } = setup()
    places.look()
    expect([site.begun, places.running]).toEqual([3, 3])
    end()
    expect([site.begun, places.running]).toEqual([4, 3])
    places.updateConcurrency(5)
    expect(site.begun).toBe(6)
  })

  it('are also taken by other work', () => {
    const { places, site } = setup()
    places.beginBesides()
    places.look()
    expect([site.begun, places.running]).toEqual([2, 2])
    places.endBesides()
    places.look()
    expect(site.begun).toBe(3)
  })

  it('wait for the rate limit', async () => {
    const { clock, places, site } = setup({ limit: { perSecond: 1, burst: 2 } })
    places.look()
    expect([site.begun, places.rateAllows()]).toEqual([2, false])
    await clock.advance(1000)
    expect(site.begun).toBe(3)
  })

  it('are drained when the calls, and the work that is kept, have ended; nothing is handed out meanwhile', async () => {
    const { places, site, end } = setup({ waiting: 4 })
    places.look()
    const work = deferred<void>()
    places.track(work.promise, 'it failed')
    let isDrained = false
    const drained = [places.drain(), places.drain()].map(each => each.then(() => (isDrained = true)))
    for (let i = 0; i < 3; i++) end()
    await new Promise(resolve => setImmediate(resolve))
    expect([isDrained, site.begun]).toEqual([false, 3])
    work.resolve()
    await Promise.all(drained)
  })

  it('tell of work that failed', async () => {
    const { places, errors } = setup()
    places.track(Promise.reject(new Error('no')), 'it failed')
    await places.drain()
    expect(errors.map(({ message }) => message)).toEqual(['it failed: no'])
  })

  it('pause until the time is over, the queue is gone or they are drained', async () => {
    const { clock, places } = setup({ waiting: 0 })
    const queue = new AbortController()
    const over: string[] = []
    void places.pause(10, queue.signal).then(() => over.push('time'))
    void places.pause(1000, queue.signal).then(() => over.push('queue'))
    void places.pause(1000, new AbortController().signal).then(() => over.push('drain'))
    await clock.advance(10)
    expect(over).toEqual(['time'])
    queue.abort()
    await clock.advance(0)
    expect(over).toEqual(['time', 'queue'])
    await places.drain()
    await clock.advance(0)
    expect(over).toEqual(['time', 'queue', 'drain'])
  })
})
