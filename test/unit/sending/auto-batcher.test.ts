import type { Message } from '../../../lib/model/message'
import type { MessageQueue } from '../../../lib/model/message-queue'
import type { SendResult } from '../../../lib/model/results'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { AutoBatcher, type AutoBatcherOptions, type BatchForm, mayShareBatch } from '../../../lib/sending/auto-batcher'
import { InFlightLimit } from '../../../lib/sending/in-flight-limit'
import { type PreparedMessage, prepareMessage } from '../../../lib/sending/prepared-message'
import type { SendMode, SendOptions } from '../../../lib/sending/send-options'
import { decodeBatchBody } from '../../../lib/wire/batch-body'
import { UniqueIds } from '../../../lib/wire/unique-id'

interface Sent extends BatchForm {
  readonly prepared: PreparedMessage
  readonly options: SendOptions
}

const uniqueIds = new UniqueIds()
const QUEUE: MessageQueue = { topic: 'T', brokerName: 'b', queueId: 2 }

function prepare(fields: Partial<Message> = {}): PreparedMessage {
  return prepareMessage({ topic: 'T', body: 'b', ...fields }, { uniqueIds, maxMessageSize: 100_000 })
}

/** A batcher whose batches are kept, for the test to answer. */
function setup(bounds: Partial<AutoBatcherOptions> = {}) {
  const clock = new ManualClock()
  const inFlight = new InFlightLimit({ maxMessages: 10, maxBytes: 1e6 }, clock)
  const sent: Sent[] = []
  const outcomes: (SendResult | Error)[] = []
  const batcher = new AutoBatcher({
    clock,
    inFlight,
    batchMaxDelayMs: 10,
    batchMaxBytes: 1000,
    totalBatchMaxBytes: 10_000,
    maxMessageSize: 5000,
    compressMsgBodyOverHowmuch: 4096,
    send: (prepared, options, form) => sent.push({ prepared, options, ...form }),
    ...bounds,
  })
  const add = (fields: Partial<Message> = {}, queue?: MessageQueue, mode: SendMode = 'SYNC'): PreparedMessage => {
    const prepared = prepare(fields)
    const isByKey = fields.shardingKey !== undefined
    batcher.add({
      prepared,
      queue,
      isByKey,
      mode,
      settle: (error, result) => outcomes.push(error ?? (result as SendResult)),
    })
    return prepared
  }
  return { clock, inFlight, sent, outcomes, batcher, add }
}

const bodies = ({ prepared }: Sent): string[] =>
  prepared.isBatch
    ? decodeBatchBody(Buffer.from(prepared.body)).map(({ body }) => String(body))
    : [Buffer.from(prepared.body).toString()]

function result(offsetMsgId: string, queueOffset = 7): SendResult {
  const messageQueue = { topic: 'T', brokerName: 'b', queueId: 1 }
  return { sendStatus: 'SEND_OK', msgId: 'all', offsetMsgId, messageQueue, queueOffset, regionId: 'R', traceOn: true }
}

describe('what shares a batch', () => {
  it('is an ordinary message without a limit of its own', () => {
    expect(mayShareBatch({ topic: 'T', body: 'b', tags: 'a', keys: 'k', delayTimeLevel: 0, delayMs: 0 }, {})).toBe(true)
    expect(mayShareBatch({ topic: 'T', body: 'b', shardingKey: 'k' }, { selector: queues => queues[0] as never })).toBe(
      true,
    )
  })

  it.each<[string, Partial<Message>, SendOptions]>([
    ['a delay level', { delayTimeLevel: 1 }, {}],
    ['a delay', { delayMs: 1 }, {}],
    ['a time of delivery', { deliverAt: 0 }, {}],
    ['a priority', { priority: 0 }, {}],
    ['a retry topic', { topic: '%RETRY%g' }, {}],
    ['a timeout of its own', {}, { timeoutMs: 1000 }],
    ['a signal', {}, { signal: new AbortController().signal }],
  ])('is no message with %s', (_what, fields, options) => {
    expect(mayShareBatch({ topic: 'T', body: 'b', ...fields }, options)).toBe(false)
  })

  it('is small, and not so much that it has to be compressed', () => {
    const { batcher } = setup({ maxMessageSize: 200, compressMsgBodyOverHowmuch: 50 })
    expect(batcher.fits(prepare({ body: 'x'.repeat(49) }))).toBe(true)
    expect(batcher.fits(prepare({ body: 'x'.repeat(50) }))).toBe(false)
    expect(batcher.fits(prepare({ keys: 'k'.repeat(200) }))).toBe(false)
  })

  it('has no properties that could be too long for brokers, which would refuse the whole batch', () => {
    const { batcher } = setup({ maxMessageSize: 100_000 })
    expect(batcher.fits(prepare({ properties: { p: 'x'.repeat(31_000) } }))).toBe(true)
    expect(batcher.fits(prepare({ properties: { p: 'x'.repeat(32_000) } }))).toBe(false)
    expect(batcher.fits(prepare({ properties: { p: '大'.repeat(11_000) } }))).toBe(false)
  })
})

describe('AutoBatcher', () => {
  it('sends what came within the delay as one batch, in order', async () => {
    const { clock, sent, add } = setup()
    for (const body of ['a', 'b', 'c']) add({ body })
    await clock.advance(9)
    expect(sent).toEqual([])
    await clock.advance(1)
    expect(sent.map(bodies)).toEqual([['a', 'b', 'c']])
    add({ body: 'd' })
    add({ body: 'e' })
    await clock.advance(10)
    expect(sent.slice(1).map(bodies)).toEqual([['d', 'e']])
  })

  it('sends one that waited alone as it is', async () => {
    const { clock, sent, add } = setup()
    const prepared = add()
    await clock.advance(10)
    expect(sent[0]?.prepared).toBe(prepared)
  })

  it('sends at once what is more than the bytes of a batch', () => {
    const { sent, add } = setup({ batchMaxBytes: 10 })
    add({ body: 'x'.repeat(10) })
    expect(sent).toEqual([])
    add({ body: 'y' })
    expect(sent.map(bodies)).toEqual([['x'.repeat(10), 'y']])
  })

  it('makes no batch that is larger than a message may be', () => {
    const { sent, add, batcher } = setup({ maxMessageSize: 400, batchMaxBytes: 100_000 })
    for (const letter of ['a', 'b', 'c']) add({ body: letter.repeat(100) })
    expect(sent).toHaveLength(1)
    expect(sent[0]?.prepared.body.length).toBeLessThanOrEqual(400)
    batcher.flush()
    expect(sent.flatMap(bodies).map(body => body[0])).toEqual(['a', 'b', 'c'])
  })

  it('makes a batch of the keys of a queue, without that, as the key may mean another one when it is sent', () => {
    const { sent, add, batcher } = setup()
    for (const shardingKey of ['a', 'b']) add({ shardingKey }, QUEUE)
    for (let i = 0; i < 2; i++) add({}, QUEUE)
    batcher.flush()
    expect(sent.map(({ prepared, options }) => [prepared.message.shardingKey, options])).toEqual([
      ['a', {}],
      [undefined, { queue: QUEUE }],
    ])
    expect(sent.map(each => bodies(each).length)).toEqual([2, 2])
  })

  it('makes a batch of each topic, tag, waitStoreMsgOK, queue and form', () => {
    const { sent, add, batcher } = setup()
    for (let round = 0; round < 2; round++) {
      add()
      add({ topic: 'U' })
      add({ tags: 't' })
      add({ waitStoreMsgOK: false })
      add({}, QUEUE)
      add({}, { ...QUEUE, queueId: 3 })
      add({}, { ...QUEUE, brokerName: 'c' })
      add({}, undefined, 'ASYNC')
    }
    batcher.flush()
    expect(sent).toHaveLength(8)
    expect(sent.every(each => bodies(each).length === 2)).toBe(true)
    expect(sent.map(({ options }) => options.queue?.queueId)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      2,
      3,
      2,
      undefined,
    ])
    expect(sent.map(({ mode }) => mode)).toEqual([...Array<SendMode>(7).fill('SYNC'), 'ASYNC'])
    expect(sent.map(({ prepared }) => prepared.properties.includes('WAIT\u0001false'))).toEqual(
      sent.map((_, i) => i === 3),
    )
  })

  it('tells each its own result: ids, and its place behind the first one', async () => {
    const { clock, sent, add, outcomes } = setup()
    const added = ['a', 'b', 'c'].map(body => add({ body }))
    await clock.advance(10)
    sent[0]?.settle(undefined, result('o1,o2,o3'))
    expect(outcomes).toMatchObject([
      { msgId: added[0]?.msgId, offsetMsgId: 'o1', queueOffset: 7, messageQueue: { queueId: 1 } },
      { msgId: added[1]?.msgId, offsetMsgId: 'o2', queueOffset: 8 },
      { msgId: added[2]?.msgId, offsetMsgId: 'o3', queueOffset: 9 },
    ])
  })

  it('tells each the one id of a batch that is stored whole', async () => {
    const { clock, sent, add, outcomes } = setup()
    add()
    add()
    await clock.advance(10)
    sent[0]?.settle(undefined, result('whole'))
    expect(outcomes).toMatchObject([
      { offsetMsgId: 'whole', queueOffset: 7 },
      { offsetMsgId: 'whole', queueOffset: 8 },
    ])
  })

  it('tells each the error of its batch', async () => {
    const { clock, sent, add, outcomes } = setup()
    add()
    add()
    await clock.advance(10)
    const error = new Error('refused')
    sent[0]?.settle(error, undefined)
    expect(outcomes).toEqual([error, error])
  })

  it('takes no more than it may hold, answered or not', () => {
    const { sent, add, batcher } = setup({ totalBatchMaxBytes: 10 })
    add({ body: 'x'.repeat(10) })
    expect(batcher.fits(prepare())).toBe(false)
    batcher.flush()
    expect(batcher.fits(prepare())).toBe(false)
    sent[0]?.settle(undefined, result('o'))
    expect(batcher.fits(prepare())).toBe(true)
  })

  it('keeps a shutdown waiting until all is answered', async () => {
    const { sent, add, batcher, inFlight } = setup()
    add()
    let isIdle = false
    const idle = inFlight.whenIdle().then(() => (isIdle = true))
    batcher.flush()
    await Promise.resolve()
    expect(isIdle).toBe(false)
    sent[0]?.settle(undefined, result('o'))
    await idle
    batcher.flush()
    expect(sent).toHaveLength(1)
  })
})
