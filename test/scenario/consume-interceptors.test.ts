import type { ConsumeInterceptor } from '../../lib/index'
import { SOON_AGAIN, describeScenario, describeSideBySide } from '../support/cluster'

describeScenario('interceptors of a consumer', cluster => {
  cluster.it('run around every call of the listener, the first one outermost', async site => {
    const topic = await site.freshTopic(1)
    const calls: string[] = []
    const named =
      (name: string): ConsumeInterceptor =>
      async ({ messages }, next) => {
        calls.push(`${name} before ${messages.map(message => message.text()).join()}`)
        const result = await next()
        calls.push(`${name} after ${JSON.stringify(result)}`)
        return result
      }
    const interceptors = [named('outer'), named('inner')]
    const [producer, { inbox, consumer }] = await Promise.all([site.producer(), site.reader(topic, { interceptors })])
    await producer.send({ topic, body: 'm' })
    await inbox.first(1)
    await consumer.shutdown()
    expect(calls).toEqual([
      'outer before m',
      'inner before m',
      'inner after "CONSUME_SUCCESS"',
      'outer after "CONSUME_SUCCESS"',
    ])
  })

  cluster.it('hold a queue in order until they have ended', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    for (const body of ['1', '2', '3']) await producer.send({ topic, body })
    const steps: string[] = []
    const slow: ConsumeInterceptor = async ({ messages, ordered }, next) => {
      steps.push(`${ordered} ${messages[0]?.text()}`)
      const result = await next()
      await new Promise(resolve => setImmediate(resolve))
      steps.push(`${JSON.stringify(result)}`)
      return result
    }
    const inbox = site.newInbox()
    const consumer = site.newConsumer({ interceptors: [slow] }).subscribe(topic)
    await consumer.consumeEach({ ordered: 'queue' }, inbox.take).start()
    await inbox.first(3)
    await consumer.shutdown()
    expect(steps).toEqual(['1', '2', '3'].flatMap(text => [`queue ${text}`, '"SUCCESS"']))
  })
})

describeSideBySide(
  'interceptors and failures',
  cluster => {
    cluster.it('see the listener’s failure, and the message comes again', async site => {
      const topic = await site.freshTopic(1)
      const seen: string[] = []
      const look: ConsumeInterceptor = (_context, next) =>
        next().catch((error: Error) => {
          seen.push(error.message)
          throw error
        })
      const inbox = site.newInbox()
      await site.consumer(topic, { interceptors: [look] }, message => {
        inbox.take(message)
        if (message.reconsumeTimes === 0) throw new Error('not today')
      })
      await (await site.producer()).send({ topic, body: 'm' })
      await inbox.text('m', { nth: 2 })
      expect(seen).toEqual(['not today'])
    })

    cluster.it('that throw fail the messages, which come again', async site => {
      const topic = await site.freshTopic(1)
      const veto: ConsumeInterceptor = ({ messages }, next) => {
        if (messages[0]?.reconsumeTimes === 0) throw new Error('not yet')
        return next()
      }
      const [producer, { inbox }] = await Promise.all([site.producer(), site.reader(topic, { interceptors: [veto] })])
      await producer.send({ topic, body: 'm' })
      expect((await inbox.text('m')).reconsumeTimes).toBe(1)
    })

    cluster.it('may choose when a message comes again', async site => {
      const topic = await site.freshTopic(1)
      const soon: ConsumeInterceptor = (_context, next) =>
        next().catch(() => ({ status: 'RECONSUME_LATER', delayLevel: 1 }))
      const inbox = site.newInbox()
      await site.consumer(topic, { interceptors: [soon] }, message => {
        inbox.take(message)
        if (message.reconsumeTimes === 0) throw new Error('again')
      })
      await (await site.producer()).send({ topic, body: 'm' })
      // Level 1 is a second; the broker itself would have chosen ten.
      await inbox.text('m', { nth: 2, withinMs: 9900 })
    })
  },
  SOON_AGAIN,
)
