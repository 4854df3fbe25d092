import { AckError, type MessageExt, type MessageFilter, MessageSelector, type SimpleConsumer } from '../../lib/index'
import { type Cluster, describeSideBySide } from '../support/cluster'
import type { Site } from '../support/site'

const isEven: MessageFilter = message => Number(message.text()) % 2 === 0
const textsOf = (messages: readonly MessageExt[]) => messages.map(message => message.text()).sort()
/** How long a message may take that comes again: brokers look for such once a second or so. */
const AGAIN_MS = 20_000

/** A topic of so many queues with messages of these tags, whose bodies count from 0, and its producer. */
async function withMessages(site: Site, tags: readonly string[], queues = 1) {
  const topic = await site.freshTopic(queues)
  const producer = await site.producer()
  for (const [index, tag] of tags.entries()) {
    await producer.send({ topic, tags: tag, properties: { index: `${index}` }, body: `${index}` })
  }
  await site.stored(topic, tags.length)
  return { topic, producer }
}

/** Receives until there are so many. */
async function take(consumer: SimpleConsumer, count: number, invisibleDurationMs = 60_000): Promise<MessageExt[]> {
  const taken: MessageExt[] = []
  while (taken.length < count) {
    const messages = await consumer.receive({ invisibleDurationMs, awaitDurationMs: AGAIN_MS })
    if (messages.length === 0) throw new Error(`only ${taken.length} of ${count} messages came`)
    taken.push(...messages)
  }
  return taken
}

/** What 4.9 knows nothing of is refused there, once; see below. */
function describePop(title: string, define: (cluster: Cluster) => void): void {
  describeSideBySide(title, cluster => {
    if (cluster.version === '5') define(cluster)
    else cluster.skip('needs POP', 'brokers from 5.0')
  })
}

describePop('a simple consumer', cluster => {
  cluster.it('receives what was sent, and never again what it has acknowledged', async site => {
    const { topic } = await withMessages(site, Array<string>(20).fill('a'), 4)
    const consumer = await site.simpleConsumer(topic)
    const messages = await take(consumer, 20, 5000)
    expect(textsOf(messages)).toEqual(textsOf([...messages]))
    expect(new Set(textsOf(messages)).size).toBe(20)
    expect(messages[0]).toMatchObject({ topic, tags: 'a', reconsumeTimes: 0 })
    await consumer.ack(messages[0] as MessageExt)
    await consumer.ack(messages.slice(1))
    expect(await consumer.receive({ awaitDurationMs: 9000 })).toEqual([])
    expect(consumer.stats()).toMatchObject({ state: 'running', topics: [topic], received: 20, acknowledged: 20 })
  })

  cluster.it('receives a message again that it has not acknowledged, under its own topic', async site => {
    const { topic } = await withMessages(site, ['a'])
    const consumer = await site.simpleConsumer(topic)
    const [first] = (await take(consumer, 1, 1000)) as [MessageExt]
    const [again] = (await take(consumer, 1)) as [MessageExt]
    expect(again).toMatchObject({ topic, msgId: first.msgId, reconsumeTimes: 1 })
    await expect(consumer.ack(first)).rejects.toMatchObject({ code: 'INVALID_RECEIPT' })
    await consumer.ack(again)
  })

  cluster.it('hides a message for longer, and shows it sooner', async site => {
    const { topic } = await withMessages(site, ['a', 'b'])
    const consumer = await site.simpleConsumer(topic)
    const [long, short] = (await take(consumer, 2, 20_000)) as [MessageExt, MessageExt]
    const before = long.properties['POP_CK']
    const handle = await consumer.changeInvisibleDuration(long, 60_000)
    expect([long.properties['POP_CK'], handle === before]).toEqual([handle, false])
    await consumer.changeInvisibleDuration(short, 1000)
    const [again] = (await take(consumer, 1)) as [MessageExt]
    expect(again.text()).toBe(short.text())
    await consumer.ack([again, long.copy()])
    expect(await consumer.receive({ awaitDurationMs: 5000 })).toEqual([])
    await expect(consumer.changeInvisibleDuration(again, 1000)).rejects.toMatchObject({ code: 'INVALID_RECEIPT' })
  })

  cluster.it('shares one queue with the other members of its group', async site => {
    const { topic } = await withMessages(site, Array<string>(12).fill('a'))
    const consumerGroup = site.freshGroup()
    const [one, two] = [
      await site.simpleConsumer(topic, { consumerGroup }),
      await site.simpleConsumer(topic, { consumerGroup }),
    ]
    const call = { maxMessages: 4, invisibleDurationMs: 60_000 }
    const taken = [...(await one.receive(call)), ...(await two.receive(call)), ...(await one.receive(call))]
    expect(new Set(textsOf(taken)).size).toBe(12)
    // Whoever has it may acknowledge it.
    await two.ack(taken)
  })

  cluster.it('receives messages of some tags only, or of a condition', async site => {
    const { topic } = await withMessages(site, ['a', 'b', 'c', 'a'])
    const tagged = await site.simpleConsumer(topic, { expression: 'a || c' })
    expect(textsOf(await take(tagged, 3))).toEqual(['0', '2', '3'])
    const selected = await site.simpleConsumer(topic, { expression: MessageSelector.bySql('index > 1') })
    expect(textsOf(await take(selected, 2))).toEqual(['2', '3'])
  })

  cluster.it('takes several topics in turn', async site => {
    const one = await withMessages(site, ['a', 'a'])
    const two = await withMessages(site, ['a', 'a'])
    const consumer = site.newSimpleConsumer({ subscriptions: { [one.topic]: '*', [two.topic]: '*' } })
    await consumer.start()
    const call = { maxMessages: 1, invisibleDurationMs: 60_000 }
    const topics = [...(await consumer.receive(call)), ...(await consumer.receive(call))].map(({ topic }) => topic)
    expect(topics.sort()).toEqual([one.topic, two.topic].sort())
  })

  cluster.it('waits for a message, and takes none for a call that was given up', async site => {
    const { topic, producer } = await withMessages(site, [])
    const consumer = await site.simpleConsumer(topic)
    const abort = new AbortController()
    const givenUp = consumer.receive({ invisibleDurationMs: 600_000, signal: abort.signal })
    const refused = expect(givenUp).rejects.toMatchObject({ code: 'ABORTED' })
    abort.abort()
    await refused
    const waiting = consumer.receive({ awaitDurationMs: AGAIN_MS })
    await producer.send({ topic, body: 'at last' })
    expect(textsOf(await waiting)).toEqual(['at last'])
  })

  cluster.it('leaves what it has not acknowledged to others when it is shut down', async site => {
    const { topic } = await withMessages(site, ['a'])
    const consumerGroup = site.freshGroup()
    const one = await site.simpleConsumer(topic, { consumerGroup })
    await take(one, 1, 2000)
    const waiting = one.receive({ awaitDurationMs: 60_000 })
    const ended = expect(waiting).rejects.toMatchObject({ code: 'ABORTED' })
    await one.shutdown()
    await ended
    await expect(one.receive()).rejects.toMatchObject({ code: 'INVALID_STATE' })
    const two = await site.simpleConsumer(topic, { consumerGroup })
    expect(await take(two, 1)).toMatchObject([{ reconsumeTimes: 1 }])
  })

  cluster.it('refuses to acknowledge what was not received, and acknowledges the rest of a list', async site => {
    const { topic } = await withMessages(site, ['a', 'b'])
    const consumer = await site.simpleConsumer(topic)
    const reader = await site.pullConsumer()
    const [queue] = await reader.fetchMessageQueues(topic)
    const { messages } = await reader.pull(queue as never, { offset: 0, maxNums: 1 })
    const foreign = messages[0] as MessageExt
    await expect(consumer.ack(foreign)).rejects.toMatchObject({
      code: 'INVALID_RECEIPT',
      group: consumer.consumerGroup,
    })
    await expect(consumer.ack(undefined as never)).rejects.toMatchObject({ code: 'INVALID_RECEIPT' })
    const [theirs] = (await take(await site.simpleConsumer(topic), 2)) as [MessageExt, MessageExt]
    const ofOthers = { code: 'INVALID_RECEIPT', message: expect.stringContaining('was received by group') }
    await expect(consumer.ack(theirs)).rejects.toMatchObject(ofOthers)
    await expect(consumer.changeInvisibleDuration(theirs, 5000)).rejects.toMatchObject(ofOthers)
    const mine = await take(consumer, 2, 5000)
    const failure: unknown = await consumer.ack([foreign, ...mine]).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AckError)
    expect(failure).toMatchObject({ code: 'ACK_INCOMPLETE', failures: [{ message: foreign }] })
    expect(await consumer.receive({ awaitDurationMs: 9000 })).toEqual([])
  })

  cluster.it('tells that a topic does not exist', async site => {
    const consumer = await site.simpleConsumer(site.freshGroup())
    await expect(consumer.receive()).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
  })

  cluster.it('keeps messages that its filters drop from everybody, and acknowledges them', async site => {
    const { topic } = await withMessages(site, ['a', 'a', 'a', 'a'])
    const options = { consumerGroup: site.freshGroup(), messageFilters: [isEven], invisibleDurationMs: 3000 }
    const consumer = await site.simpleConsumer(topic, options)
    const messages = await take(consumer, 2, 3000)
    expect(textsOf(messages)).toEqual(['0', '2'])
    await consumer.ack(messages)
    const plain = await site.simpleConsumer(topic, { ...options, messageFilters: [] })
    expect(await plain.receive({ awaitDurationMs: 8000 })).toEqual([])
  })

  cluster.it('tells an administrator what it is and does', async site => {
    const { topic } = await withMessages(site, ['a'])
    const consumerGroup = site.freshGroup()
    const consumer = await site.simpleConsumer(topic, { consumerGroup, expression: 'a || b' })
    await take(consumer, 1)
    const member = { consumerGroup, clientId: consumer.clientId as string }
    const info = await (await site.admin()).consumerRunningInfo(member, { jstack: true })
    expect(info.properties.get('PROP_CONSUME_TYPE')).toBe('CONSUME_ACTIVELY')
    expect(info.subscriptionSet.map(each => [each.topic, each.subString])).toEqual([[topic, 'a || b']])
    expect(info.jstack).toMatch(/messages received: 1, acknowledged: 0/)
  })
})

describeSideBySide('a simple consumer with brokers that are too old', cluster => {
  if (cluster.version === '5') return cluster.skip('is refused', 'brokers of 5.0 know POP')
  cluster.it('is refused before brokers hear of it', async site => {
    const topic = await site.freshTopic(1)
    const consumer = site.newSimpleConsumer({ subscriptions: { [topic]: '*' } })
    await expect(consumer.start()).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER', message: /older than 5\.0/ })
    expect(await (await site.admin()).consumerConnections(consumer.consumerGroup)).toBeUndefined()
  })
})
