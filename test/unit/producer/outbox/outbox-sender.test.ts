import { type ErrorCode, RocketMQError } from '../../../../lib/errors'
import type { SendResult } from '../../../../lib/model/results'
import { OutboxSender, type OutboxSenderOptions } from '../../../../lib/producer/outbox/outbox-sender'
import { POSSIBLE_DUPLICATE } from '../../../../lib/producer/outbox/possible-duplicate'
import { orderedLane } from '../../../../lib/producer/outbox/spool-entry'
import type { SpooledMessage } from '../../../../lib/producer/outbox/spool-record'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { prepareBatch } from '../../../../lib/sending/batch'
import type { PreparedMessage } from '../../../../lib/sending/prepared-message'
import type { SendOptions } from '../../../../lib/sending/send-options'
import type { SendCallback } from '../../../../lib/sending/sender'
import { UniqueIds } from '../../../../lib/wire/unique-id'
import { prepare } from '../../../support/sender-setup'

type Outcome = SendResult | Error
type Try = (prepared: PreparedMessage, options: SendOptions) => Outcome | Promise<Outcome>

const queue = { topic: 'T', brokerName: 'b', queueId: 1 }
const OK: SendResult = {
  sendStatus: 'SEND_OK',
  msgId: 'm',
  offsetMsgId: 'o',
  messageQueue: queue,
  queueOffset: 0,
  regionId: 'R',
  traceOn: true,
}
const failed = (code: ErrorCode = 'CONNECT_FAILED', sent: 'NO' | 'UNKNOWN' = 'NO') =>
  new RocketMQError(code, `it is ${code}`, { sent })

function setup(outcome: Try, { afterMs = 1000, spool }: { afterMs?: number; spool?: () => Promise<void> } = {}) {
  const clock = new ManualClock()
  const [spooled, tries, taken] = [
    [] as SpooledMessage[],
    [] as { prepared: PreparedMessage; options: SendOptions }[],
    [] as string[],
  ]
  const hurry = new AbortController()
  const state = { isDown: false }
  const ask = async (prepared: PreparedMessage, options: SendOptions): Promise<SendResult> => {
    tries.push({ prepared, options })
    const result = await outcome(prepared, options)
    if (result instanceof Error) throw result
    return result
  }
  const outbox: OutboxSenderOptions['outbox'] = {
    afterMs,
    hurrySignal: hurry.signal,
    mustSpool: (_topic, lanes) => state.isDown || spooled.some(each => lanes.includes(orderedLane(each) ?? '')),
    spool: async messages => {
      await spool?.()
      spooled.push(...messages)
    },
    taken: topic => taken.push(topic),
  }
  const sender = new OutboxSender({
    clock,
    outbox,
    router: { wantedQueue: (_message, { arg }) => (arg === 'unknown' ? 'UNKNOWN' : queue) },
    sender: {
      now: () => clock.monotonic(),
      send: ask,
      sendAsync: (prepared, options, callback) =>
        void ask(prepared, options).then(
          result => callback(undefined, result),
          (error: unknown) => callback(error as Error, undefined),
        ),
      sendOneway: async (prepared, options) => void (await ask(prepared, options)),
    },
  })
  const bodies = (): string[] => spooled.map(({ body }) => Buffer.from(body).toString())
  return { clock, sender, spooled, bodies, tries, taken, hurry, state }
}

describe('a sender with an outbox', () => {
  it('gives the result of a send that is taken, and tells so first', async () => {
    const { sender, taken, spooled } = setup(() => OK)
    let isSettled = false
    expect(await sender.send(prepare(), {}, () => (isSettled = true))).toBe(OK)
    expect([isSettled, taken, spooled]).toEqual([true, ['T'], []])
  })

  it('spools a send that nobody has taken for so long, and tries until then', async () => {
    const { clock, sender, tries, spooled } = setup(() => failed())
    const prepared = prepare()
    const result = sender.send(prepared, {})
    await clock.advance(999)
    expect([tries.length > 2, spooled]).toEqual([true, []])
    await clock.advance(1)
    expect(await result).toMatchObject({ sendStatus: 'SPOOLED', msgId: prepared.msgId })
    expect(spooled).toMatchObject([{ msgId: prepared.msgId, maybeSent: false }])
    expect(Math.max(...tries.slice(1).map(({ options }) => options.timeoutMs ?? Infinity))).toBeLessThanOrEqual(1000)
  })

  it('spools at the first failure where it need not wait', async () => {
    const { sender, tries } = setup(() => failed(), { afterMs: 0 })
    expect((await sender.send(prepare(), {})).sendStatus).toBe('SPOOLED')
    expect(tries.length).toBe(1)
  })

  it('gives the result where a later try is taken, which is marked where the first may have arrived', async () => {
    for (const [sent, mark] of [
      ['NO', false],
      ['UNKNOWN', true],
    ] as const) {
      let count = 0
      const { clock, sender, tries } = setup(() => (count++ === 0 ? failed('CHANNEL_CLOSED', sent) : OK))
      const result = sender.send(prepare(), {})
      await clock.advance(1000)
      expect(await result).toBe(OK)
      expect(tries.map(({ prepared }) => prepared.properties.includes(POSSIBLE_DUPLICATE))).toEqual([false, mark])
    }
  })

  it.each<ErrorCode>(['INVALID_MESSAGE', 'PERMISSION_DENIED', 'SEND_FORBIDDEN', 'INVALID_STATE'])(
    'passes on what does not get better: %s',
    async code => {
      const { sender, tries } = setup(() => failed(code))
      await expect(sender.send(prepare(), {})).rejects.toMatchObject({ code })
      expect(tries.length).toBe(1)
    },
  )

  it('has later sends of a key spooled without a try, and others tried', async () => {
    const { sender, tries, bodies } = setup(({ message }) => (message.body === '1' ? failed() : OK), { afterMs: 0 })
    const send = async (body: string, shardingKey?: string) =>
      (await sender.send(prepare({ body, ...(shardingKey && { shardingKey }) }), {})).sendStatus
    expect([await send('1', 'k'), await send('2', 'k'), await send('3', 'other'), await send('4')]).toEqual([
      'SPOOLED',
      'SPOOLED',
      'SEND_OK',
      'SEND_OK',
    ])
    expect([bodies(), tries.length]).toEqual([['1', '2'], 3])
  })

  it('spools sends of a key in their order, in whatever order they fail', async () => {
    const fails: (() => void)[] = []
    const { clock, sender, bodies } = setup(() => new Promise(resolve => fails.push(() => resolve(failed()))), {
      afterMs: 100,
    })
    const sends = ['1', '2', '3'].map(body => sender.send(prepare({ body, shardingKey: 'k' }), {}))
    await clock.advance(200)
    for (const fail of fails.reverse()) fail()
    await clock.advance(100)
    await Promise.all(sends)
    expect(bodies()).toEqual(['1', '2', '3'])
  })

  it('spools behind those of its key that are still tried, also where it is not tried itself', async () => {
    for (const isUnderWay of [true, false]) {
      const fails: (() => void)[] = []
      const outcome: Try = () => new Promise(resolve => fails.push(() => resolve(failed())))
      const { clock, sender, bodies, state, tries } = setup(outcome)
      const first = sender.send(prepare({ body: '1', shardingKey: 'k' }), {})
      if (!isUnderWay) fails[0]?.()
      state.isDown = true
      const second = sender.send(prepare({ body: '2', shardingKey: 'k' }), {})
      await clock.advance(0)
      fails[0]?.()
      await clock.advance(1000)
      expect([(await first).sendStatus, (await second).sendStatus, bodies()]).toEqual([
        'SPOOLED',
        'SPOOLED',
        ['1', '2'],
      ])
      expect(tries.length).toBe(1)
    }
  })

  it('lets a send wait for those before it of its key that have failed', async () => {
    let isBack = false
    const { clock, sender, tries, bodies } = setup(() => (isBack ? OK : failed()))
    const first = sender.send(prepare({ body: '1', shardingKey: 'k' }), {})
    await clock.advance(0)
    isBack = true
    const second = sender.send(prepare({ body: '2', shardingKey: 'k' }), {})
    await clock.advance(500)
    expect([(await first).sendStatus, (await second).sendStatus, bodies()]).toEqual(['SEND_OK', 'SEND_OK', []])
    expect(tries.map(({ prepared }) => prepared.message.body)).toEqual(['1', '1', '2'])
  })

  it('keeps to the queue that was chosen, also by a selector, which is asked once', async () => {
    const { sender, spooled, tries } = setup(() => failed(), { afterMs: 0 })
    const place = { brokerName: 'b', queueId: 1 }
    await sender.send(prepare(), { queue })
    await sender.send(prepare({ topic: 'T' }), { selector: queues => queues[0] as typeof queue, arg: 'known' })
    expect(spooled.map(each => each.queue)).toEqual([place, place])
    expect(tries.length).toBe(1)
  })

  it('cannot spool where it is not known what a selector wants, nor for a queue of another topic', async () => {
    const { sender } = setup(() => failed(), { afterMs: 0 })
    const unknown = sender.send(prepare(), { selector: queues => queues[0] as typeof queue, arg: 'unknown' })
    await expect(unknown).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    await expect(sender.send(prepare(), { queue: { ...queue, topic: 'U' } })).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
    })
  })

  it('spools a batch message by message, and at once where it may have arrived', async () => {
    const { clock, sender, spooled, tries } = setup(() => failed('SEND_TIMEOUT', 'UNKNOWN'))
    const [batch] = prepareBatch(
      ['1', '2'].map(body => ({ topic: 'T', body })),
      { uniqueIds: new UniqueIds(), maxMessageSize: 1000 },
    )
    const result = sender.send(batch as PreparedMessage, {})
    await clock.advance(100)
    expect(await result).toMatchObject({ sendStatus: 'SPOOLED', msgId: batch?.msgId })
    expect([spooled.map(({ maybeSent }) => maybeSent), tries.length]).toEqual([[true, true], 1])
  })

  it('ends with the abort of its caller, wherever it is', async () => {
    const { clock, sender, spooled } = setup(() => failed('CHANNEL_CLOSED', 'UNKNOWN'))
    const abort = new AbortController()
    const result = sender.send(prepare(), { signal: abort.signal })
    const rejected = expect(result).rejects.toMatchObject({ code: 'ABORTED', sent: 'UNKNOWN' })
    await clock.advance(10)
    abort.abort()
    await rejected
    expect(spooled).toEqual([])
  })

  it('spools nothing that is aborted already, or while it waits for those before it', async () => {
    const { clock, sender, spooled, state } = setup(() => new Promise(() => undefined))
    state.isDown = true
    const aborted = { code: 'ABORTED', sent: 'NO' }
    await expect(sender.send(prepare(), { signal: AbortSignal.abort() })).rejects.toMatchObject(aborted)
    state.isDown = false
    void sender.send(prepare({ shardingKey: 'k' }), {})
    state.isDown = true
    const abort = new AbortController()
    const held = sender.send(prepare({ shardingKey: 'k' }), { signal: abort.signal })
    const rejected = expect(held).rejects.toMatchObject(aborted)
    await clock.advance(10)
    abort.abort()
    await rejected
    expect(spooled).toEqual([])
  })

  it('spools what waits at once when it is told to hurry', async () => {
    const { clock, sender, hurry } = setup(() => failed(), { afterMs: 60_000 })
    const result = sender.send(prepare(), {})
    await clock.advance(10)
    hurry.abort()
    expect((await result).sendStatus).toBe('SPOOLED')
  })

  it('fails with what keeps the spool from taking it, and with why it was to take it', async () => {
    const full = () => Promise.reject(new RocketMQError('OUTBOX_FULL', 'it is full'))
    const { sender } = setup(() => failed('SEND_TIMEOUT', 'UNKNOWN'), { afterMs: 0, spool: full })
    const failure = sender.send(prepare(), {})
    await expect(failure).rejects.toMatchObject({
      code: 'OUTBOX_FULL',
      topic: 'T',
      sent: 'UNKNOWN',
      cause: { code: 'SEND_TIMEOUT' },
    })
    await expect(failure).rejects.toThrow(
      /neither sent nor spooled: it is full; the send had failed: it is SEND_TIMEOUT/,
    )
  })

  it('has the callback form as well, and leaves oneway sends as they are', async () => {
    const { sender, spooled } = setup(() => failed(), { afterMs: 0 })
    const outcome = (prepared: PreparedMessage): Promise<Parameters<SendCallback>> =>
      new Promise(resolve => sender.sendAsync(prepared, {}, (...args) => resolve(args)))
    expect(await outcome(prepare())).toMatchObject([undefined, { sendStatus: 'SPOOLED' }])
    await expect(sender.sendOneway(prepare(), {})).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    expect(spooled.length).toBe(1)
  })
})
