import type { Trace } from '../../lib/index'
import { describeEmulatorOnly, describeScenario } from '../support/cluster'
import { polled } from '../support/polled'
import type { Site } from '../support/site'
import { answered } from '../support/until'

/** The traces of a message, once there are so many. */
async function tracesOf(site: Site, msgId: string, count: number, topic?: string): Promise<Trace[]> {
  const admin = await site.admin()
  const ask = () => admin.queryMessageTrace(msgId, topic === undefined ? {} : { topic })
  return answered(ask, traces => traces.length >= count, { what: `${count} traces of ${msgId}` })
}

describeScenario('the trace of consumption', cluster => {
  for (const ordered of ['none', 'queue', 'key'] as const) {
    cluster.it(`tells of every call before and after, with a listener ordered by ${ordered}`, async site => {
      const topic = await site.freshTopic(1)
      const consumerGroup = site.freshGroup()
      const producer = await site.producer()
      const { msgId } = await producer.send({ topic, body: 'one', keys: ['k1', 'k2'] })
      const inbox = site.newInbox()
      const consumer = site.newConsumer({ consumerGroup, trace: true }).subscribe(topic)
      await consumer.consumeEach({ ordered } as { ordered: 'none' }, inbox.take).start()
      await inbox.text('one')
      // What waits is sent at the latest then.
      await consumer.shutdown()
      expect(consumer.stats().trace).toEqual({
        topic: 'RMQ_SYS_TRACE_TOPIC',
        written: 2,
        dropped: 0,
        failed: 0,
        waiting: 0,
      })
      const [before, after] = await tracesOf(site, msgId, 2)
      const common = {
        msgId,
        keys: 'k1 k2',
        group: consumerGroup,
        requestId: expect.stringMatching(/^[\dA-F]{32,56}$/),
      }
      expect(before).toMatchObject({ type: 'SubBefore', regionId: 'DefaultRegion', retryTimes: 0, ...common })
      expect(after).toMatchObject({ type: 'SubAfter', success: true, outcome: 'SUCCESS', ...common })
      expect((after as { requestId: string }).requestId).toBe((before as { requestId: string }).requestId)
    })
  }

  cluster.it(
    'tells of a failure, goes to a topic of its own where it is told, and leaves the others alone',
    async site => {
      const [topic, traceTopic] = [await site.freshTopic(1), await site.freshTopic(1)]
      const producer = await site.producer()
      const { msgId } = await producer.send({ topic, body: 'one' })
      const inbox = site.newInbox()
      const consumer = await site.consumer(topic, { trace: { topic: traceTopic } }, message => {
        inbox.take(message)
        throw new Error('not this time')
      })
      await inbox.text('one')
      await consumer.shutdown()
      const traces = await tracesOf(site, msgId, 2, traceTopic)
      expect(traces).toMatchObject([{ type: 'SubBefore' }, { type: 'SubAfter', success: false, outcome: 'EXCEPTION' }])
      expect(await (await site.admin()).queryMessageTrace(msgId)).toEqual([])
    },
  )

  cluster.it('tells of what a lite pull consumer has polled', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer()
    const { msgId } = await producer.send({ topic, body: 'one' })
    const consumer = await site.litePullConsumer(topic, { trace: true })
    await polled(consumer, 1)
    await consumer.shutdown()
    expect(consumer.stats().trace).toMatchObject({ written: 2, dropped: 0, failed: 0 })
    const group = consumer.consumerGroup
    expect(await tracesOf(site, msgId, 2)).toMatchObject([
      { type: 'SubBefore', group },
      { type: 'SubAfter', group, success: true },
    ])
  })

  cluster.it('holds many in one message', async site => {
    const topic = await site.freshTopic(2)
    const producer = await site.producer()
    for (let n = 0; n < 60; n++) await producer.send({ topic, body: `m${n}` })
    const traceTopic = await site.freshTopic(1)
    const inbox = site.newInbox()
    const consumer = site
      .newConsumer({ trace: { topic: traceTopic } })
      .subscribe(topic)
      .consumeEach(inbox.take)
    await consumer.start()
    await inbox.first(60)
    await consumer.shutdown()
    expect(consumer.stats().trace).toMatchObject({ written: 120, dropped: 0, failed: 0 })
    const queues = await (await site.admin()).topicStats(traceTopic)
    expect(queues.reduce((sum, { maxOffset }) => sum + maxOffset, 0)).toBeLessThanOrEqual(20)
    const { msgId } = (await inbox.first(1))[0] as { msgId: string }
    expect(await tracesOf(site, msgId, 2, traceTopic)).toHaveLength(2)
  })
})

describeEmulatorOnly(
  'a trace topic that brokers do not have',
  cluster => {
    cluster.it('is told of once, and holds no message up', async site => {
      const topic = await site.freshTopic(1)
      const producer = await site.producer()
      const { consumer, inbox } = await site.reader(topic, { trace: { topic: 'Nowhere' } })
      for (let n = 0; n < 30; n++) await producer.send({ topic, body: `m${n}` })
      await inbox.first(30)
      await consumer.shutdown()
      expect(consumer.stats().trace).toMatchObject({ written: 0, failed: 60 })
      const told = site.backgroundErrors.filter(({ topic: of }) => of === 'Nowhere')
      expect(told).toMatchObject([{ code: 'TOPIC_NOT_FOUND' }])
    })
  },
  { autoCreateTopic: false },
)
