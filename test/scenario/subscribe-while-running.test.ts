import { describeSideBySide } from '../support/cluster'
import { answered } from '../support/until'

describeSideBySide('a running consumer', cluster => {
  cluster.it('takes up a topic that it subscribes to', async site => {
    const [first, second] = [await site.freshTopic(), await site.freshTopic()]
    const [producer, { consumer, inbox }] = await Promise.all([site.producer(), site.reader(first)])
    const taken = new Promise<void>(resolve => {
      consumer.on('assigned', queues => queues.some(({ topic }) => topic === second) && resolve())
    })
    consumer.subscribe(second)
    await taken
    await producer.send({ topic: first, body: 'of the first' })
    await producer.send({ topic: second, body: 'of the second' })
    await inbox.first(2)
    expect(inbox.messages.map(message => [message.topic, message.text()]).sort()).toEqual(
      [
        [first, 'of the first'],
        [second, 'of the second'],
      ].sort(),
    )
  })

  cluster.it('gives up a topic that it wants no more, and keeps the others', async site => {
    const [kept, dropped] = [await site.freshTopic(1), await site.freshTopic(1)]
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    const consumer = site.newConsumer().subscribe(kept).subscribe(dropped).consumeEach(inbox.take)
    await consumer.start()
    await producer.send({ topic: dropped, body: 'while it was wanted' })
    await inbox.text('while it was wanted')
    const revoked = new Promise<void>(resolve => {
      consumer.on('revoked', queues => queues.some(({ topic }) => topic === dropped) && resolve())
    })
    consumer.unsubscribe(dropped)
    await revoked
    await producer.send({ topic: dropped, body: 'not wanted' })
    await producer.send({ topic: kept, body: 'wanted' })
    await inbox.text('wanted')
    expect(inbox.texts).toEqual(['while it was wanted', 'wanted'])
    // What came meanwhile waits for it, and nothing comes twice.
    consumer.subscribe(dropped)
    await inbox.text('not wanted')
    expect(inbox.texts).toEqual(['while it was wanted', 'wanted', 'not wanted'])
  })

  cluster.it('follows a change of the tags that it wants', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { consumer, inbox }] = await Promise.all([
      site.producer(),
      site.reader(topic, { expression: 'A' }),
    ])
    await producer.send({ topic, body: 'A 1', tags: 'A' })
    await inbox.text('A 1')
    consumer.subscribe(topic, 'B')
    // This wakes the pull that is under way, which still asks for the old tag, and is dropped.
    await producer.send({ topic, body: 'A later', tags: 'A' })
    const probe = async (): Promise<boolean> => {
      await producer.send({ topic, body: 'B probe', tags: 'B' })
      return inbox.distinct.has('B probe')
    }
    await answered(probe, Boolean, { what: 'a message of the new tag' })
    for (const tags of ['A', 'C', 'B']) await producer.send({ topic, body: `${tags} later`, tags })
    await inbox.text('B later')
    expect([...inbox.distinct]).toEqual(['A 1', 'B probe', 'B later'])
  })

  cluster.it('checks what it subscribes to at once', async site => {
    const topic = await site.freshTopic(1)
    const { consumer } = await site.reader(topic)
    expect(() => consumer.subscribe('no topic!')).toThrow(expect.objectContaining({ code: 'INVALID_TOPIC' }))
    expect(() => consumer.subscribe(topic, '||')).toThrow(expect.objectContaining({ code: 'INVALID_EXPRESSION' }))
  })
})
