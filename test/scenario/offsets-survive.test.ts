import { describeScenario } from '../support/cluster'
import { answered } from '../support/until'

describeScenario('the progress of a group', cluster => {
  cluster.it('survives the restart of its consumer: nothing comes again, nothing is left out', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(), site.freshGroup()]
    const producer = await site.producer()
    const before = await site.reader(topic, { consumerGroup })
    const sendAll = (bodies: string[]) => Promise.all(bodies.map(body => producer.send({ topic, body })))
    await sendAll(Array.from({ length: 100 }, (_, index) => `before ${index}`))
    await before.inbox.first(100)
    await before.consumer.shutdown()
    const away = Array.from({ length: 50 }, (_, index) => `while away ${index}`)
    await sendAll(away)
    const after = await site.reader(topic, { consumerGroup })
    await after.inbox.first(50)
    await producer.send({ topic, body: 'last' })
    await after.inbox.text('last')
    expect(after.inbox.texts.sort()).toEqual([...away, 'last'].sort())
    expect(before.inbox.messages).toHaveLength(100)
  })

  cluster.it('is written down while it runs, so that another member goes on from there', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const producer = await site.producer()
    const first = await site.reader(topic, { consumerGroup, persistConsumerOffsetIntervalMs: 100 })
    for (const body of ['0', '1', '2']) await producer.send({ topic, body })
    await first.inbox.first(3)
    const admin = await site.admin()
    const committed = async () => (await admin.consumeStats(consumerGroup, { topic })).queues[0]?.consumerOffset
    await answered(committed, offset => offset === 3, { what: 'a committed offset of 3' })
  })

  cluster.it('of an orderly listener survives, too', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const producer = await site.producer()
    const [first, second] = [site.newInbox(), site.newInbox()]
    const start = async (take: typeof first.take) => {
      const consumer = site.newConsumer({ consumerGroup }).subscribe(topic).consumeEach({ ordered: 'queue' }, take)
      await consumer.start()
      return consumer
    }
    const consumer = await start(first.take)
    for (const body of ['0', '1', '2']) await producer.send({ topic, body })
    await first.text('2')
    await consumer.shutdown()
    await producer.send({ topic, body: '3' })
    await start(second.take)
    await second.text('3')
    expect(second.texts).toEqual(['3'])
  })
})
