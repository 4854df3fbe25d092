import type { Message, SendResult } from '../../lib/index'
import { describeEmulatorOnly, describeScenario } from '../support/cluster'

const numbered = (topic: string, count: number, extra: Partial<Message> = {}): Message[] =>
  Array.from({ length: count }, (_, i) => ({ topic, body: `message ${i}`, ...extra }))

describeScenario('sends that share batches', cluster => {
  cluster.it('have each its own result, which names the message as it is read', async site => {
    const topic = await site.freshTopic(2)
    const [producer, { inbox }] = await Promise.all([site.producer({ autoBatch: true }), site.reader(topic)])
    const messages = numbered(topic, 200, { tags: 'paid', keys: ['k'] })
    const results = await Promise.all(messages.map(message => producer.send(message)))
    const received = await inbox.first(200)
    const place = ({ msgId, offsetMsgId, queueOffset }: Pick<SendResult, 'msgId' | 'offsetMsgId' | 'queueOffset'>) =>
      `${msgId} ${offsetMsgId} ${queueOffset}`
    expect(received.map(place).sort()).toEqual(results.map(place).sort())
    const byId = new Map(received.map(message => [message.msgId, message]))
    results.forEach(({ msgId, messageQueue, sendStatus }, i) => {
      const message = byId.get(msgId)
      expect(message?.text()).toBe(`message ${i}`)
      expect(message).toMatchObject({ queueId: messageQueue.queueId, tags: 'paid', keys: ['k'] })
      expect(sendStatus).toBe('SEND_OK')
    })
  })

  cluster.it('keep to the queue, the selector and the sharding key', async site => {
    const topic = await site.freshTopic(4)
    const [producer, { inbox }] = await Promise.all([site.producer({ autoBatch: true }), site.reader(topic)])
    const [, , third] = await producer.publishMessageQueues(topic)
    if (third === undefined) throw new Error('the topic has 4 queues')
    const sends = Array.from({ length: 10 }, (_, i) => [
      producer.send({ topic, body: `queue ${i}` }, { queue: third }),
      producer.send({ topic, body: `selector ${i}` }, { selector: queues => queues[1] ?? third }),
      producer.send({ topic, body: `key ${i}`, shardingKey: 'AaAa' }),
    ])
    await Promise.all(sends.flat())
    const received = await inbox.first(30)
    const placesOf = (name: string): number[] => [
      ...new Set(received.filter(message => message.text().startsWith(name)).map(({ queueId }) => queueId)),
    ]
    expect([placesOf('queue'), placesOf('selector'), placesOf('key')]).toEqual([[2], [1], [0]])
    const inOrder = received.filter(({ queueId }) => queueId === 0).sort((a, b) => a.queueOffset - b.queueOffset)
    expect(inOrder.map(message => message.text())).toEqual(Array.from({ length: 10 }, (_, i) => `key ${i}`))
  })

  cluster.it(
    'go beside those that cannot share one: delays, other flags of waiting, large and oneway ones',
    async site => {
      const topic = await site.freshTopic(1)
      const [producer, { inbox }] = await Promise.all([site.producer({ autoBatch: true }), site.reader(topic)])
      const large = '大'.repeat(3000)
      const illegal = { topic, body: 'illegal', properties: { long: 'x'.repeat(33_000) } }
      const refused = expect(producer.send(illegal)).rejects.toMatchObject({ responseCode: 'MESSAGE_ILLEGAL' })
      await Promise.all([
        refused,
        ...numbered(topic, 3).map(message => producer.send(message)),
        producer.send({ topic, body: 'no wait', waitStoreMsgOK: false }),
        producer.send({ topic, body: 'delayed', delayTimeLevel: 1 }),
        producer.send({ topic, body: large }),
        producer.send({ topic, body: 'limited' }, { timeoutMs: 10_000 }),
        producer.send([{ topic, body: 'of a batch' }]),
        producer.sendOneway({ topic, body: 'oneway' }),
        new Promise<void>((resolve, reject) => {
          producer.sendAsync({ topic, body: 'async' }, error => (error === undefined ? resolve() : reject(error)))
        }),
      ])
      await inbox.first(10)
      const alone = ['no wait', 'delayed', large, 'limited', 'of a batch', 'oneway', 'async']
      expect([...inbox.distinct].sort()).toEqual([...alone, 'message 0', 'message 1', 'message 2'].sort())
      expect(inbox.messages.find(message => message.text() === large)?.storeSize).toBeLessThan(1000)
    },
  )

  cluster.it('are sent by a shutdown, which waits for their answers', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox }] = await Promise.all([
      site.producer({ autoBatch: true, batchMaxDelayMs: 30_000 }),
      site.reader(topic),
    ])
    const sends = numbered(topic, 20).map(message => producer.send(message))
    await producer.shutdown()
    expect((await Promise.all(sends)).every(({ sendStatus }) => sendStatus === 'SEND_OK')).toBe(true)
    await inbox.first(20)
  })
})

describeEmulatorOnly('sends that share batches', cluster => {
  cluster.it('take one request for many messages', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer({ autoBatch: true, batchMaxDelayMs: 30_000, batchMaxBytes: 1000 })
    let batches = 0
    site.control('SEND_BATCH_MESSAGE', () => (batches++, 'pass'), { times: 'keep' })
    const messages = Array.from({ length: 101 }, (_, i) => ({ topic, body: String(i % 10).repeat(10) }))
    await Promise.all(messages.map(message => producer.send(message)))
    expect(batches).toBe(1)
  })

  cluster.it('fail together, each with the error', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer({ autoBatch: true })
    site.control('SEND_BATCH_MESSAGE', () => ({ code: 'MESSAGE_ILLEGAL', remark: 'not this one' }), { times: 'keep' })
    const outcomes = await Promise.allSettled(numbered(topic, 3).map(message => producer.send(message)))
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'BROKER_ERROR', responseCode: 'MESSAGE_ILLEGAL' },
      })
  })

  cluster.it('wait their turn where too much is in flight', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer({ autoBatch: true, batchMaxBytes: 20, maxInFlight: 1 })
    const bodies = Array.from({ length: 40 }, (_, i) => `body ${i}`)
    const sends = bodies.map(body => producer.send({ topic, body }))
    expect(producer.stats().inFlight).toBeLessThanOrEqual(1)
    await Promise.all(sends)
    expect(producer.stats()).toMatchObject({ inFlight: 0, inFlightBytes: 0 })
  })
})
