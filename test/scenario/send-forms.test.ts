import type { MessageExt, MessageQueueSelector, SendResult } from '../../lib/index'
import { describeScenario } from '../support/cluster'

/** Both sides must tell the same of one message. */
function expectSame(result: SendResult, message: MessageExt): void {
  const { topic, brokerName, queueId } = message
  expect(result).toMatchObject({
    sendStatus: 'SEND_OK',
    msgId: message.msgId,
    offsetMsgId: message.offsetMsgId,
    messageQueue: { topic, brokerName, queueId },
    queueOffset: message.queueOffset,
    regionId: 'DefaultRegion',
    traceOn: true,
  })
}

describeScenario('every form of a send', cluster => {
  cluster.it('send: resolves with where the message is, and it arrives once', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const bodies = Array.from({ length: 20 }, (_, index) => `send ${index}`)
    const results = await Promise.all(bodies.map(body => producer.send({ topic, body })))
    const messages = await inbox.first(bodies.length)
    for (const [index, result] of results.entries()) expectSame(result, await inbox.text(`send ${index}`))
    expect(messages.map(message => message.text()).sort()).toEqual(bodies.sort())
    expect(new Set(results.map(({ messageQueue }) => messageQueue.queueId))).toEqual(new Set([0, 1, 2, 3]))
  })

  cluster.it('sendAsync: calls back with the same', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const result = await new Promise<SendResult>((resolve, reject) => {
      producer.sendAsync({ topic, body: 'async' }, (error, sent) =>
        sent ? resolve(sent) : reject(error ?? new Error('neither error nor result')),
      )
    })
    expectSame(result, await inbox.text('async'))
    expect(inbox.messages).toHaveLength(1)
  })

  cluster.it('sendOneway: resolves with nothing, and the message arrives', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    expect(await producer.sendOneway({ topic, body: 'oneway', tags: 'T', properties: { a: 'b' } })).toBeUndefined()
    expect(await inbox.text('oneway')).toMatchObject({ tags: 'T', properties: { a: 'b' } })
  })

  cluster.it('with a queue: the message is stored there', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const queues = await producer.publishMessageQueues(topic)
    expect(queues.map(({ queueId }) => queueId)).toEqual([0, 1, 2, 3])
    for (const queue of queues) {
      const body = `queue ${queue.queueId}`
      const result = await producer.send({ topic, body }, { queue })
      expect(result.messageQueue).toEqual(queue)
      expectSame(result, await inbox.text(body))
    }
  })

  cluster.it('with a selector: it is given the queues in order, the message and the argument', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const calls: Parameters<MessageQueueSelector>[] = []
    const selector: MessageQueueSelector = (...call) => {
      calls.push(call)
      return call[0][Number(call[2])] ?? (call[0][0] as never)
    }
    const message = { topic, body: 'selected' }
    const result = await producer.send(message, { selector, arg: 2 })
    const queues = await producer.publishMessageQueues(topic)
    expect(calls).toEqual([[queues, message, 2]])
    expect(result.messageQueue).toEqual(queues[2])
    expectSame(result, await inbox.text('selected'))
    const oneway = { topic, body: 'selected too' }
    await producer.sendOneway(oneway, { selector, arg: 3 })
    expect((await inbox.text('selected too')).queueId).toBe(3)
  })

  cluster.it('with a sharding key: equal keys meet in one queue, and the key is stored', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const keys = ['AaAa', 'BBBB', 'user-7']
    for (const shardingKey of keys) {
      await producer.send({ topic, body: `option ${shardingKey}` }, { shardingKey })
      await producer.send({ topic, body: `field ${shardingKey}`, shardingKey })
    }
    await inbox.first(6)
    expect(inbox.messages.map(message => message.shardingKey).sort()).toEqual([...keys, ...keys].sort())
    // Java's hashes: AaAa and BBBB 2031744, user-7 -836031819; of 4 queues that is 0 and 3.
    for (const { shardingKey, queueId } of inbox.messages) expect(queueId).toBe(shardingKey === 'user-7' ? 3 : 0)
  })

  cluster.it('a batch: one result for all, the messages one after the other in one queue', async site => {
    const topic = await site.freshTopic()
    const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic)])
    const result = await producer.send([
      { topic, body: 'batch 0', tags: 'A', keys: 'k0' },
      { topic, body: 'batch 1', properties: { n: '1' } },
      { topic, body: Buffer.from('batch 2'), flag: 7 },
    ])
    const messages = (await inbox.first(3)).sort((a, b) => a.queueOffset - b.queueOffset)
    expect(messages.map(message => message.text())).toEqual(['batch 0', 'batch 1', 'batch 2'])
    expect(messages.map(({ queueOffset }) => queueOffset)).toEqual([0, 1, 2].map(step => result.queueOffset + step))
    expect(new Set(messages.map(({ queueId }) => queueId))).toEqual(new Set([result.messageQueue.queueId]))
    expect(result.msgId.split(',')).toEqual(messages.map(({ msgId }) => msgId))
    expect(result.offsetMsgId.split(',')).toEqual(messages.map(({ offsetMsgId }) => offsetMsgId))
    expect(messages).toMatchObject([{ tags: 'A', keys: ['k0'], flag: 0 }, { properties: { n: '1' } }, { flag: 7 }])
  })
})
