import { LOCK_BATCH_MQ, type LockBatch } from '../../../../lib/commands/client'
import { PULL_MESSAGE } from '../../../../lib/commands/pull'
import { CONSUMER_SEND_MSG_BACK } from '../../../../lib/commands/send'
import { RocketMQError } from '../../../../lib/errors'
import { queue, setup, started } from '../../../support/consumption-setup'

describe.each(['queue', 'key'] as const)('consumption in order of each %s', ordered => {
  it('locks its queues, and renews the locks of those it keeps', async () => {
    const { client, consumption, calls } = await started({ ordered })
    const locked = (): string[] =>
      client.sent(LOCK_BATCH_MQ).map(({ body }) => (body as LockBatch).mqSet.map(({ queueId }) => queueId).join())
    expect(locked()).toEqual(['0,1'])
    await client.clock.advance(1000)
    await client.clock.advance(20_000)
    expect(locked()).toEqual(['0,1', '0,1', '0,1'])
    calls[0]?.end()
    await consumption.stop(1000)
  })

  it('does not renew the lock of a queue that it is to give back, under a listener that does not end', async () => {
    const { client, members, events, consumption } = await started({ ordered })
    members.ids = ['10.0.0.0@0', '10.0.0.0@1', client.clientId].sort()
    await client.clock.advance(20_000)
    const before = client.sent(LOCK_BATCH_MQ).length
    await client.clock.advance(25_000)
    const renewed = client.sent(LOCK_BATCH_MQ).slice(before + 1)
    expect(renewed.flatMap(({ body }) => (body as LockBatch).mqSet)).toEqual([])
    expect(events.join()).toContain('revoked 0')
    await Promise.allSettled([consumption.stop(1), client.clock.advance(10)])
  })

  it('hands out nothing while its broker is gone, which may come back without its locks, and asks for them at once', async () => {
    const { client, state, calls, consumption } = await started({ ordered })
    await client.clock.advance(1500)
    state.messages = 1
    consumption.disconnected('a:10911')
    client.on(LOCK_BATCH_MQ, () => Promise.reject(new RocketMQError('CONNECT_FAILED', 'gone')))
    calls[0]?.end()
    await client.clock.advance(12_000)
    expect(calls).toHaveLength(1)
    client.on(LOCK_BATCH_MQ, ({ body }) => ({ code: 'SUCCESS', body: { lockOKMQSet: (body as LockBatch).mqSet } }))
    const before = client.requests.length
    await consumption.reconnected()
    expect(client.requests[before]).toMatchObject({ command: 'LOCK_BATCH_MQ', body: { mqSet: [queue(0), queue(1)] } })
    await client.clock.advance(20_000)
    expect(calls).toHaveLength(2)
    for (const call of calls) call.end()
    await Promise.allSettled([consumption.stop(1), client.clock.advance(10)])
  })

  it('asks every second for a lock that it has lost', async () => {
    const { client, calls, consumption } = await started({ ordered })
    calls[0]?.end()
    await client.clock.advance(1500)
    const before = client.sent(LOCK_BATCH_MQ).length
    client.on(LOCK_BATCH_MQ, () => ({ code: 'SUCCESS', body: { lockOKMQSet: [queue(0)] } }))
    await consumption.reconnected()
    expect(client.sent(LOCK_BATCH_MQ)).toHaveLength(before)
    consumption.disconnected('a:10911')
    await client.clock.advance(3000)
    const asked = client.sent(LOCK_BATCH_MQ).slice(before)
    expect(asked.map(({ body }) => (body as LockBatch).mqSet)).toEqual([[queue(0), queue(1)], [queue(1)], [queue(1)]])
    await consumption.stop(1000)
  })

  it('needs no locks when broadcasting', async () => {
    const test = await setup({ ordered, messageModel: 'BROADCASTING', localOffsetStoreDir: '/nonexistent' })
    await test.consumption.start()
    expect(test.client.sent(LOCK_BATCH_MQ)).toEqual([])
    await Promise.allSettled([test.consumption.stop(1), test.client.clock.advance(10)])
  })
})

describe('consumption in order of each key', () => {
  it('tries a message 17 times in place, then puts it to the dead letters of the group and goes on', async () => {
    const { client, calls, commits, consumption } = await started({ ordered: 'key' })
    for (let tries = 1; tries <= 17; tries++) {
      expect([calls.length, client.sent(CONSUMER_SEND_MSG_BACK)]).toEqual([tries, []])
      calls.at(-1)?.end('SUSPEND_CURRENT_QUEUE_A_MOMENT')
      await client.clock.advance(1000)
    }
    expect(calls).toHaveLength(17)
    expect(client.sent(CONSUMER_SEND_MSG_BACK)).toMatchObject([{ header: { delayLevel: -1, maxReconsumeTimes: 16 } }])
    await consumption.stop(1000)
    expect(commits()).toContain('0:6 confirmed')
  })

  it('stops pulling a queue whose first message is not handled at consumeConcurrentlyMaxSpan', async () => {
    const { client, state, calls, consumption } = await started({ ordered: 'key', consumeConcurrentlyMaxSpan: 3 })
    state.messages = 99
    const pulls = (): number => client.sent(PULL_MESSAGE).filter(({ header }) => header['queueId'] === 0).length
    await client.clock.advance(60_000)
    const before = pulls()
    await client.clock.advance(60_000)
    expect(pulls()).toBe(before)
    for (const call of calls) call.end()
    await client.settle()
    expect(pulls()).toBeGreaterThan(before)
    for (const call of calls) call.end()
    await Promise.allSettled([consumption.stop(1), client.clock.advance(10)])
  })
})
