import { ClientInstance } from '../../../lib/client/client-instance'
import { type StartOptions, startMember } from '../../../lib/client/start-member'
import { GET_ROUTEINFO_BY_TOPIC } from '../../../lib/commands/route'
import type { CallOptions } from '../../../lib/remoting/remoting-client'
import { ClientSite, producerOf } from '../../support/client-site'

describe('startMember', () => {
  let site: ClientSite
  let client: ClientInstance
  const member = producerOf('p', 'T')
  const rests: CallOptions[] = []

  beforeEach(async () => {
    site = await ClientSite.start()
    client = new ClientInstance(site.options(), '1')
    rests.length = 0
  })
  afterEach(async () => {
    await client.leave(member)
    await site.stop()
    await client.shutdown()
  })

  const start = (options: StartOptions = {}, rest = async (): Promise<void> => undefined): Promise<void> =>
    startMember(client, member, options, call => {
      rests.push(call)
      return rest()
    })

  it('takes the member in and then does the rest', async () => {
    await start({}, async () => {
      expect(client.members).toContain(member)
      expect(site.asked).toEqual(['T'])
    })
    expect(rests).toHaveLength(1)
  })

  it('leaves no timer when it has ended', async () => {
    const timers: { cancel: jest.Mock }[] = []
    const after = site.clock.after.bind(site.clock)
    jest.spyOn(site.clock, 'after').mockImplementation((ms, callback) => {
      const timer = after(ms, callback)
      const spied = { cancel: jest.fn(() => timer.cancel()) }
      if (ms === 10_000) timers.push(spied)
      return spied
    })
    await start()
    expect(timers.map(({ cancel }) => cancel.mock.calls.length)).toEqual([1])
  })

  it('fails at once where no name server can be reached', async () => {
    await site.nameServer.stop()
    await expect(start()).rejects.toMatchObject({ code: 'NO_NAME_SERVER' })
    expect(rests).toEqual([])
  })

  it('fails with what the rest fails with', async () => {
    await expect(start({}, () => Promise.reject(new Error('no offsets')))).rejects.toThrow('no offsets')
  })

  it('waits for a name server where it is told to', async () => {
    await site.nameServer.stop()
    const started = start({ waitForNameServer: true, timeoutMs: 60_000 })
    await site.clock.advance(5_000)
    expect(rests).toEqual([])
    await site.nameServer.start()
    await site.clock.advance(5_000)
    await started
    expect(rests).toHaveLength(1)
  })

  it('waits for nothing but a name server', async () => {
    site.nameServer.hold(GET_ROUTEINFO_BY_TOPIC)
    const failed = expect(start({ waitForNameServer: true })).rejects.toMatchObject({ responseCode: 'NO_PERMISSION' })
    ;(await site.nameServer.next(GET_ROUTEINFO_BY_TOPIC)).refuse('NO_PERMISSION')
    await failed
  })

  it.each([true, false])('ends within its time (waiting for a name server: %p)', async waitForNameServer => {
    if (waitForNameServer) await site.nameServer.stop()
    else site.nameServer.hold(GET_ROUTEINFO_BY_TOPIC)
    const failed = expect(start({ waitForNameServer, timeoutMs: 2_000 })).rejects.toMatchObject({
      code: 'START_TIMEOUT',
      message: 'producer p did not start within 2000 ms',
    })
    await site.clock.advance(2_000)
    await failed
    expect(site.clock.monotonic()).toBeLessThanOrEqual(2_000)
  })

  it('has ten seconds where it is told nothing', async () => {
    const failed = expect(start({}, () => new Promise(() => undefined))).rejects.toMatchObject({
      code: 'START_TIMEOUT',
    })
    await site.clock.advance(10_000)
    await failed
  })

  it('has what is under way stop when its time is up, and does not take the member in again', async () => {
    await site.nameServer.stop()
    const failed = expect(start({ waitForNameServer: true, timeoutMs: 1_000 })).rejects.toBeDefined()
    await site.clock.advance(1_000)
    await failed
    await client.leave(member)
    await site.nameServer.start()
    await site.clock.advance(60_000)
    expect([client.members.size, site.asked, rests]).toEqual([0, [], []])
  })

  it('aborts the rest when its time is up', async () => {
    const failed = expect(start({ timeoutMs: 1_000 }, () => new Promise(() => undefined))).rejects.toBeDefined()
    await site.clock.advance(1_000)
    await failed
    expect(rests[0]?.signal?.aborted).toBe(true)
  })

  it('stops with the reason of an abort', async () => {
    const abort = new AbortController()
    site.nameServer.hold(GET_ROUTEINFO_BY_TOPIC)
    const stopped = expect(start({ signal: abort.signal })).rejects.toThrow('enough')
    await site.nameServer.next(GET_ROUTEINFO_BY_TOPIC)
    abort.abort(new Error('enough'))
    await stopped
    await expect(start({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before')
  })

  it('refuses a time that is none', async () => {
    await expect(start({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})
