import type { MessageFilter } from '../../lib/index'
import { describeScenario } from '../support/cluster'

const even: MessageFilter = message => Number(message.text()) % 2 === 0

describeScenario('message filters', cluster => {
  cluster.it('of a push consumer keep messages from the listener, and their offsets are passed', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const consumerGroup = site.freshGroup()
    for (const body of ['1', '2', '3']) await producer.send({ topic, body })
    const first = await site.reader(topic, { consumerGroup, messageFilters: [even] })
    await first.inbox.text('2')
    await producer.send({ topic, body: '4' })
    await first.inbox.text('4')
    await first.consumer.shutdown()
    expect(first.inbox.texts).toEqual(['2', '4'])
    const next = await site.reader(topic, { consumerGroup })
    await producer.send({ topic, body: '5' })
    await next.inbox.text('5')
    expect(next.inbox.texts).toEqual(['5'])
  })

  cluster.it('of a push consumer see messages that come again, too', async site => {
    const topic = await site.freshTopic(1)
    const seen: string[] = []
    const look: MessageFilter = (message, { messageQueue }) => {
      seen.push(`${message.topic === topic} ${messageQueue.topic.startsWith('%RETRY%')}`)
      return true
    }
    const inbox = site.newInbox()
    const consumer = site.newConsumer({ messageFilters: [look] }).subscribe(topic)
    consumer.consumeEach(message => {
      inbox.take(message)
      return message.reconsumeTimes === 0 ? { status: 'RECONSUME_LATER', delayLevel: 1 } : undefined
    })
    await consumer.start()
    await (await site.producer()).send({ topic, body: '1' })
    await inbox.text('1', { nth: 2 })
    expect(seen).toEqual(['true false', 'true true'])
  })

  cluster.it('of a lite pull consumer keep messages from poll', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    for (const body of ['1', '2', '3', '4']) await producer.send({ topic, body })
    const consumer = await site.litePullConsumer(topic, { messageFilters: [even] })
    const texts: string[] = []
    while (texts.length < 2) texts.push(...(await consumer.poll()).map(message => message.text()))
    expect(texts).toEqual(['2', '4'])
  })

  cluster.it('of a pull consumer keep messages from a pull, which goes on after them', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    for (const body of ['1', '3']) await producer.send({ topic, body })
    await site.stored(topic, 2)
    const consumer = await site.pullConsumer({ messageFilters: [even] })
    const [queue] = await consumer.fetchMessageQueues(topic)
    if (queue === undefined) throw new Error('no queue')
    const { status, messages, nextBeginOffset } = await consumer.pull(queue, { offset: 0 })
    expect({ status, messages, nextBeginOffset }).toEqual({
      status: 'NO_MATCHED_MSG',
      messages: [],
      nextBeginOffset: 2,
    })
  })
})
