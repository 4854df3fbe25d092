import { GET_MAX_OFFSET } from '../../../../lib/commands/offset'
import { PULL_MESSAGE } from '../../../../lib/commands/pull'
import { type LaggingQueue, measureLag } from '../../../../lib/consumer/lag/measure-lag'
import type { BrokerData } from '../../../../lib/model/topic-route'
import type { CallOptions } from '../../../../lib/remoting/remoting-client'
import { FakeClient, deferred } from '../../../support/fake-client'
import { type PullAnswer, found, none } from '../../../support/pull-setup'

const NOW = 1_700_000_000_000

const lagging = (queueId: number, fields: Partial<LaggingQueue> = {}): LaggingQueue => ({
  queue: { topic: 'T', brokerName: 'a', queueId },
  offset: 10,
  storedAt: undefined,
  lastMaxOffset: 12,
  ...fields,
})

/** Measures on a cluster whose queues end at 30, and whose pulls are answered in turn. */
async function setup(...answers: PullAnswer[]) {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 20 })
  client.on(GET_MAX_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 30 } }))
  client.on(PULL_MESSAGE, () => answers.shift())
  const measure = (queues: LaggingQueue[], call: CallOptions = {}) =>
    measureLag(queues, { client: client.asClient, consumerGroup: 'g', call })
  return { client, measure }
}

describe('the lag of a queue', () => {
  it('reaches from what is not done with to the end that the broker tells, and is as old as what is in hand', async () => {
    const { client, measure } = await setup()
    const one = lagging(1, { storedAt: NOW - 5000 })
    expect(await measure([one])).toEqual({
      queues: [{ queue: one.queue, offset: 10, maxOffset: 30, messages: 20, ageMs: 5000 }],
      messages: 20,
      ageMs: 5000,
    })
    expect(client.sent(PULL_MESSAGE)).toEqual([])
  })

  it('is as old as the first message that is not in hand, which a pull of it tells with the end', async () => {
    const { client, measure } = await setup(found(11, { queueOffset: 10, storeTimestamp: NOW - 700 }))
    expect(await measure([lagging(1)])).toMatchObject({ messages: 80, ageMs: 700 })
    expect(client.sent(GET_MAX_OFFSET)).toEqual([])
    const [{ header } = { header: {} }] = client.sent(PULL_MESSAGE)
    expect(header).toMatchObject({
      consumerGroup: 'g',
      queueOffset: 10,
      maxMsgNums: 1,
      subscription: '*',
      suspendTimeoutMillis: 0,
      commitOffset: 0,
    })
  })

  it('is none where nothing is behind', async () => {
    const { measure } = await setup(none('PULL_NOT_FOUND', 10, { maxOffset: 10 }))
    expect(await measure([lagging(1)])).toMatchObject({ messages: 0, ageMs: 0 })
  })

  it('begins where the queue does by now, where messages were deleted', async () => {
    const { measure } = await setup(
      none('PULL_OFFSET_MOVED', 40),
      found(41, { queueOffset: 40, storeTimestamp: NOW - 60 }),
    )
    expect(await measure([lagging(1)])).toMatchObject({ queues: [{ offset: 40, maxOffset: 90 }], ageMs: 60 })
  })

  it('is not followed for ever where a broker moves its beginning on and on', async () => {
    const { client, measure } = await setup(none('PULL_OFFSET_MOVED', 40), none('PULL_OFFSET_MOVED', 50))
    expect(await measure([lagging(1)])).toMatchObject({ messages: 50, ageMs: 0 })
    expect(client.sent(PULL_MESSAGE)).toHaveLength(2)
  })

  it('is never negative, neither by a clock that differs nor by an end that is behind', async () => {
    const { client, measure } = await setup()
    client.on(GET_MAX_OFFSET, () => ({ code: 'SUCCESS', header: { offset: 3 } }))
    expect(await measure([lagging(1, { storedAt: NOW + 9000 })])).toMatchObject({ messages: 0, ageMs: 0 })
  })

  it('reaches to the end that the last pull told where there is no master to ask', async () => {
    const { client, measure } = await setup()
    const { brokerAddrs } = client.topicRoutes.get('T')?.brokerDatas[0] as BrokerData
    ;(brokerAddrs as Map<number, string>).delete(0)
    await client.routes.refresh('T')
    expect(await measure([lagging(1, { storedAt: NOW })])).toMatchObject({ messages: 2 })
  })
})

describe('the lag of a consumer', () => {
  it('is the sum of its queues, and as old as the oldest', async () => {
    const { measure } = await setup()
    const queues = [lagging(1, { storedAt: NOW - 1 }), lagging(2, { storedAt: NOW - 9, offset: 25 })]
    expect(await measure(queues)).toMatchObject({ messages: 25, ageMs: 9, queues: [{ ageMs: 1 }, { ageMs: 9 }] })
  })

  it('is none without queues', async () => {
    const { measure } = await setup()
    expect(await measure([])).toEqual({ queues: [], messages: 0, ageMs: 0 })
  })

  it('is asked for eight queues at a time', async () => {
    const { client, measure } = await setup()
    const held = deferred<unknown>()
    client.on(GET_MAX_OFFSET, () => held.promise)
    const lag = measure(Array.from({ length: 20 }, (_, i) => lagging(i, { storedAt: NOW })))
    await client.settle()
    expect(client.sent(GET_MAX_OFFSET)).toHaveLength(8)
    held.resolve({ code: 'SUCCESS', header: { offset: 11 } })
    expect(await lag).toMatchObject({ messages: 20 })
  })

  it('is within one limit of time, however many rounds it takes', async () => {
    const { client, measure } = await setup()
    client.on(GET_MAX_OFFSET, () => deferred<unknown>().promise)
    const lag = measure([lagging(1, { storedAt: NOW })], { timeoutMs: 500 })
    const failed = expect(lag).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    await client.clock.advance(500)
    await failed
  })
})
