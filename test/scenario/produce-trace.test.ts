import type { Trace } from '../../lib/index'
import { describeEmulatorOnly, describeScenario } from '../support/cluster'
import type { Site } from '../support/site'
import { answered } from '../support/until'

/** The traces of a message, once there are so many. */
async function tracesOf(site: Site, msgId: string, count: number, topic?: string): Promise<Trace[]> {
  const admin = await site.admin()
  const ask = () => admin.queryMessageTrace(msgId, topic === undefined ? {} : { topic })
  return answered(ask, traces => traces.length >= count, { what: `${count} traces of ${msgId}` })
}

const COUNTS = { dropped: 0, failed: 0, waiting: 0 }

describeScenario('the trace of a producer', cluster => {
  cluster.it('tells of every way to send but oneway, and of each message of a batch', async site => {
    const topic = await site.freshTopic(1)
    const producer = await site.producer({ trace: true })
    const sent = await producer.send({ topic, body: 'hello', tags: 'paid', keys: ['k1', 'k2'] })
    const called = await new Promise<string | undefined>((resolve, reject) => {
      producer.sendAsync({ topic, body: 'async' }, (error, result) => (error ? reject(error) : resolve(result?.msgId)))
    })
    const batch = await producer.send([
      { topic, body: 'one' },
      { topic, body: 'three', keys: 'k3' },
    ])
    await producer.sendOneway({ topic, body: 'oneway' })
    // What waits is sent at the latest then.
    await producer.shutdown()
    expect(producer.stats().trace).toEqual({ topic: 'RMQ_SYS_TRACE_TOPIC', written: 4, ...COUNTS })
    const [trace] = await tracesOf(site, sent.msgId, 1)
    expect(trace).toMatchObject({
      type: 'Pub',
      regionId: 'DefaultRegion',
      group: producer.producerGroup,
      topic,
      tags: 'paid',
      keys: 'k1 k2',
      storeHost: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      bodyLength: 5,
      msgType: 'Normal_Msg',
      offsetMsgId: sent.offsetMsgId,
      success: true,
    })
    expect(await tracesOf(site, called as string, 1)).toMatchObject([{ type: 'Pub', success: true }])
    const last = batch.msgId.split(',')[1] as string
    expect(await tracesOf(site, last, 1)).toMatchObject([{ type: 'Pub', msgId: last, keys: 'k3', bodyLength: 5 }])
  })

  cluster.it('tells of half messages and of how transactions ended, in a topic of its own', async site => {
    const [topic, traceTopic] = [await site.freshTopic(1), await site.freshTopic(1)]
    const producer = await site.transactionProducer({
      trace: { topic: traceTopic },
      transactionListener: {
        executeLocalTransaction: (_, arg) => (arg === 'good' ? 'COMMIT_MESSAGE' : 'ROLLBACK_MESSAGE'),
        checkLocalTransaction: () => 'UNKNOW',
      },
    })
    const good = await producer.sendInTransaction({ topic, body: 'a', keys: 'k' }, 'good')
    const bad = await producer.sendInTransaction({ topic, body: 'b' }, 'bad')
    await producer.shutdown()
    expect(producer.stats().trace).toEqual({ topic: traceTopic, written: 4, ...COUNTS })
    const end = { type: 'EndTransaction', topic, msgType: 'Trans_msg_Commit', fromTransactionCheck: false }
    const { msgId } = good
    expect(await tracesOf(site, msgId, 2, traceTopic)).toMatchObject([
      { type: 'Pub', msgType: 'Trans_Msg_Half', success: true, keys: 'k' },
      { ...end, keys: 'k', transactionId: msgId, transactionState: 'COMMIT_MESSAGE' },
    ])
    expect(await tracesOf(site, bad.msgId, 2, traceTopic)).toMatchObject([
      { type: 'Pub' },
      { ...end, transactionState: 'ROLLBACK_MESSAGE' },
    ])
    expect(await (await site.admin()).queryMessageTrace(msgId)).toEqual([])
  })
})

describeEmulatorOnly(
  'what a producer traces of failures',
  cluster => {
    cluster.it('is a send that no broker took, and a weaker durability', async site => {
      const topic = await site.freshTopic(1)
      const producer = await site.producer({ trace: true, retryTimesWhenSendFailed: 0 })
      await producer.send({ topic, body: 'known route' })
      site.control('SEND_MESSAGE_V2', ({ header: { topic: to } }) => (to === topic ? { code: 'SYSTEM_BUSY' } : 'pass'))
      await expect(producer.send({ topic, body: 'refused', keys: 'refused' })).rejects.toMatchObject({
        responseCode: 'SYSTEM_BUSY',
      })
      site.control('SEND_MESSAGE_V2', ({ header: { topic: to } }) =>
        to === topic
          ? {
              code: 'FLUSH_DISK_TIMEOUT',
              header: { msgId: '7F0000010000278300000000000003E8', queueId: 0, queueOffset: 1 },
            }
          : 'pass',
      )
      await producer.send({ topic, body: 'weak', keys: 'weak' })
      await producer.shutdown()
      const bodies = site.emulator.messages('RMQ_SYS_TRACE_TOPIC').map(message => message.text())
      const records = bodies
        .join('')
        .split('\u0002')
        .map(record => record.split('\u0001'))
      const [keys, offsetMsgId, success] = [7, 12, 13]
      const ends = records.map(fields => [fields[keys], fields[offsetMsgId], fields[success]])
      expect(ends.slice(1, 3)).toEqual([
        ['refused', 'null', 'false'],
        ['weak', '7F0000010000278300000000000003E8', 'false'],
      ])
    })

    cluster.it('costs no send where the trace topic is not there, and is told of once', async site => {
      const topic = await site.freshTopic(1)
      const producer = await site.producer({ trace: { topic: 'Nowhere' } })
      for (let n = 0; n < 30; n++) await producer.send({ topic, body: `m${n}` })
      await producer.shutdown()
      expect(producer.stats().trace).toMatchObject({ written: 0, failed: 30 })
      const told = site.backgroundErrors.filter(({ topic: of }) => of === 'Nowhere')
      expect(told).toMatchObject([{ code: 'TOPIC_NOT_FOUND' }])
    })
  },
  { autoCreateTopic: false },
)
