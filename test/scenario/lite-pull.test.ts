import type { MessageExt, MessageQueue, Producer } from '../../lib/index'
import { describeScenario } from '../support/cluster'
import { polled, polledTexts } from '../support/polled'
import type { Site } from '../support/site'

const bodies = (count: number, prefix = 'm') => Array.from({ length: count }, (_, index) => `${prefix}${index}`)

async function sendEach(producer: Producer, topic: string, texts: readonly string[], queue?: MessageQueue) {
  for (const body of texts) await producer.send({ topic, body }, queue === undefined ? {} : { queue })
}

/** A topic of one queue with messages in it. */
async function withMessages(site: Site, count: number) {
  const topic = await site.freshTopic(1)
  const producer = await site.producer()
  await sendEach(producer, topic, bodies(count))
  await site.stored(topic, count)
  return { topic, producer }
}

describeScenario('a lite pull consumer', cluster => {
  cluster.it('returns every message once, in batches of one queue each, in the order of that', async site => {
    const topic = await site.freshTopic(4)
    const producer = await site.producer()
    await Promise.all(bodies(100).map(body => producer.send({ topic, body })))
    const consumer = await site.litePullConsumer(topic, { pullBatchSize: 7 })
    const last = new Map<number, number>()
    const seen: string[] = []
    while (seen.length < 100) {
      const batch = await consumer.poll()
      expect(batch.length).toBeLessThanOrEqual(7)
      expect(new Set(batch.map(({ queueId }) => queueId)).size).toBeLessThanOrEqual(1)
      for (const message of batch) {
        expect(message).toMatchObject({ topic, queueOffset: (last.get(message.queueId) ?? -1) + 1 })
        last.set(message.queueId, message.queueOffset)
        seen.push(message.text())
      }
    }
    expect(seen.sort()).toEqual(bodies(100).sort())
    expect(await consumer.poll({ timeoutMs: 100 })).toEqual([])
  })

  cluster.it('gets what is sent after its start, while it waits', async site => {
    const topic = await site.freshTopic(2)
    const [producer, consumer] = await Promise.all([
      site.producer(),
      site.litePullConsumer(topic, { consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET' }),
    ])
    const waiting = consumer.poll({ timeoutMs: 20_000 })
    await producer.send({ topic, body: 'at last' })
    expect((await waiting).map(message => message.text())).toEqual(['at last'])
  })

  cluster.it('gets the messages of its tags only', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    for (const tags of ['a', 'b', 'c', undefined, 'a']) {
      await producer.send({ topic, body: String(tags), ...(tags === undefined ? {} : { tags }) })
    }
    const consumer = await site.litePullConsumer(topic, { expression: 'a || c' })
    expect(await polledTexts(consumer, 3)).toEqual(['a', 'c', 'a'])
    // It is past those that it did not want.
    expect(consumer.stats().queues[0]).toMatchObject({ polledOffset: 5, lag: 0 })
  })

  cluster.it('holds no more in hand than it is allowed', async site => {
    const { topic } = await withMessages(site, 200)
    const consumer = await site.litePullConsumer(topic, { pullThresholdForQueue: 20, pullBatchSize: 10 })
    let most = 0
    const seen: string[] = []
    while (seen.length < 200) {
      seen.push(...(await consumer.poll()).map(message => message.text()))
      most = Math.max(most, consumer.stats().cached)
    }
    expect(seen).toEqual(bodies(200))
    expect(most).toBeLessThanOrEqual(30)
  })
})

describeScenario('the progress of a lite pull consumer', cluster => {
  cluster.it(
    'is what was returned before the last poll: the batch after that comes again after a restart',
    async site => {
      const { topic } = await withMessages(site, 30)
      const consumerGroup = site.freshGroup()
      const first = await site.litePullConsumer(topic, { consumerGroup, pullBatchSize: 10 })
      expect(await polledTexts(first, 20)).toEqual(bodies(20))
      await first.shutdown()
      const second = await site.litePullConsumer(topic, { consumerGroup })
      expect(await polledTexts(second, 20)).toEqual(bodies(30).slice(10))
    },
  )

  cluster.it('is all that was returned where it is committed, and nothing where it is not', async site => {
    const { topic } = await withMessages(site, 30)
    const options = { consumerGroup: site.freshGroup(), autoCommit: false }
    const forgetful = await site.litePullConsumer(topic, options)
    await polled(forgetful, 30)
    await forgetful.shutdown()
    const first = await site.litePullConsumer(topic, options)
    expect(await polledTexts(first, 10)).toEqual(bodies(10))
    const [queue] = first.assignment() as [MessageQueue]
    await first.commit()
    expect(await first.committed(queue)).toBe(10)
    await polled(first, 10)
    await first.shutdown()
    const second = await site.litePullConsumer(topic, options)
    expect(await second.committed(queue)).toBe(10)
    expect(await polledTexts(second, 20)).toEqual(bodies(30).slice(10))
  })

  cluster.it('can be committed for some queues, and at offsets of the user’s own', async site => {
    const topic = await site.freshTopic(2)
    const producer = await site.producer()
    const [one, two] = (await producer.publishMessageQueues(topic)) as [MessageQueue, MessageQueue]
    for (const queue of [one, two]) await sendEach(producer, topic, bodies(5), queue)
    const options = { consumerGroup: site.freshGroup(), autoCommit: false }
    const consumer = await site.litePullConsumer(topic, options)
    await polled(consumer, 10)
    await consumer.commit([one])
    const admin = await site.admin()
    const written = async () => {
      const { queues } = await admin.consumeStats(options.consumerGroup, { topic })
      return queues.map(({ consumerOffset }) => Math.max(0, consumerOffset))
    }
    expect(await written()).toEqual([5, 0])
    await consumer.commit(new Map([[two, 3]]))
    expect(await written()).toEqual([5, 3])
    await consumer.commit(new Map([[two, 2n]]), { persist: false })
    expect(await consumer.committed(two)).toBe(2)
    await consumer.shutdown()
    expect(await written()).toEqual([5, 2])
  })

  cluster.it('is written down while it runs, by itself', async site => {
    const { topic } = await withMessages(site, 10)
    const consumerGroup = site.freshGroup()
    const consumer = await site.litePullConsumer(topic, { consumerGroup, autoCommitIntervalMs: 1000 })
    await polled(consumer, 10)
    const waiting = consumer.poll({ timeoutMs: 20_000 })
    const admin = await site.admin()
    const committed = async () => (await admin.consumeStats(consumerGroup, { topic })).queues[0]?.consumerOffset
    for (let offset = await committed(); offset !== 10;) offset = await committed()
    await consumer.shutdown()
    expect(await waiting).toEqual([])
  })

  cluster.it('is kept in a file of the host when broadcasting', async site => {
    const { topic } = await withMessages(site, 20)
    const localOffsetStoreDir = await site.freshFolder()
    const broadcasting = { messageModel: 'BROADCASTING', localOffsetStoreDir } as const
    const consumerGroup = site.freshGroup()
    const member = (name: string) => ({
      ...broadcasting,
      consumerGroup,
      advanced: { instanceName: consumerGroup + name },
    })
    const [one, two] = await Promise.all(['1', '2'].map(name => site.litePullConsumer(topic, member(name))))
    expect(await polledTexts(one as never, 20)).toEqual(bodies(20))
    expect(await polledTexts(two as never, 10)).toEqual(bodies(10))
    await Promise.all([one?.commit(), two?.commit()])
    await Promise.all([one?.shutdown(), two?.shutdown()])
    const again = await site.litePullConsumer(topic, member('2'))
    expect(await polledTexts(again, 10)).toEqual(bodies(20).slice(10))
  })
})

describeScenario('a lite pull consumer that seeks', cluster => {
  cluster.it('goes on at the offset, the beginning or the end, whatever was in hand', async site => {
    const { topic, producer } = await withMessages(site, 30)
    const consumer = await site.litePullConsumer(topic)
    const [queue] = consumer.assignment() as [MessageQueue]
    await polled(consumer, 10)
    await consumer.seek(queue, 25)
    expect(await polledTexts(consumer, 5)).toEqual(bodies(30).slice(25))
    await consumer.seekToBegin(queue)
    expect(await polledTexts(consumer, 30)).toEqual(bodies(30))
    await consumer.seek(queue, '3')
    await consumer.seekToEnd(queue)
    await producer.send({ topic, body: 'new' })
    expect(await polledTexts(consumer, 1)).toEqual(['new'])
  })

  cluster.it('wakes the pull that waits at the end of its queue', async site => {
    const { topic } = await withMessages(site, 3)
    const consumer = await site.litePullConsumer(topic)
    const [queue] = consumer.assignment() as [MessageQueue]
    await polled(consumer, 3)
    const waiting = consumer.poll({ timeoutMs: 20_000 })
    await consumer.seek(queue, 2)
    expect((await waiting).map(message => message.text())).toEqual(['m2'])
  })

  cluster.it('commits from there on', async site => {
    const { topic } = await withMessages(site, 30)
    const consumerGroup = site.freshGroup()
    const consumer = await site.litePullConsumer(topic, { consumerGroup })
    const [queue] = consumer.assignment() as [MessageQueue]
    await polled(consumer, 20)
    await consumer.commit()
    await consumer.seek(queue, 5)
    await consumer.shutdown()
    const second = await site.litePullConsumer(topic, { consumerGroup })
    expect(await polledTexts(second, 25)).toEqual(bodies(30).slice(5))
  })

  cluster.it('finds the message of a time', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const consumer = await site.litePullConsumer(topic)
    const [queue] = consumer.assignment() as [MessageQueue]
    const stored: MessageExt[] = []
    // Each in a millisecond of its own, as old brokers take any of those of one.
    while (new Set(stored.map(({ storeTimestamp }) => storeTimestamp)).size < 5) {
      await producer.send({ topic, body: `m${stored.length}` })
      stored.push(...(await polled(consumer, 1)))
    }
    const third = stored.find(({ storeTimestamp }) => storeTimestamp > (stored[0] as MessageExt).storeTimestamp + 1)
    const time = (third as MessageExt).storeTimestamp
    const offset = await consumer.offsetForTimestamp(queue, time)
    expect(stored[offset]?.storeTimestamp).toBe(time)
    await consumer.seekToTimestamp(queue, new Date(time))
    expect((await polled(consumer, 1))[0]).toMatchObject({ queueOffset: offset, storeTimestamp: time })
    await consumer.seekToTimestamp(queue, 0)
    expect((await polled(consumer, 1))[0]).toMatchObject({ queueOffset: 0 })
  })

  cluster.it('outside of the queue, or on a queue that it does not have, is refused', async site => {
    const { topic } = await withMessages(site, 3)
    const consumer = await site.litePullConsumer(topic)
    const [queue] = consumer.assignment() as [MessageQueue]
    for (const offset of [-1, 4]) {
      const outside = { code: 'INVALID_ARGUMENT', topic, message: expect.stringContaining('from 0 to 3') }
      await expect(consumer.seek(queue, offset)).rejects.toMatchObject(outside)
    }
    const foreign = { ...queue, queueId: 99 }
    const notAssigned = { code: 'INVALID_ARGUMENT', topic, message: expect.stringContaining('not assigned') }
    await expect(consumer.seek(foreign, 0)).rejects.toMatchObject(notAssigned)
    await expect(consumer.seekToBegin(foreign)).rejects.toMatchObject(notAssigned)
    await expect(consumer.commit([foreign])).rejects.toMatchObject(notAssigned)
    expect(() => consumer.pause([foreign])).toThrow(expect.objectContaining(notAssigned))
    await expect(consumer.seek(queue, 1.5)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await polledTexts(consumer, 3)).toEqual(bodies(3))
  })
})

describeScenario('pausing a queue', cluster => {
  cluster.it('holds back what is in hand of it, too, and resuming brings that', async site => {
    const topic = await site.freshTopic(2)
    const producer = await site.producer()
    const [one, two] = (await producer.publishMessageQueues(topic)) as [MessageQueue, MessageQueue]
    await sendEach(producer, topic, ['0'], one)
    const consumer = await site.litePullConsumer(topic)
    expect(await polledTexts(consumer, 1)).toEqual(['0'])
    consumer.pause([one])
    await sendEach(producer, topic, ['1', '2'], one)
    await sendEach(producer, topic, ['3', '4'], two)
    expect((await polledTexts(consumer, 2)).sort()).toEqual(['3', '4'])
    expect(await consumer.poll({ timeoutMs: 100 })).toEqual([])
    consumer.resume([one])
    expect(await polledTexts(consumer, 2)).toEqual(['1', '2'])
  })
})
