import {
  AdminClient,
  type Message,
  type MessageExt,
  type MessageQueue,
  type PushConsumerOptions,
} from '../../lib/index'
import { describeScenario } from '../support/cluster'
import { type Site, PATIENTLY } from '../support/site'
import { type RealProxy, startRealProxy } from './real/real-proxy'
import { requireTarget } from './real/target'

const target = requireTarget()
const here = target.version === '5.5.0' && target.ownClusters

let proxy: RealProxy | undefined

/** The options of a client that knows the proxy only. */
function behind(): { namesrvAddr: string } {
  if (proxy === undefined) throw new Error('the proxy does not run')
  return { namesrvAddr: proxy.address }
}

/** A topic of a type, which proxies hold senders to. */
async function topicFor(site: Site, messageType: 'FIFO' | 'DELAY'): Promise<string> {
  const topic = `${messageType}-${site.freshGroup()}`
  await (await site.admin()).createTopic({ topic, readQueueNums: 2, writeQueueNums: 2, messageType })
  return topic
}

/** Options of consumers, too. */
const consuming = (): Partial<PushConsumerOptions> => ({ ...behind(), pollNameServerIntervalMs: 1000 })

const define: Parameters<typeof describeScenario>[1] = cluster => {
  beforeAll(async () => {
    proxy = await startRealProxy(target)
  })
  afterAll(() => proxy?.stop())

  cluster.it('messages are sent in every form, and consumed as they come', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer(behind())
    const body = 'x'.repeat(10_000)
    await producer.send({ topic, body: 'before' })
    const { inbox, consumer } = await site.reader(topic, consuming())
    const [queue] = await producer.publishMessageQueues(topic)
    await producer.send({ topic, body, keys: ['k'], tags: 'paid', properties: { region: 'eu' } })
    await producer.send({ topic, body: 'to a queue' }, { queue: queue as MessageQueue })
    await producer.send([
      { topic, body: 'batch 1' },
      { topic, body: 'batch 2' },
    ])
    await new Promise((resolve, reject) =>
      producer.sendAsync({ topic, body: 'async' }, error => (error === undefined ? resolve(true) : reject(error))),
    )
    await producer.sendOneway({ topic, body: 'oneway' })
    const bodies = ['before', body, 'to a queue', 'batch 1', 'batch 2', 'async', 'oneway']
    await inbox.first(bodies.length)
    expect(inbox.texts.sort()).toEqual(bodies.sort())
    expect(inbox.messages.find(message => message.tags === 'paid')).toMatchObject({ properties: { region: 'eu' } })
    expect(producer.health()).toMatchObject({ status: 'UP' })
    expect(consumer.health()).toMatchObject({ status: 'UP', brokers: [{ address: behind().namesrvAddr }] })
  })

  cluster.it('the type of a topic decides what it takes', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer(behind())
    const refused = { code: 'BROKER_ERROR', responseCode: 'MESSAGE_ILLEGAL', sent: 'NO' }
    const strangers: Message[] = [
      { topic, body: 'b', shardingKey: 'k' },
      { topic, body: 'b', delayTimeLevel: 1 },
      { topic: `none-${topic}`, body: 'b' },
    ]
    for (const message of strangers) await expect(producer.send(message)).rejects.toMatchObject(refused)
    const delayed = await topicFor(site, 'DELAY')
    const { recallHandle } = await producer.send({ topic: delayed, body: 'b', delayMs: 600_000 })
    await expect(producer.recall(delayed, recallHandle ?? '')).resolves.toMatch(/^[0-9A-F]{32}$/)
  })

  cluster.it('offsets are kept: whoever comes later goes on', async site => {
    const topic = await site.freshTopic()
    const consumerGroup = site.freshGroup()
    const producer = await site.producer(behind())
    const first = await site.reader(topic, { ...consuming(), consumerGroup })
    await producer.send({ topic, body: '1' })
    await first.inbox.first(1)
    await first.consumer.shutdown()
    await producer.send({ topic, body: '2' })
    const second = await site.reader(topic, { ...consuming(), consumerGroup })
    await second.inbox.first(1)
    expect(second.inbox.texts).toEqual(['2'])
  })

  cluster.it('what failed comes again', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer(behind())
    const inbox = site.newInbox()
    await site.consumer(topic, consuming(), (message, context) => {
      inbox.take(message)
      context.delayLevelWhenNextConsume = 1
      return message.reconsumeTimes === 0 ? 'RECONSUME_LATER' : 'CONSUME_SUCCESS'
    })
    await producer.send({ topic, body: 'b' })
    await inbox.first(2)
    expect(inbox.messages.map(({ topic: of, reconsumeTimes }) => [of, reconsumeTimes])).toEqual([
      [topic, 0],
      [topic, 1],
    ])
  })

  cluster.it('messages of a key are consumed in order', async site => {
    const topic = await topicFor(site, 'FIFO')
    const producer = await site.producer(behind())
    const inbox = site.newInbox()
    const consumer = site.newConsumer(consuming()).subscribe(topic).consumeEach({ ordered: 'queue' }, inbox.take)
    await consumer.start(PATIENTLY)
    for (const body of ['1', '2', '3']) await producer.send({ topic, body, shardingKey: 'k' })
    await inbox.first(3)
    expect(inbox.texts).toEqual(['1', '2', '3'])
  })

  cluster.it('broadcasting, lite pull and pull consumers read', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer(behind())
    const localOffsetStoreDir = await site.freshFolder()
    const broadcast = await site.reader(topic, { ...consuming(), messageModel: 'BROADCASTING', localOffsetStoreDir })
    await producer.send({ topic, body: 'b' })
    await broadcast.inbox.first(1)
    const lite = await site.litePullConsumer(topic, behind())
    expect((await lite.poll({ timeoutMs: 10_000 })).map(message => message.text())).toEqual(['b'])
    const puller = await site.pullConsumer(behind())
    const [queue] = await puller.fetchMessageQueues(topic)
    expect(await puller.pull(queue as MessageQueue, { offset: 0 })).toMatchObject({ status: 'FOUND' })
  })

  cluster.it('conditions over properties filter, and those that are none let all through', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer(behind())
    const good = await site.reader(topic, { ...consuming(), expression: { sql92: 'amount > 10' } })
    const bad = await site.reader(topic, { ...consuming(), expression: { sql92: 'amount >' } })
    await producer.send({ topic, body: 'small', properties: { amount: '1' } })
    await producer.send({ topic, body: 'large', properties: { amount: '20' } })
    await Promise.all([good.inbox.first(1), bad.inbox.first(2)])
    expect(good.inbox.texts).toEqual(['large'])
  })

  cluster.it('POP is refused', async site => {
    const topic = await site.freshTopic()
    const refused = { code: 'UNSUPPORTED_BY_BROKER', address: behind().namesrvAddr }
    const simple = await site.simpleConsumer(topic, behind())
    await expect(simple.receive({ awaitDurationMs: 30_000 })).rejects.toMatchObject(refused)
    const pops = site.newConsumer({ ...consuming(), clientRebalance: false }).subscribe(topic)
    await expect(pops.consumeEach(() => undefined).start(PATIENTLY)).rejects.toMatchObject(refused)
  })

  cluster.it('requests and replies are refused', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer(behind())
    const noReplies = { code: 'UNSUPPORTED_BY_BROKER', sent: 'NO', address: behind().namesrvAddr }
    await expect(producer.request({ topic, body: 'q' })).rejects.toMatchObject(noReplies)
    const { inbox } = await site.reader(topic, consuming())
    const asking = await site.producer()
    const timedOut = expect(asking.request({ topic, body: 'q' }, { timeoutMs: 4000 })).rejects.toMatchObject({
      code: 'REQUEST_TIMEOUT',
    })
    const [question] = await inbox.first(1)
    const refused = { code: 'BROKER_ERROR', responseCode: 'REQUEST_CODE_NOT_SUPPORTED' }
    await expect(producer.reply(question as MessageExt, 'a')).rejects.toMatchObject(refused)
    await timedOut
  })

  cluster.it('nothing is administered, but routes are told', async site => {
    const topic = await site.freshTopic()
    const admin = new AdminClient({ ...site.defaults, ...behind() })
    site.onEnd(() => admin.shutdown())
    await admin.start(PATIENTLY)
    const refused = { code: 'BROKER_ERROR', responseCode: 'REQUEST_CODE_NOT_SUPPORTED' }
    for (const call of [() => admin.clusters(), () => admin.topicStats(topic), () => admin.createTopic({ topic })])
      await expect(call()).rejects.toMatchObject(refused)
    const { brokerDatas } = await admin.topicRoute(topic)
    expect(brokerDatas[0]?.brokerAddrs.get(0)).toBe(behind().namesrvAddr)
  })
}

if (here) describeScenario('behind a proxy', define)
else it.skip('proxies stand before brokers of 5.x that the tests may start', () => undefined)
