import type { ResetOffsets } from '../../../lib/admin/reset-offsets'
import { RESET_CONSUMER_CLIENT_OFFSET } from '../../../lib/commands/callback'
import { HEART_BEAT } from '../../../lib/commands/client'
import { UPDATE_CONSUMER_OFFSET } from '../../../lib/commands/offset'
import type { EmulatedVersion } from '../../../lib/emulator/index'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { AdminSite } from '../../support/admin-site'
import { consumerData } from '../../support/emulator-site'

const NOW = 1_700_000_000_000
const VERSIONS = ['4.9', '5'] as const

/** Two queues; queue 0 has messages of NOW, NOW + 10, …, NOW + 40, queue 1 none. */
async function fiveMessages(version: EmulatedVersion): Promise<AdminSite> {
  const clock = new ManualClock(NOW)
  const site = await AdminSite.start({ version, clock, topics: { Orders: 2 } })
  for (let i = 0; i < 5; i++) {
    await site.frames.send('Orders')
    await clock.advance(10)
  }
  await site.admin.createGroup({ consumerGroup: 'billing' })
  return site
}

async function commit({ frames }: AdminSite, commitOffset: number, queueId = 0): Promise<void> {
  const header = { consumerGroup: 'billing', topic: 'Orders', queueId, commitOffset }
  await frames.invoke(UPDATE_CONSUMER_OFFSET, { header })
}

const reset = (
  { admin }: AdminSite,
  timestamp: ResetOffsets['timestamp'],
  rest: Partial<ResetOffsets> = {},
): Promise<number[]> =>
  admin
    .resetOffsets({ consumerGroup: 'billing', topic: 'Orders', timestamp, ...rest })
    .then(offsets => offsets.map(({ offset }) => offset))

const committed = ({ emulator }: AdminSite): (number | undefined)[] =>
  [0, 1].map(queueId => emulator.consumerOffset('billing', 'Orders', { queueId }))

interface Membership {
  /** The offsets that the broker tells the member to go on at. */
  readonly told: Promise<number[]>
}

/** Makes the group online. */
async function join({ frames }: AdminSite): Promise<Membership> {
  const client = frames.newClient()
  const told = new Promise<number[]>(resolve => {
    client.handlers.on(RESET_CONSUMER_CLIENT_OFFSET, ({ body }) => {
      resolve(body.offsetTable.map(([, offset]) => offset))
      return undefined
    })
  })
  const body = { clientID: 'member', producerDataSet: [], consumerDataSet: [consumerData('billing', ['Orders'])] }
  await frames.invoke(HEART_BEAT, { body }, client)
  return { told }
}

describe.each(VERSIONS)('resetOffsets of a group that is offline on brokers of %s', version => {
  it('goes to a time, to the oldest messages and to the end', async () => {
    await using site = await fiveMessages(version)
    expect(await reset(site, NOW + 20)).toEqual([2, 0])
    expect(committed(site)).toEqual([2, 0])
    expect(await reset(site, 'latest')).toEqual([5, 0])
    expect(committed(site)).toEqual([5, 0])
    expect(await reset(site, 'earliest')).toEqual([0, 0])
    expect(await reset(site, new Date(NOW + 30))).toEqual([3, 0])
    expect(committed(site)).toEqual([3, 0])
  })

  it('goes forward only with force', async () => {
    await using site = await fiveMessages(version)
    await commit(site, 1)
    await commit(site, 0, 1)
    expect(await reset(site, NOW + 20, { force: false })).toEqual([1, 0])
    expect(committed(site)).toEqual([1, 0])
    expect(await reset(site, NOW + 20)).toEqual([2, 0])
    expect(committed(site)).toEqual([2, 0])
  })

  it('goes back without force', async () => {
    await using site = await fiveMessages(version)
    await commit(site, 5)
    expect(await reset(site, NOW + 20, { force: false })).toEqual([2, 0])
    expect(committed(site)[0]).toBe(2)
  })

  it('has the first offset kept before it tells of the others, as brokers lose some of first ones at once', async () => {
    await using site = await AdminSite.start({ version, topics: { Orders: 3 } })
    await site.admin.createGroup({ consumerGroup: 'billing' })
    const told: number[] = []
    const answered: (() => void)[] = []
    site.emulator.control('INVOKE_BROKER_TO_RESET_OFFSET', () => ({ code: 'CONSUMER_NOT_ONLINE' }), { times: 'keep' })
    site.emulator.control(
      'UPDATE_CONSUMER_OFFSET',
      async ({ header }) => {
        told.push(header.queueId)
        if (told.length === 1) await new Promise<void>(resolve => answered.push(resolve))
        return 'pass' as const
      },
      { times: 'keep' },
    )
    const done = site.admin.resetOffsets({ consumerGroup: 'billing', topic: 'Orders', timestamp: 'latest' })
    while (answered.length === 0) await site.arrived()
    await site.arrived()
    expect(told).toEqual([0])
    answered[0]?.()
    expect(await done).toHaveLength(3)
    expect(told.toSorted()).toEqual([0, 1, 2])
  })

  it('names every queue of every broker, in order', async () => {
    await using site = await AdminSite.start({ version, brokers: 2, topics: { Orders: 2 } })
    await site.admin.createGroup({ consumerGroup: 'billing' })
    if (version === '5') {
      // Real brokers write a map, in no order.
      const queues = [1, 0].map(queueId => ({ topic: 'Orders', brokerName: 'broker-a', queueId }))
      const body = { offsetTable: queues.map(queue => [queue, 0] as const) }
      const answer = (): { code: 'SUCCESS'; body: typeof body } => ({ code: 'SUCCESS', body })
      site.emulator.control('INVOKE_BROKER_TO_RESET_OFFSET', answer, { broker: 'broker-a' })
    }
    const offsets = await site.admin.resetOffsets({ consumerGroup: 'billing', topic: 'Orders', timestamp: 'latest' })
    expect(offsets.map(({ queue }) => `${queue.topic} ${queue.brokerName} ${queue.queueId}`)).toEqual([
      'Orders broker-a 0',
      'Orders broker-a 1',
      'Orders broker-b 0',
      'Orders broker-b 1',
    ])
  })
})

describe('resetOffsets of a group that is online', () => {
  it('has brokers of 4.9 tell the members, who hold the offsets', async () => {
    await using site = await fiveMessages('4.9')
    await commit(site, 5)
    await commit(site, 0, 1)
    const { told } = await join(site)
    const direct = site.seen('UPDATE_CONSUMER_OFFSET')
    expect(await reset(site, NOW + 20)).toEqual([2, 0])
    expect(await told).toEqual([2, 0])
    expect(direct).toEqual([])
  })

  it('has them told once where it only goes back, though brokers from 5.2 are told queue by queue', async () => {
    for (const [version, requests] of [
      ['4.9', 1],
      ['5', 2],
    ] as const) {
      await using site = await fiveMessages(version)
      await site.frames.send('Orders', { queueId: 1 })
      await commit(site, 5)
      await commit(site, 1, 1)
      await join(site)
      const seen = site.seen('INVOKE_BROKER_TO_RESET_OFFSET')
      expect(await reset(site, 'earliest', { force: false })).toEqual([0, 0])
      expect(seen).toHaveLength(requests)
    }
  })

  it('does not go behind the back of members where a broker of 4.9 refuses', async () => {
    await using site = await fiveMessages('4.9')
    await commit(site, 5)
    await join(site)
    await expect(reset(site, NOW + 20)).rejects.toMatchObject({
      responseCode: 'SYSTEM_ERROR',
      remark: expect.stringContaining('not exist') as string,
    })
    expect(committed(site)).toEqual([5, undefined])
  })
})

describe('resetOffsets', () => {
  it('passes on that brokers from 5.2 do not know the group, and commits nothing', async () => {
    await using site = await fiveMessages('5')
    const direct = site.seen('UPDATE_CONSUMER_OFFSET')
    await expect(reset(site, 'latest', { consumerGroup: 'nobody' })).rejects.toMatchObject({
      responseCode: 'SUBSCRIPTION_GROUP_NOT_EXIST',
    })
    expect(direct).toEqual([])
  })

  it('rejects where a broker of the topic has no master, with nothing reset', async () => {
    await using site = await AdminSite.start({ brokers: [{ name: 'broker-a' }, { name: 'broker-b', slaves: 1 }] })
    await site.emulator.brokers[1]?.stop()
    const seen = site.seen('INVOKE_BROKER_TO_RESET_OFFSET')
    await expect(reset(site, 'latest')).rejects.toMatchObject({ code: 'BROKER_NOT_FOUND', brokerName: 'broker-b' })
    expect(seen).toEqual([])
  })

  it.each<[Partial<ResetOffsets>, string]>([
    [{ consumerGroup: '' }, 'INVALID_GROUP'],
    [{ topic: 'a b' }, 'INVALID_TOPIC'],
    [{ timestamp: -1 }, 'INVALID_ARGUMENT'],
    [{ timestamp: 'soon' as 'latest' }, 'INVALID_ARGUMENT'],
  ])('refuses %p before anything is sent', async (options, code) => {
    await using site = await AdminSite.start()
    const seen = site.seen('GET_ROUTEINFO_BY_TOPIC')
    await expect(reset(site, 'latest', options)).rejects.toMatchObject({ code })
    await site.arrived()
    expect(seen).toEqual([])
  })

  it('rejects for an unknown topic', async () => {
    await using site = await AdminSite.start()
    await expect(reset(site, 'latest', { topic: 'Bills' })).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
  })
})
