import type { ConsumeConcurrentlyResult, MessageExt, PushConsumer } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import { type Cluster, describeSideBySide } from '../support/cluster'
import type { ConsumerSettings, Site } from '../support/site'
import { answered } from '../support/until'

const POP = { clientRebalance: false } as const
/** How long a message may take that comes again after 10 s. */
const AGAIN_MS = 40_000
/** The same where its retry topic is pulled: name servers hear of that up to 30 s later, and consumers up to 20 s after them. */
const PULLED_AGAIN_MS = 90_000

/** A topic whose messages a group gets by POP. */
async function popped(site: Site, queues = 4) {
  const topic = await site.freshTopic(queues)
  const consumerGroup = site.freshGroup()
  await setMode(site, { topic, consumerGroup }, 'POP')
  return { topic, consumerGroup, producer: await site.producer() }
}

async function setMode(site: Site, of: { topic: string; consumerGroup: string }, mode: 'POP' | 'PULL'): Promise<void> {
  await (await site.admin()).setMessageRequestMode(of.topic, of.consumerGroup, mode)
}

interface Seen {
  readonly texts: string[]
  readonly messages: MessageExt[]
}

/** A started consumer that keeps what it gets, and answers as told. */
async function reader(
  site: Site,
  topic: string,
  options: ConsumerSettings,
  answer: (message: MessageExt) => ConsumeConcurrentlyResult | Promise<ConsumeConcurrentlyResult> = () => undefined,
): Promise<{ consumer: PushConsumer; seen: Seen }> {
  const seen: Seen = { texts: [], messages: [] }
  const consumer = await site.consumer(topic, { ...POP, ...options }, async message => {
    seen.texts.push(message.text())
    seen.messages.push(message.copy())
    site.changes.notify()
    return answer(message)
  })
  return { consumer, seen }
}

async function send(site: Site, topic: string, texts: readonly string[]): Promise<void> {
  const producer = await site.producer()
  for (const body of texts) await producer.send({ topic, body })
}

/** Resolves once what no event tells is true; brokers are asked something in between. */
async function when(site: Site, condition: () => boolean, withinMs = 20_000): Promise<void> {
  const admin = await site.admin()
  const endsAt = systemClock.monotonic() + withinMs
  while (!condition()) {
    if (systemClock.monotonic() > endsAt) throw new Error(`not true within ${withinMs} ms: ${String(condition)}`)
    await admin.clusters()
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${i}`)

function describePop(title: string, define: (cluster: Cluster) => void): void {
  describeSideBySide(title, cluster => {
    if (cluster.version === '5') define(cluster)
    else cluster.skip('needs POP', 'brokers from 5.0')
  })
}

describePop('a push consumer that pops', cluster => {
  cluster.it('gets every message once, from all queues of the broker', async site => {
    const { topic, consumerGroup } = await popped(site)
    const { consumer, seen } = await reader(site, topic, { consumerGroup })
    expect(consumer.stats()).toMatchObject({ queues: [{}], popQueues: [{ queue: { topic, queueId: -1 } }] })
    await send(site, topic, numbers(30))
    await site.until(() => seen.texts.length >= 30, { what: 'messages to come' })
    await when(site, () => consumer.stats().cached === 0)
    expect(seen.texts.toSorted()).toEqual(numbers(30).toSorted())
    expect(seen.messages[0]).toMatchObject({ topic, reconsumeTimes: 0 })
  })

  cluster.it('is behind with what its group has not popped', async site => {
    const { topic, consumerGroup } = await popped(site, 1)
    const { consumer, seen } = await reader(site, topic, { consumerGroup })
    await send(site, topic, ['first'])
    await site.until(() => seen.texts.length >= 1, { what: 'a message to come' })
    const places = consumer.stats().popQueues.map(({ queue }) => queue)
    consumer.pause(places)
    await when(site, () => consumer.stats().cached === 0)
    await send(site, topic, numbers(3))
    const { queues } = await answered(
      () => consumer.lag(),
      ({ messages }) => messages === 3,
      { what: 'the lag' },
    )
    expect(queues.find(({ queue }) => queue.topic === topic)).toMatchObject({ offset: 1, maxOffset: 4, messages: 3 })
    consumer.resume(places)
    await answered(
      () => consumer.lag(),
      ({ messages }) => messages === 0,
      { what: 'the end of the lag' },
    )
    expect(seen.texts.toSorted()).toEqual(['0', '1', '2', 'first'])
  })

  cluster.it('shares one queue among its members', async site => {
    const { topic, consumerGroup } = await popped(site, 1)
    const readers = [
      await reader(site, topic, { consumerGroup, popBatchNums: 1 }),
      await reader(site, topic, { consumerGroup, popBatchNums: 1 }),
    ]
    await send(site, topic, numbers(40))
    const all = () => readers.flatMap(({ seen }) => seen.texts)
    await site.until(() => all().length >= 40, { what: 'messages to come' })
    expect(new Set(all()).size).toBe(40)
    for (const { seen } of readers) expect(seen.texts.length).toBeGreaterThan(0)
  })

  cluster.it('gets a message again that its listener failed on, under its own topic', async site => {
    const { topic, consumerGroup } = await popped(site)
    const { seen } = await reader(site, topic, { consumerGroup }, ({ reconsumeTimes }) =>
      reconsumeTimes === 0 ? 'RECONSUME_LATER' : 'CONSUME_SUCCESS',
    )
    await send(site, topic, ['a'])
    await site.until(() => seen.texts.length === 2, { what: 'messages to come', withinMs: AGAIN_MS })
    const [first, second] = seen.messages
    expect(second).toMatchObject({ topic, reconsumeTimes: 1, msgId: first?.msgId })
  })

  cluster.it('keeps a message hidden while its listener works longer than the invisible time', async site => {
    const { topic, consumerGroup } = await popped(site)
    let finish: () => void = () => undefined
    const { consumer, seen } = await reader(
      site,
      topic,
      { consumerGroup, popInvisibleTimeMs: 5000 },
      () => new Promise<void>(resolve => (finish = resolve)),
    )
    await send(site, topic, ['long'])
    await site.until(() => seen.texts.length === 1, { what: 'messages to come' })
    // Longer than twice the invisible time: nobody gets it meanwhile.
    const waiting = await site.simpleConsumer(topic, { consumerGroup, advanced: { instanceName: site.freshGroup() } })
    expect(await waiting.receive({ awaitDurationMs: 12_000 })).toEqual([])
    expect(seen.texts).toEqual(['long'])
    finish()
    await when(site, () => consumer.stats().inFlight === 0)
  })

  cluster.it('puts a message that always fails to the dead letters', async site => {
    const { topic, consumerGroup } = await popped(site)
    const { consumer, seen } = await reader(
      site,
      topic,
      { consumerGroup, maxReconsumeTimes: 0 },
      () => 'RECONSUME_LATER',
    )
    await send(site, topic, ['bad'])
    await site.until(() => seen.texts.length === 1, { what: 'messages to come' })
    const dead = site.newInbox()
    const undertaker = site.newConsumer().subscribe(`%DLQ%${consumerGroup}`).consumeEach(dead.take)
    await undertaker.start()
    await site.until(() => dead.texts.includes('bad'), { what: 'messages to come', withinMs: AGAIN_MS })
    expect(consumer.stats().cached).toBe(0)
  })

  cluster.it('keeps queues in order, also after a failure', async site => {
    const { topic, consumerGroup } = await popped(site, 2)
    const texts: string[] = []
    let failed = false
    const consumer = site.newConsumer({ ...POP, consumerGroup, suspendCurrentQueueTimeMs: 100 }).subscribe(topic)
    consumer.consumeEach({ ordered: 'queue' }, message => {
      if (message.text() === '3' && !failed) {
        failed = true
        return 'SUSPEND_CURRENT_QUEUE_A_MOMENT'
      }
      texts.push(message.text())
      site.changes.notify()
      return 'SUCCESS'
    })
    await consumer.start()
    expect(consumer.stats().popQueues).toHaveLength(1)
    const producer = await site.producer()
    for (const body of numbers(100)) await producer.send({ topic, body }, { shardingKey: 'one' })
    await site.until(() => texts.length >= 100, { what: 'messages to come', withinMs: AGAIN_MS })
    expect(texts).toEqual(numbers(100))
  })

  cluster.it('gives what it has not begun with to others when it is shut down', async site => {
    const { topic, consumerGroup } = await popped(site)
    let finish: () => void = () => undefined
    const held = new Promise<void>(resolve => (finish = resolve))
    const options = { consumerGroup, popInvisibleTimeMs: 300_000 }
    const { consumer, seen } = await reader(site, topic, { ...options }, () => held)
    consumer.updateConcurrency(1)
    await send(site, topic, numbers(12))
    await when(site, () => consumer.stats().cached === 12)
    const ended = consumer.shutdown()
    finish()
    await ended
    const other = await reader(site, topic, options)
    await site.until(() => seen.texts.length + other.seen.texts.length === 12, { what: 'messages to come' })
    expect(new Set([...seen.texts, ...other.seen.texts]).size).toBe(12)
  })

  cluster.it('changes over to pulling, and back, while it runs', async site => {
    const { topic, consumerGroup } = await popped(site)
    const { consumer, seen } = await reader(site, topic, { consumerGroup }, message =>
      message.text() === 'again' && message.reconsumeTimes === 0 ? 'RECONSUME_LATER' : undefined,
    )
    await send(site, topic, ['one', 'again'])
    await site.until(() => seen.texts.length === 2, { what: 'messages to come' })
    await setMode(site, { topic, consumerGroup }, 'PULL')
    await when(site, () => consumer.stats().queues.some(({ queue }) => queue.topic === topic), AGAIN_MS)
    expect(consumer.stats().popQueues).toEqual([])
    await send(site, topic, ['two'])
    // What failed while it was popped is pulled from the retry topic of POP.
    await site.until(() => seen.texts.length >= 4, { what: 'messages to come', withinMs: PULLED_AGAIN_MS })
    expect(seen.texts.toSorted()).toEqual(['again', 'again', 'one', 'two'])
    expect(new Set(seen.messages.map(message => message.topic))).toEqual(new Set([topic]))
    await setMode(site, { topic, consumerGroup }, 'POP')
    await when(site, () => consumer.stats().popQueues.length === 1, AGAIN_MS)
    await send(site, topic, ['three'])
    await site.until(() => seen.texts.includes('three'), { what: 'messages to come' })
    expect(seen.texts.filter(text => text !== 'again').toSorted()).toEqual(['one', 'three', 'two'])
  })

  cluster.it('gets messages in a namespace, again after a failure, and under bare names', async site => {
    const namespace = site.freshGroup()
    const [topic, consumerGroup] = [site.freshGroup(), site.freshGroup()]
    const admin = await site.admin()
    await admin.createTopic({ topic: `${namespace}%${topic}`, readQueueNums: 1, writeQueueNums: 1 })
    await admin.setMessageRequestMode(`${namespace}%${topic}`, `${namespace}%${consumerGroup}`, 'POP')
    const { seen, consumer } = await reader(site, topic, { consumerGroup, namespace }, ({ reconsumeTimes }) =>
      reconsumeTimes === 0 ? 'RECONSUME_LATER' : 'CONSUME_SUCCESS',
    )
    expect(consumer.stats().popQueues).toMatchObject([{ queue: { topic } }])
    const producer = await site.producer({ namespace })
    await producer.send({ topic, body: 'a' })
    await site.until(() => seen.texts.length === 2, { what: 'the message to come again', withinMs: AGAIN_MS })
    expect(seen.messages.map(message => [message.topic, message.reconsumeTimes])).toEqual([
      [topic, 0],
      [topic, 1],
    ])
    const simple = await site.simpleConsumer(topic, { namespace })
    const [message] = await simple.receive({ awaitDurationMs: 10_000 })
    expect(message?.topic).toBe(topic)
    await simple.ack(message as MessageExt)
  })

  cluster.it('cannot keep keys in order', async site => {
    const consumer = site.newConsumer(POP)
    expect(() => consumer.consume({ ordered: 'key' }, () => undefined)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})

describeSideBySide('a push consumer whose brokers are to assign queues, and are too old', cluster => {
  if (cluster.version === '5') return cluster.skip('is refused', 'brokers of 5.0 know POP')
  cluster.it('is refused before brokers hear of it', async site => {
    const topic = await site.freshTopic(1)
    const consumer = site
      .newConsumer(POP)
      .subscribe(topic)
      .consumeEach(() => undefined)
    await expect(consumer.start()).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER', message: /older than 5\.0/ })
    expect(await (await site.admin()).consumerConnections(consumer.consumerGroup)).toBeUndefined()
  })
})
