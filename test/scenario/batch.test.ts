import { BatchError, type Message } from '../../lib/index'
import { describeEmulatorOnly, describeScenario } from '../support/cluster'

describeScenario('batches', cluster => {
  cluster.it('of 500 messages keep their order and number their ids', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const bodies = Array.from({ length: 500 }, (_, index) => `message ${index}`)
    const result = await producer.send(bodies.map(body => ({ topic, body })))
    const messages = (await inbox.first(500)).sort((a, b) => a.queueOffset - b.queueOffset)
    expect(messages.map(message => message.text())).toEqual(bodies)
    expect(messages.map(message => message.msgId)).toEqual(result.msgId.split(','))
    expect(new Set(result.msgId.split(',')).size).toBe(500)
    expect(result.results).toBeUndefined()
  })

  cluster.it('are split where they would be too large, and the parts tell where they are', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer({ maxMessageSize: 2000 }), site.reader(topic)])
    const bodies = Array.from({ length: 5 }, (_, index) => String(index).repeat(700))
    const result = await producer.send(bodies.map(body => ({ topic, body })))
    await inbox.first(5)
    expect([...inbox.distinct].sort()).toEqual(bodies)
    expect(result.results?.map(({ msgId }) => msgId.split(',').length)).toEqual([2, 2, 1])
    expect(result.msgId.split(',').sort()).toEqual(inbox.messages.map(message => message.msgId).sort())
  })

  cluster.it('go to the queue, or by the selector, that is given', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const batch = (name: string): Message[] => [0, 1].map(index => ({ topic, body: `${name} ${index}` }))
    const [, , third] = await producer.publishMessageQueues(topic)
    if (third === undefined) throw new Error('the topic has 4 queues')
    await producer.send(batch('queue'), { queue: third })
    await producer.send(batch('selector'), { selector: queues => queues[1] ?? third })
    await producer.send(batch('key'), { shardingKey: 'AaAa' })
    await inbox.first(6)
    const places = Object.fromEntries(inbox.messages.map(message => [message.text(), message.queueId]))
    const expected = { 'queue 0': 2, 'queue 1': 2, 'selector 0': 1, 'selector 1': 1, 'key 0': 0, 'key 1': 0 }
    expect(places).toEqual(expected)
  })

  cluster.it('that brokers cannot take are refused whole, before anything is sent', async site => {
    const [topic, other] = await Promise.all([site.freshTopic(1), site.freshTopic(1)])
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const good = { topic, body: 'good' }
    const bad: Message[][] = [
      [],
      [good, { topic: other, body: 'another topic' }],
      [good, { topic, body: 'delayed', delayTimeLevel: 1 }],
      [good, { topic, body: 'does not wait', waitStoreMsgOK: false }],
      [good, { topic, body: '' }],
    ]
    for (const batch of bad) {
      await expect(producer.send(batch)).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
    }
    await producer.send({ topic, body: 'last' })
    await inbox.text('last')
    expect(inbox.texts).toEqual(['last'])
  })
})

describeEmulatorOnly('a split batch', cluster => {
  cluster.it('that fails halfway tells what was sent', async site => {
    const topic = await site.freshTopic()
    const producer = await site.producer({ maxMessageSize: 2000, retryTimesWhenSendFailed: 0 })
    let parts = 0
    const second = () => (++parts === 2 ? ({ code: 'MESSAGE_ILLEGAL', remark: 'no' } as const) : 'pass')
    site.control('SEND_BATCH_MESSAGE', second, { times: 2 })
    const messages = Array.from({ length: 3 }, (_, index) => ({ topic, body: String(index).repeat(1500) }))
    const error = await producer.send(messages).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(BatchError)
    expect(error).toMatchObject({ code: 'BATCH_PARTLY_SENT', sentMessages: 1, results: [{ sendStatus: 'SEND_OK' }] })
    expect(site.emulator.messages(topic).map(message => message.text()[0])).toEqual(['0'])
  })
})
