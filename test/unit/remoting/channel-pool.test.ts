import { ChannelPool } from '../../../lib/remoting/channel-pool'
import { Link } from '../../../lib/remoting/link'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { FakeSocket } from '../../support/fake-socket'
import { RecordedRequest } from '../../support/pending'
import { silentLog } from '../../support/recording-log'

const ADDRESS = 'broker:1'
const DRAIN_MS = 1000

function setUp() {
  const clock = new ManualClock()
  const links: Link[] = []
  const pool = new ChannelPool(address => {
    const link = new Link({
      address,
      dial: () => Promise.resolve(new FakeSocket()),
      connectTimeoutMs: 3000,
      clock,
      channel: {
        clock,
        log: silentLog(clock),
        identity: { version: 477, language: () => 'OTHER', serializeType: 'JSON' },
        dispatch: () => undefined,
      },
      onOpened: () => undefined,
      onClosed: () => undefined,
    })
    links.push(link)
    return link
  }, DRAIN_MS)
  return { clock, pool, links }
}

/** A use of a link that ends when the test says so. */
function held() {
  const links: Link[] = []
  const ends: (() => void)[] = []
  const use = (link: Link): Promise<void> => {
    links.push(link)
    return new Promise(resolve => ends.push(resolve))
  }
  return { use, links, ends }
}

describe('ChannelPool', () => {
  it('leases the primary link of an address to one at a time, not yet connected', async () => {
    const { clock, pool } = setUp()
    const first = await pool.lease(ADDRESS)
    expect([first.address, first.channel]).toEqual([ADDRESS, undefined])
    const leased: unknown[] = []
    const second = pool.lease(ADDRESS).then(link => (leased.push(link), link))
    await clock.advance(0)
    expect(leased).toEqual([])
    await pool.destroy(first)
    expect(await second).not.toBe(first)
    await pool.destroy(await second)
    await pool.close()
  })

  it('leases no link that was lent before, and lends none that is leased', async () => {
    const { pool } = setUp()
    const lent = await pool.borrow(ADDRESS, async link => link)
    const leased = await pool.lease(ADDRESS)
    expect(leased).not.toBe(lent)
    expect(await pool.borrow(ADDRESS, async link => link)).toBe(lent)
    await pool.destroy(leased)
    await pool.close()
  })

  it('lends a link for one use, and lends it again afterwards', async () => {
    const { pool, links } = setUp()
    const used = [await pool.borrow(ADDRESS, async link => link), await pool.borrow(ADDRESS, async link => link)]
    expect(used).toEqual([links[0], links[0]])
    await pool.close()
  })

  it('takes a link back from a use that fails', async () => {
    const { pool, links } = setUp()
    const fails = (): Promise<never> => Promise.reject(new Error('refused'))
    await expect(pool.borrow(ADDRESS, fails)).rejects.toThrow('refused')
    await pool.borrow(ADDRESS, async () => undefined)
    expect(links).toHaveLength(1)
    await pool.close()
  })

  it('never lends one link to two at a time', async () => {
    const { clock, pool } = setUp()
    const { use, links, ends } = held()
    const uses = [pool.borrow(ADDRESS, use), pool.borrow(ADDRESS, use)]
    await clock.advance(0)
    expect(new Set(links).size).toBe(2)
    for (const end of ends) end()
    await Promise.all(uses)
    await pool.close()
  })

  it('lets further borrowers wait for a link', async () => {
    const { clock, pool } = setUp()
    const { use, links, ends } = held()
    const uses = Array.from({ length: 3 }, () => pool.borrow(ADDRESS, use))
    await clock.advance(0)
    expect(links).toHaveLength(2)
    ends[0]?.()
    await uses[0]
    await clock.advance(0)
    expect(links).toHaveLength(3)
    for (const end of ends) end()
    await Promise.all(uses)
    await pool.close()
  })

  it('keeps idle links of a bounded number of addresses, those that were used last', async () => {
    const { clock, pool, links } = setUp()
    const { use, ends } = held()
    const kept = pool.borrow('held:1', use)
    const lend = (address: string): Promise<Link> => pool.borrow(address, async link => link)
    for (let i = 0; i < 256; i++) {
      await lend(`broker:${i + 1}`)
      await lend('often:1')
    }
    await clock.advance(0)
    const closed = links.filter(link => link.closed).map(({ address }) => address)
    expect(closed).toEqual(['broker:1', 'broker:2'])
    ends[0]?.()
    await kept
    await pool.close()
  })

  it('refuses more than may wait with a typed error', async () => {
    const { clock, pool } = setUp()
    let end = (): void => undefined
    const ended = new Promise<void>(resolve => (end = resolve))
    const uses = Array.from({ length: 2 }, () => pool.borrow(ADDRESS, () => ended))
    await clock.advance(0)
    for (let waiting = 0; waiting < 1000; waiting++) uses.push(pool.borrow(ADDRESS, () => ended))
    await expect(pool.borrow(ADDRESS, () => ended)).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      address: ADDRESS,
      sent: 'NO',
    })
    end()
    await Promise.all(uses)
    await pool.close()
  })

  it('replaces a link that was closed while nobody had it', async () => {
    const { pool, links } = setUp()
    const first = await pool.borrow(ADDRESS, async link => link)
    await first.close(0)
    expect(await pool.borrow(ADDRESS, async link => link)).toBe(links[1])
    await pool.close()
  })

  it.each(['nonsense', '', 'host:99999', ':::'])(
    'refuses the address %s at once, leaves no caller waiting, and closes',
    async address => {
      const { pool } = setUp()
      await expect(pool.lease(address)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      await expect(pool.borrow(address, async () => undefined)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
      await pool.close()
    },
  )

  it('drains and closes a link whose lease ends', async () => {
    const { clock, pool } = setUp()
    const link = await pool.lease(ADDRESS)
    const channel = await link.ready(1000)
    await pool.destroy(link)
    await clock.advance(0)
    expect([link.closed, channel.state]).toEqual([true, 'closed'])
    await pool.close()
  })

  it('closes what lies idle of an address whose lease ends, but not what is lent', async () => {
    const { clock, pool, links } = setUp()
    const { use, ends } = held()
    const first = await pool.lease(ADDRESS)
    const inUse = pool.borrow(ADDRESS, use)
    await clock.advance(0)
    await pool.destroy(first)
    await clock.advance(0)
    expect(links.map(({ closed }) => closed)).toEqual([true, false])
    ends[0]?.()
    await inUse
    await pool.destroy(await pool.lease(ADDRESS))
    await clock.advance(0)
    expect(links.map(({ closed }) => closed)).toEqual([true, true, true])
    await pool.borrow(ADDRESS, async link => expect(link.closed).toBe(false))
    await pool.close()
  })

  describe('when it is closed', () => {
    it('closes all links, those that lie idle too', async () => {
      const { pool, links } = setUp()
      const channel = await pool.borrow(ADDRESS, link => link.ready(1000))
      await pool.borrow('other:1', async () => undefined)
      await pool.close()
      expect(links.map(({ closed }) => closed)).toEqual([true, true])
      expect(channel.state).toBe('closed')
    })

    it('waits for the request of a borrower', async () => {
      const { clock, pool, links } = setUp()
      const entry = new RecordedRequest()
      const { use, ends } = held()
      const borrowed = pool.borrow(ADDRESS, async link => {
        ;(await link.ready(1000)).request(entry, 500)
        await use(link)
      })
      await clock.advance(0)
      const closed = jest.fn()
      const close = pool.close().then(closed)
      await clock.advance(499)
      expect(closed).not.toHaveBeenCalled()
      await clock.advance(17)
      expect(entry.failures).toMatchObject([{ code: 'REQUEST_TIMEOUT' }])
      ends[0]?.()
      await Promise.all([borrowed, close])
      expect(links.map(link => link.closed)).toEqual([true])
    })

    it('fails the request of a borrower that waits for longer than the drain', async () => {
      const { clock, pool } = setUp()
      const entry = new RecordedRequest()
      const borrowed = pool.borrow(ADDRESS, async link => {
        const failed = new Promise<void>(resolve => (entry.onFailed = () => resolve()))
        ;(await link.ready(1000)).request(entry, 600_000)
        await failed
      })
      await clock.advance(0)
      const close = pool.close()
      await clock.advance(DRAIN_MS)
      await Promise.all([borrowed, close])
      expect(entry.failures).toMatchObject([{ code: 'CHANNEL_CLOSED', sent: 'UNKNOWN' }])
    })

    it('gives borrowers that still wait a link that is closed', async () => {
      const { clock, pool } = setUp()
      const { use, ends } = held()
      const uses = [1, 2].map(() => pool.borrow(ADDRESS, use))
      const waiting = pool.borrow(ADDRESS, link => link.ready(1000))
      const failed = expect(waiting).rejects.toMatchObject({ code: 'CHANNEL_CLOSED', sent: 'NO' })
      await clock.advance(0)
      const close = pool.close()
      await clock.advance(0)
      for (const end of ends) end()
      await Promise.all([...uses, failed, close])
    })
  })
})
