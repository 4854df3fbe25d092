import type { RocketMQError } from '../../lib/index'
import { SOON_AGAIN, describeSideBySide } from '../support/cluster'

describeSideBySide(
  'a listener that takes longer than the consume timeout',
  cluster => {
    cluster.it('is reported, and its message comes again while it still runs', async site => {
      const topic = await site.freshTopic(1)
      const [producer, inbox] = [await site.producer(), site.newInbox()]
      let release = (): void => undefined
      const hanging = new Promise<void>(resolve => (release = resolve))
      const errors: RocketMQError[] = []
      const consumer = site.newConsumer({ consumeTimeoutMs: 500 }).subscribe(topic)
      consumer.on('backgroundError', error => errors.push(error))
      consumer.consumeEach({ concurrency: 2 }, async message => {
        inbox.take(message)
        if (message.text() === 'hangs' && message.reconsumeTimes === 0) await hanging
      })
      site.onEnd(async () => release())
      await consumer.start()
      for (const body of ['hangs', 'next']) await producer.send({ topic, body })
      await inbox.text('next')
      const again = await inbox.text('hangs', { nth: 2 })
      expect(again.reconsumeTimes).toBe(1)
      expect(errors).toMatchObject([{ code: 'LISTENER_TIMEOUT', topic, message: expect.stringContaining('500 ms') }])
      // It was sent back, so it counts as done; the place of its listener stays taken.
      expect(consumer.stats()).toMatchObject({ lag: 0, listenersRunning: 1 })
      release()
      await consumer.shutdown()
      expect(inbox.texts).toEqual(['hangs', 'next', 'hangs'])
    })
  },
  SOON_AGAIN,
)
