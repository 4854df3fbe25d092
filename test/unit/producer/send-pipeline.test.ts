import { inflateSync } from 'node:zlib'
import { RocketMQError } from '../../../lib/errors'
import { compressionType } from '../../../lib/model/sys-flag'
import type { SendCallback } from '../../../lib/sending/sender'
import { decodeBatchBody } from '../../../lib/wire/batch-body'
import { decodeProperties } from '../../../lib/wire/properties'
import { LARGE, SMALL, type Sent, resultOf, setupPipeline as setup } from '../../support/pipeline-setup'

describe('a send', () => {
  it('reaches the sender in the same turn, and resolves with its result', async () => {
    const { pipeline, sent } = setup()
    const sending = pipeline.send(SMALL, {})
    const [one] = sent as [Sent]
    one.answer(undefined, resultOf(one))
    await expect(sending).resolves.toEqual(resultOf(one))
    expect(one.form).toBe('send')
  })

  it('counts the bytes of the body until it is answered, well or not', async () => {
    const { pipeline, sent, inFlight } = setup()
    const sends = [pipeline.send(SMALL, {}), pipeline.send(SMALL, {})]
    expect([inFlight.messages, inFlight.bytes]).toEqual([2, 10])
    sent[0]?.answer(new Error('no'), undefined)
    sent[1]?.answer(undefined, resultOf(sent[1]))
    await Promise.allSettled(sends)
    expect([inFlight.messages, inFlight.bytes]).toEqual([0, 0])
  })

  it('throws for a wrong message or wrong options, and counts nothing', () => {
    const { pipeline, inFlight } = setup()
    expect(() => pipeline.send({ topic: 'T', body: '' }, {})).toThrow('empty')
    expect(() => pipeline.send(SMALL, { timeoutMs: NaN })).toThrow('timeoutMs')
    expect(inFlight.messages).toBe(0)
  })

  it('waits its turn, with the time that is left', async () => {
    const { pipeline, sent, clock } = setup({ maxInFlight: 1 })
    void pipeline.send(SMALL, {})
    void pipeline.send(SMALL, { timeoutMs: 2000 })
    await clock.advance(500)
    expect(sent).toHaveLength(1)
    sent[0]?.answer(undefined, resultOf(sent[0]))
    await clock.advance(0)
    expect(sent[1]?.options.timeoutMs).toBe(1500)
  })

  it('fails when its turn does not come in its time', async () => {
    const { pipeline, clock, inFlight } = setup({ maxInFlight: 1 })
    void pipeline.send(SMALL, { timeoutMs: 60_000 })
    const late = pipeline.send(SMALL, {})
    const outcome = expect(late).rejects.toMatchObject({ code: 'SEND_TIMEOUT', sent: 'NO' })
    await clock.advance(3000)
    await outcome
    expect(inFlight.messages).toBe(1)
  })

  it('is not sent when it is aborted while it waits', async () => {
    const { pipeline, sent, clock } = setup({ maxInFlight: 1 })
    const abort = new AbortController()
    void pipeline.send(SMALL, {})
    const waiting = pipeline.send(SMALL, { signal: abort.signal })
    abort.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    sent[0]?.answer(undefined, resultOf(sent[0]))
    await clock.advance(0)
    expect(sent).toHaveLength(1)
  })

  it('compresses a copy of a large body, and counts what the user gave', async () => {
    const { pipeline, sent, inFlight, clock } = setup()
    const sending = pipeline.send(LARGE, {})
    while (sent.length === 0) await clock.advance(0)
    const [one] = sent as [Sent]
    expect(one.prepared.sysFlag & 1).toBe(1)
    expect(inflateSync(one.prepared.body)).toEqual(LARGE.body)
    expect(inFlight.bytes).toBe(1000)
    one.answer(undefined, resultOf(one))
    await sending
    expect(inFlight.bytes).toBe(0)
  })

  it('compresses by the codec of the producer', async () => {
    const { pipeline, sent, clock } = setup({ compressType: 'LZ4' })
    void pipeline.send(LARGE, {})
    while (sent.length === 0) await clock.advance(0)
    expect(compressionType((sent[0] as Sent).prepared.sysFlag)).toBe('LZ4')
  })

  it('leaves bodies below the limit alone', () => {
    const { pipeline, sent } = setup()
    void pipeline.send({ topic: 'T', body: Buffer.alloc(999) }, {})
    expect(sent[0]?.prepared.sysFlag).toBe(0)
  })

  it('stores the sharding key that came with the send, in a message of its own', () => {
    const { pipeline, sent } = setup()
    const message = Object.freeze({ ...SMALL, shardingKey: 'old' })
    void pipeline.send(message, { shardingKey: 'new' })
    expect(decodeProperties(sent[0]?.prepared.properties ?? '')).toMatchObject({ __SHARDINGKEY: 'new' })
    expect(sent[0]?.prepared.message.shardingKey).toBe('new')
  })
})

describe('a batch', () => {
  const messages = Array.from({ length: 5 }, (_, i) => ({ topic: 'T', body: Buffer.alloc(100, String(i)) }))

  /** Answers the parts in turn; `answers` are errors, or undefined for success. */
  async function answerAll(test: ReturnType<typeof setup>, ...answers: (Error | undefined)[]): Promise<void> {
    for (const [i, error] of answers.entries()) {
      await test.clock.advance(0)
      const part = test.sent[i] as Sent
      part.answer(error, error === undefined ? resultOf(part) : undefined)
    }
  }

  it('goes out as one, and is never compressed', async () => {
    const test = setup()
    const sending = test.pipeline.sendBatch([...messages, ...messages, ...messages], {})
    await answerAll(test, undefined)
    const result = await sending
    expect(test.sent[0]?.prepared).toMatchObject({ isBatch: true, sysFlag: 0 })
    expect(result.results).toBeUndefined()
    expect(result.msgId.split(',')).toHaveLength(15)
  })

  it('goes out in parts, one after another and in order, where it is too large', async () => {
    const test = setup({ maxMessageSize: 400 })
    const sending = test.pipeline.sendBatch(messages, {})
    await test.clock.advance(0)
    expect(test.sent).toHaveLength(1)
    await answerAll(test, undefined, undefined, undefined)
    const result = await sending
    expect(result.results).toHaveLength(3)
    const bodies = test.sent.flatMap(({ prepared }) =>
      decodeBatchBody(Buffer.from(prepared.body)).map(({ body }) => body),
    )
    expect(bodies).toEqual(messages.map(({ body }) => body))
  })

  it('tells what of it was sent when a later part fails', async () => {
    const test = setup({ maxMessageSize: 400 })
    const sending = test.pipeline.sendBatch(messages, {})
    const outcome = expect(sending).rejects.toMatchObject({
      code: 'BATCH_PARTLY_SENT',
      sentMessages: 2,
      sent: 'UNKNOWN',
      results: [expect.objectContaining({ sendStatus: 'SEND_OK' })],
      cause: expect.objectContaining({ code: 'SEND_TIMEOUT' }),
    })
    await answerAll(test, undefined, new RocketMQError('SEND_TIMEOUT', 'late', { sent: 'UNKNOWN' }))
    await outcome
    expect(test.sent).toHaveLength(2)
  })

  it('fails as a single message does when its first part fails', async () => {
    const test = setup({ maxMessageSize: 400 })
    const sending = test.pipeline.sendBatch(messages, {})
    const outcome = expect(sending).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    await answerAll(test, new RocketMQError('CONNECT_FAILED', 'no', { sent: 'NO' }))
    await outcome
    expect(test.inFlight.messages).toBe(0)
  })

  it('is refused for several sharding keys, unless the caller chooses the queue', async () => {
    const test = setup()
    const mixed = [
      { topic: 'T', body: 'a', shardingKey: 'a' },
      { topic: 'T', body: 'b', shardingKey: 'b' },
    ]
    await expect(test.pipeline.sendBatch(mixed, {})).rejects.toThrow('sharding keys')
    void test.pipeline.sendBatch(mixed, { queue: { topic: 'T', brokerName: 'b', queueId: 0 } })
    void test.pipeline.sendBatch(mixed, { shardingKey: 'one for all' })
    await test.clock.advance(0)
    expect(test.sent).toHaveLength(2)
  })

  it('is refused when it is empty, or its options are wrong', async () => {
    const { pipeline } = setup()
    await expect(pipeline.sendBatch([], {})).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
    await expect(pipeline.sendBatch(messages, { timeoutMs: -1 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})

describe('a send with a callback', () => {
  it('tells the callback the outcome, once', () => {
    const { pipeline, sent, inFlight } = setup()
    const callback = jest.fn()
    pipeline.sendAsync(SMALL, {}, callback)
    expect(inFlight.messages).toBe(1)
    sent[0]?.answer(undefined, resultOf(sent[0]))
    expect(callback.mock.calls).toEqual([[undefined, resultOf(sent[0] as Sent)]])
    expect(inFlight.messages).toBe(0)
  })

  it('does not wait its turn: it fails at once', () => {
    const { pipeline, sent } = setup({ maxInFlight: 1 })
    const callback = jest.fn()
    pipeline.sendAsync(SMALL, {}, jest.fn())
    pipeline.sendAsync(SMALL, {}, callback)
    expect(callback).toHaveBeenCalledWith(expect.objectContaining({ code: 'TOO_MANY_REQUESTS', sent: 'NO' }), undefined)
    expect(sent).toHaveLength(1)
  })

  it('tells the callback of wrong messages and options', () => {
    const { pipeline, inFlight } = setup()
    const codes: unknown[] = []
    const callback: SendCallback = error => codes.push((error as RocketMQError).code)
    pipeline.sendAsync({ topic: 'T', body: '' }, {}, callback)
    pipeline.sendAsync(SMALL, { timeoutMs: NaN }, callback)
    expect(codes).toEqual(['INVALID_MESSAGE', 'INVALID_ARGUMENT'])
    expect(inFlight.messages).toBe(0)
  })

  it('compresses a large body first', async () => {
    const { pipeline, sent, clock } = setup()
    pipeline.sendAsync(LARGE, {}, jest.fn())
    expect(sent).toHaveLength(0)
    while (sent.length === 0) await clock.advance(0)
    expect((sent[0] as Sent).prepared.sysFlag & 1).toBe(1)
  })
})

describe('a oneway send', () => {
  it('holds its place until the bytes have left', async () => {
    const { pipeline, sent, inFlight, clock } = setup()
    const sending = pipeline.sendOneway(SMALL, {})
    await clock.advance(0)
    expect(inFlight.messages).toBe(1)
    sent[0]?.answer(undefined, resultOf(sent[0]))
    await sending
    expect(inFlight.messages).toBe(0)
  })

  it('gives its place back when it fails', async () => {
    const { pipeline, sent, inFlight, clock } = setup()
    const sending = pipeline.sendOneway(LARGE, {})
    const outcome = expect(sending).rejects.toThrow('no broker')
    while (sent.length === 0) await clock.advance(0)
    sent[0]?.answer(new Error('no broker'), undefined)
    await outcome
    expect(inFlight.messages).toBe(0)
  })

  it('waits its turn, within its time', async () => {
    const { pipeline, clock } = setup({ maxInFlight: 1 })
    void pipeline.send(SMALL, {})
    const outcome = expect(pipeline.sendOneway(SMALL, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'SEND_TIMEOUT',
    })
    await clock.advance(100)
    await outcome
  })
})
