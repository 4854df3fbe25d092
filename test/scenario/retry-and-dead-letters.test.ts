import type { MessageExt } from '../../lib/index'
import { describeSideBySide } from '../support/cluster'
import type { Reader, Site } from '../support/site'
import { answered } from '../support/until'

/** Reads the dead letters of a group, once there are some: their topic is made by the first. */
async function deadLetters(site: Site, group: string): Promise<Reader> {
  const topic = `%DLQ%${group}`
  const admin = await site.admin()
  await answered(
    () => admin.topics(),
    topics => topics.includes(topic),
    { what: `a topic ${topic}` },
  )
  return site.reader(topic)
}

describeSideBySide('a message that its listener gives back', cluster => {
  cluster.it('comes again after the delay of its level, then goes to the dead letters', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(), site.freshGroup()]
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    await site.consumer(topic, { consumerGroup, maxReconsumeTimes: 1 }, message => {
      inbox.take(message)
      return { status: 'RECONSUME_LATER', delayLevel: 1 }
    })
    const sent = { topic, body: '失败', tags: 'T', keys: ['k1', 'k2'], properties: { a: '一' }, flag: 3 }
    const result = await producer.send(sent)
    const [first, second] = (await inbox.first(2)) as [MessageExt, MessageExt]
    const fields = { topic, tags: 'T', keys: ['k1', 'k2'], flag: 3, msgId: result.msgId }
    expect([first, second]).toMatchObject([
      { ...fields, reconsumeTimes: 0, offsetMsgId: result.offsetMsgId },
      { ...fields, reconsumeTimes: 1, properties: { a: '一', ORIGIN_MESSAGE_ID: result.offsetMsgId } },
    ])
    expect(second.text()).toBe('失败')
    expect(second.storeTimestamp - first.storeTimestamp).toBeGreaterThan(900)
    expect(second.offsetMsgId).not.toBe(first.offsetMsgId)
    const dead = await (await deadLetters(site, consumerGroup)).inbox.text('失败')
    expect(dead).toMatchObject({ ...fields, topic: `%DLQ%${consumerGroup}`, queueId: 0 })
    expect(dead.properties).toMatchObject({ RETRY_TOPIC: topic, ORIGIN_MESSAGE_ID: result.offsetMsgId, a: '一' })
    expect(inbox.messages).toHaveLength(2)
  })

  cluster.it('goes to the dead letters at once where the level is negative', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(), site.freshGroup()]
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    await site.consumer(topic, { consumerGroup }, message => {
      inbox.take(message)
      return { status: 'RECONSUME_LATER', delayLevel: -1 }
    })
    await producer.send({ topic, body: 'hopeless' })
    await inbox.text('hopeless')
    await (await deadLetters(site, consumerGroup)).inbox.text('hopeless')
    expect(inbox.messages).toHaveLength(1)
  })

  cluster.it('comes again after 10 s where it says no more than RECONSUME_LATER', async site => {
    const topic = await site.freshTopic()
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    await site.consumer(topic, {}, message => {
      inbox.take(message)
      return message.reconsumeTimes === 0 ? 'RECONSUME_LATER' : 'CONSUME_SUCCESS'
    })
    await producer.send({ topic, body: 'later' })
    const [first, second] = (await inbox.first(2)) as [MessageExt, MessageExt]
    const waited = second.storeTimestamp - first.storeTimestamp
    expect(waited).toBeGreaterThan(9_900)
    // The next level is 30 s.
    expect(waited).toBeLessThan(30_000)
    expect(second).toMatchObject({ topic, reconsumeTimes: 1, msgId: first.msgId })
  })

  cluster.it('takes only those after it in its batch with it', async site => {
    const topic = await site.freshTopic(1)
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    await producer.send(['0', '1', '2', '3'].map(body => ({ topic, body })))
    const calls: string[][] = []
    const consumer = site.newConsumer().subscribe(topic)
    consumer.consume({ batchSize: 4 }, messages => {
      for (const message of messages) inbox.take(message)
      calls.push(messages.map(message => message.text()))
      return messages[0]?.reconsumeTimes === 0
        ? { status: 'RECONSUME_LATER', firstFailed: 2, delayLevel: 1 }
        : undefined
    })
    await consumer.start()
    await inbox.first(6)
    expect(calls[0]).toEqual(['0', '1', '2', '3'])
    expect(calls.slice(1).flat().sort()).toEqual(['2', '3'])
  })

  cluster.it('comes again to its own group alone', async site => {
    const [topic, failing] = [await site.freshTopic(), site.freshGroup()]
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    const { inbox: other } = await site.reader(topic)
    await site.consumer(topic, { consumerGroup: failing }, message => {
      inbox.take(message)
      return message.reconsumeTimes === 0 ? { status: 'RECONSUME_LATER', delayLevel: 1 } : undefined
    })
    await producer.send({ topic, body: 'of two groups' })
    await inbox.first(2)
    expect(other.texts).toEqual(['of two groups'])
  })

  cluster.it('leaves its queue for the dead letters where an orderly listener has failed too often', async site => {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    const options = { consumerGroup, maxReconsumeTimes: 2, suspendCurrentQueueTimeMs: 50 }
    const consumer = site.newConsumer(options).subscribe(topic)
    consumer.consumeEach({ ordered: 'queue' }, message => {
      inbox.take(message)
      return message.text() === 'bad' ? 'SUSPEND_CURRENT_QUEUE_A_MOMENT' : 'SUCCESS'
    })
    await consumer.start()
    for (const body of ['good', 'bad', 'next']) await producer.send({ topic, body })
    await inbox.text('next')
    // Nothing overtakes it while it is tried.
    expect(inbox.texts.slice(0, 5)).toEqual(['good', 'bad', 'bad', 'bad', 'next'])
    await (await deadLetters(site, consumerGroup)).inbox.text('bad')
  })
})
