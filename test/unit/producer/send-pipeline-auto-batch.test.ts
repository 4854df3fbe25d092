import { RocketMQError } from '../../../lib/errors'
import type { AutoBatchSettings } from '../../../lib/sending/auto-batcher'
import type { SendCallback } from '../../../lib/sending/sender'
import { SMALL, type Sent, resultOf, setupPipeline as setup } from '../../support/pipeline-setup'

describe('a send that may share a batch', () => {
  const AUTO: AutoBatchSettings = { batchMaxDelayMs: 10, batchMaxBytes: 1000, totalBatchMaxBytes: 10_000 }
  const queue = { topic: 'T', brokerName: 'b', queueId: 3 }

  it('waits for others, and gets its own result', async () => {
    const { pipeline, sent, clock, inFlight } = setup({ autoBatch: AUTO })
    const sends = [pipeline.send(SMALL, {}), pipeline.send(SMALL, {})]
    expect([sent.length, inFlight.messages, inFlight.holders]).toEqual([0, 0, 1])
    await clock.advance(10)
    const [one] = sent as [Sent]
    expect([one.prepared.isBatch, inFlight.messages]).toEqual([true, 1])
    one.answer(undefined, { ...resultOf(one), offsetMsgId: 'a,b', queueOffset: 5 })
    const results = await Promise.all(sends)
    expect(results.map(({ offsetMsgId, queueOffset }) => [offsetMsgId, queueOffset])).toEqual([
      ['a', 5],
      ['b', 6],
    ])
    expect([inFlight.messages, inFlight.holders]).toEqual([0, 0])
  })

  it('has no offset where its batch waits in an outbox', async () => {
    const { pipeline, sent, clock } = setup({ autoBatch: AUTO })
    const sends = [pipeline.send(SMALL, {}), pipeline.send(SMALL, {})]
    await clock.advance(10)
    const [one] = sent as [Sent]
    one.answer(undefined, { ...resultOf(one), sendStatus: 'SPOOLED', offsetMsgId: '', queueOffset: -1 })
    const results = await Promise.all(sends)
    expect(results.map(({ offsetMsgId, queueOffset }) => [offsetMsgId, queueOffset])).toEqual([
      ['', -1],
      ['', -1],
    ])
  })

  it('rejects with the error of its batch', async () => {
    const { pipeline, sent, clock } = setup({ autoBatch: AUTO })
    const sending = Promise.allSettled([pipeline.send(SMALL, {}), pipeline.send(SMALL, {})])
    await clock.advance(10)
    sent[0]?.answer(new RocketMQError('SEND_TIMEOUT', 'too late'), undefined)
    expect(await sending).toMatchObject([{ reason: { code: 'SEND_TIMEOUT' } }, { reason: { code: 'SEND_TIMEOUT' } }])
  })

  it('goes with those to its queue, and alone where its queue cannot be told yet', async () => {
    const { pipeline, sent } = setup({ autoBatch: AUTO })
    void pipeline.send(SMALL, { queue })
    void pipeline.send(SMALL, { queue })
    void pipeline.send(SMALL, { queue: { ...queue, brokerName: 'unknown' } })
    expect(sent.map(({ prepared }) => prepared.isBatch)).toEqual([false])
    pipeline.flush()
    expect(sent[1]).toMatchObject({ prepared: { isBatch: true }, options: { queue } })
  })

  it('goes alone where it is adjusted, large, delayed or limited', () => {
    const { pipeline, sent } = setup({ autoBatch: AUTO })
    void pipeline.send(SMALL, {}, { adjust: prepared => prepared })
    void pipeline.send({ ...SMALL, delayTimeLevel: 1 }, {})
    void pipeline.send(SMALL, { timeoutMs: 5 })
    expect(sent.map(({ prepared }) => prepared.isBatch)).toEqual([false, false, false])
    pipeline.flush()
    expect(sent).toHaveLength(3)
  })

  it('waits for room like any other, and fails in time', async () => {
    const { pipeline, sent, clock } = setup({ autoBatch: AUTO, maxInFlight: 1 })
    void pipeline.send(SMALL, { timeoutMs: 100_000 })
    const sending = Promise.allSettled([pipeline.send(SMALL, {})])
    await clock.advance(10)
    expect(sent).toHaveLength(1)
    await clock.advance(3000)
    expect(await sending).toMatchObject([{ reason: { code: 'SEND_TIMEOUT', sent: 'NO' } }])
  })

  it('of the callback form shares one with its like, and fails at once where there is no room', async () => {
    const { pipeline, sent, clock } = setup({ autoBatch: AUTO, maxInFlight: 1 })
    const outcomes: unknown[] = []
    const callback: SendCallback = (error, result) => outcomes.push(error ?? result)
    pipeline.sendAsync(SMALL, {}, callback)
    pipeline.sendAsync(SMALL, {}, callback)
    await clock.advance(10)
    expect(sent).toMatchObject([{ form: 'sendAsync', prepared: { isBatch: true } }])
    pipeline.sendAsync(SMALL, {}, callback)
    await clock.advance(10)
    expect(outcomes).toMatchObject([{ code: 'TOO_MANY_REQUESTS' }])
    sent[0]?.answer(undefined, resultOf(sent[0]))
    expect(outcomes).toHaveLength(3)
  })

  it('rejects at once where the message is wrong, and harms no other', async () => {
    const { pipeline, sent } = setup({ autoBatch: AUTO })
    void pipeline.send(SMALL, {})
    expect(() => pipeline.send({ topic: 'T', body: '' }, {})).toThrow(/the body is empty/)
    pipeline.flush()
    expect(sent).toHaveLength(1)
  })
})
