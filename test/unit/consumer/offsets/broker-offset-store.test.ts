import { QUERY_CONSUMER_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../../../lib/commands/offset'
import { BrokerOffsetStore } from '../../../../lib/consumer/offsets/broker-offset-store'
import { brokerError } from '../../../../lib/commands/response-code'
import { RocketMQError } from '../../../../lib/errors'
import { FakeClient, deferred } from '../../../support/fake-client'

const q0 = { topic: 'T', brokerName: 'a', queueId: 0 }
const q1 = { topic: 'T', brokerName: 'b', queueId: 1 }
const ANY = { increaseOnly: false }

async function setup() {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 1, b: 2 })
  client.on(UPDATE_CONSUMER_OFFSET, () => ({ code: 'SUCCESS' }))
  return { client, store: new BrokerOffsetStore('g', client.offsets) }
}

const written = (client: FakeClient): unknown[] =>
  client.sent(UPDATE_CONSUMER_OFFSET).map(({ address, header, oneway }) => [address, header['commitOffset'], oneway])

describe('offsets that brokers keep', () => {
  it('need no loading, and are not known before they were updated', async () => {
    const { store } = await setup()
    await expect(store.load()).resolves.toBeUndefined()
    expect(store.current(q0)).toBeUndefined()
  })

  it('are read from the broker of the queue', async () => {
    const { client, store } = await setup()
    client.on(QUERY_CONSUMER_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 42 } }))
    await expect(store.read(q1)).resolves.toBe(42)
    expect(client.sent(QUERY_CONSUMER_OFFSET)).toEqual([
      expect.objectContaining({
        address: 'b:10911',
        header: { consumerGroup: 'g', topic: 'T', queueId: 1, bname: 'b' },
      }),
    ])
    expect(store.current(q1)).toBeUndefined()
  })

  it('are undefined where the group never committed, and an error where that cannot be told', async () => {
    const { client, store } = await setup()
    client.on(QUERY_CONSUMER_OFFSET, () => ({ code: 'QUERY_NOT_FOUND' }))
    await expect(store.read(q0)).resolves.toBeUndefined()
    client.on(QUERY_CONSUMER_OFFSET, () => {
      throw new RocketMQError('REQUEST_TIMEOUT', 'late')
    })
    await expect(store.read(q0)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
  })

  it('are written when they have changed, to the broker of each queue', async () => {
    const { client, store } = await setup()
    store.update(q0, 5, ANY)
    store.update(q1, 7, ANY)
    await store.persist([q0, q1], { confirmed: false })
    await store.persist([q0, q1], { confirmed: false })
    store.update(q1, 8, ANY)
    await store.persist([q0, q1], { confirmed: false })
    store.update(q1, 9, ANY)
    await store.persist([q0, q1], { confirmed: true })
    expect(written(client)).toEqual([
      ['a:10911', 5, false],
      ['b:10911', 7, false],
      ['b:10911', 8, true],
      ['b:10911', 9, false],
    ])
  })

  it('wait for the first of a topic that a broker gets, as brokers may lose one of several first ones', async () => {
    const { client, store } = await setup()
    const first = deferred<unknown>()
    client.on(UPDATE_CONSUMER_OFFSET, () => first.promise)
    const queues = [q1, { ...q1, queueId: 2 }, { ...q1, queueId: 3 }]
    for (const queue of queues) store.update(queue, queue.queueId, ANY)
    const persisted = Promise.all(queues.map(queue => store.persist([queue], { confirmed: false })))
    await client.settle()
    expect(written(client)).toEqual([['b:10911', 1, false]])
    first.resolve({ code: 'SUCCESS' })
    await persisted
    expect(written(client).slice(1)).toEqual([
      ['b:10911', 2, true],
      ['b:10911', 3, true],
    ])
  })

  it('do not wait where the broker has some already, and try another first one where one failed', async () => {
    const { client, store } = await setup()
    client.on(QUERY_CONSUMER_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 42 } }))
    await store.read(q1)
    store.update(q1, 43, ANY)
    await store.persist([q1], { confirmed: false })
    client.on(UPDATE_CONSUMER_OFFSET, () => {
      throw new RocketMQError('CONNECT_FAILED', 'a is gone')
    })
    store.update(q0, 5, ANY)
    await expect(store.persist([q0], { confirmed: false })).rejects.toMatchObject({ code: 'OFFSET_STORE_FAILED' })
    client.on(UPDATE_CONSUMER_OFFSET, () => ({ code: 'SUCCESS' }))
    await store.persist([q0], { confirmed: false })
    expect(written(client)).toEqual([
      ['b:10911', 43, true],
      ['a:10911', 5, false],
      ['a:10911', 5, false],
    ])
  })

  it('have no place before one was read or written, which brokers tell as 0, too', async () => {
    const { client, store } = await setup()
    client.on(QUERY_CONSUMER_OFFSET, ({ header }) => {
      return { code: 'SUCCESS', header: { offset: header['bname'] === 'a' ? 1 : 0 } }
    })
    await store.read(q0)
    await store.read(q1)
    expect([store.hasPlace(q0), store.hasPlace(q1)]).toEqual([true, false])
    store.update(q1, 7, ANY)
    await store.persist([q1], { confirmed: false })
    expect(store.hasPlace(q1)).toBe(true)
    expect(store.hasPlace({ ...q1, topic: 'other' })).toBe(false)
  })

  it('are each the first in turn where a broker refuses one, and fail together where it cannot be reached', async () => {
    const { client, store } = await setup()
    const queues = [q1, { ...q1, queueId: 2 }, { ...q1, queueId: 3 }]
    for (const queue of queues) store.update(queue, queue.queueId, ANY)
    client.on(UPDATE_CONSUMER_OFFSET, () => {
      throw new RocketMQError('REQUEST_TIMEOUT', 'late')
    })
    await expect(store.persist(queues, { confirmed: false })).rejects.toMatchObject({ code: 'OFFSET_STORE_FAILED' })
    expect(client.sent(UPDATE_CONSUMER_OFFSET)).toHaveLength(1)
    client.on(UPDATE_CONSUMER_OFFSET, ({ header }) => {
      if (header['queueId'] === 1) throw brokerError(1, 'queue 1 is not mine')
      return { code: 'SUCCESS' }
    })
    await expect(store.persist(queues, { confirmed: false })).rejects.toMatchObject({
      message: expect.stringContaining('1 offsets'),
    })
    const asked = client.sent(UPDATE_CONSUMER_OFFSET).slice(1)
    expect(asked.map(({ header, oneway }) => [header['queueId'], oneway])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ])
  })

  it('are written for the queues that are named only', async () => {
    const { client, store } = await setup()
    store.update(q0, 5, ANY)
    store.update(q1, 7, ANY)
    await store.persist([q1], { confirmed: true })
    expect(written(client)).toEqual([['b:10911', 7, false]])
  })

  it('are written again after a failure, which is told after all were tried', async () => {
    const { client, store } = await setup()
    client.on(UPDATE_CONSUMER_OFFSET, ({ address }) => {
      if (address === 'a:10911') throw new RocketMQError('CONNECT_FAILED', 'a is gone')
      return { code: 'SUCCESS' }
    })
    store.update(q0, 5, ANY)
    store.update(q1, 7, ANY)
    await expect(store.persist([q0, q1], { confirmed: true })).rejects.toMatchObject({
      code: 'OFFSET_STORE_FAILED',
      group: 'g',
      message: expect.stringContaining('1 offsets'),
      cause: expect.objectContaining({ message: 'a is gone' }),
    })
    client.on(UPDATE_CONSUMER_OFFSET, () => ({ code: 'SUCCESS' }))
    store.update(q0, 6, ANY)
    await store.persist([q0, q1], { confirmed: true })
    expect(written(client).slice(2)).toEqual([['a:10911', 6, false]])
  })

  it('do not follow late results once they were reset, until the queue is removed', async () => {
    const { client, store } = await setup()
    store.update(q0, 50, ANY)
    store.freeze(q0, 10)
    store.update(q0, 51, { increaseOnly: true })
    await store.persist([q0], { confirmed: true })
    expect(written(client)).toEqual([['a:10911', 10, false]])
    expect(store.current(q0)).toBe(10)
    store.remove(q0)
    expect(store.current(q0)).toBeUndefined()
  })
})
