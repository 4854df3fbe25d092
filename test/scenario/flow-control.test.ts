import type { PushConsumer, QueueStats } from '../../lib/index'
import { describeEmulatorOnly, describeScenario } from '../support/cluster'
import type { ConsumerSettings, Site } from '../support/site'

const MESSAGES = 300

/** A consumer whose listener holds what it gets until it is told to go on. */
async function held(site: Site, topic: string, settings: ConsumerSettings) {
  let release = (): void => undefined
  const gate = new Promise<void>(resolve => (release = resolve))
  const inbox = site.newInbox()
  const consumer = site.newConsumer(settings).subscribe(topic)
  consumer.consumeEach({ concurrency: 3 }, async message => {
    inbox.take(message)
    await gate
  })
  site.onEnd(async () => release())
  await consumer.start()
  return { consumer, inbox, release: () => release() }
}

function queueOf(consumer: PushConsumer, topic: string): QueueStats | undefined {
  return consumer.stats().queues.find(({ queue }) => queue.topic === topic)
}

describeScenario('a consumer that cannot keep up', cluster => {
  cluster.it('has no more messages in hand than it was allowed, and goes on when there is room', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    await producer.send(Array.from({ length: MESSAGES }, (_, index) => ({ topic, body: String(index) })))
    const settings = { pullThresholdForQueue: 10, pullBatchSize: 8 }
    const { consumer, inbox, release } = await held(site, topic, settings)
    await inbox.first(3)
    // A pull that came after would be answered before an answer to this question.
    const admin = await site.admin()
    for (let ask = 0; ask < 5; ask++) await admin.topicStats(topic)
    const { cached = 0, inFlight } = queueOf(consumer, topic) ?? {}
    expect(cached).toBeGreaterThan(10)
    expect(cached).toBeLessThanOrEqual(18)
    expect(inFlight).toBe(3)
    release()
    await inbox.first(MESSAGES)
    expect(inbox.distinct.size).toBe(MESSAGES)
  })

  cluster.it('has no more bytes in hand than it was allowed', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer({ compressMsgBodyOverHowmuch: 10_000_000 })
    for (let index = 0; index < 12; index++)
      await producer.send({ topic, body: Buffer.alloc(400_000, String(index % 10)) })
    const settings = { pullThresholdSizeForQueue: 1, pullBatchSize: 1 }
    const { consumer, inbox, release } = await held(site, topic, settings)
    await inbox.first(3)
    const admin = await site.admin()
    for (let ask = 0; ask < 5; ask++) await admin.topicStats(topic)
    const { cachedBytes = 0 } = queueOf(consumer, topic) ?? {}
    expect(cachedBytes).toBeGreaterThan(1_048_576)
    expect(cachedBytes).toBeLessThanOrEqual(1_048_576 + 400_000)
    release()
    await inbox.first(12)
  })

  cluster.it('stops at the largest span of offsets behind a message that hangs, and goes on after it', async site => {
    const topic = await site.freshTopic(1)
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    let release = (): void => undefined
    const hanging = new Promise<void>(resolve => (release = resolve))
    const consumer = site.newConsumer({ consumeConcurrentlyMaxSpan: 50, pullBatchSize: 10 }).subscribe(topic)
    consumer.consumeEach({ concurrency: 2 }, async message => {
      inbox.take(message)
      if (message.text() === '0') await hanging
    })
    site.onEnd(async () => release())
    await consumer.start()
    for (let from = 0; from < MESSAGES; from += 20) {
      await producer.send(Array.from({ length: 20 }, (_, step) => ({ topic, body: String(from + step) })))
    }
    await inbox.first(52)
    const admin = await site.admin()
    for (let ask = 0; ask < 5; ask++) await admin.topicStats(topic)
    expect(inbox.messages.length).toBeLessThanOrEqual(62)
    expect(queueOf(consumer, topic)).toMatchObject({ commitOffset: 0, inFlight: 1 })
    release()
    await inbox.first(MESSAGES)
    expect(inbox.distinct.size).toBe(MESSAGES)
  })
})

describeScenario('a producer that is faster than its broker', cluster => {
  cluster.it('has its sends wait for their turn, and its callbacks fail at once', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer({ maxInFlight: 5 }), site.reader(topic)])
    let most = 0
    const sends = Array.from({ length: 100 }, async (_, index) => {
      await producer.send({ topic, body: String(index) })
      most = Math.max(most, producer.stats().inFlight)
    })
    expect(producer.stats().inFlight).toBe(5)
    const refused = await new Promise(resolve => producer.sendAsync({ topic, body: 'async' }, resolve))
    expect(refused).toMatchObject({ code: 'TOO_MANY_REQUESTS', sent: 'NO' })
    await Promise.all(sends)
    expect(most).toBeLessThanOrEqual(5)
    await inbox.first(100)
    expect(inbox.distinct.size).toBe(100)
  })
})

describeEmulatorOnly('the flow control of a broker', cluster => {
  cluster.it('slows a consumer and is no error', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    for (const body of ['0', '1']) await producer.send({ topic, body })
    const busy = () => ({ code: 'FLOW_CONTROL', remark: 'slower' }) as const
    const control = site.control('PULL_MESSAGE', busy, { times: 5 })
    const { inbox } = await site.reader(topic)
    await inbox.first(2)
    expect(control.seen).toBe(5)
    expect(site.backgroundErrors).toEqual([])
  })
})
