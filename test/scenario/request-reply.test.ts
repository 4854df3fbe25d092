import type { MessageExt, MessageQueue, Producer } from '../../lib/index'
import { describeEmulatorOnly, describeOwnCluster, describeScenario } from '../support/cluster'
import type { Site } from '../support/site'

/** A consumer that replies to each request, as `answer` says. */
async function replier(
  site: Site,
  topic: string,
  answer: (request: MessageExt, producer: Producer) => unknown,
): Promise<Producer> {
  const producer = await site.producer()
  const consumer = site.newConsumer().subscribe(topic)
  consumer.consumeEach(async request => void (await answer(request, producer)))
  await consumer.start()
  return producer
}

describeScenario('a request', cluster => {
  cluster.it('is replied to by a consumer, with every field', async site => {
    const topic = await site.freshTopic(4)
    await replier(site, topic, (request, producer) =>
      producer.reply(request, {
        body: `${request.text()}, too`,
        tags: 'T',
        keys: ['k'],
        properties: { city: '杭州' },
        flag: 3,
      }),
    )
    const producer = await site.producer()
    const reply = await producer.request({ topic, body: 'hello' }, { timeoutMs: 20_000 })
    expect(reply.text()).toBe('hello, too')
    expect(reply).toMatchObject({ tags: 'T', keys: ['k'], flag: 3, properties: { city: '杭州', MSG_TYPE: 'reply' } })
    expect(reply.topic).toMatch(/_REPLY_TOPIC$/)
    expect(producer.stats()).toMatchObject({ requests: 0, lateReplies: 0 })
  })

  cluster.it('is replied to by a consumer itself, also by one that polls and while it is shut down', async site => {
    const [topic, polled] = [await site.freshTopic(1), await site.freshTopic(1)]
    const asking = await site.producer()
    let stopping: Promise<void> | undefined
    const consumer = site.newConsumer().subscribe(topic)
    consumer.consumeEach(async request => {
      if (request.text() === 'last') stopping = consumer.shutdown()
      await consumer.reply(request, `${request.text()}, too`)
    })
    await consumer.start()
    const poller = await site.litePullConsumer(polled)
    const ask = (to: string, body: string) => asking.request({ topic: to, body }, { timeoutMs: 20_000 })
    expect((await ask(topic, 'first')).text()).toBe('first, too')
    expect((await ask(topic, 'last')).text()).toBe('last, too')
    await stopping
    const answer = ask(polled, 'polled')
    let batch = await poller.poll()
    while (batch.length === 0) batch = await poller.poll()
    await poller.reply(batch[0] as MessageExt, { body: 'by hand', tags: 'T' })
    expect(await answer).toMatchObject({ tags: 'T' })
  })

  cluster.it('is one of many at a time, each with its own reply; large bodies are compressed both ways', async site => {
    const topic = await site.freshTopic(4)
    await replier(site, topic, (request, producer) => producer.reply(request, Buffer.from(request.body)))
    const producer = await site.producer({ maxRequests: 5 })
    const texts = Array.from({ length: 20 }, (_, i) => `request ${i} `.repeat(i === 0 ? 1000 : 1))
    const replies = await Promise.all(
      texts.map(body => producer.request({ topic, body }, { timeoutMs: 25_000, shardingKey: body.slice(0, 10) })),
    )
    expect(replies.map(reply => reply.text())).toEqual(texts)
  })

  cluster.it('goes to the queue that the caller chose', async site => {
    const topic = await site.freshTopic(4)
    await replier(site, topic, (request, producer) => producer.reply(request, String(request.queueId)))
    const producer = await site.producer()
    const queues = await producer.publishMessageQueues(topic)
    const message = { topic, body: 'x' }
    const queue = queues.find(({ queueId }) => queueId === 2)
    const byQueue = await producer.request(message, { timeoutMs: 20_000, ...(queue && { queue }) })
    const selector = (all: readonly MessageQueue[]) => all.find(({ queueId }) => queueId === 1) as MessageQueue
    const bySelector = await producer.request(message, { timeoutMs: 20_000, selector })
    expect([byQueue.text(), bySelector.text()]).toEqual(['2', '1'])
  })

  cluster.it('that nobody replies to fails when its time is up; a late reply is dropped and counted', async site => {
    const topic = await site.freshTopic(1)
    const kept: MessageExt[] = []
    const replying = await replier(site, topic, request => {
      kept.push(request.copy())
      site.changes.notify()
    })
    const producer = await site.producer()
    const late = { code: 'REQUEST_TIMEOUT', message: expect.stringContaining('no reply came') }
    await expect(producer.request({ topic, body: 'x' }, { timeoutMs: 1000 })).rejects.toMatchObject(late)
    await site.until(() => kept.length > 0, { what: 'the request' })
    await replying.reply(kept[0] as MessageExt, 'late')
    expect(producer.stats()).toMatchObject({ requests: 0, lateReplies: 1 })
  })

  cluster.it('has one reply: a second one is dropped and counted', async site => {
    const topic = await site.freshTopic(1)
    const replying = await replier(site, topic, async (request, producer) => {
      await producer.reply(request, 'first')
      await producer.reply(request, 'second')
      site.changes.notify()
    })
    const producer = await site.producer()
    const reply = await producer.request({ topic, body: 'x' }, { timeoutMs: 20_000 })
    expect(reply.text()).toBe('first')
    await site.until(() => producer.stats().lateReplies === 1, { what: 'the second reply' })
    expect(replying.stats().inFlight).toBe(0)
  })

  cluster.it('ends with its signal, and with the shutdown of its producer', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const abort = new AbortController()
    const signalled = producer.request({ topic, body: 'a' }, { timeoutMs: 20_000, signal: abort.signal })
    const aborted = expect(signalled).rejects.toThrow('not needed any more')
    const cut = producer.request({ topic, body: 'b' }, { timeoutMs: 20_000 })
    const down = expect(cut).rejects.toMatchObject({ code: 'INVALID_STATE', sent: 'UNKNOWN' })
    await site.stored(topic, 2)
    abort.abort(new Error('not needed any more'))
    await aborted
    await producer.shutdown()
    await down
  })

  cluster.it('is what a reply needs; and a client that is still there', async site => {
    const topic = await site.freshTopic(1)
    const { inbox } = await site.reader(topic)
    const producer = await site.producer()
    await producer.send({ topic, body: 'no request' })
    const [plain] = (await inbox.first(1)) as [MessageExt]
    await expect(producer.reply(plain, 'x')).rejects.toMatchObject({ code: 'INVALID_MESSAGE', sent: 'NO' })
    // A client of its own: others that share one would take its replies.
    const gone = await site.producer({ advanced: { instanceName: site.freshGroup() } })
    await expect(gone.request({ topic, body: 'request' }, { timeoutMs: 1000 })).rejects.toThrow()
    const request = await inbox.text('request')
    await gone.shutdown()
    const refused = { responseCode: 'SYSTEM_ERROR', remark: expect.stringContaining('not found') }
    await expect(producer.reply(request, 'x')).rejects.toMatchObject(refused)
  })
})

describeOwnCluster('a request to a cluster of two brokers', { brokers: 2 }, cluster => {
  cluster.it('is replied to by way of either', async site => {
    const topic = await site.freshTopic(2)
    await replier(site, topic, (request, producer) => producer.reply(request, request.brokerName))
    const producer = await site.producer()
    const replies = await Promise.all(
      (await producer.publishMessageQueues(topic)).map(queue =>
        producer.request({ topic, body: 'x' }, { timeoutMs: 20_000, queue }),
      ),
    )
    const brokers = site.brokers.map(({ name }) => name)
    expect(new Set(replies.map(reply => reply.text()))).toEqual(new Set(brokers))
  })
})

describeEmulatorOnly(
  'a reply',
  cluster => {
    cluster.it('goes by another broker where that of the request fails', async site => {
      const topic = await site.freshTopic(2)
      await replier(site, topic, (request, producer) => producer.reply(request, 'hello'))
      const producer = await site.producer()
      site.control('SEND_REPLY_MESSAGE_V2', () => ({ code: 'SYSTEM_BUSY', remark: 'try later' }))
      expect((await producer.request({ topic, body: 'x' }, { timeoutMs: 20_000 })).text()).toBe('hello')
    })
  },
  { brokers: 2 },
)
