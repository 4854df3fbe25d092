import { type ClientLease, acquireClient } from '../../../lib/client/client-registry'
import type { Member } from '../../../lib/client/member'
import type { ResolvedClientOptions } from '../../../lib/client/client-options'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { ClientSite } from '../../support/client-site'

describe('acquireClient', () => {
  let site: ClientSite
  const leases: ClientLease[] = []

  beforeEach(async () => {
    site = await ClientSite.start()
  })
  afterEach(async () => {
    await Promise.all(leases.splice(0).map(lease => lease.release()))
    await site.stop()
  })

  const acquire = (
    kind: Member['kind'],
    group: string,
    options: ResolvedClientOptions = site.options(),
  ): ClientLease => {
    const lease = acquireClient(options, { kind, group })
    leases.push(lease)
    return lease
  }

  it('shares a client among members of the same configuration', () => {
    const [first, second] = [acquire('producer', 'a'), acquire('producer', 'b')]
    expect(second.client).toBe(first.client)
  })

  it('lets a producer and a consumer of one name share a client', () => {
    expect(acquire('producer', 'g').client).toBe(acquire('consumer', 'g').client)
  })

  it('gives a second member of a group a client of its own, with an id of its own', () => {
    const [first, second] = [acquire('consumer', 'g'), acquire('consumer', 'g')]
    expect(second.client).not.toBe(first.client)
    expect(second.client.clientId).not.toBe(first.client.clientId)
    expect(acquire('consumer', 'other').client).toBe(first.client)
  })

  it('gives the second of what a client may be one of only a client of its own', async () => {
    const acquireLite = (group: string, options = site.options()): ClientLease => {
      const lease = acquireClient(options, { kind: 'consumer', group, only: 'lite topics' })
      leases.push(lease)
      return lease
    }
    const [other, first, second] = [acquire('consumer', 'g'), acquireLite('a'), acquireLite('b')]
    expect(first.client).toBe(other.client)
    expect(second.client).not.toBe(first.client)
    await first.release()
    expect(acquireLite('c').client).toBe(first.client)
    acquireLite('a', site.options({ instanceName: 'mine' }))
    expect(() => acquireLite('b', site.options({ instanceName: 'mine' }))).toThrow(
      'instance mine has a consumer of lite topics already; give another instanceName',
    )
  })

  it.each([
    ['another name server', () => site.options({}, 'other:9876')],
    ['another clock', () => site.options({ clock: new ManualClock() })],
    ['another serialization', () => site.options({ serialization: 'ROCKETMQ' })],
    ['another timeout', () => ({ ...site.options(), requestTimeoutMs: 1 })],
    ['an instance name', () => site.options({ instanceName: 'mine' })],
  ])('shares no client with a member that has %s', (_what, options) => {
    expect(acquire('producer', 'a').client).not.toBe(acquire('producer', 'b', options()).client)
  })

  it('has the instance name that it is told in the id', () => {
    expect(acquire('producer', 'a', site.options({ instanceName: 'mine' })).client.clientId).toMatch(/@mine$/)
  })

  it('refuses a second member of a group in an instance that was named, and says what to do', () => {
    acquire('consumer', 'g', site.options({ instanceName: 'mine' }))
    expect(() => acquire('consumer', 'g', site.options({ instanceName: 'mine' }))).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        group: 'g',
        message: 'instance mine has a consumer of group g already; give another instanceName',
      }),
    )
  })

  it('warns of two clients with one id that brokers would take for one', () => {
    const named = (namesrvAddr?: string) => site.options({ instanceName: 'mine' }, namesrvAddr)
    const warnings = () => site.logger.lines.filter(line => line.includes('another client of this process'))
    acquire('producer', 'a', named())
    acquire('producer', 'b', named('other:9876'))
    expect(warnings()).toEqual([])
    const { client } = acquire('producer', 'c', { ...named(), requestTimeoutMs: 1 })
    expect(warnings()).toEqual([expect.stringContaining(`clientId=${client.clientId}`)])
  })

  it('keeps the client until its last user has ended, and shuts it down then, once', async () => {
    const [first, second] = [acquire('producer', 'a'), acquire('producer', 'b')]
    const shutdown = jest.spyOn(first.client, 'shutdown')
    await first.release()
    await first.release()
    expect(shutdown).not.toHaveBeenCalled()
    await second.release()
    expect(shutdown).toHaveBeenCalledTimes(1)
    expect(acquire('producer', 'a').client).not.toBe(first.client)
  })

  it('gives the place of a member that has ended to the next of its group', async () => {
    const [first] = [acquire('producer', 'a'), acquire('producer', 'b')]
    await first.release()
    expect(acquire('producer', 'a').client).toBe(first.client)
  })

  it('keeps nothing of a client that cannot be made', () => {
    const wrong = { ...site.options(), namesrvAddr: 'nonsense' }
    expect(() => acquireClient(wrong, { kind: 'producer', group: 'a' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
    expect(() => acquireClient(wrong, { kind: 'producer', group: 'a' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})
