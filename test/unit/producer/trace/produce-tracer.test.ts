import { BrokerError, RocketMQError } from '../../../../lib/errors'
import type { Message } from '../../../../lib/model/message'
import type { SendResult } from '../../../../lib/model/results'
import { SYS_FLAG } from '../../../../lib/model/sys-flag'
import type { Trace } from '../../../../lib/model/trace'
import { ProduceTracer, createProduceTracer } from '../../../../lib/producer/trace/produce-tracer'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { prepareBatch } from '../../../../lib/sending/batch'
import { type PreparedMessage, prepareMessage } from '../../../../lib/sending/prepared-message'
import { UniqueIds } from '../../../../lib/wire/unique-id'
import { FakeClient } from '../../../support/fake-client'

const STATS = { topic: 'Traces', written: 0, dropped: 0, failed: 0, waiting: 0 }

function setup() {
  const clock = new ManualClock(1_700_000_000_000)
  const appended: { topic: string; traces: readonly Trace[] }[] = []
  const stops: number[] = []
  const tracer = new ProduceTracer({
    writer: {
      stats: STATS,
      topics: ['Traces'],
      stop: async timeoutMs => void stops.push(timeoutMs),
      append: (topic, traces) => {
        appended.push({ topic, traces })
        return true
      },
    },
    producerGroup: 'g',
    traceTopic: 'Traces',
    clock,
    addressOf: ({ brokerName }) => (brokerName === 'a' ? '10.0.0.5:10911' : undefined),
  })
  const options = { uniqueIds: new UniqueIds({ clock }), maxMessageSize: 1000 }
  const prepared = (message: Partial<Message> = {}): PreparedMessage =>
    prepareMessage({ topic: 'T', body: 'hello', ...message }, options)
  return { clock, appended, stops, tracer, prepared, options }
}

const resultOf = ({ msgId }: PreparedMessage, more: Partial<SendResult> = {}): SendResult => ({
  sendStatus: 'SEND_OK',
  msgId,
  offsetMsgId: 'OFFSET',
  messageQueue: { topic: 'T', brokerName: 'a', queueId: 1 },
  queueOffset: 5,
  regionId: 'cn-1',
  traceOn: true,
  ...more,
})

describe('the tracer of a producer', () => {
  it('writes of a send what Java writes: when, where, how long', async () => {
    const { tracer, clock, appended, prepared } = setup()
    const message = prepared({ tags: 'paid', keys: ['k1', 'k2'] })
    const end = tracer.begin(message)
    await clock.advance(12)
    end?.({ result: resultOf(message) })
    const trace = {
      type: 'Pub',
      timestamp: 1_700_000_000_000,
      regionId: 'cn-1',
      group: 'g',
      topic: 'T',
      msgId: message.msgId,
      tags: 'paid',
      keys: 'k1 k2',
      storeHost: '10.0.0.5:10911',
      bodyLength: 5,
      costMs: 12,
      msgType: 'Normal_Msg',
      offsetMsgId: 'OFFSET',
      success: true,
    }
    expect(appended).toEqual([{ topic: 'T', traces: [trace] }])
  })

  it('says what kind of message it was', () => {
    const { tracer, appended, prepared } = setup()
    const half = { ...prepared(), sysFlag: SYS_FLAG.TRANSACTION_PREPARED | SYS_FLAG.COMPRESSED }
    for (const message of [half, prepared({ delayTimeLevel: 2 }), prepared({ delayMs: 5 }), prepared({ tags: '' })])
      tracer.begin(message)?.({ result: resultOf(message) })
    const traces = appended.flatMap(each => each.traces)
    expect(traces.map(trace => 'msgType' in trace && trace.msgType)).toEqual([
      'Trans_Msg_Half',
      'Delay_Msg',
      'Delay_Msg',
      'Normal_Msg',
    ])
    expect(traces[3]).toMatchObject({ tags: undefined, keys: undefined })
  })

  it.each(['FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT', 'SLAVE_NOT_AVAILABLE'] as const)(
    'counts %s as a failure, as Java does',
    sendStatus => {
      const { tracer, appended, prepared } = setup()
      const message = prepared()
      tracer.begin(message)?.({ result: resultOf(message, { sendStatus }) })
      expect(appended[0]?.traces).toMatchObject([{ success: false, offsetMsgId: 'OFFSET' }])
    },
  )

  it('writes of a send that failed where it was tried last', () => {
    const { tracer, appended, prepared } = setup()
    const refused = new BrokerError('NO_PERMISSION', 'no', 'no', { brokersTried: ['b', 'a'] })
    const errors = [refused, new RocketMQError('SEND_TIMEOUT', 'x', { brokersTried: ['gone'] }), new Error('theirs')]
    for (const error of errors) tracer.begin(prepared())?.({ error })
    const failed = { success: false, offsetMsgId: undefined, regionId: 'DefaultRegion' }
    expect(appended.flatMap(each => each.traces)).toMatchObject([
      { ...failed, storeHost: '10.0.0.5:10911' },
      { ...failed, storeHost: '' },
      { ...failed, storeHost: '' },
    ])
  })

  it('writes of each message of a batch', () => {
    const { tracer, appended, options } = setup()
    const [batch] = prepareBatch(
      [
        { topic: 'T', body: 'one', keys: 'k1' },
        { topic: 'T', body: 'three', tags: 'x' },
      ],
      options,
    ) as [PreparedMessage]
    tracer.begin(batch)?.({ result: resultOf(batch, { offsetMsgId: 'O1,O2' }) })
    const [first, second] = batch.msgId.split(',')
    expect(appended).toMatchObject([
      {
        topic: 'T',
        traces: [
          { msgId: first, keys: 'k1', tags: undefined, bodyLength: 3, offsetMsgId: 'O1' },
          { msgId: second, keys: undefined, tags: 'x', bodyLength: 5, offsetMsgId: 'O2' },
        ],
      },
    ])
  })

  it('never traces traces, nor what the broker wants none of', () => {
    const { tracer, appended, prepared } = setup()
    expect(tracer.begin(prepared({ topic: 'Traces' }))).toBeUndefined()
    const message = prepared()
    tracer.begin(message)?.({ result: resultOf(message, { traceOn: false }) })
    const end = { tags: undefined, keys: undefined, storeHost: 'x', transactionId: 'M', fromTransactionCheck: false }
    tracer.ended({ ...end, topic: 'Traces', msgId: 'M', transactionState: 'UNKNOW', regionId: 'r' })
    expect(appended).toEqual([])
  })

  it('writes of the ends of transactions and of recalls', () => {
    const { tracer, appended } = setup()
    const end = { tags: 'x', keys: 'k', storeHost: 'x:1', transactionId: 'M', fromTransactionCheck: true }
    tracer.ended({ ...end, topic: 'T', msgId: 'M', transactionState: 'COMMIT_MESSAGE', regionId: 'r' })
    tracer.recalled({ topic: 'T', msgId: 'M', success: true, regionId: undefined })
    const head = { timestamp: 1_700_000_000_000, group: 'g', topic: 'T', msgId: 'M' }
    expect(appended.flatMap(each => each.traces)).toEqual([
      {
        type: 'EndTransaction',
        ...head,
        ...end,
        regionId: 'r',
        msgType: 'Trans_msg_Commit',
        transactionState: 'COMMIT_MESSAGE',
      },
      { type: 'Recall', ...head, regionId: 'DefaultRegion', keys: undefined, success: true },
    ])
  })

  it('stops within 5 s, or sooner where less is left', async () => {
    const { tracer, stops } = setup()
    await tracer.stop(60_000)
    await tracer.stop(10)
    expect(stops).toEqual([5000, 10])
    expect(tracer.stats).toBe(STATS)
    expect([...tracer.topics]).toEqual(['Traces'])
  })
})

describe('the tracer of a producer of a client', () => {
  it('is none where nothing is traced', () => {
    const producer = { producerGroup: 'g', traceTopic: undefined, onBackgroundError: () => undefined }
    expect(createProduceTracer(new FakeClient().asClient, producer)).toBeUndefined()
  })

  it('sends as the group that Java names, and knows the addresses of brokers', async () => {
    const client = new FakeClient()
    client.topic('Traces', { a: 1 })
    await client.knownTopic('T', { a: 1 })
    const errors: RocketMQError[] = []
    const producer = {
      producerGroup: 'g',
      traceTopic: 'Traces',
      onBackgroundError: (e: RocketMQError) => errors.push(e),
    }
    const tracer = createProduceTracer(client.asClient, producer) as ProduceTracer
    const { prepared } = setup()
    for (let n = 0; n < 10; n++) {
      const message = prepared()
      const brokerName = n === 0 ? 'gone' : 'a'
      tracer.begin(message)?.({ result: resultOf(message, { messageQueue: { topic: 'T', brokerName, queueId: 0 } }) })
    }
    await client.clock.advance(100)
    const [sent] = client.hot
    expect(sent?.entry.content.extFields).toMatchObject({ a: '_INNER_TRACE_PRODUCER-g-PRODUCE', b: 'Traces' })
    expect(Buffer.from(sent?.entry.content.body ?? '').toString()).toContain('a:10911')
    expect(errors).toEqual([])
  })
})
