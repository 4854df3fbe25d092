import { Membership } from '../../../lib/client/membership'
import { ClientSite, consumerOf } from '../../support/client-site'

let site: ClientSite
beforeEach(async () => {
  site = await ClientSite.start()
})
afterEach(() => site.stop())

describe('a membership', () => {
  it('has a client from its start to its end, when brokers hear that it is gone', async () => {
    site.topic('T')
    const membership = new Membership(site.options(), { kind: 'consumer', group: 'g' })
    expect(membership.client).toBeUndefined()
    const client = membership.acquire()
    expect(membership.client).toBe(client)
    const order: string[] = []
    await membership.start(consumerOf('g', 'T'), {}, async () => {
      order.push(`the rest, with ${client.members.size} member`)
      await client.heartbeat()
    })
    expect(order).toEqual(['the rest, with 1 member'])
    expect(client.routes.get('T')).toBeDefined()
    await membership.end()
    expect(client.members.size).toBe(0)
  })

  it('may end before it has begun', async () => {
    const membership = new Membership(site.options(), { kind: 'consumer', group: 'g' })
    await membership.end()
    membership.acquire()
    await expect(membership.end()).resolves.toBeUndefined()
  })

  it('tells when it has a client, and once when it has none any more', async () => {
    const told: string[] = []
    const membership = new Membership(site.options(), { kind: 'consumer', group: 'g' }, () => {
      told.push('acquired')
      return () => void told.push('ended')
    })
    expect(told).toEqual([])
    membership.acquire()
    expect(told).toEqual(['acquired'])
    await membership.end()
    await membership.end()
    expect(told).toEqual(['acquired', 'ended'])
  })
})
