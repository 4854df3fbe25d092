import type { MessageExt, MessageQueue, PullTaskContext } from '../../lib/index'
import { describeScenario } from '../support/cluster'
import type { Site } from '../support/site'

const textsOf = (messages: readonly MessageExt[]) => messages.map(message => message.text())

/** A topic of one queue with messages of these tags, whose bodies say where they are. */
async function withTags(site: Site, tags: readonly (string | undefined)[]) {
  const topic = await site.freshTopic(1)
  const producer = await site.producer()
  for (const [index, tag] of tags.entries()) {
    await producer.send({ topic, body: `${index}`, ...(tag === undefined ? {} : { tags: tag }) })
  }
  await site.stored(topic, tags.length)
  const consumer = await site.pullConsumer()
  const [queue] = (await consumer.fetchMessageQueues(topic)) as [MessageQueue]
  return { topic, producer, consumer, queue }
}

describeScenario('a pull', cluster => {
  cluster.it('gets messages from an offset on, as many as asked for, and tells where to go on', async site => {
    const { consumer, queue, topic } = await withTags(site, ['a', 'b', undefined, 'a', 'b'])
    const all = await consumer.pull(queue, { offset: 0 })
    expect(all).toMatchObject({ status: 'FOUND', nextBeginOffset: 5, minOffset: 0, maxOffset: 5 })
    expect(textsOf(all.messages)).toEqual(['0', '1', '2', '3', '4'])
    expect(all.messages[0]).toMatchObject({ topic, tags: 'a', queueId: 0, brokerName: queue.brokerName })
    const some = await consumer.pull(queue, { offset: 1n, maxNums: 2 })
    expect([textsOf(some.messages), some.nextBeginOffset]).toEqual([['1', '2'], 3])
  })

  cluster.it('tells what it came to where there is nothing', async site => {
    const { consumer, queue } = await withTags(site, ['a', 'a'])
    expect(await consumer.pull(queue, { offset: 2 })).toMatchObject({
      status: 'NO_NEW_MSG',
      nextBeginOffset: 2,
      maxOffset: 2,
      messages: [],
    })
    expect(await consumer.pull(queue, { offset: 0, expression: 'x' })).toMatchObject({
      status: 'NO_MATCHED_MSG',
      nextBeginOffset: 2,
      messages: [],
    })
    expect(await consumer.pull(queue, { offset: 9 })).toMatchObject({
      status: 'OFFSET_ILLEGAL',
      nextBeginOffset: 2,
      messages: [],
    })
  })

  cluster.it('gets messages of some tags only, without a subscription of the group', async site => {
    const { consumer, queue } = await withTags(site, ['a', 'b', undefined, 'a', 'c'])
    const { messages, nextBeginOffset } = await consumer.pull(queue, { offset: 0, expression: 'a || c' })
    expect([textsOf(messages), nextBeginOffset]).toEqual([['0', '3', '4'], 5])
  })

  cluster.it('that may block waits for a message', async site => {
    const { consumer, queue, topic, producer } = await withTags(site, ['a'])
    const waiting = consumer.pullBlockIfNotFound(queue, { offset: 1 })
    await producer.send({ topic, body: 'at last' })
    expect(textsOf((await waiting).messages)).toEqual(['at last'])
  })

  cluster.it('ends by its signal, and when the consumer is shut down', async site => {
    const { consumer, queue } = await withTags(site, [])
    const abort = new AbortController()
    const aborted = consumer.pullBlockIfNotFound(queue, { offset: 0, signal: abort.signal })
    const waiting = consumer.pullBlockIfNotFound(queue, { offset: 0 })
    const ended = expect(waiting).rejects.toMatchObject({ code: 'ABORTED' })
    abort.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
    await consumer.shutdown()
    await ended
    await expect(consumer.pull(queue, { offset: 0 })).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  cluster.it('of what cannot be is refused', async site => {
    const { consumer, queue, topic } = await withTags(site, ['a'])
    const refused = { code: 'INVALID_ARGUMENT' }
    for (const offset of [-1, 1.5, undefined, 'x'] as never[])
      await expect(consumer.pull(queue, { offset })).rejects.toMatchObject(refused)
    await expect(consumer.pull(queue, { offset: 0, maxNums: 0 })).rejects.toMatchObject(refused)
    await expect(consumer.pull(queue, undefined as never)).rejects.toMatchObject(refused)
    await expect(consumer.pull({ topic } as never, { offset: 0 })).rejects.toMatchObject(refused)
    await expect(consumer.pull(queue, { offset: 0, expression: '||' })).rejects.toMatchObject({
      code: 'INVALID_EXPRESSION',
    })
    const noQueue = consumer.pull({ ...queue, queueId: 99 }, { offset: 0 })
    const responseCode = cluster.version === '5' ? 'INVALID_PARAMETER' : 'SYSTEM_ERROR'
    await expect(noQueue).rejects.toMatchObject({ code: 'BROKER_ERROR', responseCode })
    const noBroker = consumer.pull({ ...queue, brokerName: 'elsewhere' }, { offset: 0 })
    await expect(noBroker).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND', topic })
    await expect(consumer.fetchMessageQueues(site.freshGroup())).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
  })
})

describeScenario('the positions of a queue', cluster => {
  cluster.it('are its ends, and the message of a time', async site => {
    const { consumer, queue } = await withTags(site, ['a', 'b', 'c'])
    expect([await consumer.minOffset(queue), await consumer.maxOffset(queue)]).toEqual([0, 3])
    const { messages } = await consumer.pull(queue, { offset: 0 })
    const [first] = messages as [MessageExt]
    expect(await consumer.offsetForTimestamp(queue, first.storeTimestamp - 1000)).toBe(0)
    const offset = await consumer.offsetForTimestamp(queue, new Date(first.storeTimestamp))
    expect(messages[offset]?.storeTimestamp).toBe(first.storeTimestamp)
  })

  cluster.it('and how far the group has come, which is the user’s to tell', async site => {
    const { consumer, queue, topic } = await withTags(site, ['a', 'b', 'c'])
    await consumer.pull(queue, { offset: 0 })
    // Brokers tell 0 for a young queue, whether the group has come or not.
    expect(await consumer.fetchConsumeOffset(queue)).toBe(0)
    await consumer.updateConsumeOffset(queue, 2)
    expect(await consumer.fetchConsumeOffset(queue)).toBe(2)
    await consumer.updateConsumeOffset(queue, '1')
    await consumer.shutdown()
    const { consumerGroup } = consumer
    const again = await site.pullConsumer({ consumerGroup })
    expect(await again.fetchConsumeOffset(queue)).toBe(1)
    const { queues } = await (await site.admin()).consumeStats(consumerGroup, { topic })
    expect(queues.map(({ consumerOffset }) => consumerOffset)).toEqual([1])
    await expect(again.updateConsumeOffset(queue, -1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  cluster.it('are kept in a file when broadcasting', async site => {
    const { queue } = await withTags(site, ['a', 'b'])
    const consumerGroup = site.freshGroup()
    const options = {
      consumerGroup,
      messageModel: 'BROADCASTING',
      localOffsetStoreDir: await site.freshFolder(),
      advanced: { instanceName: consumerGroup },
    } as const
    const consumer = await site.pullConsumer(options)
    expect(await consumer.fetchConsumeOffset(queue)).toBeUndefined()
    await consumer.updateConsumeOffset(queue, 1)
    await consumer.shutdown()
    expect(await (await site.pullConsumer(options)).fetchConsumeOffset(queue)).toBe(1)
  })
})

describeScenario('a message that is sent back', cluster => {
  cluster.it('goes to the dead letters where it is told to', async site => {
    const { consumer, queue } = await withTags(site, ['a'])
    const { messages } = await consumer.pull(queue, { offset: 0 })
    const [message] = messages as [MessageExt]
    await consumer.sendMessageBack(message.copy(), -1)
    const dead = `%DLQ%${consumer.consumerGroup}`
    await site.stored(dead, 1)
    const [dlq] = (await consumer.fetchMessageQueues(dead)) as [MessageQueue]
    const found = await consumer.pullBlockIfNotFound(dlq, { offset: 0 })
    expect(found.messages[0]).toMatchObject({ topic: dead, msgId: message.msgId, reconsumeTimes: 1 })
  })

  cluster.it('comes to the retry topic of the group after its delay', async site => {
    const { consumer, queue } = await withTags(site, ['a'])
    const { messages } = await consumer.pull(queue, { offset: 0 })
    const [message] = messages as [MessageExt]
    await consumer.sendMessageBack(message, 1)
    const retry = `%RETRY%${consumer.consumerGroup}`
    await site.stored(retry, 1)
    const [queueOfRetry] = (await consumer.fetchMessageQueues(retry)) as [MessageQueue]
    const again = await consumer.pullBlockIfNotFound(queueOfRetry, { offset: 0 })
    expect(again.messages[0]).toMatchObject({ topic: retry, msgId: message.msgId, reconsumeTimes: 1 })
  })

  cluster.it('must be one that was received', async site => {
    const { consumer, queue, topic } = await withTags(site, ['a'])
    const refused = { code: 'INVALID_ARGUMENT' }
    await expect(consumer.sendMessageBack({ topic, body: 'x' } as never)).rejects.toMatchObject(refused)
    const { messages } = await consumer.pull(queue, { offset: 0 })
    await expect(consumer.sendMessageBack(messages[0] as never, -2)).rejects.toMatchObject(refused)
  })
})

describeScenario('scheduled pulls', cluster => {
  cluster.it('run on each queue of a topic, shared among the members of the group', async site => {
    const topic = await site.freshTopic(4)
    const producer = await site.producer()
    const all = await producer.publishMessageQueues(topic)
    for (const queue of all) await producer.send({ topic, body: `in ${queue.queueId}` }, { queue })
    await site.stored(topic, 4)
    const consumerGroup = site.freshGroup()
    const seen: string[] = []
    const member = async () => {
      const consumer = site.newPullConsumer({ consumerGroup })
      consumer.schedule(topic, async (queue, context: PullTaskContext) => {
        const offset = (await consumer.fetchConsumeOffset(queue)) ?? 0
        const { messages, nextBeginOffset } = await consumer.pull(queue, { offset })
        await consumer.updateConsumeOffset(queue, nextBeginOffset)
        seen.push(...textsOf(messages))
        context.nextDelayMs = 20
        site.changes.notify()
      })
      await consumer.start()
      return consumer
    }
    const first = await member()
    expect(first.stats().queues).toHaveLength(4)
    await site.until(() => seen.length >= 4, { what: 'a message of each queue' })
    expect(seen.sort()).toEqual(['in 0', 'in 1', 'in 2', 'in 3'])
    const second = await member()
    const shares = () => [first, second].map(consumer => consumer.stats().queues.length)
    await site.until(() => shares().join() === '2,2', { what: () => `even shares, not ${shares().join()}` })
    for (const queue of all) await producer.send({ topic, body: `again in ${queue.queueId}` }, { queue })
    await site.until(() => new Set(seen).size === 8, { what: () => `8 messages, not ${seen.join()}` })
    await first.shutdown()
    await site.until(() => second.stats().queues.length === 4, { what: 'all queues for the one that is left' })
  })

  cluster.it('may begin and end while the consumer runs, and survive a task that fails', async site => {
    const topic = await site.freshTopic(1)
    const consumer = await site.pullConsumer()
    const failures: string[] = []
    consumer.on('taskError', (error, queue) => {
      failures.push(`${error.message} on ${queue.queueId}`)
      site.changes.notify()
    })
    const signals: AbortSignal[] = []
    consumer.schedule(topic, (_queue, { signal }) => {
      signals.push(signal)
      site.changes.notify()
      if (signals.length === 1) throw new Error('the first time')
    })
    await site.until(() => signals.length >= 2, { what: 'another run after the failure' })
    expect(failures).toEqual(['the first time on 0'])
    consumer.unschedule(topic)
    await site.until(() => signals[0]?.aborted === true, { what: 'the end of the schedule' })
    expect(consumer.stats().queues).toEqual([])
    expect(() => consumer.schedule(topic, undefined as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })

  cluster.it('are waited for by a shutdown, which tells where they do not end', async site => {
    const topic = await site.freshTopic(1)
    const consumer = site.newPullConsumer()
    let end = (): void => undefined
    let runs = 0
    consumer.schedule(topic, () => {
      runs++
      site.changes.notify()
      return new Promise<void>(resolve => (end = resolve))
    })
    await consumer.start()
    await site.until(() => runs === 1, { what: 'the task' })
    const incomplete = { code: 'SHUTDOWN_INCOMPLETE', message: expect.stringContaining('1 tasks') }
    await expect(consumer.shutdown({ timeoutMs: 100 })).rejects.toMatchObject(incomplete)
    end()
  })
})
