import { describeSideBySide } from '../support/cluster'
import type { Site } from '../support/site'
import { answered } from '../support/until'

/** Commits soon: brokers of 4.9 reset no group that has never committed. */
const COMMIT_SOON = { persistConsumerOffsetIntervalMs: 50 }

async function committed(site: Site, consumerGroup: string, topic: string, offset: number): Promise<void> {
  const admin = await site.admin()
  const least = async (): Promise<number> => {
    const { queues } = await admin.consumeStats(consumerGroup, { topic })
    return Math.min(...queues.map(({ consumerOffset }) => consumerOffset))
  }
  await answered(least, found => found >= offset, { what: `a committed offset of ${offset}` })
}

describeSideBySide('an offset that an administrator resets while the group is online', cluster => {
  cluster.it('to the earliest message brings all of them again', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(2), site.freshGroup()]
    const options = { consumerGroup, ...COMMIT_SOON }
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic, options)])
    const bodies = Array.from({ length: 20 }, (_, index) => String(index))
    for (const body of bodies) await producer.send({ topic, body })
    await inbox.first(20)
    await committed(site, consumerGroup, topic, 10)
    const admin = await site.admin()
    const offsets = await admin.resetOffsets({ consumerGroup, topic, timestamp: 'earliest' })
    expect(offsets.map(({ offset }) => offset)).toEqual([0, 0])
    // From 5.0 members hear of it by their next pull; this ends the one that waits for something new.
    for (const queue of await producer.publishMessageQueues(topic))
      await producer.send({ topic, body: 'new' }, { queue })
    for (const body of bodies) await inbox.text(body, { nth: 2 })
    await inbox.text('new', { nth: 2 })
    expect(inbox.texts.filter(text => text !== 'new')).toHaveLength(40)
  })

  cluster.it('to a time brings what was stored since then', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const options = { consumerGroup, ...COMMIT_SOON }
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic, options)])
    for (const body of ['0', '1', '2', '3']) await producer.send({ topic, body })
    const before = (await inbox.text('3')).storeTimestamp
    // It also takes until the next millisecond has begun.
    await committed(site, consumerGroup, topic, 4)
    for (const body of ['4', '5']) await producer.send({ topic, body })
    const since = (await inbox.text('4')).storeTimestamp
    expect(since).toBeGreaterThan(before)
    await inbox.text('5')
    const admin = await site.admin()
    await admin.resetOffsets({ consumerGroup, topic, timestamp: since })
    await producer.send({ topic, body: 'new' })
    await inbox.text('5', { nth: 2 })
    await inbox.text('new')
    expect(inbox.texts.filter(text => text !== 'new')).toEqual(['0', '1', '2', '3', '4', '5', '4', '5'])
  })

  cluster.it('to the end skips what its listener has not yet begun', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    let release = (): void => undefined
    const hanging = new Promise<void>(resolve => (release = resolve))
    const options = { consumerGroup, ...COMMIT_SOON, pullBatchSize: 1, pullThresholdForQueue: 1 }
    const consumer = site.newConsumer(options).subscribe(topic)
    let isReset = false
    consumer.consumeEach({ concurrency: 1 }, async (message, { signal }) => {
      inbox.take(message)
      if (message.text() !== 'hangs') return
      signal.addEventListener('abort', () => {
        isReset = true
        site.changes.notify()
      })
      await hanging
    })
    site.onEnd(async () => release())
    await consumer.start()
    await producer.send({ topic, body: 'first' })
    await committed(site, consumerGroup, topic, 1)
    await producer.send({ topic, body: 'hangs' })
    for (let index = 0; index < 50; index++) await producer.send({ topic, body: `skipped ${index}` })
    await inbox.text('hangs')
    await site.stored(topic, 52)
    const admin = await site.admin()
    const offsets = await admin.resetOffsets({ consumerGroup, topic, timestamp: 'latest' })
    expect(offsets.map(({ offset }) => offset)).toEqual([52])
    // Brokers of 5.x tell with the next pull, those before it at once, by a request of their own.
    if (site.version === '4.9') await site.until(() => isReset, { what: 'the reset at the consumer' })
    release()
    await producer.send({ topic, body: 'new' })
    await inbox.text('new')
    // A few were in hand already.
    expect(inbox.messages.length).toBeLessThan(10)
    expect(inbox.texts.at(-1)).toBe('new')
  })

  cluster.it('leaves the progress where it was set, over a restart', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const options = { consumerGroup, ...COMMIT_SOON }
    const [producer, first] = await Promise.all([site.producer(), site.reader(topic, options)])
    for (const body of ['0', '1', '2']) await producer.send({ topic, body })
    await committed(site, consumerGroup, topic, 3)
    const admin = await site.admin()
    await admin.resetOffsets({ consumerGroup, topic, timestamp: 'earliest' })
    await producer.send({ topic, body: '3' })
    await first.inbox.text('2', { nth: 2 })
    await first.inbox.text('3')
    await first.consumer.shutdown()
    await producer.send({ topic, body: 'last' })
    const second = await site.reader(topic, { consumerGroup })
    await second.inbox.text('last')
    expect(second.inbox.texts).toEqual(['last'])
  })
})

describeSideBySide('an offset that an administrator resets while the group is offline', cluster => {
  cluster.it('counts at its next start', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const [producer, first] = await Promise.all([site.producer(), site.reader(topic, { consumerGroup })])
    for (const body of ['0', '1', '2']) await producer.send({ topic, body })
    await first.inbox.first(3)
    await first.consumer.shutdown()
    const admin = await site.admin()
    await admin.resetOffsets({ consumerGroup, topic, timestamp: 'earliest' })
    const second = await site.reader(topic, { consumerGroup })
    await second.inbox.first(3)
    expect(second.inbox.texts).toEqual(['0', '1', '2'])
  })
})
