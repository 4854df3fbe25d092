import { randomUUID } from 'node:crypto'
import { AdminClient, Producer, PushConsumer, type SendResult } from '../../lib/index'
import { Changes, answered } from '../support/until'
import { Inbox } from '../support/inbox'
import { type AdminTool, adminToolOf } from './real/admin-tool'
import { JavaPeer } from './real/java-peer'
import { requireTarget } from './real/target'

const { version, namesrvAddr } = requireTarget()
const COUNT = 8
const QUEUES = 2

jest.setTimeout(120_000)

describe('the real admin tool and a running consumer', () => {
  const topic = `ToolConsumers-${randomUUID()}`
  const consumerGroup = `ToolConsumers-${randomUUID()}`
  const admin = new AdminClient({ namesrvAddr })
  const producer = new Producer({ namesrvAddr, producerGroup: consumerGroup })
  const consumer = new PushConsumer({ namesrvAddr, consumerGroup, consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' })
  const inbox = new Inbox(new Changes())
  const sent: SendResult[] = []
  let peer: JavaPeer
  let tool: AdminTool

  beforeAll(async () => {
    peer = await JavaPeer.start(version)
    tool = adminToolOf(peer, namesrvAddr)
    await Promise.all([admin.start(), producer.start()])
    await admin.createTopic({ topic, readQueueNums: QUEUES, writeQueueNums: QUEUES })
    await consumer.subscribe(topic, 'a || b').consumeEach(inbox.take).start()
    for (let i = 0; i < COUNT; i++) sent.push(await producer.send({ topic, tags: 'a', body: `message ${i}` }))
    await inbox.first(COUNT)
    const status = () => admin.consumerStatus(consumerGroup, topic)
    const sum = (offsets: readonly { offset: number }[]) => offsets.reduce((total, { offset }) => total + offset, 0)
    await answered(status, offsets => sum(offsets) === COUNT, { what: 'the end of the listeners' })
  })

  afterAll(async () => {
    await Promise.all([consumer.shutdown(), producer.shutdown(), peer.close()])
    await admin.deleteGroup(consumerGroup, { cleanOffsets: true })
    for (const name of [topic, `%RETRY%${consumerGroup}`]) await admin.deleteTopic(name)
    await admin.shutdown()
  })

  it('is told by consumerStatus what the consumer does', async () => {
    const printed = await tool('consumerStatus', '-g', consumerGroup, '-i', consumer.clientId as string, '-s')
    expect(printed).toMatch(/PROP_CONSUME_TYPE +: CONSUME_PASSIVELY/)
    expect(printed).toMatch(new RegExp(`Topic: ${topic} +ClassFilter: false +SubExpression: a \\|\\| b`))
    const queues = consumer.stats().queues.filter(({ queue }) => queue.topic === topic)
    expect(queues).toHaveLength(QUEUES)
    for (const { queue, commitOffset } of queues) {
      const offsets = new RegExp(`${topic} +${queue.brokerName} +${queue.queueId} +${commitOffset}\\s`)
      expect(printed).toMatch(offsets)
    }
    expect(printed).toMatch(/listener calls: 0 of 20/)
    // The summary over all members, which compares their subscriptions.
    const summary = await tool('consumerStatus', '-g', consumerGroup)
    expect(summary).toContain(consumer.clientId)
    expect(summary).toContain('Same subscription in the same group of consumer')
  })

  it('has a message consumed once more by queryMsgByUniqueKey', async () => {
    const { msgId, offsetMsgId } = sent[3] as SendResult
    // From 5.x the tool looks the message up by its unique id, before that it takes an offset id.
    const id = version === '5.5.0' ? msgId : offsetMsgId
    const member = ['-g', consumerGroup, '-d', consumer.clientId as string]
    const printed = await tool('queryMsgByUniqueKey', '-t', topic, '-i', id, ...member)
    expect(printed).toMatch(/ConsumeMessageDirectlyResult.*consumeResult=CR_SUCCESS/)
    expect(inbox.texts.filter(text => text === 'message 3')).toHaveLength(2)
  })

  it('reads our messages by consumeMessage, and our progress by consumerProgress', async () => {
    const printed = await tool('consumeMessage', '-t', topic)
    for (let i = 0; i < COUNT; i++) expect(printed).toContain(`BODY: message ${i}`)
    await answered(
      () => tool('consumerProgress', '-g', consumerGroup),
      progress => /Consume TPS:/.test(progress) && /Diff Total: 0\n/.test(progress),
      { what: 'a progress without lag' },
    )
  })

  it('sets the offsets of the running consumer back by resetOffsetByTime', async () => {
    const before = inbox.messages.length
    await tool('resetOffsetByTime', '-g', consumerGroup, '-t', topic, '-s', '0')
    await inbox.first(before + COUNT)
    expect(inbox.texts.slice(before).sort()).toEqual(sent.map((_, i) => `message ${i}`))
  })
})
