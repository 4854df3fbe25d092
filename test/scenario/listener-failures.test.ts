import type { ConsumeConcurrentlyResult, MessageExt } from '../../lib/index'
import { SOON_AGAIN, describeSideBySide } from '../support/cluster'

/** Ways of a listener to fail; each is to be heard of, and the message to come again. */
const FAILURES: Record<string, () => unknown> = {
  throws: () => {
    throw new TypeError('a bug')
  },
  rejects: () => Promise.reject(new TypeError('a bug')),
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- users do so
  'rejects with no error': () => Promise.reject('text'),
  'returns what is no result': () => 'OK',
  'resolves with what is no result': () => Promise.resolve({ status: 'SUCCESS' }),
  'returns a failed index out of range': () => ({ status: 'RECONSUME_LATER', firstFailed: 9 }),
}

describeSideBySide(
  'a listener',
  cluster => {
    for (const [how, fail] of Object.entries(FAILURES)) {
      cluster.it(`that ${how} is reported, gets its message again, and stops no other`, async site => {
        const topic = await site.freshTopic()
        const [producer, inbox] = [await site.producer(), site.newInbox()]
        const heard: [string, string[]][] = []
        const consumer = site.newConsumer().subscribe(topic)
        consumer.on('listenerError', (error, messages) =>
          heard.push([error.message, messages.map(each => each.text())]),
        )
        consumer.consumeEach(message => {
          inbox.take(message)
          if (message.text() === 'bad' && message.reconsumeTimes === 0) return fail() as ConsumeConcurrentlyResult
          return undefined
        })
        await consumer.start()
        await producer.send({ topic, body: 'bad' })
        await Promise.all(Array.from({ length: 20 }, (_, index) => producer.send({ topic, body: `good ${index}` })))
        await inbox.first(21, 5000)
        const again = await inbox.text('bad', { nth: 2 })
        expect(again.reconsumeTimes).toBe(1)
        expect(inbox.messages).toHaveLength(22)
        expect(heard).toEqual([[expect.any(String), ['bad']]])
      })
    }

    for (const ordered of ['queue', 'key'] as const)
      cluster.it(
        `in order by ${ordered} that returns what is no result gets its message again, in its place`,
        async site => {
          const topic = await site.freshTopic(1)
          const [producer, inbox] = [await site.producer(), site.newInbox()]
          const heard: string[] = []
          const consumer = site.newConsumer({ suspendCurrentQueueTimeMs: 10 }).subscribe(topic)
          consumer.on('listenerError', ({ message }) => heard.push(message))
          const garbage: unknown[] = ['OK', 7, null, { status: 'SUCCESS' }]
          consumer.consumeEach({ ordered }, message => {
            inbox.take(message)
            return (message.text() === '2' ? garbage.shift() : undefined) as undefined
          })
          await consumer.start()
          for (const body of ['1', '2', '3']) await producer.send({ topic, body, shardingKey: 'k' })
          await inbox.text('3')
          expect(inbox.texts).toEqual(['1', '2', '2', '2', '2', '2', '3'])
          expect(heard).toEqual(Array.from({ length: 4 }, () => expect.stringContaining('the listener returned')))
        },
      )

    cluster.it('of an event that throws or rejects stops nothing', async site => {
      const topic = await site.freshTopic()
      const producer = await site.producer()
      const consumer = site.newConsumer().subscribe(topic)
      const inbox = site.newInbox()
      for (const event of ['assigned', 'listenerError', 'backgroundError'] as const) {
        consumer.on(event, () => {
          throw new Error('a bug in the listener of an event')
        })
        // eslint-disable-next-line @typescript-eslint/no-misused-promises -- users do so
        consumer.on(event, () => Promise.reject(new Error('another')))
      }
      consumer.consumeEach(message => {
        inbox.take(message)
        if (message.text() === 'bad') throw new Error('no')
      })
      await consumer.start()
      await producer.send({ topic, body: 'bad' })
      await producer.send({ topic, body: 'good' })
      await inbox.text('good')
    })

    cluster.it('that hangs keeps its place, and the others go on', async site => {
      const topic = await site.freshTopic(1)
      const [producer, inbox] = [await site.producer(), site.newInbox()]
      let release = (): void => undefined
      const hanging = new Promise<void>(resolve => (release = resolve))
      const consumer = site.newConsumer().subscribe(topic)
      consumer.consumeEach({ concurrency: 2 }, async message => {
        inbox.take(message)
        if (message.text() === 'hangs') await hanging
      })
      await consumer.start()
      await producer.send({ topic, body: 'hangs' })
      for (let index = 0; index < 50; index++) await producer.send({ topic, body: `message ${index}` })
      await inbox.first(51)
      const { queues, listenersRunning } = consumer.stats()
      // Nothing after it counts as done while it is not: after a crash it would be lost.
      expect(queues.find(({ queue }) => queue.topic === topic)).toMatchObject({ commitOffset: 0, inFlight: 1 })
      expect(listenersRunning).toBe(1)
      release()
      await consumer.shutdown()
      const { inbox: next } = await site.reader(topic, { consumerGroup: consumer.consumerGroup })
      await producer.send({ topic, body: 'after it' })
      await next.text('after it')
      expect(next.texts).toEqual(['after it'])
    })

    cluster.it('that fails while broadcasting loses its message and goes on', async site => {
      const topic = await site.freshTopic(1)
      const [producer, inbox] = [await site.producer(), site.newInbox()]
      const heard: (readonly MessageExt[])[] = []
      const options = { messageModel: 'BROADCASTING', localOffsetStoreDir: await site.freshFolder() } as const
      const consumer = site.newConsumer({ ...options, advanced: { instanceName: topic } }).subscribe(topic)
      consumer.on('listenerError', (_, messages) => heard.push(messages))
      consumer.consumeEach(message => {
        inbox.take(message)
        if (message.text() === 'bad') throw new Error('no')
      })
      await consumer.start()
      for (const body of ['bad', 'good']) await producer.send({ topic, body })
      await inbox.text('good')
      expect(inbox.texts).toEqual(['bad', 'good'])
      expect(heard).toHaveLength(1)
      expect(consumer.stats().queues.map(({ commitOffset }) => commitOffset)).toEqual([2])
    })
  },
  SOON_AGAIN,
)
