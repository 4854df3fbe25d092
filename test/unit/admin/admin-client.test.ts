import { AdminClient } from '../../../lib/admin/admin-client'
import { MASTER_ID } from '../../../lib/model/topic-route'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { AdminSite } from '../../support/admin-site'
import { EmulatorSite } from '../../support/emulator-site'

/** Has the next question for stats get lost; resolves when it has come. */
function loseStats({ emulator }: EmulatorSite): Promise<void> {
  return new Promise(resolve => {
    emulator.control('GET_TOPIC_STATS_INFO', () => {
      resolve()
      return 'drop'
    })
  })
}

/** A request expires this much late at most. */
const TICK_MS = 16
/** An address where nobody listens. */
const NOBODY = '127.0.0.1:1'

describe('an admin client', () => {
  it('starts once a name server answers', async () => {
    await using site = await AdminSite.start()
    const { brokerAddrTable, clusterAddrTable } = await site.admin.clusters()
    expect(brokerAddrTable.get('broker-a')?.brokerAddrs.get(MASTER_ID)).toBe(site.frames.address)
    expect([...clusterAddrTable]).toEqual([['DefaultCluster', ['broker-a']]])
  })

  it('does not start without a name server', async () => {
    const admin = new AdminClient({ namesrvAddr: NOBODY })
    await expect(admin.start()).rejects.toMatchObject({ code: 'NO_NAME_SERVER' })
    await admin.shutdown()
  })

  it('waits for a name server where it is told to', async () => {
    const clock = new ManualClock()
    await using frames = await EmulatorSite.start({ clock })
    const [nameServer] = frames.emulator.nameServers
    await nameServer?.stop()
    const admin = new AdminClient({ namesrvAddr: nameServer?.address ?? '', advanced: { clock } })
    const started = admin.start({ waitForNameServer: true })
    await clock.advance(1000)
    await nameServer?.start()
    await clock.advance(5000)
    await started
    await admin.shutdown()
  })

  it('takes calls only between start and shutdown', async () => {
    await using frames = await EmulatorSite.start()
    const admin = new AdminClient({ namesrvAddr: frames.emulator.namesrvAddr })
    await expect(admin.topics()).rejects.toMatchObject({ code: 'INVALID_STATE' })
    await admin.start()
    await expect(admin.topics()).resolves.toContain('Orders')
    await admin.shutdown()
    await expect(admin.topics()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  it('tells of its state and the calls under way', async () => {
    await using site = await AdminSite.start()
    expect(site.admin.stats()).toEqual({ state: 'running', callsRunning: 0 })
    const topics = site.admin.topics()
    expect(site.admin.stats().callsRunning).toBe(1)
    await topics
    expect(site.admin.stats().callsRunning).toBe(0)
  })

  it('is shut down at the end of its block', async () => {
    await using frames = await EmulatorSite.start()
    let kept: AdminClient | undefined
    {
      await using admin = new AdminClient({ namesrvAddr: frames.emulator.namesrvAddr })
      await admin.start()
      kept = admin
    }
    await expect(kept.topics()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  it('lives beside others of the same options, also of one instance name', async () => {
    await using site = await AdminSite.start({}, { advanced: { instanceName: 'shared' } })
    const { namesrvAddr } = site.emulator
    await using other = new AdminClient({ namesrvAddr, advanced: { instanceName: 'shared' } })
    await other.start()
    expect(await other.topics()).toEqual(await site.admin.topics())
  })

  it('tells of failures that no call waits for', async () => {
    const clock = new ManualClock()
    await using site = await AdminSite.start({ clock }, { pollNameServerIntervalMs: 1000 })
    const errors: string[] = []
    site.admin.on('backgroundError', () => {
      throw new Error('a listener may throw')
    })
    site.admin.on('backgroundError', error => errors.push(error.code))
    await site.emulator.nameServers[0]?.stop()
    await clock.advance(10_000)
    expect(errors).toContain('NO_NAME_SERVER')
  })
})

describe('a call', () => {
  it('ends in time', async () => {
    const clock = new ManualClock()
    await using site = await AdminSite.start({ clock })
    const lost = loseStats(site.frames)
    const stats = site.admin.topicStats('Orders', { timeoutMs: 700 }).catch((error: unknown) => error)
    await lost
    await clock.advance(700 + TICK_MS)
    expect(await stats).toMatchObject({ code: 'REQUEST_TIMEOUT', brokerName: 'broker-a', address: site.frames.address })
  })

  it('takes ten seconds at most where nothing is said', async () => {
    const clock = new ManualClock()
    await using site = await AdminSite.start({ clock })
    const lost = loseStats(site.frames)
    let error: unknown
    const stats = site.admin.topicStats('Orders').catch((reason: unknown) => (error = reason))
    await lost
    await clock.advance(9999)
    expect(error).toBeUndefined()
    await clock.advance(1 + TICK_MS)
    await stats
    expect(error).toMatchObject({ code: 'REQUEST_TIMEOUT' })
  })

  it.each<[call: string, args: unknown[], says: string]>([
    ['createTopic', [null], 'must be an object'],
    ['createTopic', [{ topic: 'T', queues: 3 }], 'there is no queues'],
    ['createTopic', [{ topic: 'T', brokerName: 'x' }], 'there is no brokerName'],
    ['createTopic', [{ topic: 'T', order: 'yes' }], 'order'],
    ['createGroup', [undefined], 'must be an object'],
    ['createGroup', [{ consumerGroup: 'g', retries: 3 }], 'there is no retries'],
    ['resetOffsets', [undefined], 'must be an object'],
    ['resetOffsets', [{ consumerGroup: 'g', topic: 'T', timestamp: 0, force: 1 }], 'force'],
    ['topics', [null], 'must be an object'],
    ['topics', [{ signal: 5 }], 'signal'],
    ['deleteGroup', ['g', { cleanOffsets: 'no' }], 'cleanOffsets'],
    ['consumeStats', ['g', { topik: 'T' }], 'there is no topik'],
    ['queryByKey', ['Orders', 'k', { max: 5 }], 'there is no max'],
  ])('%s refuses %j', async (name, args, says) => {
    await using site = await AdminSite.start()
    const call = site.admin[name as 'topics'] as (...args: unknown[]) => Promise<unknown>
    const error = { code: 'INVALID_ARGUMENT', message: expect.stringContaining(says) as string }
    await expect(call.apply(site.admin, args)).rejects.toMatchObject(error)
  })

  it('ends when it is aborted', async () => {
    await using site = await AdminSite.start()
    const abort = new AbortController()
    const reason = new Error('no longer wanted')
    site.emulator.control('GET_TOPIC_STATS_INFO', () => {
      abort.abort(reason)
      return 'drop'
    })
    const stats = site.admin.topicStats('Orders', { signal: abort.signal })
    await expect(stats).rejects.toMatchObject({ code: 'ABORTED', cause: reason })
  })

  it('does not hang on an address in a route that is none, and neither does the shutdown', async () => {
    await using site = await AdminSite.start()
    const { queueDatas } = await site.admin.topicRoute('Orders')
    const brokerDatas = [{ cluster: 'c', brokerName: 'broker-a', brokerAddrs: new Map([[MASTER_ID, 'nowhere']]) }]
    site.emulator.control('GET_ROUTEINFO_BY_TOPIC', () => ({ code: 'SUCCESS', body: { queueDatas, brokerDatas } }))
    await expect(site.admin.topicStats('Orders')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('nowhere') as string,
    })
  })

  it('goes to brokers beside the connection that carries messages', async () => {
    await using site = await AdminSite.start()
    const channels = new Set<unknown>()
    const see = (_: unknown, { channel }: { channel: unknown }): void => void channels.add(channel)
    site.emulator.control('GET_TOPIC_STATS_INFO', see, { times: 'keep' })
    site.emulator.control('HEART_BEAT', see, { times: 'keep' })
    await site.admin.topicStats('Orders')
    // Asks for the version of the broker, on the connection that a producer would use.
    await site.admin.createTopic({ topic: 'Bills', messageType: 'FIFO' })
    expect(channels.size).toBe(2)
  })
})

describe('the shutdown of an admin client', () => {
  it('waits for the calls under way', async () => {
    await using site = await AdminSite.start()
    let answer = (): void => undefined
    const held = new Promise<'pass'>(resolve => (answer = () => resolve('pass')))
    const received = site.emulator.received('GET_ALL_TOPIC_LIST_FROM_NAMESERVER')
    const asked = new Promise<void>(resolve => {
      site.emulator.control('GET_ALL_TOPIC_LIST_FROM_NAMESERVER', () => {
        resolve()
        return held
      })
    })
    const topics = site.admin.topics()
    await asked
    const shutdown = site.admin.shutdown()
    answer()
    await received
    expect(await topics).toContain('Orders')
    await shutdown
  })

  it('is refused for a wrong limit, and the client goes on', async () => {
    await using site = await AdminSite.start()
    await expect(site.admin.shutdown({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(site.admin.topics()).resolves.toContain('Orders')
    await site.admin.shutdown({ timeoutMs: 1000 })
    await expect(site.admin.topics()).rejects.toMatchObject({ code: 'INVALID_STATE' })
  })

  it('aborts what is not done in its time, and says so', async () => {
    const clock = new ManualClock()
    await using frames = await EmulatorSite.start({ clock })
    const admin = new AdminClient({ namesrvAddr: frames.emulator.namesrvAddr, advanced: { clock } })
    await admin.start()
    const lost = loseStats(frames)
    const stats = admin.topicStats('Orders', { timeoutMs: 60_000 }).catch((error: unknown) => error)
    await lost
    const shutdown = admin.shutdown({ timeoutMs: 500 }).catch((error: unknown) => error)
    await clock.advance(500)
    expect(await shutdown).toMatchObject({
      code: 'SHUTDOWN_INCOMPLETE',
      message: expect.stringMatching(/1 call/) as string,
    })
    expect(await stats).toMatchObject({ code: 'ABORTED' })
  })
})
