import type { LitePullConsumer, MessageQueue } from '../../lib/index'
import { describeScenario } from '../support/cluster'
import { polledTexts } from '../support/polled'
import type { Site } from '../support/site'

const bodies = (count: number, prefix = 'm') => Array.from({ length: count }, (_, index) => `${prefix}${index}`)
const idsOf = (queues: readonly MessageQueue[]) => queues.map(({ queueId }) => queueId).sort()

/** A topic with messages in each of its queues. */
async function withQueues(site: Site, queues: number, perQueue: number) {
  const topic = await site.freshTopic(queues)
  const producer = await site.producer()
  const all = await producer.publishMessageQueues(topic)
  for (const queue of all) {
    for (const body of bodies(perQueue, `q${queue.queueId} m`)) await producer.send({ topic, body }, { queue })
  }
  await site.stored(topic, queues * perQueue)
  return { topic, producer, all }
}

/** Keeps what a consumer returns until it ends. */
async function collect(consumer: LitePullConsumer, site: Site, seen: string[]): Promise<void> {
  for await (const batch of consumer) {
    seen.push(...batch.map(message => message.text()))
    site.changes.notify()
  }
}

describeScenario('lite pull consumers of one group', cluster => {
  cluster.it('share the queues as they come and go, and lose no message', async site => {
    const { topic, producer } = await withQueues(site, 4, 5)
    const consumerGroup = site.freshGroup()
    const seen: string[] = []
    const first = await site.litePullConsumer(topic, { consumerGroup })
    const reading = [collect(first, site, seen)]
    const second = await site.litePullConsumer(topic, { consumerGroup })
    reading.push(collect(second, site, seen))
    const shares = () => [first, second].map(consumer => consumer.assignment().length)
    await site.until(() => shares().join() === '2,2', { what: () => `even shares, not ${shares().join()}` })
    expect(idsOf([...first.assignment(), ...second.assignment()])).toEqual([0, 1, 2, 3])
    const more = bodies(40, 'after ')
    await Promise.all(more.map(body => producer.send({ topic, body })))
    await site.until(() => more.every(body => seen.includes(body)), { what: () => `40 messages: ${seen.length}` })
    await first.shutdown()
    await site.until(() => second.assignment().length === 4, { what: 'all queues for the one that is left' })
    await producer.send({ topic, body: 'last' })
    await site.until(() => seen.includes('last'), { what: 'the last message' })
    expect(new Set(seen).size).toBe(20 + 40 + 1)
    await second.shutdown()
    await Promise.all(reading)
  })
})

describeScenario('assigning queues', cluster => {
  cluster.it('takes these and no others, whoever else is in the group', async site => {
    const { topic, producer, all } = await withQueues(site, 3, 2)
    const consumerGroup = site.freshGroup()
    const members = [site.newLitePullConsumer({ consumerGroup }), site.newLitePullConsumer({ consumerGroup })] as const
    const [one, other] = members
    await Promise.all(members.map(member => member.start()))
    expect(idsOf(await one.fetchMessageQueues(topic))).toEqual([0, 1, 2])
    await one.assign(all.slice(0, 2))
    await other.assign(all.slice(1))
    expect((await polledTexts(one, 4)).sort()).toEqual(['q0 m0', 'q0 m1', 'q1 m0', 'q1 m1'])
    expect((await polledTexts(other, 4)).sort()).toEqual(['q1 m0', 'q1 m1', 'q2 m0', 'q2 m1'])
    await one.assign(all.slice(2))
    expect(idsOf(one.assignment())).toEqual([2])
    expect(await polledTexts(one, 2)).toEqual(['q2 m0', 'q2 m1'])
    await producer.send({ topic, body: 'not wanted any more' }, { queue: all[0] as MessageQueue })
    await producer.send({ topic, body: 'wanted' }, { queue: all[2] as MessageQueue })
    expect(await polledTexts(one, 1)).toEqual(['wanted'])
    await one.assign([])
    expect(one.assignment()).toEqual([])
  })

  cluster.it('may be done before the start, and goes on where the group was', async site => {
    const { topic, all } = await withQueues(site, 1, 4)
    const consumerGroup = site.freshGroup()
    for (const expected of [bodies(4, 'q0 m').slice(0, 2), bodies(4, 'q0 m').slice(2)]) {
      const consumer = site.newLitePullConsumer({ consumerGroup, pullBatchSize: 2 })
      await consumer.assign(all)
      await consumer.start()
      expect(consumer.assignment()).toEqual([{ topic, brokerName: all[0]?.brokerName, queueId: 0 }])
      expect(await polledTexts(consumer, 2)).toEqual(expected)
      await consumer.commit()
      await consumer.shutdown()
    }
  })

  cluster.it('takes an expression', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    for (const tags of ['a', 'b', 'a']) await producer.send({ topic, body: tags, tags })
    const consumer = site.newLitePullConsumer()
    await consumer.start()
    await consumer.assign(await consumer.fetchMessageQueues(topic), { expression: 'b' })
    expect(await polledTexts(consumer, 1)).toEqual(['b'])
  })

  cluster.it('and subscribing exclude each other', async site => {
    const { topic, all } = await withQueues(site, 1, 1)
    const excluded = { code: 'INVALID_STATE', message: expect.stringContaining('exclude each other') }
    const subscriber = await site.litePullConsumer(topic)
    await expect(subscriber.assign(all)).rejects.toMatchObject(excluded)
    expect(await polledTexts(subscriber, 1)).toEqual(['q0 m0'])
    const assigner = site.newLitePullConsumer()
    await assigner.assign(all)
    expect(() => assigner.subscribe(topic)).toThrow(expect.objectContaining(excluded))
  })

  cluster.it('refuses queues of no broker, and keeps what it has', async site => {
    const { topic, all } = await withQueues(site, 1, 1)
    const consumer = site.newLitePullConsumer()
    await consumer.start()
    await consumer.assign(all)
    const nowhere = { topic, brokerName: 'elsewhere', queueId: 0 }
    await expect(consumer.assign([nowhere])).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND', topic })
    await expect(consumer.assign([{ topic } as never])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(consumer.assign(undefined as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(idsOf(consumer.assignment())).toEqual([0])
    expect(await polledTexts(consumer, 1)).toEqual(['q0 m0'])
  })
})

describeScenario('a topic whose queues are watched', cluster => {
  cluster.it('tells of new ones, which can be assigned then', async site => {
    const { topic, producer } = await withQueues(site, 1, 1)
    const consumer = site.newLitePullConsumer({ topicMetadataCheckIntervalMs: 100 })
    await consumer.start()
    const changes: number[][] = []
    consumer.on('messageQueuesChanged', (changed, queues) => {
      expect(changed).toBe(topic)
      changes.push(idsOf(queues))
      site.changes.notify()
    })
    expect(idsOf(await consumer.watchMessageQueues(topic))).toEqual([0])
    await (await site.admin()).createTopic({ topic, readQueueNums: 2, writeQueueNums: 2 })
    await site.until(() => changes.length > 0, { what: 'news of the queues' })
    expect(changes).toEqual([[0, 1]])
    const [, second] = (await consumer.fetchMessageQueues(topic)) as [MessageQueue, MessageQueue]
    await consumer.assign([second])
    await producer.shutdown()
    await (await site.producer()).send({ topic, body: 'in the new one' }, { queue: second })
    expect(await polledTexts(consumer, 1)).toEqual(['in the new one'])
  })

  cluster.it('must exist', async site => {
    const consumer = site.newLitePullConsumer()
    await consumer.start()
    const topic = site.freshGroup()
    const none = { code: 'TOPIC_NOT_FOUND', topic }
    await expect(consumer.fetchMessageQueues(topic)).rejects.toMatchObject(none)
    await expect(consumer.watchMessageQueues(topic)).rejects.toMatchObject(none)
    await expect(consumer.fetchMessageQueues('no topic')).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
  })
})

describeScenario('iterating over batches', cluster => {
  cluster.it('may end by a break, and begin again', async site => {
    const { topic } = await withQueues(site, 1, 9)
    const consumer = await site.litePullConsumer(topic, { pullBatchSize: 3 })
    const seen: string[][] = []
    for await (const batch of consumer) {
      seen.push(batch.map(message => message.text()))
      if (seen.length === 2) break
    }
    for await (const batch of consumer) {
      seen.push(batch.map(message => message.text()))
      break
    }
    expect(seen.flat()).toEqual(bodies(9, 'q0 m'))
  })

  cluster.it('ends when the consumer is shut down, while it waits and while a batch is handled', async site => {
    const { topic } = await withQueues(site, 1, 1)
    const consumer = await site.litePullConsumer(topic)
    const seen: string[] = []
    const reading = collect(consumer, site, seen)
    await site.until(() => seen.length === 1, { what: 'the message' })
    await consumer.shutdown()
    await reading
    const second = await site.litePullConsumer(topic, { consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' })
    for await (const batch of second) {
      expect(batch).toHaveLength(1)
      await second.shutdown()
    }
    expect(second.isRunning).toBe(false)
    await expect(second[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })
})

describeScenario('an offset that is set by an administrator', cluster => {
  cluster.it('is taken over by a lite pull consumer that is online, and not undone by its commits', async site => {
    const { topic, producer, all } = await withQueues(site, 1, 10)
    const consumerGroup = site.freshGroup()
    const consumer = await site.litePullConsumer(topic, { consumerGroup })
    await polledTexts(consumer, 10)
    await consumer.commit()
    const admin = await site.admin()
    await admin.resetOffsets({ consumerGroup, topic, timestamp: 'earliest' })
    // Brokers from 5.2 tell of it with the answer to a pull: a message ends the wait of that.
    await producer.send({ topic, body: 'wakes the pull' })
    const again = [...bodies(10, 'q0 m'), 'wakes the pull']
    const seen: string[] = []
    while (seen.filter(text => text === 'q0 m0').length === 0 || seen.at(-1) !== 'wakes the pull') {
      seen.push(...(await polledTexts(consumer, 1)))
    }
    expect(seen.slice(-11)).toEqual(again)
    await consumer.commit()
    expect(await consumer.committed(all[0] as MessageQueue)).toBe(11)
  })
})

describeScenario('a lite pull consumer that is not at work', cluster => {
  cluster.it('refuses calls, and says what to do', async site => {
    const consumer = site.newLitePullConsumer()
    const queue = { topic: 'T', brokerName: 'b', queueId: 0 }
    const early = { code: 'INVALID_STATE', message: expect.stringContaining('call start() first') }
    const calls = [
      () => consumer.poll(),
      () => consumer.commit([queue]),
      () => consumer.committed(queue),
      () => consumer.seek(queue, 0),
      () => consumer.fetchMessageQueues('T'),
      () => consumer[Symbol.asyncIterator]().next(),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject(early)
    expect(() => consumer.pause([queue])).toThrow(expect.objectContaining(early))
    expect([consumer.isRunning, consumer.assignment()]).toEqual([false, []])
    await consumer.start()
    expect(consumer.isRunning).toBe(true)
    expect(await consumer.poll({ timeoutMs: 0 })).toEqual([])
    await expect(consumer.poll({ timeoutMs: -1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await consumer.shutdown()
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  cluster.it('ends polls that wait: by a signal, and when it shuts down', async site => {
    const consumer = await site.litePullConsumer(await site.freshTopic(1))
    const abort = new AbortController()
    const aborted = consumer.poll({ timeoutMs: 60_000, signal: abort.signal })
    const waiting = consumer.poll({ timeoutMs: 60_000 })
    abort.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
    await Promise.all([consumer.shutdown(), consumer.shutdown(), consumer[Symbol.asyncDispose]()])
    expect(await waiting).toEqual([])
  })
})
