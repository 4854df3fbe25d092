import type { RequestModeOptions } from '../../../lib/admin/request-mode'
import type { MessageRequestMode } from '../../../lib/index'
import { AdminSite } from '../../support/admin-site'

const TWO_BROKERS = { brokers: 2, topics: { Orders: 4 } }

describe('setMessageRequestMode', () => {
  it('tells every master that has the topic', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    const seen = site.seen('SET_MESSAGE_REQUEST_MODE')
    await site.admin.setMessageRequestMode('Orders', 'billing', 'POP', { popShareQueueNum: 2 })
    expect(seen.map(({ broker }) => broker).sort()).toEqual(['broker-a', 'broker-b'])
    const body = { topic: 'Orders', consumerGroup: 'billing', mode: 'POP', popShareQueueNum: 2 }
    for (const { request } of seen) expect(request.body).toEqual(body)
  })

  it('shares all queues with all members unless told otherwise', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    const seen = site.seen('SET_MESSAGE_REQUEST_MODE')
    await site.admin.setMessageRequestMode('Orders', 'billing', 'PULL')
    expect(seen[0]?.request.body).toMatchObject({ mode: 'PULL', popShareQueueNum: 0 })
  })

  it('goes to one broker or one cluster where that is given', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    const seen = site.seen('SET_MESSAGE_REQUEST_MODE')
    await site.admin.setMessageRequestMode('Orders', 'billing', 'POP', { brokerAddress: site.frames.addressOf(1) })
    expect(seen.map(({ broker }) => broker)).toEqual(['broker-b'])
    await site.admin.setMessageRequestMode('Orders', 'billing', 'POP', { clusterName: 'DefaultCluster' })
    expect(seen).toHaveLength(3)
    const elsewhere = site.admin.setMessageRequestMode('Orders', 'billing', 'POP', { clusterName: 'elsewhere' })
    await expect(elsewhere).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND', topic: 'Orders' })
  })

  it('says that a broker of the topic has no master now', async () => {
    await using site = await AdminSite.start({ ...TWO_BROKERS, brokers: [{ name: 'broker-a', slaves: 1 }] })
    await site.emulator.brokers[0]?.stop()
    await expect(site.admin.setMessageRequestMode('Orders', 'billing', 'POP')).rejects.toMatchObject({
      code: 'BROKER_NOT_FOUND',
      message: expect.stringContaining('broker-a'),
    })
  })

  it('says that brokers of 4.9 are too old', async () => {
    await using site = await AdminSite.start({ ...TWO_BROKERS, version: '4.9' })
    await expect(site.admin.setMessageRequestMode('Orders', 'billing', 'POP')).rejects.toMatchObject({
      code: 'UNSUPPORTED_BY_BROKER',
      message: expect.stringContaining('older than 5.0'),
    })
  })

  it('says that there is no such topic', async () => {
    await using site = await AdminSite.start()
    await expect(site.admin.setMessageRequestMode('Nothing', 'billing', 'POP')).rejects.toMatchObject({
      code: 'TOPIC_NOT_FOUND',
    })
  })

  it.each<[[string, string, MessageRequestMode, RequestModeOptions?], string]>([
    [['a b', 'billing', 'POP'], 'INVALID_TOPIC'],
    [['Orders', 'a b', 'POP'], 'INVALID_GROUP'],
    [['Orders', 'billing', 'PUSH' as 'POP'], 'INVALID_ARGUMENT'],
    [['Orders', 'billing', 'POP', { popShareQueueNum: -1 }], 'INVALID_ARGUMENT'],
    [['Orders', 'billing', 'POP', { clusterName: 'a', brokerAddress: 'a:1' }], 'INVALID_ARGUMENT'],
  ])('refuses %p before anything is sent', async (args, code) => {
    await using site = await AdminSite.start()
    const seen = site.seen('GET_ROUTEINFO_BY_TOPIC')
    await expect(site.admin.setMessageRequestMode(...args)).rejects.toMatchObject({ code })
    await site.arrived()
    expect(seen).toEqual([])
  })
})
