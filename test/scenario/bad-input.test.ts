import { randomBytes } from 'node:crypto'
import {
  LitePullConsumer,
  LiteSimpleConsumer,
  type Message,
  Producer,
  PullConsumer,
  PushConsumer,
  SimpleConsumer,
  allocateByConsistentHash,
} from '../../lib/index'
import { describeScenario, describeSideBySide } from '../support/cluster'

const FOUR_MIB = 4 * 1024 * 1024
const NO_GROUPS = ['', ' ', 'with space', 'dotted.name', '组', 'x'.repeat(121)]
const NO_TOPICS = ['', ' ', 'with space', 'dotted.name', '主题', 'x'.repeat(128)]

describeScenario('a wrong name', cluster => {
  cluster.it('of a group is refused before anything is started', async ({ namesrvAddr }) => {
    for (const group of [...NO_GROUPS, 'DEFAULT_PRODUCER']) {
      const create = () => new Producer({ namesrvAddr, producerGroup: group })
      expect(create).toThrow(expect.objectContaining({ name: 'RocketMQError', code: 'INVALID_GROUP' }))
    }
    for (const group of [...NO_GROUPS, 'DEFAULT_CONSUMER']) {
      const create = () => new PushConsumer({ namesrvAddr, consumerGroup: group })
      expect(create).toThrow(expect.objectContaining({ name: 'RocketMQError', code: 'INVALID_GROUP' }))
    }
  })

  cluster.it('of a topic is refused before anything is sent, by every form of a send', async site => {
    const producer = await site.producer()
    const refused = { code: 'INVALID_TOPIC', message: expect.any(String) }
    for (const topic of [...NO_TOPICS, 'SCHEDULE_TOPIC_XXXX', 'RMQ_SYS_TRANS_HALF_TOPIC']) {
      const message = { topic, body: 'x' }
      await expect(producer.send(message)).rejects.toMatchObject(refused)
      await expect(producer.send([message, message])).rejects.toMatchObject(refused)
      await expect(producer.sendOneway(message)).rejects.toMatchObject(refused)
      expect(await new Promise(resolve => producer.sendAsync(message, resolve))).toMatchObject(refused)
    }
  })

  cluster.it('of a topic, or a wrong expression, is refused by subscribe', async site => {
    const consumer = site.newConsumer()
    for (const topic of NO_TOPICS) {
      expect(() => consumer.subscribe(topic)).toThrow(expect.objectContaining({ code: 'INVALID_TOPIC' }))
    }
    for (const expression of ['||', 7 as never, {} as never]) {
      const refused = expect.objectContaining({ code: 'INVALID_EXPRESSION', topic: 'Orders' })
      expect(() => consumer.subscribe('Orders', expression)).toThrow(refused)
    }
  })
})

describeScenario('a misspelt field of a message', cluster => {
  cluster.it('is refused before anything is sent, by every form of a send', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const message = { topic, body: 'x', tag: 'paid' } as Message
    const refused = {
      code: 'INVALID_MESSAGE',
      topic,
      message: expect.stringContaining('there is no field tag, there are'),
    }
    await expect(producer.send(message)).rejects.toMatchObject(refused)
    await expect(producer.send([{ topic, body: 'x' }, message])).rejects.toMatchObject(refused)
    await expect(producer.sendOneway(message)).rejects.toMatchObject(refused)
    expect(await new Promise(resolve => producer.sendAsync(message, resolve))).toMatchObject(refused)
    await expect(producer.request(message)).rejects.toMatchObject(refused)
    expect(await producer.send({ topic, body: 'x' })).toMatchObject({ queueOffset: 0 })
  })
})

describeSideBySide('an unknown topic', cluster => {
  cluster.it('is made by the first message where brokers may make topics', async site => {
    const topic = `Made-${site.freshGroup()}`
    const producer = await site.producer()
    const result = await producer.send({ topic, body: 'first' })
    expect(result).toMatchObject({ sendStatus: 'SEND_OK', messageQueue: { topic } })
    const { inbox } = await site.reader(topic)
    await inbox.text('first')
  })

  cluster.it('is an error where there is none to make it after', async site => {
    const topic = `Unmade-${site.freshGroup()}`
    const producer = await site.producer({ createTopicKey: `NoModel-${site.freshGroup()}` })
    const refused = { code: 'TOPIC_NOT_FOUND', topic, sent: 'NO', message: expect.stringContaining('create it first') }
    await expect(producer.send({ topic, body: 'x' })).rejects.toMatchObject(refused)
    await expect(producer.sendOneway({ topic, body: 'x' })).rejects.toMatchObject(refused)
    expect(await new Promise(resolve => producer.sendAsync({ topic, body: 'x' }, resolve))).toMatchObject(refused)
    await expect(producer.publishMessageQueues(topic)).rejects.toMatchObject(refused)
  })

  cluster.it('is waited for by a consumer, which takes it up when it is made', async site => {
    const topic = `Late-${site.freshGroup()}`
    const { inbox } = await site.reader(topic, { pollNameServerIntervalMs: 100 })
    expect(site.backgroundErrors).toContainEqual(expect.objectContaining({ code: 'TOPIC_NOT_FOUND', topic }))
    const admin = await site.admin()
    await admin.createTopic({ topic, readQueueNums: 1, writeQueueNums: 1 })
    const producer = await site.producer()
    await producer.send({ topic, body: 'at last' })
    // Less than the 20 s after which members look by themselves.
    await inbox.text('at last', { withinMs: 19_000 })
  })
})

describeScenario('a wrong message', cluster => {
  cluster.it('is refused before it is sent, and the ones after it arrive', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const body = 'wrong'
    const wrong: unknown[] = [
      undefined,
      null,
      { topic, body: undefined },
      { topic, body: 7 },
      { topic, body: Buffer.alloc(FOUR_MIB + 1) },
      { topic, body, tags: 'a\u0001b' },
      { topic, body, keys: ['a\u0002b'] },
      { topic, body, properties: { 'a\u0001': 'b' } },
      { topic, body, properties: { DELAY: '3' } },
      { topic, body, properties: { a: 7 } },
      { topic, body, flag: 2 ** 31 },
      { topic, body, delayTimeLevel: -1 },
      { topic, body, delayTimeLevel: 1, delayMs: 1000 },
      { topic, body, deliverAt: new Date(NaN) },
    ]
    for (const message of wrong) {
      const refused = { code: 'INVALID_MESSAGE', message: expect.any(String) }
      await expect(producer.send(message as Message)).rejects.toMatchObject(refused)
    }
    await producer.send({ topic, body: 'right' })
    await inbox.text('right')
    expect(inbox.texts).toEqual(['right'])
  })

  cluster.it('that only the broker refuses is a BrokerError with its words', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox }] = await Promise.all([
      site.producer({ maxMessageSize: 8 * 1024 * 1024 }),
      site.reader(topic),
    ])
    const illegal = { name: 'BrokerError', code: 'BROKER_ERROR', responseCode: 'MESSAGE_ILLEGAL', topic, sent: 'NO' }
    await expect(producer.send({ topic, body: randomBytes(FOUR_MIB + 1) })).rejects.toMatchObject(illegal)
    const properties = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`p${index}`, 'x'.repeat(1000)]))
    await expect(producer.send({ topic, body: 'x', properties })).rejects.toMatchObject(illegal)
    await producer.send({ topic, body: 'right' })
    await inbox.text('right')
    expect(inbox.texts).toEqual(['right'])
  })

  cluster.it('for a queue that is not there is refused', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const [queue] = await producer.publishMessageQueues(topic)
    if (queue === undefined) throw new Error('the topic has a queue')
    const message = { topic, body: 'x' }
    const responseCode = cluster.version === '5' ? 'INVALID_PARAMETER' : 'SYSTEM_ERROR'
    const noId = producer.send(message, { queue: { ...queue, queueId: 99 } })
    await expect(noId).rejects.toMatchObject({ code: 'BROKER_ERROR', responseCode, topic })
    const noBroker = producer.send(message, { queue: { ...queue, brokerName: 'elsewhere' } })
    await expect(noBroker).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND', sent: 'NO' })
    const otherTopic = producer.send(message, { queue: { ...queue, topic: 'Other' } })
    await expect(otherTopic).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', sent: 'NO' })
  })
})

describeScenario('a call out of its time', cluster => {
  cluster.it('is refused and says what to do', async site => {
    const topic = await site.freshTopic(1)
    const [producer, consumer] = [site.newProducer(), site.newConsumer()]
    const early = { code: 'INVALID_STATE', message: expect.stringContaining('call start() first') }
    await expect(producer.send({ topic, body: 'x' })).rejects.toMatchObject(early)
    await expect(producer.sendOneway({ topic, body: 'x' })).rejects.toMatchObject(early)
    expect(await new Promise(resolve => producer.sendAsync({ topic, body: 'x' }, resolve))).toMatchObject(early)
    expect(() => consumer.suspend()).toThrow(expect.objectContaining(early))
    await expect(consumer.start()).rejects.toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('consume()'),
    })
    const unsubscribed = site.newConsumer().consumeEach(() => undefined)
    const lacks = { code: 'INVALID_STATE', message: expect.stringContaining('subscribe()') }
    await expect(unsubscribed.start()).rejects.toMatchObject(lacks)
    expect(() => unsubscribed.consumeEach(() => undefined)).toThrow(expect.objectContaining({ code: 'INVALID_STATE' }))
  })

  cluster.it('or an option out of its range is refused', async ({ namesrvAddr }) => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    const [producerGroup, consumerGroup] = ['p', 'c']
    expect(() => new Producer({ namesrvAddr, producerGroup, sendTimeoutMs: 0 })).toThrow(refused)
    expect(() => new Producer({ namesrvAddr, producerGroup, retryTimesWhenSendFailed: 1.5 })).toThrow(refused)
    expect(() => new PushConsumer({ namesrvAddr, consumerGroup, pullBatchSize: 0 })).toThrow(refused)
    expect(() => new PushConsumer({ namesrvAddr, consumerGroup, messageModel: 'X' as never })).toThrow(refused)
    expect(() => new PushConsumer({ namesrvAddr, consumerGroup, consumeTimestamp: 'today' })).toThrow(refused)
    const byRing = { clientRebalance: false, allocateStrategy: allocateByConsistentHash() }
    expect(() => new PushConsumer({ namesrvAddr, consumerGroup, ...byRing })).toThrow(refused)
    expect(() => new LitePullConsumer({ namesrvAddr, consumerGroup, pullThresholdForQueue: 0 })).toThrow(refused)
    expect(() => new PullConsumer({ namesrvAddr, consumerGroup, brokerSuspendMaxTimeMs: 0 })).toThrow(refused)
    expect(() => new SimpleConsumer({ namesrvAddr, consumerGroup, invisibleDurationMs: 999 })).toThrow(refused)
    const lite = { namesrvAddr, consumerGroup, topic: 'Chats' }
    expect(() => new LiteSimpleConsumer({ ...lite, awaitDurationMs: -1 })).toThrow(refused)
    const consumer = new PushConsumer({ namesrvAddr, consumerGroup })
    expect(() => consumer.consume({ concurrency: 0 }, () => undefined)).toThrow(refused)
    expect(() => consumer.consume(7 as never)).toThrow(refused)
  })
})
