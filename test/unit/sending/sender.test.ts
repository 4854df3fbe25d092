import { SEND_MESSAGE_V2 } from '../../../lib/commands/send'
import { RocketMQError } from '../../../lib/errors'
import type { MessageQueue } from '../../../lib/model/message-queue'
import type { SendResult } from '../../../lib/model/results'
import { prepareBatch } from '../../../lib/sending/batch'
import type { PreparedMessage } from '../../../lib/sending/prepared-message'
import type { SendOptions } from '../../../lib/sending/send-options'
import { Sender } from '../../../lib/sending/sender'
import { selectByHash } from '../../../lib/sending/selectors'
import { UniqueIds } from '../../../lib/wire/unique-id'
import { FakeClient, type HotRequest } from '../../support/fake-client'
import { SENDER_SETTINGS, answer, prepare } from '../../support/sender-setup'

async function setup(queues: Readonly<Record<string, number>> = { a: 2, b: 2 }) {
  const client = new FakeClient()
  await client.knownTopic('T', queues)
  return { client, sender: new Sender(client.asClient, 'producers', SENDER_SETTINGS) }
}

function header({ entry }: HotRequest): Record<string, string | null> {
  return entry.content.extFields ?? {}
}

/** `broker/queue` of each request so far. */
function places(client: FakeClient): string[] {
  return client.hot.map(request => `${request.address.split(':')[0]}/${header(request)['e']}`)
}

const gone = new RocketMQError('CONNECT_FAILED', 'gone', { sent: 'NO' })

describe('a send to a known topic', () => {
  it('leaves in the same turn, with the header that brokers expect', async () => {
    const { client, sender } = await setup()
    const prepared = prepare({ flag: 5 })
    const sending = sender.send(prepared, {})
    expect(client.hot).toHaveLength(1)
    expect(client.hot[0]).toMatchObject({ timeoutMs: 3000, entry: { command: SEND_MESSAGE_V2 } })
    expect(client.hot[0]?.entry.content).toMatchObject({ code: 310, body: prepared.body })
    expect(header(client.hot[0] as HotRequest)).toEqual({
      a: 'producers',
      b: 'T',
      c: 'TBW102',
      d: '4',
      e: expect.stringMatching(/^[01]$/),
      f: '0',
      g: '1700000000000',
      h: '5',
      i: prepared.properties,
      j: '0',
      k: 'false',
      m: 'false',
      n: expect.stringMatching(/^[ab]$/),
    })
    answer(client.hot[0])
    await expect(sending).resolves.toMatchObject({ sendStatus: 'SEND_OK', queueOffset: 5 })
  })

  it('sends a batch by its own command', async () => {
    const { client, sender } = await setup()
    const [batch] = prepareBatch([{ topic: 'T', body: 'x' }], { uniqueIds: new UniqueIds(), maxMessageSize: 100 })
    void sender.send(batch as PreparedMessage, {})
    expect(client.hot[0]?.entry.content.code).toBe(320)
    expect(header(client.hot[0] as HotRequest)).toMatchObject({ m: 'true' })
  })

  it('tells how often a retried message was tried, and how often it may be', async () => {
    const { client, sender } = await setup()
    void sender.send({ ...prepare(), reconsumeTimes: 3, maxReconsumeTimes: 16 }, {})
    expect(header(client.hot[0] as HotRequest)).toMatchObject({ j: '3', l: '16' })
  })

  it('takes the queues in turn', async () => {
    const { client, sender } = await setup()
    for (let i = 0; i < 8; i++) void sender.send(prepare(), {})
    const turn = places(client)
    expect(new Set(turn.slice(0, 4))).toEqual(new Set(['a/0', 'a/1', 'b/0', 'b/1']))
    expect(turn.slice(4)).toEqual(turn.slice(0, 4))
  })

  it('tries another broker next, in the time that is left', async () => {
    const { client, sender } = await setup()
    void sender.send(prepare(), {})
    await client.clock.advance(1000)
    client.hot[0]?.entry.onFailure(gone)
    expect(client.hot[0]?.address).not.toBe(client.hot[1]?.address)
    expect(client.hot[1]?.timeoutMs).toBe(2000)
  })

  it('tries the same broker again where there is no other', async () => {
    const { client, sender } = await setup({ a: 3 })
    const sending = sender.send(prepare(), {})
    for (let i = 0; i < 3; i++) client.hot[i]?.entry.onFailure(gone)
    await expect(sending).rejects.toMatchObject({ attempts: 3, brokersTried: ['a', 'a', 'a'] })
  })

  it('has its own number of retries in the callback form', async () => {
    const { client, sender } = await setup()
    const callback = jest.fn()
    sender.sendAsync(prepare(), {}, callback)
    client.hot[0]?.entry.onFailure(gone)
    client.hot[1]?.entry.onFailure(gone)
    expect(callback.mock.calls).toEqual([[expect.objectContaining({ attempts: 2 }), undefined]])
  })

  it('calls the callback with the result', async () => {
    const { client, sender } = await setup()
    const callback = jest.fn()
    sender.sendAsync(prepare(), {}, callback)
    answer(client.hot[0])
    expect(callback.mock.calls).toEqual([[undefined, expect.objectContaining({ sendStatus: 'SEND_OK' })]])
  })

  it('calls settled before anybody hears of the outcome', async () => {
    const { client, sender } = await setup()
    const order: string[] = []
    const sending = sender.send(prepare(), {}, () => order.push('settled')).then(() => order.push('resolved'))
    answer(client.hot[0])
    await sending
    expect(order).toEqual(['settled', 'resolved'])
  })
})

describe('the choice of a queue', () => {
  const queue = { topic: 'T', brokerName: 'b', queueId: 1 }

  it('is the caller’s where it gives one', async () => {
    const { client, sender } = await setup()
    for (let i = 0; i < 3; i++) void sender.send(prepare(), { queue })
    expect(places(client)).toEqual(['b/1', 'b/1', 'b/1'])
  })

  it('may not be a queue of another topic', async () => {
    const { client, sender } = await setup()
    const sending = sender.send(prepare(), { queue: { ...queue, topic: 'Other' } })
    await expect(sending).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', sent: 'NO', attempts: 0 })
    expect(client.hot).toEqual([])
  })

  it('fails where the broker of that queue is not known', async () => {
    const { sender } = await setup()
    const sending = sender.send(prepare(), { queue: { ...queue, brokerName: 'z' } })
    await expect(sending).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND', sent: 'NO' })
  })

  it('is the selector’s, which gets the queues in Java’s order, the message and the argument', async () => {
    const { client, sender } = await setup({ b: 2, a: 1 })
    const selector = jest.fn((queues: readonly MessageQueue[]) => queues[2] as MessageQueue)
    const prepared = prepare()
    void sender.send(prepared, { selector, arg: 7 })
    expect(selector).toHaveBeenCalledTimes(1)
    expect(selector.mock.calls[0]).toEqual([
      [
        { topic: 'T', brokerName: 'a', queueId: 0 },
        { topic: 'T', brokerName: 'b', queueId: 0 },
        { topic: 'T', brokerName: 'b', queueId: 1 },
      ],
      prepared.message,
      7,
    ])
    expect(places(client)).toEqual(['b/1'])
  })

  it.each<[string, SendOptions['selector']]>([
    ['nothing', () => undefined as never],
    ['null', () => null as never],
    ['a queue of elsewhere', () => ({ topic: 'T', brokerName: 'z', queueId: 0 })],
    ['a promise that rejects', (async () => Promise.reject(new Error('nobody waits for it'))) as never],
    ['a promise', ((queues: readonly MessageQueue[]) => Promise.resolve(queues[0])) as never],
  ])('may not be %s', async (_, selector) => {
    const { sender } = await setup()
    const sending = sender.send(prepare(), selector === undefined ? {} : { selector })
    await expect(sending).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('topic T'),
    })
  })

  it('rejects with a code where the selector throws, and counts as settled', async () => {
    const { sender } = await setup()
    const settled = jest.fn()
    const thrown = new TypeError('a defect')
    const selector = (): never => {
      throw thrown
    }
    const error = { code: 'SELECTOR_FAILED', cause: thrown, sent: 'NO', retriable: false, topic: 'T' }
    await expect(sender.send(prepare(), { selector }, settled)).rejects.toMatchObject(error)
    expect(settled).toHaveBeenCalledTimes(1)
    const own = new RocketMQError('INVALID_MESSAGE', 'mine')
    const refusing = (): never => {
      throw own
    }
    await expect(sender.send(prepare(), { selector: refusing })).rejects.toBe(own)
  })

  it('does not suffer from a selector that changes its list', async () => {
    const { client, sender } = await setup({ a: 2 })
    const withConf = { ...(client.topicRoutes.get('T') as never as object), orderTopicConf: 'a:2' }
    client.topicRoutes.set('T', withConf as never)
    await client.routes.refresh('T')
    const selector = (queues: readonly MessageQueue[]): MessageQueue => (queues as MessageQueue[]).pop() as MessageQueue
    void sender.send(prepare(), { selector })
    void sender.send(prepare(), { selector })
    expect(places(client)).toEqual(['a/1', 'a/1'])
  })

  it('keeps the order of the route where that is configured', async () => {
    const { client, sender } = await setup({ a: 1, b: 1 })
    client.topicRoutes.set('T', {
      ...(client.topicRoutes.get('T') as never as object),
      orderTopicConf: 'b:1;a:1',
    } as never)
    await client.routes.refresh('T')
    void sender.send(prepare(), { selector: queues => queues[0] as MessageQueue })
    expect(places(client)).toEqual(['b/0'])
  })

  it('is the same for the same sharding key, given with the send or in the message', async () => {
    const { client, sender } = await setup()
    const expected = selectByHash(client.routes.publishInfo('T')?.queues ?? [], prepare().message, 'order-7')
    void sender.send(prepare(), { shardingKey: 'order-7' })
    void sender.send(prepare({ shardingKey: 'order-7' }), {})
    void sender.send(prepare({ shardingKey: 'order-7' }), {})
    expect(new Set(places(client))).toEqual(new Set([`${expected.brokerName}/${expected.queueId}`]))
  })

  it('is free where the sharding key is empty', async () => {
    const { client, sender } = await setup()
    for (let i = 0; i < 4; i++) void sender.send(prepare({ shardingKey: '' }), {})
    expect(new Set(places(client)).size).toBe(4)
  })
})

describe('a send to a topic that is not known yet', () => {
  it('asks for its route first, and keeps that fresh from then on', async () => {
    const { client, sender } = await setup()
    client.topic('New', { c: 1 })
    void sender.send(prepare({ topic: 'New' }), {})
    expect(client.hot).toEqual([])
    await client.settle()
    expect(places(client)).toEqual(['c/0'])
    expect([...sender.topics]).toEqual(['New'])
  })

  it('goes where brokers would create the topic', async () => {
    const { client, sender } = await setup()
    client.topic('TBW102', { d: 8 })
    void sender.send(prepare({ topic: 'New' }), {})
    await client.settle()
    expect(places(client)).toEqual([expect.stringMatching(/^d\/[0-3]$/)])
  })

  it('fails where nobody knows it, and says that nothing was sent', async () => {
    const { sender } = await setup()
    await expect(sender.send(prepare({ topic: 'New' }), {})).rejects.toMatchObject({
      code: 'TOPIC_NOT_FOUND',
      sent: 'NO',
      attempts: 0,
      brokersTried: [],
    })
  })

  it('is not asked for any more where nobody knows it', async () => {
    const { client, sender } = await setup()
    await expect(sender.send(prepare({ topic: 'Typo' }), {})).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
    client.topic('TBW102', { d: 8 })
    void sender.send(prepare({ topic: 'New' }), {})
    await client.settle()
    expect([...sender.topics]).toEqual(['New'])
  })

  it('fails where the topic cannot be written to', async () => {
    const { client, sender } = await setup()
    client.topic('ReadOnly', { a: 0 })
    await expect(sender.send(prepare({ topic: 'ReadOnly' }), {})).rejects.toMatchObject({
      code: 'NO_WRITABLE_QUEUE',
      sent: 'NO',
    })
  })

  it('fails once, and counts as settled, where the route cannot be meant', async () => {
    const { client, sender } = await setup()
    client.topicRoutes.set('T', { ...(client.topicRoutes.get('T') as never as object), orderTopicConf: 'a:x' } as never)
    await client.routes.refresh('T')
    const settled = jest.fn()
    await expect(sender.send(prepare(), {}, settled)).rejects.toMatchObject({ code: 'PROTOCOL_ERROR', sent: 'NO' })
    expect(settled).toHaveBeenCalledTimes(1)
    const callback = jest.fn()
    sender.sendAsync(prepare(), {}, callback)
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it('ends when it is aborted while the route is asked for', async () => {
    const { client, sender } = await setup()
    client.topic('New', { c: 1 })
    const abort = new AbortController()
    const sending = sender.send(prepare({ topic: 'New' }), { signal: abort.signal })
    abort.abort(new Error('enough'))
    await expect(sending).rejects.toThrow('enough')
    await client.settle()
    expect(client.hot).toEqual([])
  })
})

describe('a topic whose queues disappear during a send', () => {
  it('fails the next try with the reason', async () => {
    const { client, sender } = await setup()
    const sending = sender.send(prepare(), {})
    client.routes.forget('T')
    client.hot[0]?.entry.onFailure(new RocketMQError('CHANNEL_CLOSED', 'closed', { sent: 'UNKNOWN' }))
    await expect(sending).rejects.toMatchObject({ code: 'NO_WRITABLE_QUEUE', sent: 'UNKNOWN', attempts: 1 })
  })
})

describe('a timer message', () => {
  it('asks for the version of the brokers first', async () => {
    const { client, sender } = await setup({ a: 1 })
    client.versions.set('a:10911', () => 401)
    await expect(sender.send(prepare({ delayMs: 1000 }), {})).rejects.toMatchObject({ code: 'UNSUPPORTED_BY_BROKER' })
    client.versions.set('a:10911', () => 477)
    void sender.send(prepare({ delayMs: 1000 }), {})
    await client.settle()
    expect(places(client)).toEqual(['a/0'])
  })
})

describe('a oneway send', () => {
  it('is sent once, with the rest of its time, and resolves when it has left', async () => {
    const { client, sender } = await setup({ a: 1 })
    client.on(SEND_MESSAGE_V2, () => ({ code: 'SUCCESS' }))
    await expect(sender.sendOneway(prepare(), {})).resolves.toBeUndefined()
    expect(client.sent(SEND_MESSAGE_V2)).toEqual([
      expect.objectContaining({ address: 'a:10911', oneway: true, header: expect.objectContaining({ queueId: 0 }) }),
    ])
  })

  it('is not repeated', async () => {
    const { client, sender } = await setup()
    client.on(SEND_MESSAGE_V2, () => {
      throw gone
    })
    await expect(sender.sendOneway(prepare(), {})).rejects.toBe(gone)
    expect(client.sent(SEND_MESSAGE_V2)).toHaveLength(1)
  })

  it('goes to the queue of the caller, whose broker must be known', async () => {
    const { client, sender } = await setup()
    client.on(SEND_MESSAGE_V2, () => ({ code: 'SUCCESS' }))
    await sender.sendOneway(prepare(), { queue: { topic: 'T', brokerName: 'b', queueId: 1 } })
    expect(client.sent(SEND_MESSAGE_V2)[0]).toMatchObject({ address: 'b:10911', header: { queueId: 1 } })
    const unknown = sender.sendOneway(prepare(), { queue: { topic: 'T', brokerName: 'z', queueId: 1 } })
    await expect(unknown).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND', sent: 'NO' })
  })
})

describe('one promise per send', () => {
  it('is the one that the caller gets', async () => {
    const { client, sender } = await setup()
    const sending: Promise<SendResult> = sender.send(prepare(), {})
    let resolved = false
    void sending.then(() => (resolved = true))
    answer(client.hot[0])
    await Promise.resolve()
    expect(resolved).toBe(true)
  })
})
