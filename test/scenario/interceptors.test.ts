import type { Message, SendInterceptor } from '../../lib/index'
import { describeScenario } from '../support/cluster'

describeScenario('interceptors', cluster => {
  cluster.it('run around every form of a send, the first one outermost', async site => {
    const topic = await site.freshTopic()
    const calls: string[] = []
    const named =
      (name: string): SendInterceptor =>
      async (context, next) => {
        calls.push(`${name} before ${context.mode}`)
        const result = await next()
        calls.push(`${name} after ${result?.sendStatus ?? 'nothing'}`)
        return result
      }
    const [producer, { inbox }] = await Promise.all([
      site.producer({ interceptors: [named('outer'), named('inner')] }),
      site.reader(topic),
    ])
    const expected = (mode: string, status: string) => [
      `outer before ${mode}`,
      `inner before ${mode}`,
      `inner after ${status}`,
      `outer after ${status}`,
    ]
    await producer.send({ topic, body: 'sync' })
    expect(calls.splice(0)).toEqual(expected('SYNC', 'SEND_OK'))
    await new Promise(resolve => producer.sendAsync({ topic, body: 'async' }, resolve))
    expect(calls.splice(0)).toEqual(expected('ASYNC', 'SEND_OK'))
    await producer.sendOneway({ topic, body: 'oneway' })
    expect(calls.splice(0)).toEqual(expected('ONEWAY', 'nothing'))
    await producer.send([{ topic, body: 'batch' }])
    expect(calls.splice(0)).toEqual(expected('SYNC', 'SEND_OK'))
    await inbox.first(4)
  })

  cluster.it('may replace the message, and the caller keeps his own', async site => {
    const topic = await site.freshTopic()
    const stamp: SendInterceptor = (context, next) => {
      const message = context.message as Message
      context.message = { ...message, properties: { ...message.properties, traceparent: '00-1-2-01' } }
      return next()
    }
    const [producer, { inbox }] = await Promise.all([site.producer({ interceptors: [stamp] }), site.reader(topic)])
    const message = { topic, body: 'stamped', properties: { a: 'b' } }
    await producer.send(message)
    expect((await inbox.text('stamped')).properties).toMatchObject({ a: 'b', traceparent: '00-1-2-01' })
    expect(message).toEqual({ topic, body: 'stamped', properties: { a: 'b' } })
  })

  cluster.it('that throw fail the send, and nothing is sent', async site => {
    const topic = await site.freshTopic(1)
    const veto: SendInterceptor = (context, next) => {
      if ((context.message as Message).tags === 'forbidden') throw new Error('not allowed')
      return next()
    }
    const [producer, { inbox }] = await Promise.all([site.producer({ interceptors: [veto] }), site.reader(topic)])
    await expect(producer.send({ topic, body: 'no', tags: 'forbidden' })).rejects.toThrow('not allowed')
    const error = await new Promise(resolve => producer.sendAsync({ topic, body: 'no', tags: 'forbidden' }, resolve))
    expect(error).toMatchObject({ code: 'INTERCEPTOR_FAILED', sent: 'NO', cause: { message: 'not allowed' } })
    await producer.send({ topic, body: 'yes' })
    await inbox.text('yes')
    expect(inbox.texts).toEqual(['yes'])
  })

  cluster.it('see a failed send', async site => {
    const seen: unknown[] = []
    const watch: SendInterceptor = async (_, next) => {
      try {
        return await next()
      } catch (error) {
        seen.push(error)
        throw error
      }
    }
    const producer = await site.producer({ interceptors: [watch] })
    await expect(producer.send({ topic: 'T', body: '' })).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
    expect(seen).toMatchObject([{ code: 'INVALID_MESSAGE' }])
  })
})
