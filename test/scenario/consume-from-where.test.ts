import type { PushConsumerOptions } from '../../lib/index'
import { describeScenario } from '../support/cluster'

type FromWhere = NonNullable<PushConsumerOptions['consumeFromWhere']>

describeScenario('a group that never committed', cluster => {
  cluster.it('begins at the first message with CONSUME_FROM_FIRST_OFFSET', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    for (const body of ['0', '1', '2']) await producer.send({ topic, body })
    const { inbox } = await site.reader(topic, { consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' })
    await inbox.first(3)
    expect(inbox.texts).toEqual(['0', '1', '2'])
  })

  // Brokers answer offset 0 for a new group while a queue's first message is still there and in memory.
  cluster.it('begins at the first message of a young topic with CONSUME_FROM_LAST_OFFSET, too', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    for (const body of ['0', '1', '2']) await producer.send({ topic, body })
    const { inbox } = await site.reader(topic, { consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET' })
    await inbox.first(3)
    expect(inbox.texts).toEqual(['0', '1', '2'])
  })

  for (const consumeFromWhere of ['CONSUME_FROM_LAST_OFFSET', 'CONSUME_FROM_TIMESTAMP'] satisfies FromWhere[]) {
    cluster.it(`gets what is sent after start() has resolved, with ${consumeFromWhere}`, async site => {
      const topic = await site.freshTopic()
      const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic, { consumeFromWhere })])
      const bodies = ['0', '1', '2', '3', '4', '5', '6', '7']
      for (const body of bodies) await producer.send({ topic, body })
      await inbox.first(8)
      expect(inbox.texts.sort()).toEqual(bodies)
    })
  }

  // The same surprise as above: the broker's 0 counts as committed, and the timestamp is not asked for.
  cluster.it('begins at the first message of a young topic with CONSUME_FROM_TIMESTAMP, too', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    await producer.send({ topic, body: 'old' })
    const options = { consumeFromWhere: 'CONSUME_FROM_TIMESTAMP', consumeTimestamp: new Date() } as const
    const { inbox } = await site.reader(topic, options)
    await producer.send({ topic, body: 'new' })
    await inbox.first(2)
    expect(inbox.texts).toEqual(['old', 'new'])
  })
})
