import { describeScenario } from '../support/cluster'

describeScenario('producers and consumers of one configuration', cluster => {
  cluster.it('share a client, and those that stay go on when others are shut down', async site => {
    const topic = await site.freshTopic()
    const [a, b] = [await site.producer(), await site.producer()]
    const { consumer, inbox } = await site.reader(topic)
    expect(new Set([a.clientId, b.clientId, consumer.clientId]).size).toBe(1)
    await a.shutdown()
    await b.send({ topic, body: 'after a has gone' })
    await inbox.text('after a has gone')
    await consumer.shutdown()
    expect(await b.send({ topic, body: 'after all but b have gone' })).toMatchObject({ sendStatus: 'SEND_OK' })
  })

  cluster.it('are seen by the broker as one client of each group, on one connection', async site => {
    const [topic, consumerGroup, producerGroup] = [await site.freshTopic(), site.freshGroup(), site.freshGroup()]
    const producer = await site.producer({ producerGroup })
    const { consumer } = await site.reader(topic, { consumerGroup })
    await producer.send({ topic, body: 'x' })
    const admin = await site.admin()
    const consumers = await admin.consumerConnections(consumerGroup)
    const producers = await admin.producerConnections(producerGroup, { topic })
    expect(consumers).toMatchObject({ consumeType: 'CONSUME_PASSIVELY', messageModel: 'CLUSTERING' })
    expect(consumers?.connectionSet).toMatchObject([{ clientId: consumer.clientId }])
    const [{ clientId, clientAddr } = { clientId: '', clientAddr: '' }] = consumers?.connectionSet ?? []
    expect(producers).toMatchObject([{ clientId, clientAddr }])
  })

  cluster.it(
    'two members of one group have clients of their own, as brokers tell members apart by their ids',
    async site => {
      const [topic, consumerGroup] = [await site.freshTopic(), site.freshGroup()]
      const one = await site.reader(topic, { consumerGroup })
      const two = await site.reader(topic, { consumerGroup })
      expect(one.consumer.clientId).not.toBe(two.consumer.clientId)
      const admin = await site.admin()
      const ids = (await admin.consumerConnections(consumerGroup))?.connectionSet.map(({ clientId }) => clientId)
      expect(ids?.sort()).toEqual([one.consumer.clientId, two.consumer.clientId].sort())
    },
  )

  cluster.it('are known to no broker after their shutdown', async site => {
    const [topic, consumerGroup, producerGroup] = [await site.freshTopic(), site.freshGroup(), site.freshGroup()]
    const witness = await site.producer()
    const producer = await site.producer({ producerGroup })
    const { consumer } = await site.reader(topic, { consumerGroup })
    expect(witness.clientId).toBe(consumer.clientId)
    await Promise.all([producer.shutdown(), consumer.shutdown()])
    const admin = await site.admin()
    expect(await admin.consumerConnections(consumerGroup)).toBeUndefined()
    expect(await admin.producerConnections(producerGroup, { topic })).toEqual([])
  })

  cluster.it('start and stop again and again', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(), site.freshGroup()]
    for (let round = 0; round < 10; round++) {
      const [producer, { consumer, inbox }] = await Promise.all([
        site.producer(),
        site.reader(topic, { consumerGroup }),
      ])
      await producer.send({ topic, body: `round ${round}` })
      await inbox.text(`round ${round}`)
      expect(inbox.messages).toHaveLength(1)
      await Promise.all([producer.shutdown(), consumer.shutdown()])
    }
  })
})
