import { GET_MAX_OFFSET, GET_MIN_OFFSET, UPDATE_CONSUMER_OFFSET } from '../../../lib/commands/offset'
import { NOTIFY_CONSUMER_IDS_CHANGED } from '../../../lib/commands/callback'
import { encodeRequest } from '../../../lib/commands/command'
import { RESPONSE_CODES } from '../../../lib/commands/response-code'
import { dialTcp } from '../../../lib/remoting/dialer'
import { RemotingClient } from '../../../lib/remoting/remoting-client'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { type Loopback, clientOptions, deadAddress, echoNumbers, numbered, openLoopback } from '../../support/loopback'
import { RecordedRequest } from '../../support/pending'

const COMMIT = { header: { consumerGroup: 'g', topic: 'T', queueId: 1, commitOffset: 2 } }
const HOT = encodeRequest(GET_MAX_OFFSET, numbered(5))

describe('RemotingClient', () => {
  let loopback: Loopback
  const open = async (options?: Parameters<typeof openLoopback>[0]): Promise<Loopback> => {
    loopback = await openLoopback(options)
    return loopback
  }
  afterEach(() => loopback.close())

  it('connects on first use and resolves with the typed answer', async () => {
    const { server, client, address } = await open()
    echoNumbers(server)
    expect([client.addresses, client.openChannel(address)]).toEqual([[], undefined])
    await expect(client.invoke(address, GET_MAX_OFFSET, numbered(7))).resolves.toMatchObject({ header: { offset: 7 } })
    expect(client.addresses).toEqual([address])
    expect(client.openChannel(address)?.address).toBe(address)
  })

  it('sends everything to an address over one connection, and each caller gets its own answer', async () => {
    const { server, client, address } = await open()
    server.hold(GET_MAX_OFFSET)
    const answers = [1, 2, 3].map(number => client.invoke(address, GET_MAX_OFFSET, numbered(number)))
    const requests = [
      await server.next(GET_MAX_OFFSET),
      await server.next(GET_MAX_OFFSET),
      await server.next(GET_MAX_OFFSET),
    ]
    for (const received of requests.reverse())
      received.reply({ code: 'SUCCESS', header: { offset: received.request.header.queueId } })
    expect((await Promise.all(answers)).map(({ header }) => header.offset)).toEqual([1, 2, 3])
    expect(server.channels).toHaveLength(1)
  })

  it('sends aside over a connection of its own, which is used again', async () => {
    const { server, client, address } = await open()
    server.hold(GET_MIN_OFFSET)
    echoNumbers(server)
    const busy = client.invoke(address, GET_MIN_OFFSET, numbered(1))
    const received = await server.next(GET_MIN_OFFSET)
    await client.invokeAside(address, GET_MAX_OFFSET, numbered(2))
    await client.invokeAside(address, GET_MAX_OFFSET, numbered(3))
    expect(server.channels).toHaveLength(2)
    received.reply({ code: 'SUCCESS', header: { offset: 0 } })
    await busy
  })

  it.each(['JSON', 'ROCKETMQ'] as const)('speaks %s both ways where it is asked to', async serializeType => {
    const { server, client, address } = await open({
      identity: { version: 477, language: () => 'OTHER', serializeType },
      replyType: type => type,
    })
    echoNumbers(server)
    await expect(client.invoke(address, GET_MAX_OFFSET, numbered(7))).resolves.toMatchObject({ header: { offset: 7 } })
    expect(server.frames.map(frame => frame.serializeType)).toEqual([serializeType])
  })

  it('rejects with what the broker says, and the place', async () => {
    const { server, client, address } = await open()
    server.hold(GET_MAX_OFFSET)
    const saying = { responseCode: 'NO_PERMISSION', remark: 'not for you', address }
    const refused = expect(client.invoke(address, GET_MAX_OFFSET, numbered(1))).rejects.toMatchObject(saying)
    ;(await server.next(GET_MAX_OFFSET)).refuse('NO_PERMISSION', 'not for you')
    await refused
  })

  it('has requests of the broker answered by its handlers, unknown ones with 3', async () => {
    const { clock, server, client, address } = await open()
    const groups: string[] = []
    client.handlers.on(NOTIFY_CONSUMER_IDS_CHANGED, ({ header }) => void groups.push(header.consumerGroup))
    await client.connect(address)
    await clock.advance(0)
    server.channels[0]?.oneway(encodeRequest(NOTIFY_CONSUMER_IDS_CHANGED, { header: { consumerGroup: 'g' } }))
    const unknown = new RecordedRequest(GET_MAX_OFFSET, { code: 4711 })
    server.channels[0]?.request(unknown, 3000)
    await clock.advance(0)
    expect(groups).toEqual(['g'])
    expect(unknown.replies).toMatchObject([{ code: RESPONSE_CODES.REQUEST_CODE_NOT_SUPPORTED.code }])
  })

  describe('fails with a typed error that names the address and the request', () => {
    it('where nobody listens', async () => {
      const { client } = await open()
      const address = await deadAddress()
      await expect(client.invoke(address, GET_MAX_OFFSET, numbered(1))).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
        address,
        command: 'GET_MAX_OFFSET',
        sent: 'NO',
        retriable: true,
        message: `cannot connect to ${address}: connect ECONNREFUSED ${address} (for GET_MAX_OFFSET)`,
        cause: { code: 'ECONNREFUSED' },
      })
    })

    it('where the name is unknown', async () => {
      const { client } = await open()
      await expect(client.invoke('no..such.host:9876', GET_MAX_OFFSET, numbered(1))).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
        message: expect.stringContaining('ENOTFOUND no..such.host (for GET_MAX_OFFSET)'),
      })
    })

    it('where the address is none', async () => {
      const { client } = await open()
      await expect(client.invoke('nonsense', GET_MAX_OFFSET, numbered(1))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
      expect(client.addresses).toEqual([])
    })

    it('where no connection is made in time', async () => {
      const { clock, client } = await open({ dial: (_target, signal) => gaveUp(signal), connectTimeoutMs: 500 })
      const failed = expect(client.invoke('h:1', GET_MAX_OFFSET, numbered(1))).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
        command: 'GET_MAX_OFFSET',
        message: 'cannot connect to h:1: no connection within 500 ms (for GET_MAX_OFFSET)',
      })
      await clock.advance(500)
      await failed
    })

    it('where no answer comes in time', async () => {
      const { clock, server, client, address } = await open()
      server.hold(GET_MAX_OFFSET)
      const failed = expect(
        client.invoke(address, GET_MAX_OFFSET, numbered(1), { timeoutMs: 1000 }),
      ).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', address, command: 'GET_MAX_OFFSET', sent: 'UNKNOWN' })
      await clock.advance(1016)
      await failed
    })

    it('where the server goes while a request waits, each of them once', async () => {
      const { server, client, address } = await open()
      server.hold(GET_MAX_OFFSET)
      const waiting = [1, 2].map(number => client.invoke(address, GET_MAX_OFFSET, numbered(number)))
      const failed = expect(Promise.allSettled(waiting)).resolves.toMatchObject(
        Array(2).fill({ status: 'rejected', reason: { code: 'CHANNEL_CLOSED', sent: 'UNKNOWN', address } }),
      )
      await server.next(GET_MAX_OFFSET)
      await server.stop()
      await failed
    })
  })

  it('limits the whole call, the connecting included', async () => {
    const dials: (() => void)[] = []
    const { clock, server, client, address } = await open({
      dial: (target, signal) =>
        new Promise((resolve, reject) => dials.push(() => void dialTcp(target, signal).then(resolve, reject))),
    })
    server.hold(GET_MAX_OFFSET)
    const failed = expect(
      client.invoke(address, GET_MAX_OFFSET, numbered(1), { timeoutMs: 1000 }),
    ).rejects.toMatchObject({
      code: 'REQUEST_TIMEOUT',
    })
    await clock.advance(900)
    dials[0]?.()
    await server.next(GET_MAX_OFFSET)
    await clock.advance(116)
    await failed
    expect(clock.monotonic()).toBe(1016)
  })

  it('stops waiting when it is aborted, before, while it connects and while it waits for the answer', async () => {
    const { clock, server, client, address } = await open()
    server.hold(GET_MAX_OFFSET)
    const before = AbortSignal.abort(new Error('before'))
    await expect(client.invoke(address, GET_MAX_OFFSET, numbered(1), { signal: before })).rejects.toThrow('before')
    const abort = new AbortController()
    const waiting = client.invoke(address, GET_MAX_OFFSET, numbered(2), { signal: abort.signal })
    const aborted = expect(waiting).rejects.toThrow('enough')
    await server.next(GET_MAX_OFFSET)
    abort.abort(new Error('enough'))
    await aborted
    await clock.advance(0)
    expect(client.openChannel(address)?.pendingCount).toBe(0)
  })

  it('connects anew after the server was away', async () => {
    const { clock, server, client, address } = await open()
    echoNumbers(server)
    await client.invoke(address, GET_MAX_OFFSET, numbered(1))
    await server.stop()
    await clock.advance(0)
    expect(client.openChannel(address)).toBeUndefined()
    await expect(client.invoke(address, GET_MAX_OFFSET, numbered(2))).rejects.toMatchObject({ code: 'CONNECT_FAILED' })
    await server.start()
    const answer = client.invoke(address, GET_MAX_OFFSET, numbered(3))
    await clock.advance(100)
    await expect(answer).resolves.toMatchObject({ header: { offset: 3 } })
  })

  describe('with a oneway request', () => {
    it('resolves when it is written; nobody answers', async () => {
      const { clock, server, client, address } = await open()
      await client.invokeOneway(address, UPDATE_CONSUMER_OFFSET, COMMIT)
      await clock.advance(0)
      expect(server.frames).toMatchObject([{ code: 15, flag: 2, extFields: { commitOffset: '2' } }])
    })

    it('fails with a typed error where it cannot connect', async () => {
      const { client } = await open()
      await expect(client.invokeOneway(await deadAddress(), UPDATE_CONSUMER_OFFSET, COMMIT)).rejects.toMatchObject({
        code: 'CONNECT_FAILED',
        command: 'UPDATE_CONSUMER_OFFSET',
        sent: 'NO',
      })
    })
  })

  describe('in its hot form', () => {
    it('asks at once where the connection is there', async () => {
      const { server, client, address } = await open()
      echoNumbers(server)
      const channel = await client.connect(address)
      const entry = new RecordedRequest(GET_MAX_OFFSET, HOT)
      client.request(address, entry, 3000)
      expect(channel.pendingCount).toBe(1)
      await loopback.clock.advance(0)
      expect(entry.replies).toHaveLength(1)
    })

    it('connects first where it is not', async () => {
      const { clock, server, client, address } = await open()
      echoNumbers(server)
      const entry = new RecordedRequest(GET_MAX_OFFSET, HOT)
      client.request(address, entry, 3000)
      await clock.advance(0)
      expect(entry.replies).toHaveLength(1)
    })

    it.each([
      ['nobody listens', 'CONNECT_FAILED', deadAddress],
      ['the address is none', 'CONNECT_FAILED', () => Promise.resolve('nonsense')],
    ])('tells the entry where %s', async (_how, code, addressOf) => {
      const { client } = await open()
      const entry = new RecordedRequest(GET_MAX_OFFSET, HOT)
      const failure = new Promise(resolve => (entry.onFailed = resolve))
      client.request(await addressOf(), entry, 3000)
      await expect(failure).resolves.toMatchObject({ code })
    })

    it('does not send what was settled while it connected', async () => {
      const { clock, server, client, address } = await open()
      const entry = new RecordedRequest(GET_MAX_OFFSET, HOT)
      client.request(address, entry, 3000)
      entry.settled = true
      await clock.advance(0)
      expect(server.frames).toEqual([])
    })

    it('may be tried again from within its failure: over a new connection, not on the one that closed', async () => {
      const { clock, server, client, address } = await open()
      server.hold(GET_MAX_OFFSET)
      await client.connect(address)
      const entry = new RecordedRequest(GET_MAX_OFFSET, HOT)
      entry.onFailed = () => client.request(address, entry, 3000)
      client.request(address, entry, 3000)
      ;(await server.next(GET_MAX_OFFSET)).channel.close()
      ;(await server.next(GET_MAX_OFFSET)).reply({ code: 'SUCCESS', header: { offset: 1 } })
      await clock.advance(0)
      expect([entry.failures.length, entry.replies.length]).toEqual([1, 1])
    })
  })

  it('tells of connections that open and close, and of those that are made again', async () => {
    const events: unknown[] = []
    const { clock, server, client, address } = await open({
      onOpened: (channel, reconnected) => events.push(['opened', channel.address, reconnected]),
      onClosed: channel => events.push(['closed', channel.address]),
    })
    await client.connect(address)
    await clock.advance(0)
    server.channels[0]?.close()
    await clock.advance(0)
    await client.connect(address)
    expect(events).toEqual([
      ['opened', address, false],
      ['closed', address],
      ['opened', address, true],
    ])
  })

  describe('gives an address up', () => {
    it('after what waits on it has finished', async () => {
      const { clock, server, client, address } = await open()
      server.hold(GET_MAX_OFFSET)
      const waiting = client.invoke(address, GET_MAX_OFFSET, numbered(1))
      const received = await server.next(GET_MAX_OFFSET)
      await client.release(address)
      expect(client.addresses).toEqual([])
      received.reply({ code: 'SUCCESS', header: { offset: 1 } })
      await expect(waiting).resolves.toBeDefined()
      await clock.advance(0)
      expect(server.channels).toEqual([])
    })

    it('and connects anew when it is asked again', async () => {
      const { server, client, address } = await open()
      echoNumbers(server)
      await client.invoke(address, GET_MAX_OFFSET, numbered(1))
      await client.release(address)
      await client.release('unknown:1')
      await expect(client.invoke(address, GET_MAX_OFFSET, numbered(2))).resolves.toBeDefined()
    })
  })

  describe('when it is closed', () => {
    it('waits for pending answers and leaves no connection', async () => {
      const { clock, server, client, address } = await open()
      server.hold(GET_MAX_OFFSET)
      server.hold(GET_MIN_OFFSET)
      const waiting = client.invoke(address, GET_MAX_OFFSET, numbered(1))
      const aside = client.invokeAside(address, GET_MIN_OFFSET, numbered(1))
      const requests = [await server.next(GET_MAX_OFFSET), await server.next(GET_MIN_OFFSET)]
      const closed = jest.fn()
      const close = client.close().then(closed)
      await clock.advance(100)
      expect(closed).not.toHaveBeenCalled()
      for (const received of requests) received.reply({ code: 'SUCCESS', header: { offset: 1 } })
      await Promise.all([waiting, aside, close])
      await clock.advance(0)
      expect(server.channels).toEqual([])
    })

    it('fails what is not answered within the request timeout', async () => {
      const { clock, server, client, address } = await open()
      server.hold(GET_MAX_OFFSET)
      const failed = expect(
        client.invoke(address, GET_MAX_OFFSET, numbered(1), { timeoutMs: 60_000 }),
      ).rejects.toMatchObject({ code: 'CHANNEL_CLOSED', sent: 'UNKNOWN' })
      await server.next(GET_MAX_OFFSET)
      const close = client.close()
      await clock.advance(3000)
      await Promise.all([failed, close])
    })

    it('fails those who wait for a connection', async () => {
      const { client } = await open({ dial: (_target, signal) => gaveUp(signal) })
      const failed = expect(client.invoke('h:1', GET_MAX_OFFSET, numbered(1))).rejects.toMatchObject({
        code: 'CHANNEL_CLOSED',
        sent: 'NO',
      })
      await Promise.all([client.close(), failed])
    })

    it('refuses everything afterwards, however it is asked', async () => {
      const { client, address } = await open()
      await client.connect(address)
      await client.close()
      const refusal = { code: 'INVALID_STATE', sent: 'NO' }
      await expect(client.invoke(address, GET_MAX_OFFSET, numbered(1))).rejects.toMatchObject(refusal)
      await expect(client.invokeAside(address, GET_MAX_OFFSET, numbered(1))).rejects.toMatchObject(refusal)
      await expect(client.invokeOneway(address, UPDATE_CONSUMER_OFFSET, COMMIT)).rejects.toMatchObject(refusal)
      await expect(client.connect(address)).rejects.toMatchObject(refusal)
      const entry = new RecordedRequest()
      const failure = new Promise(resolve => (entry.onFailed = resolve))
      client.request(address, entry, 1000)
      await expect(failure).resolves.toMatchObject(refusal)
      await client.close()
    })

    it('closes one that was never used', async () => {
      await open()
      await new RemotingClient(clientOptions(new ManualClock())).close()
    })
  })
})

/** A dialer that never succeeds. */
function gaveUp(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
}
