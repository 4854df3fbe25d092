import { ClientInstance } from '../../../lib/client/client-instance'
import type { TopicRoute } from '../../../lib/model/topic-route'
import { ClientSite, producerOf } from '../../support/client-site'
import { deadAddress } from '../../support/loopback'

describe('a client that has lost a broker', () => {
  let site: ClientSite
  const clients: ClientInstance[] = []

  beforeEach(async () => {
    site = await ClientSite.start()
    site.topic('T')
  })
  afterEach(async () => {
    await site.stop()
    await Promise.all(clients.splice(0).map(client => client.shutdown()))
  })

  const create = (): ClientInstance => {
    const client = new ClientInstance(site.options(), '77#ab')
    clients.push(client)
    return client
  }

  it('finds the one in its place long before it asks for all routes again', async () => {
    const client = create()
    await client.join(producerOf('p', 'T', 'other'), {})
    await client.heartbeat()
    site.asked.length = 0
    const address = await deadAddress()
    await site.broker.server.stop()
    site.topic('T', { address })
    await site.clock.advance(1000)
    expect(client.routes.masterAddress('b')).toBe(address)
    expect(new Set(site.asked)).toEqual(new Set(['T']))
    const asked = site.asked.length
    await site.clock.advance(20_000)
    expect(site.asked).toHaveLength(asked)
  })

  it('goes on asking while routes name a slave alone', async () => {
    const client = create()
    await client.join(producerOf('p', 'T'), {})
    await client.heartbeat()
    await site.broker.server.stop()
    const brokerAddrs = new Map([[1, await deadAddress()]])
    const route = site.routes.get('T') as TopicRoute
    site.routes.set('T', { ...route, brokerDatas: [{ cluster: 'c', brokerName: 'b', brokerAddrs }] })
    site.asked.length = 0
    await site.clock.advance(10_000)
    expect(site.asked.length).toBeGreaterThan(3)
  })

  it('asks no more once the route does not name it', async () => {
    const client = create()
    await client.join(producerOf('p', 'T'), {})
    await client.heartbeat()
    await site.broker.server.stop()
    site.routes.set('T', { queueDatas: [], brokerDatas: [] })
    site.asked.length = 0
    await site.clock.advance(20_000)
    expect(site.asked).toEqual(['T'])
  })
})
