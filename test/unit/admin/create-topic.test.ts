import type { TopicSettings } from '../../../lib/admin/create-topic'
import { GET_KV_CONFIG } from '../../../lib/commands/route'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { AdminSite } from '../../support/admin-site'

const TWO_BROKERS = { brokers: 2 }

async function orderOf({ frames }: AdminSite, topic: string): Promise<string | undefined> {
  const header = { namespace: 'ORDER_TOPIC_CONFIG', key: topic }
  const reply = await frames.ask(GET_KV_CONFIG, { header })
  return reply.code === 'SUCCESS' ? reply.header.value : undefined
}

describe('createTopic', () => {
  it('creates the topic on every master, with the defaults of Java', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    const seen = site.seen('UPDATE_AND_CREATE_TOPIC')
    await site.admin.createTopic({ topic: 'Bills' })
    const header = {
      topic: 'Bills',
      readQueueNums: 8,
      writeQueueNums: 8,
      perm: 6,
      topicFilterType: 'SINGLE_TAG',
      topicSysFlag: 0,
      order: false,
      defaultTopic: 'TBW102',
    }
    expect(seen.map(({ broker }) => broker).sort()).toEqual(['broker-a', 'broker-b'])
    for (const { request } of seen) expect(request.header).toEqual(header)
    const { queueDatas } = await site.admin.topicRoute('Bills')
    expect(queueDatas.map(({ brokerName }) => brokerName).sort()).toEqual(['broker-a', 'broker-b'])
  })

  it('changes a topic that exists', async () => {
    await using site = await AdminSite.start()
    await site.admin.createTopic({ topic: 'Orders', readQueueNums: 6, writeQueueNums: 2, perm: 'R' })
    expect((await site.admin.topicRoute('Orders')).queueDatas).toMatchObject([
      { readQueueNums: 6, writeQueueNums: 2, perm: 4 },
    ])
  })

  it('goes to one broker where its address is given', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    const seen = site.seen('UPDATE_AND_CREATE_TOPIC')
    await site.admin.createTopic({ topic: 'Bills', brokerAddress: site.frames.addressOf(1) })
    expect(seen.map(({ broker }) => broker)).toEqual(['broker-b'])
  })

  it('resolves only when the name servers tell of it', async () => {
    await using site = await AdminSite.start()
    let asked = 0
    const notYet = (): { code: 'TOPIC_NOT_EXIST' } => {
      asked++
      return { code: 'TOPIC_NOT_EXIST' }
    }
    site.emulator.control('GET_ROUTEINFO_BY_TOPIC', notYet, { times: 2 })
    await site.admin.createTopic({ topic: 'Bills' })
    expect(asked).toBe(2)
  })

  it.each<Partial<TopicSettings>>([{ readQueueNums: 5 }, { writeQueueNums: 5 }, { perm: 'W' }])(
    'waits for the route that was changed by %p, not for any',
    async change => {
      await using site = await AdminSite.start()
      const before = await site.admin.topicRoute('Orders')
      let asked = 0
      const outdatedOnce = () => (asked++ === 0 ? ({ code: 'SUCCESS', body: before } as const) : 'pass')
      site.emulator.control('GET_ROUTEINFO_BY_TOPIC', outdatedOnce, { times: 'keep' })
      await site.admin.createTopic({ topic: 'Orders', readQueueNums: 4, writeQueueNums: 4, ...change })
      expect(asked).toBe(2)
    },
  )

  it('rejects with TOPIC_NOT_FOUND when no name server tells of it in time', async () => {
    const clock = new ManualClock()
    await using site = await AdminSite.start({ clock })
    site.emulator.control('GET_ROUTEINFO_BY_TOPIC', () => ({ code: 'TOPIC_NOT_EXIST' }), { times: 'keep' })
    const created = site.admin.createTopic({ topic: 'Bills', timeoutMs: 5000 }).catch((error: unknown) => error)
    await clock.advance(5000)
    expect(await created).toMatchObject({
      code: 'TOPIC_NOT_FOUND',
      message: expect.stringMatching(/created on broker-a, .*within 5000 ms/) as string,
    })
  })

  it('does not mind a name server that is down', async () => {
    await using site = await AdminSite.start({ nameServers: 2 })
    await site.emulator.nameServers[1]?.stop()
    await site.admin.createTopic({ topic: 'Bills' })
    expect(await site.admin.topics()).toContain('Bills')
  })

  it('names the broker that refused, and the one that has the topic now', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    const refuse = (): { code: 'NO_PERMISSION'; remark: string } => ({ code: 'NO_PERMISSION', remark: 'not you' })
    site.emulator.control('UPDATE_AND_CREATE_TOPIC', refuse, { broker: 'broker-b' })
    await expect(site.admin.createTopic({ topic: 'Bills' })).rejects.toMatchObject({
      responseCode: 'NO_PERMISSION',
      brokerName: 'broker-b',
      message: expect.stringMatching(/creating topic Bills failed on broker-b: .*not you; done on broker-a/) as string,
    })
  })

  it.each<[Partial<TopicSettings>, string]>([
    [{ topic: 'a b' }, 'INVALID_TOPIC'],
    [{ readQueueNums: 0 }, 'INVALID_ARGUMENT'],
    [{ writeQueueNums: 1.5 }, 'INVALID_ARGUMENT'],
    [{ perm: 8 }, 'INVALID_ARGUMENT'],
    [{ perm: 'X' as 'R' }, 'INVALID_ARGUMENT'],
    [{ messageType: 'BIG' as 'FIFO' }, 'INVALID_ARGUMENT'],
    [{ brokerAddress: 'broker-a' }, 'INVALID_ARGUMENT'],
    [{ timeoutMs: 0 }, 'INVALID_ARGUMENT'],
  ])('refuses %p before anything is sent', async (settings, code) => {
    await using site = await AdminSite.start()
    const seen = site.seen('GET_BROKER_CLUSTER_INFO')
    await expect(site.admin.createTopic({ topic: 'Bills', ...settings })).rejects.toMatchObject({ code })
    await site.arrived()
    expect(seen).toEqual([])
  })
})

describe('the message type of a topic', () => {
  it('is an attribute for brokers from 5.0', async () => {
    await using site = await AdminSite.start()
    const seen = site.seen('UPDATE_AND_CREATE_TOPIC')
    await site.admin.createTopic({ topic: 'Bills', messageType: 'FIFO' })
    expect(seen[0]?.request.header.attributes).toBe('+message.type=FIFO')
  })

  it('is refused for older brokers, with nothing created', async () => {
    await using site = await AdminSite.start({ version: '4.9' })
    const seen = site.seen('UPDATE_AND_CREATE_TOPIC')
    await expect(site.admin.createTopic({ topic: 'Bills', messageType: 'FIFO' })).rejects.toMatchObject({
      code: 'UNSUPPORTED_BY_BROKER',
    })
    expect(seen).toEqual([])
  })
})

describe('the order of a topic', () => {
  it('is told to every name server', async () => {
    await using site = await AdminSite.start({ ...TWO_BROKERS, nameServers: 2 })
    const told = site.seen('PUT_KV_CONFIG')
    await site.admin.createTopic({ topic: 'Bills', writeQueueNums: 4, order: true })
    expect(told.map(({ request }) => request.header)).toEqual(
      Array.from({ length: 2 }, () => ({
        namespace: 'ORDER_TOPIC_CONFIG',
        key: 'Bills',
        value: 'broker-a:4;broker-b:4',
      })),
    )
  })

  it('keeps the place of other brokers when one is added', async () => {
    await using site = await AdminSite.start(TWO_BROKERS)
    const add = (index: number, writeQueueNums: number): Promise<void> =>
      site.admin.createTopic({
        topic: 'Bills',
        writeQueueNums,
        order: true,
        brokerAddress: site.frames.addressOf(index),
      })
    await add(1, 4)
    await add(0, 2)
    await add(1, 3)
    expect(await orderOf(site, 'Bills')).toBe('broker-b:3;broker-a:2')
  })

  it('stays unless it is taken back', async () => {
    await using site = await AdminSite.start()
    await site.admin.createTopic({ topic: 'Bills', order: true })
    await site.admin.createTopic({ topic: 'Bills' })
    expect(await orderOf(site, 'Bills')).toBe('broker-a:8')
    await site.admin.createTopic({ topic: 'Bills', order: false })
    expect(await orderOf(site, 'Bills')).toBeUndefined()
  })

  it('goes with the topic', async () => {
    await using site = await AdminSite.start()
    await site.admin.createTopic({ topic: 'Bills', order: true })
    await site.admin.deleteTopic('Bills')
    expect(await orderOf(site, 'Bills')).toBeUndefined()
  })
})
