import {
  GET_CONSUMER_LIST_BY_GROUP,
  HEART_BEAT,
  LOCK_BATCH_MQ,
  UNLOCK_BATCH_MQ,
  UNREGISTER_CLIENT,
} from '../../../../lib/commands/client'
import { NOTIFY_CONSUMER_IDS_CHANGED } from '../../../../lib/commands/callback'
import { UPDATE_AND_CREATE_SUBSCRIPTIONGROUP } from '../../../../lib/commands/group'
import { groupConfig } from '../../../../lib/emulator/groups'
import type { RemotingClient } from '../../../../lib/remoting/remoting-client'
import { ManualClock } from '../../../../lib/runtime/manual-clock'
import { EmulatorSite, consumerData } from '../../../support/emulator-site'

const VERSIONS = ['4.9', '5'] as const
const EMPTY = { producerDataSet: [], consumerDataSet: [] }
const BILLING = { consumerDataSet: [consumerData('billing', ['Orders'])] }

const membersOf = async (site: EmulatorSite): Promise<readonly string[]> => {
  const { body } = await site.invoke(GET_CONSUMER_LIST_BY_GROUP, { header: { consumerGroup: 'billing' } })
  return [...body.consumerIdList].sort()
}

/** Resolves when the broker tells a client that a group has changed. */
const notified = (client: RemotingClient): Promise<string> =>
  new Promise(resolve => {
    client.handlers.on(NOTIFY_CONSUMER_IDS_CHANGED, ({ header }) => {
      resolve(header.consumerGroup)
      return undefined
    })
  })

describe('heartbeats', () => {
  it.each([
    ['4.9', {}],
    ['5', { IS_SUPPORT_HEART_BEAT_V2: true, IS_SUB_CHANGE: true }],
  ] as const)('of generation %s are answered with %j', async (version, header) => {
    await using site = await EmulatorSite.start({ version })
    const reply = await site.heartbeat(site.client, { clientID: 'c' })
    expect(JSON.parse(JSON.stringify(reply.header))).toEqual(header)
  })

  it('make the group and its retry topic', async () => {
    await using site = await EmulatorSite.start()
    await site.heartbeat(site.client, { clientID: 'c', ...BILLING })
    expect(await membersOf(site)).toEqual(['c'])
    expect((await site.pull('%RETRY%billing')).code).toBe('PULL_NOT_FOUND')
  })

  it('tell the members of a group of one that joins', async () => {
    await using site = await EmulatorSite.start()
    const first = site.newClient()
    const second = site.newClient()
    await site.heartbeat(first, { clientID: 'one', ...BILLING })
    const told = notified(first)
    await site.heartbeat(second, { clientID: 'two', ...BILLING })
    expect(await told).toBe('billing')
    expect(await membersOf(site)).toEqual(['one', 'two'])
  })

  it('list members in an order of chance', async () => {
    await using site = await EmulatorSite.start()
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    await Promise.all(ids.map(clientID => site.heartbeat(site.newClient(), { clientID, ...BILLING })))
    const orders = new Set<string>()
    for (let i = 0; i < 20; i++) {
      const { body } = await site.invoke(GET_CONSUMER_LIST_BY_GROUP, { header: { consumerGroup: 'billing' } })
      orders.add(body.consumerIdList.join())
    }
    expect(orders.size).toBeGreaterThan(1)
  })

  it('without groups register nothing', async () => {
    await using site = await EmulatorSite.start()
    expect((await site.heartbeat(site.client, { clientID: 'c' })).code).toBe('SUCCESS')
    await expect(membersOf(site)).rejects.toMatchObject({
      responseCode: 'SYSTEM_ERROR',
      remark: 'no consumer for this group, billing',
    })
  })

  it.each([
    ['4.9', true],
    ['5', false],
  ] as const)('of generation %s register groups that may not be made: %s', async (version, registers) => {
    await using site = await EmulatorSite.start({ version, autoCreateGroup: false })
    await site.heartbeat(site.client, { clientID: 'c', ...BILLING })
    const members = membersOf(site).catch(() => [])
    expect(await members).toEqual(registers ? ['c'] : [])
  })

  it('make retry topics with an order for groups that read topics with an order', async () => {
    await using site = await EmulatorSite.start({ topics: { Orders: { order: true } } })
    await site.heartbeat(site.client, { clientID: 'c', ...BILLING })
    const error = await site.send('%RETRY%billing', { queueId: 9 }).catch((e: unknown) => e as { remark: string })
    expect((error as { remark: string }).remark).toContain('order=true')
  })

  it('say whether subscriptions changed where they carry a fingerprint', async () => {
    await using site = await EmulatorSite.start()
    const beat = async (heartbeatFingerprint: number) => {
      const body = { clientID: 'c', ...EMPTY, ...BILLING, heartbeatFingerprint }
      return (await site.invoke(HEART_BEAT, { body })).header.IS_SUB_CHANGE
    }
    expect([await beat(1), await beat(1), await beat(2)]).toEqual([false, false, true])
  })
})

describe('clients that go', () => {
  it('are told of to those who are left, when they unregister', async () => {
    await using site = await EmulatorSite.start()
    const first = site.newClient()
    const second = site.newClient()
    await site.heartbeat(second, { clientID: 'two', ...BILLING })
    await site.heartbeat(first, { clientID: 'one', ...BILLING })
    const told = notified(first)
    await site.invoke(UNREGISTER_CLIENT, { header: { clientID: 'two', consumerGroup: 'billing' } }, second)
    expect(await told).toBe('billing')
    expect(await membersOf(site)).toEqual(['one'])
  })

  it('are told of to those who are left, when their connection closes', async () => {
    await using site = await EmulatorSite.start()
    const first = site.newClient()
    const second = site.newClient()
    await site.heartbeat(second, { clientID: 'two', ...BILLING })
    await site.heartbeat(first, { clientID: 'one', ...BILLING })
    const told = notified(first)
    await second.close()
    expect(await told).toBe('billing')
    expect(await membersOf(site)).toEqual(['one'])
  })

  it('stay registered when they unregister on another channel than that of their heartbeats', async () => {
    await using site = await EmulatorSite.start()
    await site.heartbeat(site.newClient(), { clientID: 'c', ...BILLING })
    const header = { clientID: 'c', consumerGroup: 'billing' }
    expect((await site.invoke(UNREGISTER_CLIENT, { header })).code).toBe('SUCCESS')
    expect(await membersOf(site)).toEqual(['c'])
  })

  it('are not told of where the group wants no notices', async () => {
    await using site = await EmulatorSite.start({ clock: new ManualClock() })
    const body = groupConfig('billing', { notifyConsumerIdsChangedEnable: false })
    await site.invoke(UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, { body })
    const control = site.emulator.control('NOTIFY_CONSUMER_IDS_CHANGED', () => 'pass', { times: 'keep' })
    const second = site.newClient()
    await site.heartbeat(site.newClient(), { clientID: 'one', ...BILLING })
    await site.heartbeat(second, { clientID: 'two', ...BILLING })
    await site.invoke(UNREGISTER_CLIENT, { header: { clientID: 'two', consumerGroup: 'billing' } }, second)
    expect(control.seen).toBe(0)
  })
})

describe('locks', () => {
  it.each(VERSIONS)('of generation %s are for one client of a group at a time', async version => {
    await using site = await EmulatorSite.start({ version })
    const queues = [0, 1].map(queueId => ({ topic: 'Orders', brokerName: 'broker-a', queueId }))
    const request = (clientId: string) => {
      return { body: { consumerGroup: 'billing', clientId, mqSet: queues, onlyThisBroker: false } }
    }
    const lock = async (clientId: string) => (await site.invoke(LOCK_BATCH_MQ, request(clientId))).body.lockOKMQSet
    expect(await lock('one')).toEqual(queues)
    expect(await lock('two')).toEqual([])
    await site.invoke(UNLOCK_BATCH_MQ, request('one'))
    expect(await lock('two')).toEqual(queues)
  })
})
