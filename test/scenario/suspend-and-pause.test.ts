import { describeScenario } from '../support/cluster'

describeScenario('a running consumer', cluster => {
  cluster.it('pulls nothing more while it is suspended', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { consumer, inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    await producer.send({ topic, body: 'before' })
    await inbox.text('before')
    consumer.suspend()
    // The pull that was under way brings this one still; it cannot tell that it is not wanted any more.
    await producer.send({ topic, body: 'under way' })
    await inbox.text('under way')
    const witness = await site.reader(topic)
    for (const body of ['0', '1', '2']) await producer.send({ topic, body })
    await witness.inbox.text('2')
    expect(inbox.texts).toEqual(['before', 'under way'])
    consumer.resume()
    await inbox.text('2')
    expect(inbox.texts).toEqual(['before', 'under way', '0', '1', '2'])
  })

  cluster.it('pulls nothing more from a queue that is paused, and goes on with the others', async site => {
    const topic = await site.freshTopic(2)
    const [producer, { consumer, inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const [paused, other] = (await producer.publishMessageQueues(topic)) as [never, never]
    consumer.pause([paused])
    await producer.send({ topic, body: 'under way' }, { queue: paused })
    await inbox.text('under way')
    for (const body of ['0', '1']) await producer.send({ topic, body: `paused ${body}` }, { queue: paused })
    for (const body of ['0', '1']) await producer.send({ topic, body: `other ${body}` }, { queue: other })
    await inbox.text('other 1')
    expect(inbox.texts).toEqual(['under way', 'other 0', 'other 1'])
    consumer.resume([paused])
    await inbox.text('paused 1')
    expect(inbox.texts).toEqual(['under way', 'other 0', 'other 1', 'paused 0', 'paused 1'])
  })

  cluster.it('refuses to pause a queue that it does not have', async site => {
    const topic = await site.freshTopic(1)
    const { consumer } = await site.reader(topic)
    const foreign = { topic, brokerName: 'elsewhere', queueId: 0 }
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT', topic, brokerName: 'elsewhere' })
    expect(() => consumer.pause([foreign])).toThrow(refused)
  })

  for (const ordered of ['none', 'queue'] as const) {
    cluster.it(`runs as many calls at a time as it is told, with a listener ordered by ${ordered}`, async site => {
      const topic = await site.freshTopic(6)
      const producer = await site.producer()
      const consumer = site.newConsumer().subscribe(topic)
      const waiting: (() => void)[] = []
      const listener = () =>
        new Promise<void>(resolve => {
          waiting.push(resolve)
          site.changes.notify()
        })
      consumer.consume({ ordered, concurrency: 2 } as { ordered: 'none'; concurrency: number }, listener)
      site.onEnd(async () => consumer.suspend())
      const queues = await producer.publishMessageQueues(topic)
      for (const queue of queues) await producer.send({ topic, body: 'x' }, { queue })
      await consumer.start()
      const running = (count: number) =>
        site.until(() => waiting.length === count, { what: () => `${count} calls, not ${waiting.length}` })
      await running(2)
      expect(consumer.stats().listenersRunning).toBe(2)
      consumer.updateConcurrency(5)
      await running(5)
      expect(consumer.stats().listenersRunning).toBe(5)
      consumer.updateConcurrency(1)
      for (const end of waiting.splice(0)) end()
      await running(1)
      for (const end of waiting) end()
    })
  }
})
