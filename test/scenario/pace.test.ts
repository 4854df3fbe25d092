import type { ConsumeOptions } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import { describeScenario } from '../support/cluster'
import type { Site } from '../support/site'

async function withMessages(site: Site, count: number, queues = 4): Promise<string> {
  const topic = await site.freshTopic(queues)
  const producer = await site.producer()
  const bodies = Array.from({ length: count }, (_, n) => `m${n}`)
  await Promise.all(bodies.map(body => producer.send({ topic, body })))
  await site.stored(topic, count)
  return topic
}

describeScenario('the pace of a push consumer', cluster => {
  for (const ordered of ['none', 'queue', 'key'] as const) {
    cluster.it(`keeps to a rate limit and loses nothing, with a listener ordered by ${ordered}`, async site => {
      const topic = await withMessages(site, 25)
      const inbox = site.newInbox()
      const options = { ordered, rateLimit: { perSecond: 40, burst: 5 } } as ConsumeOptions & { ordered: 'none' }
      const consumer = site.newConsumer().subscribe(topic).consumeEach(options, inbox.take)
      const since = performance.now()
      await consumer.start()
      await inbox.first(25)
      // 5 at once, and 20 at 40 a second.
      expect(performance.now() - since).toBeGreaterThanOrEqual(490)
      expect(inbox.distinct.size).toBe(25)
      expect(consumer.stats().rateLimit).toMatchObject({ perSecond: 40, burst: 5 })
    })
  }

  cluster.it('goes on at once when its rate limit is lifted', async site => {
    const topic = await withMessages(site, 10)
    const inbox = site.newInbox()
    const consumer = site.newConsumer().subscribe(topic)
    await consumer.consumeEach({ rateLimit: { perSecond: 0.001 } }, inbox.take).start()
    await inbox.first(1)
    expect(consumer.stats().rateLimit).toMatchObject({ available: 0 })
    consumer.updateRateLimit(undefined)
    await inbox.first(10)
    expect(consumer.stats().rateLimit).toBeUndefined()
  })

  cluster.it('runs more calls at a time while messages wait, and no more than it may', async site => {
    const topic = await withMessages(site, 300)
    const inbox = site.newInbox()
    let [running, most] = [0, 0]
    const consumer = site.newConsumer().subscribe(topic)
    consumer.consumeEach({ concurrency: { min: 1, max: 4 } }, async message => {
      most = Math.max(most, ++running)
      await systemClock.sleep(20)
      running--
      inbox.take(message)
    })
    await consumer.start()
    expect(consumer.stats().concurrency).toMatchObject({ limit: 1, min: 1, max: 4, lastMove: undefined })
    await site.until(() => most >= 3, { what: () => `3 calls at a time, not ${most}` })
    expect(consumer.stats().concurrency).toMatchObject({ lastMove: 'BACKLOG' })
    consumer.updateConcurrency(20)
    await inbox.first(300)
    expect(inbox.distinct.size).toBe(300)
    expect(consumer.stats().concurrency).toMatchObject({ limit: 20, min: 20, max: 20 })
  })

  cluster.it('is refused where it is wrong', async site => {
    const wrong = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    const consumer = site.newConsumer()
    expect(() => consumer.consumeEach({ concurrency: { min: 5, max: 4 } }, () => undefined)).toThrow(wrong)
    expect(() => consumer.consumeEach({ rateLimit: { perSecond: 0 } }, () => undefined)).toThrow(wrong)
    expect(() => consumer.updateRateLimit({ perSecond: 5 })).toThrow(expect.objectContaining({ code: 'INVALID_STATE' }))
  })
})
