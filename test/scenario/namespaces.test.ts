import type { PushConsumerOptions } from '../../lib/index'
import { SOON_AGAIN, describeScenario, describeSideBySide } from '../support/cluster'
import type { Site } from '../support/site'

const namespace = 'shop'

/** Brokers do not create a topic of a namespace by themselves where that is switched off. */
async function topicInShop(site: Site): Promise<string> {
  const topic = `Orders_${site.freshGroup()}`
  await (await site.admin()).createTopic({ topic: `${namespace}%${topic}`, readQueueNums: 2, writeQueueNums: 2 })
  return topic
}

describeScenario('namespaces, version 1', cluster => {
  cluster.it('are seen by brokers alone', async site => {
    const topic = await topicInShop(site)
    const consumerGroup = site.freshGroup()
    const assigned: string[] = []
    const options = { namespace, consumerGroup } satisfies Partial<PushConsumerOptions>
    const inbox = site.newInbox()
    const queues: string[] = []
    const consumer = site.newConsumer(options).subscribe(topic, 'paid')
    consumer.on('assigned', taken => assigned.push(...taken.map(queue => queue.topic)))
    consumer.consumeEach((message, context) => {
      queues.push(context.messageQueue.topic, context.consumerGroup)
      inbox.take(message)
    })
    await consumer.start()
    const producer = await site.producer({ namespace })
    const { messageQueue } = await producer.send({ topic, body: 'm', tags: 'paid' })
    const message = await inbox.text('m')
    expect([message.topic, messageQueue.topic, ...queues]).toEqual([topic, topic, topic, consumerGroup])
    expect(message.properties['INSTANCE_ID']).toBe(namespace)
    // A broker may take a while to tell of the retry topic that it makes.
    const retryTopic = `%RETRY%${consumerGroup}`
    expect(new Set([retryTopic, ...assigned])).toEqual(new Set([retryTopic, topic]))
    const admin = await site.admin()
    const known = await admin.consumerConnections(`${namespace}%${consumerGroup}`)
    expect(known?.connectionSet).toHaveLength(1)
    expect([...(known?.subscriptionTable.keys() ?? [])]).toContain(`${namespace}%${topic}`)
  })

  cluster.it('keep equal names apart', async site => {
    const topic = await topicInShop(site)
    await (await site.admin()).createTopic({ topic, readQueueNums: 1, writeQueueNums: 1 })
    const consumerGroup = site.freshGroup()
    const inShop = await site.reader(topic, { namespace, consumerGroup })
    const outside = await site.reader(topic, { consumerGroup })
    await (await site.producer({ namespace })).send({ topic, body: 'inside' })
    await (await site.producer()).send({ topic, body: 'outside' })
    await inShop.inbox.first(1)
    await outside.inbox.first(1)
    expect([inShop.inbox.texts, outside.inbox.texts]).toEqual([['inside'], ['outside']])
  })

  cluster.it('hold for queues in order, batches, chosen queues and committed offsets', async site => {
    const topic = await topicInShop(site)
    const consumerGroup = site.freshGroup()
    const producer = await site.producer({ namespace })
    const [queue] = await producer.publishMessageQueues(topic)
    await producer.send(
      [1, 2].map(n => ({ topic, body: `${n}` })),
      { queue: queue as NonNullable<typeof queue> },
    )
    await producer.sendOneway({ topic, body: '3' }, { selector: queues => queues[0] as NonNullable<typeof queue> })
    const inbox = site.newInbox()
    const first = site.newConsumer({ namespace, consumerGroup }).subscribe(topic)
    await first.consumeEach({ ordered: 'queue' }, inbox.take).start()
    await inbox.first(3)
    await first.shutdown()
    const next = await site.reader(topic, { namespace, consumerGroup })
    await producer.send({ topic, body: '4' })
    await next.inbox.text('4')
    expect(next.inbox.texts).toEqual(['4'])
  })

  cluster.it('hold for lite pull consumers and raw pulls', async site => {
    const topic = await topicInShop(site)
    await (await site.producer({ namespace })).send({ topic, body: 'm' })
    const lite = await site.litePullConsumer(topic, { namespace })
    let polled = await lite.poll()
    while (polled.length === 0) polled = await lite.poll()
    expect(polled.map(message => [message.topic, message.text()])).toEqual([[topic, 'm']])
    expect(new Set(lite.assignment().map(queue => queue.topic))).toEqual(new Set([topic]))
    const raw = await site.pullConsumer({ namespace })
    const found = await Promise.all((await raw.fetchMessageQueues(topic)).map(queue => raw.pull(queue, { offset: 0 })))
    expect(found.flatMap(({ messages }) => messages.map(message => message.topic))).toEqual([topic])
  })
})

describeSideBySide(
  'failures within a namespace',
  cluster => {
    cluster.it('come again under their own topic, and end among the dead letters of the namespace', async site => {
      const topic = await topicInShop(site)
      const consumerGroup = site.freshGroup()
      const inbox = site.newInbox()
      const seen: string[] = []
      const listener = site.newConsumer({ namespace, consumerGroup, maxReconsumeTimes: 1 }).subscribe(topic)
      listener.consumeEach(message => {
        seen.push(message.topic)
        inbox.take(message)
        return { status: 'RECONSUME_LATER', delayLevel: 1 }
      })
      await listener.start()
      await (await site.producer({ namespace })).send({ topic, body: 'm' })
      await inbox.text('m', { nth: 2 })
      expect(seen).toEqual([topic, topic])
      const dead = await site.reader(`%DLQ%${consumerGroup}`, { namespace })
      expect((await dead.inbox.text('m')).properties['RETRY_TOPIC']).toBe(`${namespace}%${topic}`)
    })
  },
  SOON_AGAIN,
)

describeScenario('namespaces, version 2', cluster => {
  cluster.it('travel beside names that stay as they are', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox }] = await Promise.all([
      site.producer({ namespaceV2: 'shop' }),
      site.reader(topic, { namespaceV2: 'shop' }),
    ])
    await producer.send({ topic, body: 'm' })
    expect((await inbox.text('m')).topic).toBe(topic)
  })
})

describeScenario('unit mode', cluster => {
  cluster.it('is told with messages and heartbeats, and brokers mark the topics', async site => {
    const advanced = { unitMode: true, unitName: 'u1' }
    const topic = `Unit_${site.freshGroup()}`
    const producer = await site.producer({ advanced })
    await producer.send({ topic, body: 'm' })
    const { inbox, consumer } = await site.reader(topic, { advanced })
    await inbox.text('m')
    expect(consumer.clientId).toMatch(/@u1$/)
    const admin = await site.admin()
    const flagOf = async (name: string) => (await admin.topicRoute(name)).queueDatas[0]?.topicSysFlag
    expect(await flagOf(topic)).toBe(1)
    expect(await flagOf(`%RETRY%${consumer.consumerGroup}`)).toBe(2)
  })
})
