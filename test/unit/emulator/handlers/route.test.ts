import { bytes } from '../../../../lib/commands/body'
import { command } from '../../../../lib/commands/command'
import { boolean, optional, string } from '../../../../lib/commands/field'
import {
  DELETE_KV_CONFIG,
  DELETE_TOPIC_IN_NAMESRV,
  GET_ALL_TOPIC_LIST_FROM_NAMESERVER,
  GET_BROKER_CLUSTER_INFO,
  GET_KV_CONFIG,
  GET_ROUTEINFO_BY_TOPIC,
  PUT_KV_CONFIG,
} from '../../../../lib/commands/route'
import { EmulatorSite } from '../../../support/emulator-site'

/** The same request, with its answer as it comes. */
const RAW_ROUTE = command('GET_ROUTEINFO_BY_TOPIC', {
  code: GET_ROUTEINFO_BY_TOPIC.code,
  peer: 'namesrv',
  request: { header: { topic: string, acceptStandardJsonOnly: optional(boolean) } },
  response: { body: bytes },
})
const ROUTE = { header: { topic: 'Orders' } }

describe('routes', () => {
  it('tell brokers and queues of a topic', async () => {
    await using site = await EmulatorSite.start({ brokers: [{ name: 'a', slaves: 1 }, { name: 'b' }] })
    const { body } = (await site.ask(GET_ROUTEINFO_BY_TOPIC, ROUTE)) as { body?: unknown }
    expect(body).toMatchObject({
      queueDatas: [
        { brokerName: 'a', readQueueNums: 4, writeQueueNums: 4, perm: 6 },
        { brokerName: 'b', readQueueNums: 4, writeQueueNums: 4, perm: 6 },
      ],
      brokerDatas: [
        {
          cluster: 'DefaultCluster',
          brokerName: 'a',
          brokerAddrs: new Map([
            [0, site.addressOf(0)],
            [1, site.addressOf(1)],
          ]),
        },
        { brokerName: 'b', brokerAddrs: new Map([[0, site.addressOf(2)]]) },
      ],
    })
  })

  it('lose a master that stops at once, and keep its slave', async () => {
    await using site = await EmulatorSite.start({ brokers: [{ name: 'a', slaves: 1 }] })
    await site.emulator.brokers[0]?.stop()
    expect(await site.ask(GET_ROUTEINFO_BY_TOPIC, ROUTE)).toMatchObject({
      body: { brokerDatas: [{ brokerAddrs: new Map([[1, site.addressOf(1)]]) }] },
    })
  })

  it('are the same at all name servers', async () => {
    await using site = await EmulatorSite.start({ nameServers: 2 })
    for (const { address } of site.emulator.nameServers)
      expect((await site.client.invoke(address, GET_ROUTEINFO_BY_TOPIC, ROUTE)).code).toBe('SUCCESS')
  })

  it('are refused for an unknown topic', async () => {
    await using site = await EmulatorSite.start()
    expect(await site.ask(GET_ROUTEINFO_BY_TOPIC, { header: { topic: 'Unknown' } })).toEqual({
      code: 'TOPIC_NOT_EXIST',
      remark:
        'No topic route info in name server for the topic: Unknown\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details.',
    })
  })

  it.each([
    [477, {}, '"brokerAddrs":{"0":'],
    [401, {}, '"brokerAddrs":{"0":'],
    [400, {}, '"brokerAddrs":{0:'],
    [400, { acceptStandardJsonOnly: true }, '"brokerAddrs":{"0":'],
  ] as const)('for a client of version %i with %j contain %s', async (version, more, text) => {
    await using site = await EmulatorSite.start()
    const { body } = await site.ask(RAW_ROUTE, { header: { ...ROUTE.header, ...more } }, site.newClient({ version }))
    expect(Buffer.from(body).toString()).toContain(text)
  })

  it.each([
    ['4.9', false],
    ['5', true],
  ] as const)('of generation %s tell of acting masters: %p', async (version, told) => {
    await using site = await EmulatorSite.start({ version })
    const { body } = await site.ask(RAW_ROUTE, ROUTE)
    expect(Buffer.from(body).toString().includes('"enableActingMaster":false')).toBe(told)
  })

  it('tell the order of queues where the name server is told to', async () => {
    const put = { header: { namespace: 'ORDER_TOPIC_CONFIG', key: 'Orders', value: 'broker-a:4' } }
    for (const orderMessageEnable of [true, false]) {
      await using site = await EmulatorSite.start({ orderMessageEnable })
      await site.ask(PUT_KV_CONFIG, put)
      const reply = (await site.ask(GET_ROUTEINFO_BY_TOPIC, ROUTE)) as { body: { orderTopicConf?: string } }
      expect(reply.body.orderTopicConf).toBe(orderMessageEnable ? 'broker-a:4' : undefined)
    }
  })
})

describe('name servers', () => {
  it('tell clusters and brokers', async () => {
    await using site = await EmulatorSite.start({ clusterName: 'mine' })
    const { body } = await site.ask(GET_BROKER_CLUSTER_INFO, {})
    expect(body.clusterAddrTable).toEqual(new Map([['mine', ['broker-a']]]))
    expect(body.brokerAddrTable.get('broker-a')).toMatchObject({ brokerAddrs: new Map([[0, site.address]]) })
  })

  it('list topics, and forget one that is deleted', async () => {
    await using site = await EmulatorSite.start()
    const names = async () => (await site.ask(GET_ALL_TOPIC_LIST_FROM_NAMESERVER, {})).body.topicList
    expect(await names()).toEqual(expect.arrayContaining(['Orders', 'TBW102']))
    await site.ask(DELETE_TOPIC_IN_NAMESRV, ROUTE)
    expect(await names()).not.toContain('Orders')
  })

  it('keep values by namespace and key', async () => {
    await using site = await EmulatorSite.start()
    const place = { namespace: 'n', key: 'k' }
    expect(await site.ask(GET_KV_CONFIG, { header: place })).toEqual({
      code: 'QUERY_NOT_FOUND',
      remark: 'No config item, Namespace: n Key: k',
    })
    await site.ask(PUT_KV_CONFIG, { header: { ...place, value: 'v' } })
    expect(await site.ask(GET_KV_CONFIG, { header: place })).toMatchObject({ header: { value: 'v' } })
    await site.ask(DELETE_KV_CONFIG, { header: place })
    expect((await site.ask(GET_KV_CONFIG, { header: place })).code).toBe('QUERY_NOT_FOUND')
  })
})
