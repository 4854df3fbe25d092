import { AdminSite } from '../../support/admin-site'

const TWO_BROKERS = { brokers: 2, topics: { Orders: 2 } }

describe('deleteTopic', () => {
  it('deletes from every master, then from every name server', async () => {
    await using site = await AdminSite.start({ ...TWO_BROKERS, nameServers: 2 })
    const onBrokers = site.seen('DELETE_TOPIC_IN_BROKER')
    const onNameServers = site.seen('DELETE_TOPIC_IN_NAMESRV')
    await site.admin.deleteTopic('Orders')
    expect(onBrokers.map(({ broker }) => broker).sort()).toEqual(['broker-a', 'broker-b'])
    expect(onNameServers).toHaveLength(2)
    await expect(site.admin.topicRoute('Orders')).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
    expect(await site.admin.topics()).not.toContain('Orders')
  })

  it('leaves the route where a broker has failed, so that it can be repeated', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    site.emulator.control('DELETE_TOPIC_IN_BROKER', () => ({ code: 'SYSTEM_BUSY' }), { broker: 'broker-b' })
    await expect(site.admin.deleteTopic('Orders')).rejects.toMatchObject({
      responseCode: 'SYSTEM_BUSY',
      retriable: true,
    })
    expect(await site.admin.topics()).toContain('Orders')
    await site.admin.deleteTopic('Orders')
    expect(await site.admin.topics()).not.toContain('Orders')
  })

  it('succeeds for a topic that does not exist, retry topics with long names included', async () => {
    await using site = await AdminSite.start()
    await site.admin.deleteTopic('Bills')
    await site.admin.deleteTopic(`%RETRY%${'g'.repeat(125)}`)
  })

  it.each(['4.9', '5'] as const)('is refused for topics of RocketMQ itself by brokers of %s', async version => {
    await using site = await AdminSite.start({ version })
    await expect(site.admin.deleteTopic('TBW102')).rejects.toMatchObject({
      responseCode: version === '5' ? 'INVALID_PARAMETER' : 'SYSTEM_ERROR',
    })
  })

  it('refuses a name that no topic has', async () => {
    await using site = await AdminSite.start()
    await expect(site.admin.deleteTopic('')).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
  })
})

describe('topics', () => {
  it('lists names once and in order', async () => {
    await using site = await AdminSite.start({ topics: { b: 1, a: 1, c: 1 } })
    const body = { topicList: ['b', 'c', 'a', 'b'] }
    expect((await site.admin.topics()).filter(topic => topic.length === 1)).toEqual(['a', 'b', 'c'])
    site.emulator.control('GET_ALL_TOPIC_LIST_FROM_NAMESERVER', () => ({ code: 'SUCCESS', body }))
    expect(await site.admin.topics()).toEqual(['a', 'b', 'c'])
  })
})

describe('topicRoute', () => {
  it('tells queues and brokers', async () => {
    await using site = await AdminSite.start()
    const { queueDatas, brokerDatas } = await site.admin.topicRoute('Orders')
    expect(queueDatas).toMatchObject([{ brokerName: 'broker-a', readQueueNums: 4, writeQueueNums: 4, perm: 6 }])
    expect(brokerDatas[0]?.brokerAddrs.get(0)).toBe(site.frames.address)
  })

  it('rejects with TOPIC_NOT_FOUND for an unknown one, and INVALID_TOPIC for an impossible one', async () => {
    await using site = await AdminSite.start()
    await expect(site.admin.topicRoute('Bills')).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND', topic: 'Bills' })
    await expect(site.admin.topicRoute('a b')).rejects.toMatchObject({ code: 'INVALID_TOPIC' })
  })
})

describe('topicStats', () => {
  it('tells the range of each queue of each broker, in order', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    for (let i = 0; i < 3; i++) await site.frames.send('Orders', { queueId: 1 })
    const stats = await site.admin.topicStats('Orders')
    expect(
      stats.map(({ queue, minOffset, maxOffset }) => [queue.brokerName, queue.queueId, minOffset, maxOffset]),
    ).toEqual([
      ['broker-a', 0, 0, 0],
      ['broker-a', 1, 0, 3],
      ['broker-b', 0, 0, 0],
      ['broker-b', 1, 0, 0],
    ])
    expect(stats[0]?.lastUpdateTimestamp).toBe(0)
    expect(stats[1]?.lastUpdateTimestamp).toBe(site.emulator.messages('Orders')[2]?.storeTimestamp)
  })

  it('asks a slave where the master is down', async () => {
    await using site = await AdminSite.start({ brokers: [{ name: 'broker-a', slaves: 1 }] })
    await site.emulator.brokers[0]?.stop()
    expect(await site.admin.topicStats('Orders')).toHaveLength(4)
  })
})
