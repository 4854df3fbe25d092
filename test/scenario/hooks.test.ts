import type { EndTransactionContext, ForbiddenCheck, RpcContext, RpcInterceptor } from '../../lib/index'
import { describeScenario } from '../support/cluster'

describeScenario('interceptors of more than sends', cluster => {
  cluster.it('see every end of a transaction, and may keep it from being told', async site => {
    const topic = await site.freshTopic(1)
    const seen: EndTransactionContext[] = []
    const producer = await site.transactionProducer({
      transactionListener: {
        executeLocalTransaction: (_, arg) => arg as 'COMMIT_MESSAGE',
        checkLocalTransaction: () => 'UNKNOW',
      },
      confirmEnd: true,
      endTransactionInterceptors: [
        async (context, next) => {
          if (context.message.tags === 'veto') throw new Error('not now')
          await next()
          seen.push(context)
        },
      ],
    })
    const { inbox } = await site.reader(topic)
    const { msgId } = await producer.sendInTransaction({ topic, body: 'good', tags: 'x' }, 'COMMIT_MESSAGE')
    const vetoed = await producer.sendInTransaction({ topic, body: 'veto', tags: 'veto' }, 'COMMIT_MESSAGE')
    await producer.sendInTransaction({ topic, body: 'bad' }, 'ROLLBACK_MESSAGE')
    expect(vetoed).toMatchObject({
      localTransactionState: 'COMMIT_MESSAGE',
      endError: { code: 'INTERCEPTOR_FAILED', cause: { message: 'not now' } },
    })
    expect(seen.map(({ state }) => state)).toEqual(['COMMIT_MESSAGE', 'ROLLBACK_MESSAGE'])
    expect(seen[0]).toMatchObject({
      operation: 'endTransaction',
      producerGroup: producer.producerGroup,
      msgId,
      message: { topic, body: 'good', tags: 'x' },
      brokerAddress: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
      fromTransactionCheck: false,
    })
    await inbox.text('good')
    expect(inbox.texts).toEqual(['good'])
  })

  cluster.it('check where each message would go, and may forbid it', async site => {
    const topic = await site.freshTopic(2)
    const forbidden: ForbiddenCheck = async ({ messageQueue, message }, next) => {
      if (messageQueue.queueId === 1) throw new Error(`${String(message.body)} may not go to queue 1`)
      await next()
    }
    const producer = await site.producer({ forbiddenChecks: [forbidden] })
    const queues = await producer.publishMessageQueues(topic)
    const [first, second] = [0, 1].map(id => queues.find(({ queueId }) => queueId === id)) as [never, never]
    await producer.send({ topic, body: 'a' }, { queue: first })
    await expect(producer.send({ topic, body: 'b' }, { queue: second })).rejects.toThrow('b may not go to queue 1')
    await expect(producer.sendOneway({ topic, body: 'c' }, { queue: second })).rejects.toThrow('may not go')
    const { inbox } = await site.reader(topic)
    await inbox.text('a')
    expect(inbox.texts).toEqual(['a'])
  })

  cluster.it('see every request of a client and its answer', async site => {
    const topic = await site.freshTopic(1)
    const requests: (RpcContext & { answer: string })[] = []
    const interceptor: RpcInterceptor = async (context, next) => {
      context.extraFields['gateway'] = 'g1'
      const response = await next()
      requests.push({ ...context, answer: response?.code ?? 'none' })
      return response
    }
    const rpcInterceptors = [interceptor]
    const { inbox } = await site.reader(topic, { rpcInterceptors })
    const producer = await site.producer({ rpcInterceptors })
    await producer.send({ topic, body: 'hello' })
    await inbox.text('hello')
    const commands = requests.map(({ command, answer }) => `${command} ${answer}`)
    for (const expected of [
      'GET_ROUTEINFO_BY_TOPIC SUCCESS',
      'HEART_BEAT SUCCESS',
      'SEND_MESSAGE_V2 SUCCESS',
      'PULL_MESSAGE SUCCESS',
    ]) {
      expect(commands).toContain(expected)
    }
    const send = requests.find(({ command }) => command === 'SEND_MESSAGE_V2')
    expect(send).toMatchObject({ bodyBytes: 5, oneway: false, fields: { b: topic } })
  })
})
