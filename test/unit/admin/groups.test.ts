import type { GroupSettings } from '../../../lib/admin/groups'
import { HEART_BEAT } from '../../../lib/commands/client'
import type { RemotingClient } from '../../../lib/remoting/remoting-client'
import { AdminSite } from '../../support/admin-site'
import { consumerData, subscription } from '../../support/emulator-site'

const TWO_BROKERS = { brokers: 2 }

/** Registers a client at every broker, as clients do. */
async function join(
  { frames, emulator }: AdminSite,
  client: RemotingClient,
  { clientID, subVersion = 1 }: { clientID: string; subVersion?: number },
): Promise<void> {
  const subscriptionDataSet = [subscription('Orders', { subVersion, subString: `version ${subVersion}` })]
  const body = {
    clientID,
    producerDataSet: [{ groupName: 'orders' }],
    consumerDataSet: [consumerData('billing', [], { subscriptionDataSet, messageModel: 'BROADCASTING' })],
  }
  for (let i = 0; i < emulator.brokers.length; i++) await client.invoke(frames.addressOf(i), HEART_BEAT, { body })
}

describe('createGroup', () => {
  it('creates the group on every master, with the defaults of Java', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    const seen = site.seen('UPDATE_AND_CREATE_SUBSCRIPTIONGROUP')
    await site.admin.createGroup({ consumerGroup: 'billing', retryMaxTimes: 3, consumeBroadcastEnable: false })
    const body = {
      groupName: 'billing',
      consumeEnable: true,
      consumeFromMinEnable: true,
      consumeBroadcastEnable: false,
      consumeMessageOrderly: false,
      retryQueueNums: 1,
      retryMaxTimes: 3,
      brokerId: 0,
      whichBrokerWhenConsumeSlowly: 1,
      notifyConsumerIdsChangedEnable: true,
    }
    expect(seen.map(({ broker }) => broker).sort()).toEqual(['broker-a', 'broker-b'])
    for (const { request } of seen) expect(request.body).toEqual(body)
  })

  it('goes to one broker or one cluster where that is given', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    const seen = site.seen('UPDATE_AND_CREATE_SUBSCRIPTIONGROUP')
    await site.admin.createGroup({ consumerGroup: 'billing', brokerAddress: site.frames.addressOf(1) })
    expect(seen.map(({ broker }) => broker)).toEqual(['broker-b'])
    const elsewhere = site.admin.createGroup({ consumerGroup: 'billing', clusterName: 'elsewhere' })
    await expect(elsewhere).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND' })
  })

  it.each<[Partial<GroupSettings>, string]>([
    [{ consumerGroup: 'a b' }, 'INVALID_GROUP'],
    [{ consumerGroup: 'DEFAULT_CONSUMER' }, 'INVALID_GROUP'],
    [{ retryMaxTimes: 'three' as unknown as number }, 'INVALID_ARGUMENT'],
    [{ clusterName: 'a', brokerAddress: 'a:1' }, 'INVALID_ARGUMENT'],
  ])('refuses %p before anything is sent', async (settings, code) => {
    await using site = await AdminSite.start()
    const seen = site.seen('GET_BROKER_CLUSTER_INFO')
    await expect(site.admin.createGroup({ consumerGroup: 'billing', ...settings })).rejects.toMatchObject({ code })
    await site.arrived()
    expect(seen).toEqual([])
  })
})

describe('deleteGroup', () => {
  it.each(['4.9', '5'] as const)('keeps offsets unless told otherwise on brokers of %s', async version => {
    await using site = await AdminSite.start({ version })
    await site.admin.createGroup({ consumerGroup: 'billing' })
    await site.admin.resetOffsets({ consumerGroup: 'billing', topic: 'Orders', timestamp: 'latest' })
    await site.admin.deleteGroup('billing')
    expect(site.emulator.consumerOffset('billing', 'Orders')).toBe(0)
    await site.admin.deleteGroup('billing', { cleanOffsets: true })
    expect(site.emulator.consumerOffset('billing', 'Orders')).toBeUndefined()
  })

  it('goes to every master', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    const seen = site.seen('DELETE_SUBSCRIPTIONGROUP')
    await site.admin.deleteGroup('billing')
    expect(seen.map(({ broker }) => broker).sort()).toEqual(['broker-a', 'broker-b'])
  })
})

describe('consumerConnections', () => {
  it('lists each member once, with the newest subscriptions', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    await join(site, site.frames.newClient(), { clientID: 'second', subVersion: 7 })
    await join(site, site.frames.newClient({ language: 'GO' }), { clientID: 'first', subVersion: 5 })
    const group = await site.admin.consumerConnections('billing')
    expect(group?.connectionSet).toMatchObject([
      {
        clientId: 'first',
        language: 'GO',
        version: 477,
        clientAddr: expect.stringMatching(/^127.0.0.1:\d+$/) as string,
      },
      { clientId: 'second', language: 'OTHER' },
    ])
    expect(group?.subscriptionTable.get('Orders')?.subString).toBe('version 7')
    expect(group).toMatchObject({ consumeType: 'CONSUME_PASSIVELY', messageModel: 'BROADCASTING' })
  })

  it('takes the newest subscription of the brokers, which may not have heard of it all', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    const versions: Record<string, number> = { 'broker-a': 3, 'broker-b': 4 }
    site.emulator.control(
      'GET_CONSUMER_CONNECTION_LIST',
      (_, { broker = '' }) => {
        const data = subscription('Orders', { subVersion: versions[broker] ?? 0, subString: broker })
        const subscriptionTable = new Map([['Orders', data]])
        const rest = { consumeType: 'CONSUME_PASSIVELY', messageModel: 'CLUSTERING' } as const
        const body = {
          connectionSet: [],
          subscriptionTable,
          consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
          ...rest,
        } as const
        return { code: 'SUCCESS', body }
      },
      { times: 2 },
    )
    const group = await site.admin.consumerConnections('billing')
    expect(group?.subscriptionTable.get('Orders')?.subString).toBe('broker-b')
  })

  it('is undefined where nobody is online', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    expect(await site.admin.consumerConnections('billing')).toBeUndefined()
  })
})

describe('producerConnections', () => {
  it('lists each member once, on all brokers or those of a topic', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    await join(site, site.frames.newClient(), { clientID: 'only' })
    expect(await site.admin.producerConnections('orders')).toMatchObject([{ clientId: 'only', version: 477 }])
    await site.admin.createTopic({ topic: 'Bills', brokerAddress: site.frames.addressOf(1) })
    const seen = site.seen('GET_PRODUCER_CONNECTION_LIST')
    expect(await site.admin.producerConnections('orders', { topic: 'Bills' })).toHaveLength(1)
    expect(seen.map(({ broker }) => broker)).toEqual(['broker-b'])
  })

  it('is empty where nobody is online, which brokers call an error', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    expect(await site.admin.producerConnections('orders')).toEqual([])
  })

  it('does not take another failure of the same code for that', async () => {
    await using site = await AdminSite.start()
    const remark = 'org.apache.rocketmq.acl.common.AclException: No accessKey is configured'
    site.emulator.control('GET_PRODUCER_CONNECTION_LIST', () => ({ code: 'SYSTEM_ERROR', remark }))
    await expect(site.admin.producerConnections('orders')).rejects.toMatchObject({
      responseCode: 'SYSTEM_ERROR',
      remark,
    })
  })

  it('rejects for an unknown topic', async () => {
    await using site = await AdminSite.start()
    await expect(site.admin.producerConnections('orders', { topic: 'Bills' })).rejects.toMatchObject({
      code: 'TOPIC_NOT_FOUND',
    })
  })
})
