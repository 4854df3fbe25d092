import type { RecallContext } from '../../lib/index'
import { describeScenario } from '../support/cluster'
import { answered } from '../support/until'

describeScenario('a timer message', cluster => {
  if (cluster.version === '4.9') {
    cluster.it('cannot be recalled by an older broker, which is told', async site => {
      const topic = await site.freshTopic(1)
      const producer = await site.producer()
      const { brokerName } = (await producer.publishMessageQueues(topic))[0] as { brokerName: string }
      const handle = Buffer.from(`v1 ${topic} ${brokerName} ${Date.now() + 60_000} key`).toString('base64url')
      const error = { code: 'UNSUPPORTED_BY_BROKER', message: expect.stringContaining('older than 5.3.2') as string }
      await expect(producer.recall(topic, handle)).rejects.toMatchObject(error)
    })
    return
  }

  cluster.it('is called back before its time, while others are delivered', async site => {
    const topic = await site.freshTopic(1)
    const seen: RecallContext[] = []
    const [producer, { inbox }] = await Promise.all([
      site.producer({
        trace: true,
        recallInterceptors: [
          async (context, next) => {
            const msgId = await next()
            seen.push(context)
            return msgId
          },
        ],
      }),
      site.reader(topic),
    ])
    const deliverAt = Date.now() + 2500
    const recalled = await producer.send({ topic, body: 'not this one', deliverAt })
    await producer.send({ topic, body: 'this one', deliverAt })
    const handle = recalled.recallHandle as string
    expect(await producer.recall(topic, handle)).toBe(recalled.msgId)
    const { producerGroup } = producer
    const { brokerName } = recalled.messageQueue
    const { msgId } = recalled
    expect(seen).toEqual([{ operation: 'recall', producerGroup, topic, recallHandle: handle, msgId, brokerName }])
    await inbox.text('this one')
    const last = await producer.send({ topic, body: 'last', deliverAt: Date.now() + 1100 })
    await inbox.text('last')
    expect(inbox.texts).toEqual(['this one', 'last'])
    // Too late now.
    const tooLate = { responseCode: 'ILLEGAL_OPERATION', remark: 'recall failed, timestamp invalid' }
    await expect(producer.recall(topic, last.recallHandle as string)).rejects.toMatchObject(tooLate)
    await producer.shutdown()
    const admin = await site.admin()
    const tracesOf = (id: string) => admin.queryMessageTrace(id)
    const what = 'the traces of a recall'
    const traces = await answered(
      () => tracesOf(msgId),
      all => all.length >= 2,
      { what },
    )
    expect(traces).toMatchObject([
      { type: 'Pub', msgType: 'Delay_Msg', success: true },
      { type: 'Recall', topic, group: producerGroup, success: true },
    ])
    const failed = await answered(
      () => tracesOf(last.msgId),
      all => all.length >= 2,
      { what },
    )
    expect(failed[1]).toMatchObject({ type: 'Recall', success: false })
  })

  cluster.it('is not called back by what is no handle, or one of another topic', async site => {
    const [topic, other] = [await site.freshTopic(1), await site.freshTopic(1)]
    const producer = await site.producer()
    const { recallHandle } = await producer.send({ topic, body: 'x', delayMs: 3_600_000 })
    await expect(producer.recall(topic, 'nonsense')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(producer.recall('%RETRY%g', recallHandle as string)).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
    const wrong = { responseCode: 'ILLEGAL_OPERATION', remark: 'recall failed, topic not match' }
    await expect(producer.recall(other, recallHandle as string)).rejects.toMatchObject(wrong)
    await producer.recall(topic, recallHandle as string)
  })
})
