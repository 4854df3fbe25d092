import type { ConsumeOrderlyResult } from '../../lib/index'
import { SOON_AGAIN, describeScenario, describeSideBySide } from '../support/cluster'

describeSideBySide(
  'what a concurrent listener sets on its context',
  cluster => {
    cluster.it('as ackIndex has the messages after it come again, soon where the level says so', async site => {
      const topic = await site.freshTopic(1)
      const producer = await site.producer()
      for (const body of ['1', '2', '3']) await producer.send({ topic, body })
      await site.stored(topic, 3)
      const calls: string[] = []
      const inbox = site.newInbox()
      const consumer = site.newConsumer().subscribe(topic)
      consumer.consume({ batchSize: 3, concurrency: 1 }, (messages, context) => {
        calls.push(messages.map(message => message.text()).join())
        for (const message of messages) inbox.take(message)
        if (messages.length < 3) return
        context.ackIndex = 0
        context.delayLevelWhenNextConsume = 1
      })
      await consumer.start()
      // Level 1 is a second; the broker itself would have chosen ten.
      for (const text of ['2', '3']) await inbox.text(text, { nth: 2, withinMs: 9900 })
      await consumer.shutdown()
      expect(calls[0]).toBe('1,2,3')
      expect(inbox.texts.toSorted()).toEqual(['1', '2', '2', '3', '3'])
    })

    cluster.it('as a negative delay level sends what it throws at to the dead letters at once', async site => {
      const topic = await site.freshTopic(1)
      const consumerGroup = site.freshGroup()
      const inbox = site.newInbox()
      const consumer = site.newConsumer({ consumerGroup }).subscribe(topic)
      consumer.consumeEach((message, context) => {
        inbox.take(message)
        context.delayLevelWhenNextConsume = -1
        throw new Error('poison')
      })
      await consumer.start()
      await (await site.producer()).send({ topic, body: 'm' })
      await inbox.text('m')
      const dead = await site.reader(`%DLQ%${consumerGroup}`)
      await dead.inbox.text('m')
      expect(inbox.texts).toEqual(['m'])
    })
  },
  SOON_AGAIN,
)

describeScenario('commits by hand of a queue in order', cluster => {
  cluster.it('have what was kept come again after a rollback, and commit it after that', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    for (const body of ['1', '2', '3']) await producer.send({ topic, body })
    const results: ConsumeOrderlyResult[] = ['SUCCESS', 'SUCCESS', 'ROLLBACK', 'SUCCESS', 'COMMIT', 'SUCCESS']
    const consumerGroup = site.freshGroup()
    const inbox = site.newInbox()
    const consumer = site.newConsumer({ consumerGroup, suspendCurrentQueueTimeMs: 10 }).subscribe(topic)
    consumer.consumeEach({ ordered: 'queue' }, (message, context) => {
      context.autoCommit = false
      inbox.take(message)
      return results.shift()
    })
    await consumer.start()
    await inbox.first(6)
    await consumer.shutdown()
    expect(inbox.texts).toEqual(['1', '2', '3', '1', '2', '3'])
    // The third was kept and never committed: the next member gets it.
    const next = await site.reader(topic, { consumerGroup })
    await producer.send({ topic, body: '4' })
    await next.inbox.text('4')
    expect(next.inbox.texts).toEqual(['3', '4'])
  })
})
