import type { Duplex } from 'node:stream'
import type { HostPort } from '../../../lib/remoting/address'
import { Link, type LinkOptions } from '../../../lib/remoting/link'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { FakeSocket } from '../../support/fake-socket'
import { RecordedRequest } from '../../support/pending'
import { silentLog } from '../../support/recording-log'

interface Dial {
  readonly target: HostPort
  readonly at: number
  readonly signal: AbortSignal
  readonly connect: () => FakeSocket
  readonly fail: (error: Error) => void
}

/** A link whose dialer is played by the test. */
function setUp(options: Partial<LinkOptions> = {}) {
  const clock = new ManualClock()
  const dials: Dial[] = []
  const opened: boolean[] = []
  const closed: unknown[] = []
  const dial = (target: HostPort, signal: AbortSignal): Promise<Duplex> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
      const connect = (): FakeSocket => {
        const socket = new FakeSocket()
        resolve(socket)
        return socket
      }
      dials.push({ target, at: clock.monotonic(), signal, connect, fail: reject })
      if (signal.aborted) reject(signal.reason as Error)
    })
  const link = new Link({
    address: 'broker:10911',
    dial,
    connectTimeoutMs: 3000,
    clock,
    channel: {
      clock,
      log: silentLog(clock),
      identity: { version: 477, language: () => 'OTHER', serializeType: 'JSON' },
      dispatch: () => undefined,
    },
    onOpened: (_channel, reconnected) => opened.push(reconnected),
    onClosed: (_channel, error) => closed.push(error),
    ...options,
  })
  const open = async () => {
    const ready = link.ready(3000)
    await clock.advance(0)
    const socket = dials.at(-1)?.connect() as FakeSocket
    return { channel: await ready, socket }
  }
  return { clock, link, dials, opened, closed, open }
}

describe('Link', () => {
  it('refuses an address that is none', () => {
    expect(() => setUp({ address: 'nonsense' })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  it('connects when it is first asked, once for all who ask meanwhile', async () => {
    const { link, dials, opened } = setUp()
    expect([dials, link.channel]).toEqual([[], undefined])
    const ready = [link.ready(1000), link.ready(2000)]
    expect(dials.map(({ target }) => target)).toEqual([{ host: 'broker', port: 10_911 }])
    dials[0]?.connect()
    const [first, second] = await Promise.all(ready)
    expect(first).toBe(second)
    expect(link.channel).toBe(first)
    expect(opened).toEqual([false])
  })

  it('gives the open channel without connecting again', async () => {
    const { link, dials, open } = setUp()
    const { channel } = await open()
    await expect(link.ready(1)).resolves.toBe(channel)
    expect(dials).toHaveLength(1)
  })

  it('connects anew after its channel has closed, resolving the name anew, and says so', async () => {
    const { link, dials, opened, closed, open } = setUp()
    const { socket } = await open()
    socket.destroy(new Error('reset'))
    await new Promise(resolve => socket.once('close', resolve))
    expect(link.channel).toBeUndefined()
    expect(closed).toMatchObject([{ code: 'CHANNEL_CLOSED' }])
    await open()
    expect(opened).toEqual([false, true])
    expect(dials).toHaveLength(2)
  })

  it('fails all who wait with a typed error that names the address and the cause', async () => {
    const { link, dials } = setUp()
    const cause = new Error('connect ECONNREFUSED 10.0.0.1:10911')
    const failed = [link.ready(1000), link.ready(1000)].map(ready => ready.catch((error: unknown) => error))
    dials[0]?.fail(cause)
    expect(await Promise.all(failed)).toMatchObject(
      Array(2).fill({
        code: 'CONNECT_FAILED',
        sent: 'NO',
        address: 'broker:10911',
        message: 'cannot connect to broker:10911: connect ECONNREFUSED 10.0.0.1:10911',
        cause,
      }),
    )
  })

  it('tells the reasons of all addresses of a name, of which Node makes an error without words', async () => {
    const { link, dials } = setUp()
    const ready = link.ready(1000)
    dials[0]?.fail(new AggregateError([new Error('refused by ::1'), new Error('refused by 127.0.0.1')]))
    await expect(ready).rejects.toThrow('cannot connect to broker:10911: refused by ::1; refused by 127.0.0.1')
  })

  it('gives one attempt up after the time to connect', async () => {
    const { clock, link, dials } = setUp()
    const failed = expect(link.ready(60_000)).rejects.toThrow(
      'cannot connect to broker:10911: no connection within 3000 ms',
    )
    await clock.advance(3000)
    await failed
    expect(dials[0]?.signal.aborted).toBe(true)
  })

  it('gives up a dialer that heeds no signal, goes on with the next attempt, and destroys what comes too late', async () => {
    const late = new FakeSocket()
    const gives: ((socket: Duplex) => void)[] = []
    const { clock, link } = setUp({ dial: () => new Promise(resolve => gives.push(resolve)) })
    const first = expect(link.ready(5000)).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    await clock.advance(3000)
    await first
    const second = link.ready(3000)
    await clock.advance(1000)
    gives[0]?.(late)
    gives[1]?.(new FakeSocket())
    const channel = await second
    expect(late.destroyed).toBe(true)
    expect(link.channel).toBe(channel)
  })

  it.each([
    ['nothing', undefined, 'gave no stream'],
    ['text', 'socket', 'gave no stream'],
    ['what cannot be closed', { on: () => undefined, write: () => true }, 'gave no stream'],
    ['a stream that is closed', new FakeSocket().destroy(), 'closed already'],
    ['a stream that was ended', new FakeSocket().end(), 'closed already'],
  ])('fails with the reason where the dialer gives %s', async (_what, given, words) => {
    const { link } = setUp({ dial: async () => given as Duplex })
    await expect(link.ready(3000)).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      sent: 'NO',
      message: expect.stringContaining(words),
    })
  })

  it('lets each caller wait as long as it may, while the attempt goes on for the others', async () => {
    const { clock, link, dials } = setUp()
    const abort = new AbortController()
    const hasty = expect(link.ready(100)).rejects.toThrow('no connection within 100 ms')
    const aborted = expect(link.ready(2000, abort.signal)).rejects.toThrow('enough')
    const patient = link.ready(2000)
    await clock.advance(100)
    abort.abort(new Error('enough'))
    await Promise.all([hasty, aborted])
    dials[0]?.connect()
    expect(await patient).toBe(link.channel)
  })

  it('keeps a connection that was made after everybody had gone', async () => {
    const { clock, link, dials } = setUp()
    const failed = expect(link.ready(100)).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    await clock.advance(100)
    await failed
    dials[0]?.connect()
    await clock.advance(0)
    expect(link.channel).toBeDefined()
  })

  it('waits longer and longer, with some chance in it, between attempts that fail', async () => {
    const { clock, link, dials } = setUp()
    for (let attempt = 0; attempt < 8; attempt++) {
      const failed = link.ready(60_000).catch(() => undefined)
      await clock.advance(3000)
      dials.at(-1)?.fail(new Error('refused'))
      await failed
    }
    expect(dials).toHaveLength(8)
    const failed = link.ready(60_000).catch(() => undefined)
    const since = clock.monotonic()
    await clock.advance(3000)
    dials.at(-1)?.fail(new Error('refused'))
    await failed
    expect((dials.at(-1)?.at ?? 0) - since).toBeGreaterThanOrEqual(1000)
    expect((dials.at(-1)?.at ?? 0) - since).toBeLessThanOrEqual(2000)
  })

  it('does not wait before the first attempt after a connection that had been made', async () => {
    const { clock, link, dials, open } = setUp()
    const failed = link.ready(1000).catch(() => undefined)
    dials[0]?.fail(new Error('refused'))
    await failed
    await clock.advance(100)
    const { channel } = await open()
    channel.close()
    void link.ready(1000).catch(() => undefined)
    expect(dials).toHaveLength(3)
  })

  it('counts failures anew after a connection that had been made', async () => {
    const { clock, link, dials, open } = setUp()
    for (let failed = 0; failed < 5; failed++) {
      const ready = link.ready(3000).catch(() => undefined)
      await clock.advance(2000)
      dials.at(-1)?.fail(new Error('refused'))
      await ready
    }
    await clock.advance(2000)
    const { channel } = await open()
    channel.close()
    const refused = link.ready(3000).catch(() => undefined)
    dials.at(-1)?.fail(new Error('refused'))
    await refused
    const attempts = dials.length
    void link.ready(3000).catch(() => undefined)
    await clock.advance(100)
    expect(dials).toHaveLength(attempts + 1)
  })

  it('calls nothing of an attempt off once it has succeeded, neither by its time nor by being closed', async () => {
    const { clock, link, dials, open } = setUp()
    await open()
    await clock.advance(3000)
    await link.close(0)
    expect(dials.map(({ signal }) => signal.aborted)).toEqual([false])
  })

  it('replaces a channel on which nothing has moved for so long that the broker may be closing it', async () => {
    const { clock, link, dials, open } = setUp()
    const { channel } = await open()
    await clock.advance(100_000)
    await expect(link.ready(1)).resolves.toBe(channel)
    await clock.advance(1)
    const replaced = link.ready(1000)
    expect(channel.state).toBe('closed')
    dials.at(-1)?.connect()
    await expect(replaced).resolves.not.toBe(channel)
  })

  it('retires a channel: what waits on it goes on, who comes next gets another one', async () => {
    const { clock, link, open } = setUp()
    const { channel, socket } = await open()
    const entry = new RecordedRequest()
    channel.request(entry, 3000)
    link.retire(channel)
    expect(link.channel).toBeUndefined()
    const { channel: next } = await open()
    expect(next).not.toBe(channel)
    socket.receiveReply(entry.opaque)
    await clock.advance(0)
    expect([entry.replies.length, channel.state, link.channel]).toEqual([1, 'closed', next])
  })

  it('replaces channels of servers that go away, but not more than ten in a second', async () => {
    const { clock, link, dials, open } = setUp()
    const replaceOnce = async (): Promise<boolean> => link.replace((await open()).channel)
    for (let replaced = 0; replaced < 10; replaced++) expect(await replaceOnce()).toBe(true)
    const { channel } = await open()
    expect([link.replace(channel), link.replace(channel), link.channel]).toEqual([false, false, channel])
    expect(dials).toHaveLength(11)
    await clock.advance(1000)
    expect([link.replace(channel), link.channel]).toEqual([true, undefined])
    // One that was replaced before is nothing to count.
    for (let again = 0; again < 20; again++) expect(link.replace(channel)).toBe(true)
    expect(await replaceOnce()).toBe(true)
  })

  it('keeps nothing of a channel that has closed', async () => {
    const { link, open } = setUp()
    const { channel } = await open()
    link.retire(channel)
    const drain = jest.spyOn(channel, 'drain')
    await link.close(0)
    expect(drain).not.toHaveBeenCalled()
  })

  describe('when it is closed', () => {
    it('waits for what is pending, on retired channels too', async () => {
      const { clock, link, open } = setUp()
      const { channel: retired, socket: retiredSocket } = await open()
      const [first, second] = [new RecordedRequest(), new RecordedRequest()]
      retired.request(first, 3000)
      link.retire(retired)
      const { channel, socket } = await open()
      channel.request(second, 3000)
      const closed = jest.fn()
      const close = link.close(3000).then(closed)
      socket.receiveReply(second.opaque)
      await clock.advance(0)
      expect(closed).not.toHaveBeenCalled()
      retiredSocket.receiveReply(first.opaque)
      await close
      expect([first, second].map(({ replies }) => replies.length)).toEqual([1, 1])
      expect(link.closed).toBe(true)
    })

    it('fails what is still pending after its time', async () => {
      const { clock, link, open } = setUp()
      const { channel, socket } = await open()
      const entry = new RecordedRequest()
      channel.request(entry, 60_000)
      const close = link.close(1000)
      await clock.advance(1000)
      await close
      expect(entry.failures).toMatchObject([{ code: 'CHANNEL_CLOSED', sent: 'UNKNOWN' }])
      expect(socket.destroyed).toBe(true)
    })

    it('fails those who wait for a connection, and those who come later', async () => {
      const { link, dials } = setUp()
      const waiting = expect(link.ready(3000)).rejects.toMatchObject({ code: 'CHANNEL_CLOSED', sent: 'NO' })
      await link.close(1000)
      await waiting
      expect(dials[0]?.signal.aborted).toBe(true)
      await expect(link.ready(3000)).rejects.toMatchObject({ code: 'CHANNEL_CLOSED', sent: 'NO' })
      expect(link.channel).toBeUndefined()
    })

    it('fails those who wait out the time between two attempts', async () => {
      const { clock, link, dials } = setUp()
      const failed = link.ready(1000).catch(() => undefined)
      dials[0]?.fail(new Error('refused'))
      await failed
      const waiting = expect(link.ready(3000)).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
      await clock.advance(0)
      await link.close(1000)
      await waiting
      expect(dials).toHaveLength(1)
    })

    it('destroys a connection that is made too late', async () => {
      const sockets: FakeSocket[] = []
      let connect = (): void => undefined
      const { clock, link } = setUp({
        dial: () =>
          new Promise(resolve => {
            connect = () => {
              const socket = new FakeSocket()
              sockets.push(socket)
              resolve(socket)
            }
          }),
      })
      const waiting = expect(link.ready(3000)).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
      await link.close(1000)
      connect()
      await waiting
      await clock.advance(0)
      expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true])
      expect(link.channel).toBeUndefined()
    })

    it('may be closed again', async () => {
      const { link, open } = setUp()
      await open()
      await Promise.all([link.close(1000), link.close(1000)])
    })
  })
})
