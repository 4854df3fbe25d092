import type { LagAlarm, MessageQueue } from '../../lib/index'
import { describeScenario } from '../support/cluster'
import { polled } from '../support/polled'
import type { Site } from '../support/site'

/** A topic of two queues, one of which has that many messages. */
async function withMessages(site: Site, count: number) {
  const topic = await site.freshTopic(2)
  const producer = await site.producer()
  const queues = await producer.publishMessageQueues(topic)
  const queue = queues.find(({ queueId }) => queueId === 1) as MessageQueue
  for (let n = 0; n < count; n++) await producer.send({ topic, body: `m${n}` }, { queue })
  await site.stored(topic, count)
  return { topic, producer, queue }
}

/** A listener that holds every message until it is let go. */
function holding(site: Site) {
  const waiting: (() => void)[] = []
  let isOpen = false
  return {
    listener: () =>
      new Promise<void>(resolve => (isOpen ? resolve() : void waiting.push(resolve), site.changes.notify())),
    begun: (count: number) => site.until(() => waiting.length >= count, { what: () => `${count} calls` }),
    letGo: () => {
      isOpen = true
      for (const end of waiting.splice(0)) end()
    },
  }
}

describeScenario('lag', cluster => {
  cluster.it('is what a push consumer has not handled, and how old that is', async site => {
    const { topic, queue } = await withMessages(site, 5)
    const { listener, begun, letGo } = holding(site)
    site.onEnd(async () => letGo())
    const consumer = await site.consumer(topic, {}, listener)
    await begun(5)
    const lag = await consumer.lag()
    expect(lag.messages).toBe(5)
    // Clocks of real brokers are another machine's in general, here they are not.
    expect(lag.ageMs).toBeLessThan(120_000)
    const ofQueue = lag.queues.find(each => each.queue.queueId === queue.queueId && each.queue.topic === topic)
    expect(ofQueue).toMatchObject({ queue, offset: 0, maxOffset: 5, messages: 5, ageMs: lag.ageMs })
    letGo()
    while ((await consumer.lag()).messages > 0);
    expect(await consumer.lag()).toMatchObject({ messages: 0, ageMs: 0 })
  })

  cluster.it('counts and dates what is not in hand, as for a queue that is paused', async site => {
    const { topic, queue } = await withMessages(site, 4)
    const consumer = await site.litePullConsumer(topic)
    await polled(consumer, 4)
    expect(await consumer.lag()).toMatchObject({ messages: 0, ageMs: 0 })
    consumer.pause([queue])
    // Drops what is in hand, and nothing is pulled again.
    await consumer.seek(queue, 1)
    const { queues, messages, ageMs } = await consumer.lag()
    expect(queues.find(each => each.queue.queueId === 1)).toMatchObject({ offset: 1, maxOffset: 4, messages: 3 })
    expect(messages).toBe(3)
    expect(ageMs).toBeGreaterThan(0)
  })

  cluster.it('is an event when a threshold is passed, and when it is kept again', async site => {
    const { topic } = await withMessages(site, 6)
    const { listener, letGo } = holding(site)
    site.onEnd(async () => letGo())
    const lagThresholds = { total: { messages: 5 }, perQueue: { messages: 100 }, checkIntervalMs: 50 }
    const consumer = site.newConsumer({ lagThresholds }).subscribe(topic).consumeEach(listener)
    const alarms: LagAlarm[] = []
    consumer.on('lag', alarm => {
      alarms.push(alarm)
      site.changes.notify()
    })
    await consumer.start()
    const told = (count: number) => site.until(() => alarms.length >= count, { what: () => `${count} alarms` })
    await told(1)
    letGo()
    await told(2)
    expect(alarms.map(({ status, measure, queue }) => [status, measure, queue])).toEqual([
      ['EXCEEDED', 'messages', undefined],
      ['RECOVERED', 'messages', undefined],
    ])
    expect(alarms[0]).toMatchObject({ value: 6, threshold: 5 })
  })

  cluster.it('needs a consumer that runs, and keeps to its limits', async site => {
    const topic = await site.freshTopic(1)
    await expect(site.newConsumer().lag()).rejects.toMatchObject({ code: 'INVALID_STATE' })
    const { consumer } = await site.reader(topic)
    await expect(consumer.lag({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
    await expect(consumer.lag({ timeoutMs: -1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    const wrong = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    expect(() => site.newConsumer({ lagThresholds: { total: { ageMs: 0 } } })).toThrow(wrong)
  })
})
