import type { ConsumeConcurrentlyResult, MessageExt } from '../../lib/index'
import { Books } from '../support/books'
import { SOON_AGAIN, describeEmulatorOnly, describeSideBySide } from '../support/cluster'

describeSideBySide(
  'a listener',
  cluster => {
    cluster.it('fault 17: that throws, rejects, hangs or returns garbage has each message in the end', async site => {
      const topic = await site.freshTopic(4)
      const books = new Books(site)
      let release = (): void => undefined
      const hanging = new Promise<void>(resolve => (release = resolve))
      const faults: ((message: MessageExt) => unknown)[] = [
        () => {
          throw new TypeError('a defect')
        },
        () => Promise.reject(new Error('a defect')),
        () => ({ garbage: true }),
        () => 'RECONSUME_LATER',
        () => hanging,
      ]
      const consumer = site.newConsumer({ consumeTimeoutMs: 500 }).subscribe(topic)
      consumer.consumeEach({ concurrency: 8 }, message => {
        const number = Number(message.text().split(' ')[1])
        const fault = number % 5 === 0 && message.reconsumeTimes === 0 ? faults[number / 5] : undefined
        if (fault !== undefined) return fault(message) as ConsumeConcurrentlyResult
        books.take(message)
        return undefined
      })
      site.onEnd(async () => release())
      await consumer.start()
      await books.send(await site.producer(), topic, 100)
      await books.tell(17, 'listeners throw, reject, hang, return garbage')
    })
  },
  SOON_AGAIN,
)

describeEmulatorOnly(
  'a listener that fails',
  cluster => {
    cluster.it('fault 18: while the broker refuses what it gives back, and is gone, loses nothing', async site => {
      const topic = await site.freshTopic(2)
      const books = new Books(site)
      const producer = await site.producer()
      const sent = await books.send(producer, topic, 50)
      const refuse = () => ({ code: 'SYSTEM_ERROR', remark: 'no' }) as const
      const controls = [
        site.control('CONSUMER_SEND_MSG_BACK', refuse, { times: 'keep' }),
        site.control('SEND_MESSAGE_V2', refuse, { times: 'keep' }),
      ]
      const failed = new Set<string>()
      const settings = { pollNameServerIntervalMs: 200, persistConsumerOffsetIntervalMs: 50 }
      const consumer = await site.consumer(topic, settings, message => {
        if (failed.has(message.text())) {
          books.take(message)
          return
        }
        failed.add(message.text())
        site.changes.notify()
        throw new Error('no')
      })
      await site.until(() => failed.size === sent.length, { what: () => `50 failures, not ${failed.size}` })
      const commits = () => consumer.stats().queues.map(({ commitOffset }) => commitOffset)
      expect(Math.max(...commits())).toBe(0)
      await site.brokers[0]?.stop()
      for (const control of controls) control.release()
      await site.brokers[0]?.restart()
      await books.tell(18, 'what is given back is refused, then the broker is gone')
    })
  },
  SOON_AGAIN,
)
