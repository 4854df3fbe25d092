import { describeEmulatorOnly } from '../support/cluster'
import { Load } from '../support/load'

// A real broker that stops in order under load is in broker-restart.
describeEmulatorOnly('a server that is going away', cluster => {
  const goAway = () => ({ code: 'GO_AWAY', remark: 'going away' }) as const

  cluster.it('fails no send: it is repeated once on a new connection', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer({ retryTimesWhenSendFailed: 0 })
    const ports = new Set<string>()
    site.control('SEND_MESSAGE_V2', (_, { channel }) => (ports.add(channel.address), goAway()))
    await producer.send({ topic, body: 'x' })
    site.control('SEND_MESSAGE_V2', (_, { channel }) => (ports.add(channel.address), 'pass'))
    await producer.send({ topic, body: 'y' })
    expect(ports.size).toBe(2)
    expect(
      site.emulator
        .messages(topic)
        .map(message => message.text())
        .sort(),
    ).toEqual(['x', 'y'])
  })

  cluster.it('fails none of many sends on their way at once', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer()
    site.control('SEND_MESSAGE_V2', goAway, { times: 3 })
    const sends = Array.from({ length: 100 }, (_, index) => producer.send({ topic, body: String(index) }))
    await Promise.all(sends)
    expect(site.emulator.messages(topic)).toHaveLength(100)
  })

  cluster.it('fault 13: fails no send and stops no pull, however often it says so', async site => {
    const topic = await site.freshTopic()
    const load = new Load(site)
    const [producer] = await Promise.all([site.producer(), site.consumer(topic, {}, load.take)])
    load.start(producer, topic)
    for (let round = 0; round < 5; round++) {
      await load.acknowledged(50)
      const controls = [site.control('SEND_MESSAGE_V2', goAway), site.control('PULL_MESSAGE', goAway)]
      await site.until(() => controls.every(({ seen }) => seen > 0), { what: 'a send and a pull that are refused' })
      load.recovery.faultEnds()
    }
    await load.acknowledged(50)
    await load.tell(13, 'GO_AWAY to sends and pulls, 5 times', { withinMs: 3000 })
    expect(load.failed).toEqual([])
  })

  cluster.it('is told of by an error where it says so twice, and tries are used up', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer({ retryTimesWhenSendFailed: 0 })
    site.control('SEND_MESSAGE_V2', goAway, { times: 'keep' })
    const refused = { code: 'BROKER_ERROR', responseCode: 'GO_AWAY', retriable: true }
    await expect(producer.send({ topic, body: 'x' })).rejects.toMatchObject(refused)
  })

  cluster.it('is heard of by a heartbeat on the new connection, and pulls go on', async site => {
    const topic = await site.freshTopic(1)
    const [producer, { inbox, consumer }] = await Promise.all([site.producer(), site.reader(topic)])
    await producer.send({ topic, body: 'before' })
    await inbox.text('before')
    const group = consumer.consumerGroup
    const heartbeat = site.emulator.received('HEART_BEAT', ({ body }) =>
      body.consumerDataSet.some(({ groupName }) => groupName === group),
    )
    site.control('SEND_MESSAGE_V2', goAway)
    await producer.send({ topic, body: 'after' })
    await heartbeat
    await inbox.text('after')
    await producer.send({ topic, body: 'last' })
    await inbox.text('last')
    expect(inbox.texts).toEqual(['before', 'after', 'last'])
  })
})
