import { randomUUID } from 'node:crypto'
import { AdminClient, Producer, PushConsumer, type SendResult } from '../../lib/index'
import { answered } from '../support/until'
import { type AdminTool, adminToolOf } from './real/admin-tool'
import { JavaPeer } from './real/java-peer'
import { requireTarget } from './real/target'

const { version, namesrvAddr } = requireTarget()
const COUNT = 10
const QUEUES = 2

jest.setTimeout(120_000)

/** Lines of numbers and words that the tool has printed, those that begin with `first` only. */
function rows(printed: string, first: string): string[][] {
  const lines = printed.split('\n').map(line => line.trim().split(/\s+/))
  return lines.filter(([word]) => word === first)
}

const texts = (...values: unknown[]): string[] => values.map(String)

describe('the admin client beside the real admin tool', () => {
  const topic = `AdminTool-${randomUUID()}`
  const group = `AdminTool-${randomUUID()}`
  const admin = new AdminClient({ namesrvAddr })
  const producer = new Producer({ namesrvAddr, producerGroup: group })
  const sent: SendResult[] = []
  let peer: JavaPeer
  let tool: AdminTool
  /** Between the first half of the messages and the second. */
  let half = 0

  beforeAll(async () => {
    peer = await JavaPeer.start(version)
    tool = adminToolOf(peer, namesrvAddr)
    await admin.start()
    await producer.start()
    await admin.createTopic({ topic, readQueueNums: QUEUES, writeQueueNums: QUEUES })
    await admin.createGroup({ consumerGroup: group })
    for (let i = 0; i < COUNT; i++) {
      if (i === COUNT / 2)
        half = (await admin.topicStats(topic)).reduce((last, each) => Math.max(last, each.lastUpdateTimestamp), 0) + 1
      sent.push(await producer.send({ topic, body: `message ${i}`, keys: [`k${i}`, 'all'] }))
    }
    const all = (): Promise<unknown[]> => admin.queryByKey(topic, 'all')
    await answered(all, found => found.length === COUNT, { what: 'the index of the messages' })
  })

  afterAll(async () => {
    await admin.deleteGroup(group, { cleanOffsets: true })
    for (const name of [topic, `%RETRY%${group}`]) await admin.deleteTopic(name)
    await Promise.all([admin.shutdown(), producer.shutdown(), peer.close()])
  })

  it('tells the route and the ranges of the queues', async () => {
    const [route, status] = await Promise.all([tool('topicRoute', '-t', topic), tool('topicStatus', '-t', topic)])
    const { brokerDatas, queueDatas } = await admin.topicRoute(topic)
    for (const address of brokerDatas.flatMap(({ brokerAddrs }) => [...brokerAddrs.values()]))
      expect(route).toContain(address)
    for (const { writeQueueNums } of queueDatas) expect(route).toContain(`"writeQueueNums":${writeQueueNums}`)
    const stats = await admin.topicStats(topic)
    expect(stats.reduce((sum, { maxOffset }) => sum + maxOffset, 0)).toBe(COUNT)
    for (const { queue, minOffset, maxOffset } of stats)
      expect(rows(status, queue.brokerName).map(row => row.slice(0, 4))).toContainEqual(
        texts(queue.brokerName, queue.queueId, minOffset, maxOffset),
      )
  })

  it('finds a message by its ids and its keys', async () => {
    const { msgId, offsetMsgId } = sent[3] as SendResult
    const [byId, byKey, byUniqueKey] = await Promise.all([
      tool('queryMsgById', '-i', offsetMsgId, ...(version === '5.5.0' ? ['-t', topic] : [])),
      tool('queryMsgByKey', '-t', topic, '-k', 'k3'),
      tool('queryMsgByUniqueKey', '-t', topic, '-i', msgId),
    ])
    const message = await admin.viewMessage(offsetMsgId)
    expect(message.text()).toBe('message 3')
    for (const printed of [byId, byUniqueKey]) {
      expect(printed).toMatch(new RegExp(`Queue Offset: +${message.queueOffset}\n`))
      expect(printed).toMatch(new RegExp(`CommitLog Offset: +${message.commitLogOffset}\n`))
      expect(printed).toMatch(new RegExp(`Born Host: +${message.bornHost}\n`))
    }
    expect(rows(byKey, msgId).map(row => row.slice(0, 3))).toEqual([texts(msgId, message.queueId, message.queueOffset)])
    for (const found of [await admin.queryByKey(topic, 'k3'), await admin.queryByUniqueKey(topic, msgId)])
      expect(found.map(each => each.offsetMsgId)).toEqual([offsetMsgId])
  })

  it('resets offsets of a group that is offline', async () => {
    const offsets = await admin.resetOffsets({ consumerGroup: group, topic, timestamp: half })
    const { queues, lag } = await admin.consumeStats(group)
    expect(queues.map(({ queue, consumerOffset }) => ({ queue, offset: consumerOffset }))).toEqual(offsets)
    const printed = await tool('resetOffsetByTime', '-g', group, '-t', topic, '-s', String(half))
    // The last column is where the group goes on, in each of the forms in which the tool prints it.
    const brokers = [...new Set(offsets.map(({ queue }) => queue.brokerName))]
    const byTool = brokers.flatMap(name => rows(printed, name).map(row => [name, row[1], row.at(-1)]))
    expect(byTool.sort()).toEqual(
      offsets.map(({ queue, offset }) => texts(queue.brokerName, queue.queueId, offset)).sort(),
    )
    expect((await admin.consumeStats(group)).lag).toBe(lag)
  })

  it('tells the members and the progress of a group that is online', async () => {
    await admin.resetOffsets({ consumerGroup: group, topic, timestamp: 'earliest' })
    const bodies = new Set<string>()
    const consumer = new PushConsumer({ namesrvAddr, consumerGroup: group })
    consumer.subscribe(topic).consumeEach(message => void bodies.add(message.text()))
    await consumer.start()
    try {
      const progress = () => admin.consumeStats(group, { topic })
      await answered(progress, ({ lag }) => lag === 0, { what: 'the end of the lag' })
      expect(bodies.size).toBe(COUNT)
      const [connection, lag] = await Promise.all([
        tool('consumerConnection', '-g', group),
        tool('consumerProgress', '-g', group),
      ])
      const members = await admin.consumerConnections(group)
      expect(members?.connectionSet.map(({ clientId }) => clientId)).toEqual([consumer.clientId])
      for (const { clientId, clientAddr, language } of members?.connectionSet ?? [])
        expect(rows(connection, clientId).map(row => row.slice(0, 3))).toEqual([texts(clientId, clientAddr, language)])
      expect([...(members?.subscriptionTable.keys() ?? [])].sort()).toEqual([`%RETRY%${group}`, topic])
      for (const { queue, brokerOffset, consumerOffset } of (await progress()).queues)
        expect(rows(lag, topic).map(row => row.slice(1, 6))).toContainEqual(
          texts(queue.brokerName, queue.queueId, brokerOffset, consumerOffset, 0),
        )
    } finally {
      await consumer.shutdown()
    }
  })
})
