import { GET_MAX_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../../lib/commands/offset'
import { RESPONSE_CODES, brokerError } from '../../../lib/commands/response-code'
import { dialTcp } from '../../../lib/remoting/dialer'
import { FLAG_RESPONSE } from '../../../lib/wire/remoting-command'
import { FakeSocket } from '../../support/fake-socket'
import { type Loopback, numbered, openLoopback } from '../../support/loopback'
import { RecordedRequest } from '../../support/pending'

const COMMIT = { header: { consumerGroup: 'g', topic: 'T', queueId: 1, commitOffset: 2 } }

describe('RemotingClient', () => {
  let loopback: Loopback
  const open = async (options?: Parameters<typeof openLoopback>[0]): Promise<Loopback> => {
    loopback = await openLoopback(options)
    return loopback
  }
  afterEach(() => loopback.close())

  it.each(['nonsense', 'http://h:1', 'h:0'])(
    'cannot connect to %p, which some broker has in its route: that is worth trying another broker',
    async address => {
      const { clock, client } = await open()
      const entry = new RecordedRequest()
      client.request(address, entry, 1000)
      await clock.advance(0)
      expect(entry.failures).toMatchObject([{ code: 'CONNECT_FAILED', retriable: true, sent: 'NO', address }])
    },
  )

  it('counts answers that nobody waits for any more, also when their connection is gone', async () => {
    const { server, client, address, clock } = await open()
    server.hold(GET_MAX_OFFSET)
    const abort = new AbortController()
    const { signal } = abort
    const aborted = expect(client.invoke(address, GET_MAX_OFFSET, numbered(1), { signal })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    const received = await server.next(GET_MAX_OFFSET)
    abort.abort()
    await aborted
    received.reply({ code: 'SUCCESS', header: { offset: 0 } })
    await clock.advance(0)
    expect(client.strayReplies).toBe(1)
    await client.close()
    expect(client.strayReplies).toBe(1)
  })

  it('has a request wait for its answer only what the connection has left of its time', async () => {
    const connected: (() => void)[] = []
    const { clock, client } = await open({
      dial: () => new Promise(resolve => connected.push(() => resolve(new FakeSocket()))),
    })
    await clock.advance(50)
    const entry = new RecordedRequest()
    client.request('h:1', entry, 1000)
    await clock.advance(400)
    connected[0]?.()
    await clock.advance(590)
    expect(entry.failures).toEqual([])
    await clock.advance(10 + 16)
    expect(entry.failures).toMatchObject([{ code: 'REQUEST_TIMEOUT', sent: 'UNKNOWN' }])
  })

  describe('towards a peer that does not read', () => {
    const LARGE = { body: Buffer.alloc(2_000_000) }
    /** A client whose socket is full. */
    const openFull = async () => {
      const socket = new FakeSocket()
      const { clock, client } = await open({ dial: () => Promise.resolve(socket) })
      const channel = await client.connect('h:1')
      socket.stuck = true
      channel.oneway({ code: 1, ...LARGE })
      await clock.advance(0)
      return { clock, client, socket, channel }
    }

    it('fails requests when their time is up, which the peer cannot have then', async () => {
      const { clock, client, channel } = await openFull()
      const entry = new RecordedRequest()
      client.request('h:1', entry, 1000)
      const expected = {
        code: 'REQUEST_TIMEOUT',
        sent: 'NO',
        address: 'h:1',
        command: 'GET_MAX_OFFSET',
        message: 'GET_MAX_OFFSET could not be written to h:1 within 1000 ms: the peer does not read',
      }
      const failed = expect(
        client.invoke('h:1', GET_MAX_OFFSET, numbered(1), { timeoutMs: 1000 }),
      ).rejects.toMatchObject(expected)
      await clock.advance(1000)
      await failed
      expect(entry.failures).toMatchObject([expected])
      channel.close()
    })

    it('stops waiting when it is aborted', async () => {
      const { client, channel } = await openFull()
      const abort = new AbortController()
      const waiting = client.invoke('h:1', GET_MAX_OFFSET, numbered(1), { signal: abort.signal })
      const failed = expect(waiting).rejects.toThrow('enough')
      abort.abort(new Error('enough'))
      await failed
      channel.close()
    })

    it('gives the connection up after three seconds in which nothing was read', async () => {
      const { clock, client, channel } = await openFull()
      const failed = expect(client.invokeOneway('h:1', UPDATE_CONSUMER_OFFSET, COMMIT)).rejects.toMatchObject({
        code: 'REQUEST_TIMEOUT',
        sent: 'NO',
      })
      await clock.advance(3000)
      await failed
      expect(channel.state).toBe('closed')
    })

    it('goes on as soon as it reads', async () => {
      const { clock, client, socket } = await openFull()
      const entry = new RecordedRequest()
      client.request('h:1', entry, 3000)
      await clock.advance(500)
      socket.stuck = false
      await clock.advance(0)
      const frame = socket.frames.at(-1)
      socket.receiveFrame({ opaque: frame?.opaque ?? 0, flag: FLAG_RESPONSE })
      expect(entry.replies).toHaveLength(1)
    })
  })

  describe('towards a server that goes away', () => {
    it('finishes what is in flight on the old connection and asks again over a new one', async () => {
      const { clock, server, client, address } = await open()
      server.hold(GET_MAX_OFFSET)
      const [first, second] = [1, 2].map(number => client.invoke(address, GET_MAX_OFFSET, numbered(number)))
      const [old, going] = [await server.next(GET_MAX_OFFSET), await server.next(GET_MAX_OFFSET)]
      going.refuse('GO_AWAY')
      const again = await server.next(GET_MAX_OFFSET)
      expect(again.channel).not.toBe(old.channel)
      expect(again.request.header.queueId).toBe(2)
      again.reply({ code: 'SUCCESS', header: { offset: 2 } })
      await expect(second).resolves.toMatchObject({ header: { offset: 2 } })
      old.reply({ code: 'SUCCESS', header: { offset: 1 } })
      await expect(first).resolves.toMatchObject({ header: { offset: 1 } })
      await clock.advance(0)
      expect(server.channels).toEqual([again.channel])
    })

    it('fails a request that is sent away twice', async () => {
      const { server, client, address } = await open()
      server.hold(GET_MAX_OFFSET)
      const failed = expect(client.invoke(address, GET_MAX_OFFSET, numbered(1))).rejects.toMatchObject({
        responseCode: 'GO_AWAY',
        retriable: true,
      })
      ;(await server.next(GET_MAX_OFFSET)).refuse('GO_AWAY')
      ;(await server.next(GET_MAX_OFFSET)).refuse('GO_AWAY')
      await failed
      expect(server.count(GET_MAX_OFFSET)).toBe(2)
    })

    it('is asked over the same connection in the end, where it says so to every one', async () => {
      const { server, client, address } = await open()
      server.handlers.on(GET_MAX_OFFSET, () => {
        throw brokerError(RESPONSE_CODES.GO_AWAY.code, 'going')
      })
      const opened = new Set<unknown>()
      for (let asked = 0; asked < 30; asked++) {
        await expect(client.invoke(address, GET_MAX_OFFSET, numbered(asked))).rejects.toMatchObject({
          responseCode: 'GO_AWAY',
        })
        opened.add(client.openChannel(address))
      }
      expect(client.openChannel(address)?.state).toBe('open')
      expect(opened.size).toBeLessThanOrEqual(11)
    })

    it('keeps to the time of the first try', async () => {
      const { clock, server, client, address } = await open()
      server.hold(GET_MAX_OFFSET)
      const failed = expect(
        client.invoke(address, GET_MAX_OFFSET, numbered(1), { timeoutMs: 1000 }),
      ).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
      const received = await server.next(GET_MAX_OFFSET)
      await clock.advance(800)
      received.refuse('GO_AWAY')
      await server.next(GET_MAX_OFFSET)
      await clock.advance(216)
      await failed
    })

    it('tells a request that nothing was done with it where there is no other server', async () => {
      const dial = jest.fn(dialTcp)
      const { server, client, address } = await open({ dial })
      server.hold(GET_MAX_OFFSET)
      const failed = expect(client.invoke(address, GET_MAX_OFFSET, numbered(1))).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
        sent: 'NO',
        command: 'GET_MAX_OFFSET',
      })
      const received = await server.next(GET_MAX_OFFSET)
      dial.mockRejectedValue(new Error('refused'))
      received.refuse('GO_AWAY')
      await failed
    })

    it('asks again only what is still wanted when it has connected', async () => {
      const dial = jest.fn(dialTcp)
      const { clock, server, client, address } = await open({ dial })
      server.hold(GET_MAX_OFFSET)
      const abort = new AbortController()
      const invoked = client.invoke(address, GET_MAX_OFFSET, numbered(1), { signal: abort.signal })
      const aborted = expect(invoked).rejects.toThrow('enough')
      const received = await server.next(GET_MAX_OFFSET)
      let connect = (): void => undefined
      dial.mockImplementation((target, signal) =>
        new Promise<void>(go => (connect = go)).then(() => dialTcp(target, signal)),
      )
      received.refuse('GO_AWAY')
      await clock.advance(0)
      abort.abort(new Error('enough'))
      await aborted
      connect()
      await clock.advance(0)
      expect(client.openChannel(address)?.state).toBe('open')
      expect(server.count(GET_MAX_OFFSET)).toBe(1)
    })
  })
})
