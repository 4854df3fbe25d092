import { randomUUID } from 'node:crypto'
import { AdminClient, Producer, PushConsumer, type SendResult } from '../../lib/index'
import { Inbox } from '../support/inbox'
import { Changes, answered } from '../support/until'
import { adminToolOf } from './real/admin-tool'
import { JavaPeer } from './real/java-peer'
import { requireTarget } from './real/target'

const { version, namesrvAddr } = requireTarget()

jest.setTimeout(120_000)

describe('the real admin tool and the traces of a producer and a consumer', () => {
  const topic = `ToolTraces-${randomUUID()}`
  const consumerGroup = `ToolTraces-${randomUUID()}`
  const admin = new AdminClient({ namesrvAddr })
  const sent: SendResult[] = []
  let peer: JavaPeer

  beforeAll(async () => {
    peer = await JavaPeer.start(version)
    await admin.start()
    await admin.createTopic({ topic, readQueueNums: 1, writeQueueNums: 1 })
    const producer = new Producer({ namesrvAddr, producerGroup: consumerGroup, trace: true })
    await producer.start()
    for (const body of ['good', 'bad'])
      sent.push(await producer.send({ topic, body, keys: [`key of ${body}`.replaceAll(' ', '-')] }))
    await producer.shutdown()
    const inbox = new Inbox(new Changes())
    const from = { consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET', trace: true } as const
    const consumer = new PushConsumer({ namesrvAddr, consumerGroup, ...from })
    consumer.subscribe(topic).consumeEach(message => {
      inbox.take(message)
      if (message.text() === 'bad') throw new Error('not this time')
    })
    await consumer.start()
    await inbox.first(2)
    await consumer.shutdown()
    for (const { msgId } of sent) {
      await answered(
        () => admin.queryMessageTrace(msgId),
        traces => traces.length >= 3,
        { what: 'the index of the traces' },
      )
    }
  })

  afterAll(async () => {
    await peer.close()
    await admin.deleteGroup(consumerGroup, { cleanOffsets: true })
    for (const name of [topic, `%RETRY%${consumerGroup}`]) await admin.deleteTopic(name)
    await admin.shutdown()
  })

  it('shows by queryMsgTraceById how a message was sent', async () => {
    const { msgId } = sent[0] as SendResult
    const printed = await adminToolOf(peer, namesrvAddr)('queryMsgTraceById', '-i', msgId)
    expect(printed).toMatch(/#Type +#ProducerGroup +#ClientHost +#SendTime +#CostTimes +#Status/)
    const rows = printed.split('\n').filter(line => /^Pub /.test(line))
    const [time, cost] = [expect.stringMatching(/^\d{4}-/), expect.stringMatching(/^\d+ms$/)] as string[]
    expect(rows.map(row => row.trim().split(/\s+/))).toEqual([
      ['Pub', consumerGroup, expect.any(String), time, expect.any(String), cost, 'success'],
    ])
  })

  it.each([
    [0, 'success'],
    [1, 'failed'],
  ])('shows by queryMsgTraceById how message %i was consumed: %s', async (index, status) => {
    const { msgId } = sent[index] as SendResult
    const printed = await adminToolOf(peer, namesrvAddr)('queryMsgTraceById', '-i', msgId)
    expect(printed).toMatch(/#Type +#ConsumerGroup +#ClientHost +#ConsumerTime +#CostTimes +#Status/)
    const rows = printed.split('\n').filter(line => /^Sub /.test(line))
    expect(rows.map(row => row.trim().split(/\s+/))).toEqual([
      [
        'Sub',
        consumerGroup,
        expect.any(String),
        expect.stringMatching(/^\d{4}-/),
        expect.any(String),
        expect.stringMatching(/^\d+ms$/),
        status,
      ],
    ])
  })
})
