import { LOCK_BATCH_MQ, UNLOCK_BATCH_MQ, type LockBatch } from '../../../../lib/commands/client'
import { QueueLocks } from '../../../../lib/consumer/push/queue-locks'
import { RocketMQError } from '../../../../lib/errors'
import { FakeClient, type SentRequest, deferred } from '../../../support/fake-client'

const a0 = { topic: 'T', brokerName: 'a', queueId: 0 }
const a1 = { topic: 'T', brokerName: 'a', queueId: 1 }
const b0 = { topic: 'T', brokerName: 'b', queueId: 0 }

const queuesOf = ({ body }: SentRequest): unknown => (body as LockBatch).mqSet

async function setup() {
  const client = new FakeClient()
  await client.knownTopic('T', { a: 2, b: 1 })
  client.on(LOCK_BATCH_MQ, request => ({ code: 'SUCCESS', body: { lockOKMQSet: queuesOf(request) } }))
  client.on(UNLOCK_BATCH_MQ, () => ({ code: 'SUCCESS' }))
  return { client, locks: new QueueLocks(client.asClient, 'g') }
}

describe('locks of queues', () => {
  it('are asked for with one request for each master, as this member of the group', async () => {
    const { client, locks } = await setup()
    await locks.lock([a0, b0, a1])
    expect(client.sent(LOCK_BATCH_MQ).map(request => [request.address, request.body])).toEqual([
      ['a:10911', { consumerGroup: 'g', clientId: client.clientId, mqSet: [a0, a1], onlyThisBroker: false }],
      ['b:10911', { consumerGroup: 'g', clientId: client.clientId, mqSet: [b0], onlyThisBroker: false }],
    ])
    expect([a0, a1, b0].map(queue => locks.isLocked(queue))).toEqual([true, true, true])
  })

  it('are held only where the broker says so, and no longer where it says no', async () => {
    const { client, locks } = await setup()
    await locks.lock([a0, a1])
    client.on(LOCK_BATCH_MQ, () => ({ code: 'SUCCESS', body: { lockOKMQSet: [{ ...a1 }] } }))
    await locks.lock([a0, a1])
    expect([locks.isLocked(a0), locks.isLocked(a1), locks.isLocked(b0)]).toEqual([false, true, false])
    expect(locks.heldForMs(a0)).toBe(Infinity)
  })

  it('are trusted for 30 s after they were asked for', async () => {
    const { client, locks } = await setup()
    const answer = deferred()
    client.on(LOCK_BATCH_MQ, async () => {
      await answer.promise
      return { code: 'SUCCESS', body: { lockOKMQSet: [a0] } }
    })
    const locking = locks.lock([a0])
    await client.clock.advance(900)
    answer.resolve()
    await locking
    expect(locks.heldForMs(a0)).toBe(900)
    await client.clock.advance(29_099)
    expect(locks.isLocked(a0)).toBe(true)
    await client.clock.advance(1)
    expect(locks.isLocked(a0)).toBe(false)
  })

  it('of a broker whose connection closed are not trusted until they are confirmed again', async () => {
    const { client, locks } = await setup()
    await locks.lock([a0, a1, b0])
    await client.clock.advance(500)
    locks.distrust('a:10911')
    expect([a0, a1, b0].map(queue => locks.isLocked(queue))).toEqual([false, false, true])
    // They may be ours at the broker all the same: whoever gives them back still has to wait for the listener.
    expect(locks.heldForMs(a0)).toBe(500)
    client.on(LOCK_BATCH_MQ, () => ({ code: 'SUCCESS', body: { lockOKMQSet: [a0] } }))
    await locks.regain([a0, a1, b0])
    expect(client.sent(LOCK_BATCH_MQ).slice(2).map(queuesOf)).toEqual([[a0, a1]])
    expect([a0, a1, b0].map(queue => locks.isLocked(queue))).toEqual([true, false, true])
    expect([locks.heldForMs(a0), locks.heldForMs(a1)]).toEqual([0, Infinity])
  })

  it('that are all held need not be regained', async () => {
    const { client, locks } = await setup()
    await locks.lock([a0])
    await locks.regain([a0])
    await locks.regain([])
    expect(client.sent(LOCK_BATCH_MQ)).toHaveLength(1)
  })

  it('stay as they were where the broker does not answer within a second', async () => {
    const { client, locks } = await setup()
    await locks.lock([a0])
    client.on(LOCK_BATCH_MQ, () => deferred().promise)
    const locking = locks.lock([a0, b0])
    await client.clock.advance(1000)
    await locking
    expect([locks.isLocked(a0), locks.isLocked(b0)]).toEqual([true, false])
    expect(client.logger.lines).toContainEqual(expect.stringContaining('queues could not be locked'))
  })

  it('are not asked for where the master is not known', async () => {
    const { client, locks } = await setup()
    await locks.lock([{ ...a0, brokerName: 'z' }])
    await locks.unlock([{ ...a0, brokerName: 'z' }], { confirmed: true })
    expect(client.requests.filter(({ command }) => command.includes('LOCK'))).toEqual([])
  })

  it.each([true, false])('are given back, confirmed or not: %p', async confirmed => {
    const { client, locks } = await setup()
    await locks.lock([a0, a1])
    await locks.unlock([a0], { confirmed })
    expect([locks.isLocked(a0), locks.isLocked(a1)]).toEqual([false, true])
    expect(client.sent(UNLOCK_BATCH_MQ)).toEqual([
      expect.objectContaining({
        address: 'a:10911',
        oneway: !confirmed,
        body: expect.objectContaining({ mqSet: [a0] }),
      }),
    ])
  })

  it('are given back without a failure being a failure of the caller', async () => {
    const { client, locks } = await setup()
    client.on(UNLOCK_BATCH_MQ, () => {
      throw new RocketMQError('CONNECT_FAILED', 'gone')
    })
    await expect(locks.unlock([a0, b0], { confirmed: true })).resolves.toBeUndefined()
    expect(client.logger.lines).toHaveLength(2)
  })

  it.each([
    ['once more where the connection breaks', 'CHANNEL_CLOSED', 2],
    ['not again where there is no answer', 'REQUEST_TIMEOUT', 1],
  ] as const)('are given back, %s', async (_how, code, times) => {
    const { client, locks } = await setup()
    client.on(UNLOCK_BATCH_MQ, () => {
      throw new RocketMQError(code, 'gone')
    })
    await locks.unlock([a0], { confirmed: true })
    expect(client.sent(UNLOCK_BATCH_MQ)).toHaveLength(times)
  })

  it('that are given back are not taken again by a request that was under way', async () => {
    const { client, locks } = await setup()
    const answer = deferred()
    client.on(LOCK_BATCH_MQ, async () => {
      await answer.promise
      return { code: 'SUCCESS', body: { lockOKMQSet: [a0] } }
    })
    const renewing = locks.lock([a0])
    await client.settle()
    const unlocking = locks.unlock([a0], { confirmed: true })
    await client.settle()
    expect(client.sent(UNLOCK_BATCH_MQ)).toEqual([])
    answer.resolve()
    await Promise.all([renewing, unlocking])
    expect(client.requests.map(({ command }) => command).slice(-2)).toEqual(['LOCK_BATCH_MQ', 'UNLOCK_BATCH_MQ'])
    expect(locks.isLocked(a0)).toBe(false)
  })
})
