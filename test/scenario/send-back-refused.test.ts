import { ManualClock } from '../../lib/emulator/index'
import { SOON_AGAIN, describeEmulatorOnly } from '../support/cluster'

describeEmulatorOnly(
  'a consumer whose broker',
  cluster => {
    cluster.it('does not accept what its listener gives back gets it to the retry topic, by a send', async site => {
      const topic = await site.freshTopic(1)
      const [producer, inbox] = [await site.producer(), site.newInbox()]
      const refuse = () => ({ code: 'SYSTEM_ERROR', remark: 'no' }) as const
      const refused = site.control('CONSUMER_SEND_MSG_BACK', refuse)
      await site.consumer(topic, {}, message => {
        inbox.take(message)
        if (message.reconsumeTimes === 0) throw new Error('no')
      })
      await producer.send({ topic, body: 'bad', tags: 'T' })
      const again = await inbox.text('bad', { nth: 2 })
      expect(again).toMatchObject({ topic, reconsumeTimes: 1, tags: 'T', msgId: inbox.messages[0]?.msgId })
      expect(refused.seen).toBe(1)
    })

    cluster.it('accepts it in no way hands it out again in place, and commits nothing before', async site => {
      const topic = await site.freshTopic(1)
      const [producer, inbox] = [await site.producer(), site.newInbox()]
      const refuse = () => ({ code: 'SYSTEM_ERROR', remark: 'no' }) as const
      await producer.send({ topic, body: 'bad' })
      site.control('CONSUMER_SEND_MSG_BACK', refuse, { times: 'keep' })
      site.control('SEND_MESSAGE_V2', refuse, { times: 'keep' })
      const clock = new ManualClock()
      const consumer = await site.consumer(topic, { advanced: { clock } }, message => {
        inbox.take(message)
        if (message.reconsumeTimes === 0) throw new Error('no')
      })
      await inbox.text('bad')
      await site.until(() => site.backgroundErrors.length > 0, {
        what: 'the report of a message that nobody takes back',
      })
      const commitOffset = () => consumer.stats().queues.find(({ queue }) => queue.topic === topic)?.commitOffset
      expect(commitOffset()).toBe(0)
      await clock.advance(5000)
      const again = await inbox.text('bad', { nth: 2 })
      expect(again).toMatchObject({ reconsumeTimes: 1, offsetMsgId: inbox.messages[0]?.offsetMsgId })
      await consumer.shutdown()
      expect(site.emulator.consumerOffset(consumer.consumerGroup, topic)).toBe(1)
    })
  },
  SOON_AGAIN,
)
