import type { MessageExt } from '../../lib/index'
import { describeScenario } from '../support/cluster'

describeScenario('an orderly listener', cluster => {
  cluster.it('gets the messages of each queue in order, one call per queue at a time', async site => {
    const topic = await site.freshTopic(4)
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    const busy = new Set<number>()
    let most = 0
    const consumer = site.newConsumer().subscribe(topic)
    consumer.consumeEach({ ordered: 'queue' }, async message => {
      expect(busy).not.toContain(message.queueId)
      busy.add(message.queueId)
      most = Math.max(most, busy.size)
      await new Promise(resolve => setImmediate(resolve))
      busy.delete(message.queueId)
      inbox.take(message)
    })
    const heard: Error[] = []
    consumer.on('listenerError', error => heard.push(error))
    await consumer.start()
    const send = (index: number) => producer.send({ topic, body: String(index) }, { shardingKey: `key ${index % 9}` })
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 20 }, (_, index) => send(round * 20 + index)))
    }
    await inbox.first(200)
    expect(heard).toEqual([])
    expect(most).toBeGreaterThan(1)
    for (const queueId of [0, 1, 2, 3]) {
      const offsets = inbox.messages.filter(message => message.queueId === queueId).map(each => each.queueOffset)
      expect(offsets).toEqual(Array.from(offsets, (_, index) => index))
    }
  })

  cluster.it('that suspends its queue gets the same message again first, while other queues go on', async site => {
    const topic = await site.freshTopic(2)
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    const [sick, well] = (await producer.publishMessageQueues(topic)) as [never, never]
    const consumer = site.newConsumer().subscribe(topic)
    let left = 3
    consumer.consumeEach({ ordered: 'queue' }, message => {
      inbox.take(message)
      if (message.text() !== 'sick 1' || left-- === 0) return 'SUCCESS'
      return { status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 300 }
    })
    await consumer.start()
    for (const body of ['sick 0', 'sick 1', 'sick 2']) await producer.send({ topic, body }, { queue: sick })
    for (const body of ['well 0', 'well 1', 'well 2']) await producer.send({ topic, body }, { queue: well })
    await inbox.text('sick 2')
    const ofQueue = (name: string): string[] => inbox.texts.filter(text => text.startsWith(name))
    expect(ofQueue('sick')).toEqual(['sick 0', 'sick 1', 'sick 1', 'sick 1', 'sick 1', 'sick 2'])
    expect(ofQueue('well')).toEqual(['well 0', 'well 1', 'well 2'])
    expect(inbox.texts.indexOf('well 2')).toBeLessThan(inbox.texts.lastIndexOf('sick 1'))
    const again = inbox.messages.filter(message => message.text() === 'sick 1')
    expect(new Set(again.map(({ offsetMsgId }) => offsetMsgId)).size).toBe(1)
  })

  cluster.it('that throws, rejects or returns what is no result gets the same message again', async site => {
    const topic = await site.freshTopic(1)
    const [producer, inbox] = [await site.producer(), site.newInbox()]
    const consumer = site.newConsumer({ suspendCurrentQueueTimeMs: 10 }).subscribe(topic)
    const results: (() => unknown)[] = [
      () => {
        throw new Error('a bug')
      },
      () => Promise.reject(new Error('a bug')),
      () => 'CONSUME_SUCCESS',
    ]
    const heard: string[] = []
    consumer.on('listenerError', error => heard.push(error.message))
    consumer.consumeEach({ ordered: 'queue' }, message => {
      inbox.take(message)
      return results.shift()?.() as undefined
    })
    await consumer.start()
    for (const body of ['first', 'second']) await producer.send({ topic, body })
    await inbox.text('second')
    expect(inbox.texts).toEqual(['first', 'first', 'first', 'first', 'second'])
    expect(heard).toEqual(['a bug', 'a bug', expect.stringContaining('CONSUME_SUCCESS')])
  })

  cluster.it('gets batches in order, and a failed one whole again', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const bodies = ['0', '1', '2', '3', '4']
    await producer.send(bodies.map(body => ({ topic, body })))
    await site.stored(topic, bodies.length)
    const calls: string[][] = []
    const consumer = site.newConsumer().subscribe(topic)
    consumer.consume({ ordered: 'queue', batchSize: 3 }, (messages: readonly MessageExt[]) => {
      calls.push(messages.map(message => message.text()))
      site.changes.notify()
      return calls.length === 1 ? { status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 10 } : 'SUCCESS'
    })
    await consumer.start()
    await site.until(() => calls.flat().includes('4'), { what: 'the last message' })
    expect(calls[0]).toEqual(['0', '1', '2'])
    expect(calls.slice(1).flat()).toEqual(bodies)
  })
})
