import { UPDATE_CONSUMER_OFFSET } from '../../../lib/commands/offset'
import { AdminSite } from '../../support/admin-site'

async function commit({ frames }: AdminSite, queueId: number, commitOffset: number, topic = 'Orders'): Promise<void> {
  await frames.invoke(UPDATE_CONSUMER_OFFSET, { header: { consumerGroup: 'billing', topic, queueId, commitOffset } })
}

describe('consumeStats', () => {
  it('tells the lag of each queue and their sum', async () => {
    await using site = await AdminSite.start({ topics: { Orders: 2 } })
    await site.admin.createGroup({ consumerGroup: 'billing' })
    for (let i = 0; i < 5; i++) await site.frames.send('Orders', { queueId: i % 2 })
    await commit(site, 0, 1)
    await commit(site, 1, 2)
    const stats = await site.admin.consumeStats('billing')
    const [first] = site.emulator.messages('Orders')
    expect(stats).toMatchObject({
      consumerGroup: 'billing',
      queues: [
        {
          queue: { topic: 'Orders', brokerName: 'broker-a', queueId: 0 },
          brokerOffset: 3,
          consumerOffset: 1,
          lag: 2,
          inFlight: 0,
          lastTimestamp: first?.storeTimestamp,
        },
        { queue: { queueId: 1 }, brokerOffset: 2, consumerOffset: 2, lag: 0 },
      ],
      retryQueues: [],
      lag: 2,
      retryLag: 0,
      inFlight: 0,
    })
  })

  it('counts what was pulled and is not committed as in flight, where brokers tell', async () => {
    for (const [version, inFlight] of [
      ['5', 2],
      ['4.9', undefined],
    ] as const) {
      await using site = await AdminSite.start({ version, topics: { Orders: 1 } })
      await site.admin.createGroup({ consumerGroup: 'billing' })
      for (let i = 0; i < 3; i++) await site.frames.send('Orders')
      await commit(site, 0, 1)
      await site.frames.pull('Orders', { queueOffset: 3 })
      expect(await site.admin.consumeStats('billing')).toMatchObject({ lag: 2, inFlight })
    }
  })

  it('keeps the retry topics apart', async () => {
    await using site = await AdminSite.start({ topics: { Orders: 1, '%RETRY%billing': 1 } })
    await site.admin.createGroup({ consumerGroup: 'billing' })
    await site.frames.send('Orders')
    for (let i = 0; i < 2; i++) await site.frames.send('%RETRY%billing')
    await commit(site, 0, 0)
    await commit(site, 0, 0, '%RETRY%billing')
    const stats = await site.admin.consumeStats('billing')
    expect(stats).toMatchObject({ lag: 1, retryLag: 2 })
    expect(stats.queues.map(({ queue }) => queue.topic)).toEqual(['Orders'])
    expect(stats.retryQueues.map(({ queue }) => queue.topic)).toEqual(['%RETRY%billing'])
  })

  it('sums over brokers, in the order of their queues', async () => {
    await using site = await AdminSite.start({ brokers: 2 })
    site.emulator.control(
      'GET_CONSUME_STATS',
      (_, { broker: brokerName = '' }) => {
        const offsets = { brokerOffset: 9, consumerOffset: 4, pullOffset: brokerName === 'broker-a' ? 6 : -1 }
        const offsetTable = [1, 0].map(
          queueId =>
            [
              { topic: 'Orders', brokerName, queueId },
              { ...offsets, lastTimestamp: 0 },
            ] as const,
        )
        return { code: 'SUCCESS', body: { consumeTps: 1.5, offsetTable } }
      },
      { times: 2 },
    )
    const stats = await site.admin.consumeStats('billing', { topic: 'Orders' })
    expect(stats).toMatchObject({ consumeTps: 3, lag: 20, inFlight: 4 })
    expect(stats.queues.map(({ queue }) => `${queue.brokerName} ${queue.queueId}`)).toEqual([
      'broker-a 0',
      'broker-a 1',
      'broker-b 0',
      'broker-b 1',
    ])
  })

  it('is one topic where that is asked for, committed or not', async () => {
    await using site = await AdminSite.start({ topics: { Orders: 1, Bills: 1 } })
    await site.admin.createGroup({ consumerGroup: 'billing' })
    await site.frames.send('Bills')
    await commit(site, 0, 0)
    const { queues, lag } = await site.admin.consumeStats('billing', { topic: 'Bills' })
    expect(queues.map(({ queue }) => queue.topic)).toEqual(['Bills'])
    expect(lag).toBe(1)
  })

  it('has no queues for a group that has committed nothing', async () => {
    await using site = await AdminSite.start()
    expect(await site.admin.consumeStats('billing')).toMatchObject({ queues: [], lag: 0, inFlight: undefined })
  })

  it('refuses names that are none', async () => {
    await using site = await AdminSite.start()
    await expect(site.admin.consumeStats('')).rejects.toMatchObject({ code: 'INVALID_GROUP' })
    await expect(site.admin.consumeStats('billing', { topic: 'a b' })).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
  })
})
