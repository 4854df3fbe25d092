import fc from '../../support/property'
import { GET_CONSUMER_RUNNING_INFO } from '../../../lib/commands/consumer-status'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import { FLAG_RESPONSE, type RemotingCommand } from '../../../lib/wire/remoting-command'
import { TICK_MS, openFakeChannel } from '../../support/channel-on-fake-socket'
import { anyCommand } from '../../support/frames'
import { RecordedRequest } from '../../support/pending'

describe('a channel', () => {
  it('gives each answer to its request, in whatever order they come', () => {
    const { socket, channel, request } = openFakeChannel()
    const entries = [request(), request(), request()]
    for (const { opaque } of [...entries].reverse()) socket.receiveReply(opaque, { remark: `r${opaque}` })
    expect(entries.map(({ replies }) => replies.map(({ remark }) => remark))).toEqual([['r1'], ['r2'], ['r3']])
    expect([channel.pendingCount, channel.strayReplies]).toEqual([0, 0])
  })

  it('gives each answer to its request for any order and any cut of the stream', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Array.from({ length: 20 }, (_, i) => i + 1)),
        fc.integer({ min: 1 }),
        (order, cut) => {
          const { socket, request } = openFakeChannel()
          const entries = Array.from({ length: 20 }, () => request())
          const marks = { code: 0, language: 'JAVA', version: 1, flag: FLAG_RESPONSE, serializeType: 'JSON' } as const
          const stream = Buffer.concat(order.map(opaque => encodeFrame({ ...marks, opaque })))
          const size = 1 + (cut % 200)
          for (let at = 0; at < stream.length; at += size) socket.receive(stream.subarray(at, at + size))
          const answered = entries.filter(({ replies }) => replies.length === 1).map(({ opaque }) => opaque)
          expect(answered).toEqual([...order].sort((a, b) => a - b))
        },
      ),
    )
  })

  it('drops answers that are unknown or repeated, and counts them', () => {
    const { socket, channel, request } = openFakeChannel()
    const entry = request()
    socket.receiveReply(entry.opaque)
    socket.receiveReply(entry.opaque)
    socket.receiveReply(777)
    expect(entry.replies).toHaveLength(1)
    expect(channel.strayReplies).toBe(2)
  })

  it('takes a request of the peer for no answer, though it has the number of one of ours', () => {
    const { socket, dispatched, request } = openFakeChannel()
    const entry = request()
    socket.receiveFrame({ code: 40, opaque: entry.opaque, flag: 0 })
    expect(entry.replies).toEqual([])
    expect(dispatched).toMatchObject([{ code: 40, opaque: entry.opaque }])
  })

  it('knows the version of the peer from its frames, and has its language depend on it', async () => {
    const language = jest.fn((version: number | undefined) => (version === 513 ? 'NODE_JS' : 'OTHER'))
    const { clock, socket, channel, request } = openFakeChannel({
      identity: { version: 477, language, serializeType: 'JSON' },
    })
    const { opaque } = request()
    expect(channel.peerVersion).toBeUndefined()
    socket.receiveReply(opaque, { version: 513 })
    expect(channel.peerVersion).toBe(513)
    request()
    await clock.advance(0)
    expect(socket.frames).toMatchObject([
      { language: 'OTHER', version: 477 },
      { language: 'NODE_JS', version: 477 },
    ])
  })

  it('knows the version of the peer from what it asks, too', () => {
    const { socket, channel } = openFakeChannel()
    expect(channel.peerVersion).toBeUndefined()
    socket.receiveFrame({ code: 40, version: 401 })
    expect(channel.peerVersion).toBe(401)
  })

  it('does not take the version of a client, whose answer the peer has passed on, for the version of the peer', () => {
    const { socket, channel, request } = openFakeChannel()
    socket.receiveReply(request().opaque, { version: 401 })
    const { opaque } = request(3000, new RecordedRequest(GET_CONSUMER_RUNNING_INFO))
    socket.receiveReply(opaque, { version: 513 })
    expect(channel.peerVersion).toBe(401)
  })

  it('passes on what another has written in its name', async () => {
    const { clock, socket, channel } = openFakeChannel()
    socket.receiveFrame({ code: 307, opaque: 5, flag: 0, version: 513 })
    const asked = { code: 307, opaque: 5, flag: 0, serializeType: 'JSON' } as RemotingCommand
    channel.reply(asked, { code: 0, writer: { language: 'GO', version: 400 } })
    await clock.advance(0)
    expect(socket.frames).toMatchObject([{ opaque: 5, language: 'GO', version: 400 }])
  })

  it('is idle since anything was read or written', async () => {
    const { clock, socket, channel, request } = openFakeChannel()
    await clock.advance(100)
    expect(channel.idleMs).toBe(100)
    request(60_000)
    await clock.advance(50)
    expect(channel.idleMs).toBe(50)
    socket.receiveFrame({ code: 40 })
    expect(channel.idleMs).toBe(0)
  })

  describe('with a deadline', () => {
    it('fails a request when its time is up, and tells that the peer may have it', async () => {
      const { clock, request } = openFakeChannel()
      const entry = request(1000)
      await clock.advance(999)
      expect(entry.failures).toEqual([])
      await clock.advance(1 + TICK_MS)
      expect(entry.failures).toMatchObject([
        {
          code: 'REQUEST_TIMEOUT',
          sent: 'UNKNOWN',
          address: '10.0.0.1:10911',
          command: 'GET_MAX_OFFSET',
          message: 'no reply to GET_MAX_OFFSET from 10.0.0.1:10911 within 1000 ms',
        },
      ])
    })

    it('drops the answer that comes after it, and gives it to no other request', async () => {
      const { clock, socket, channel, request } = openFakeChannel()
      const late = request(100)
      await clock.advance(100 + TICK_MS)
      const next = request(100)
      socket.receiveReply(late.opaque)
      expect([late.replies, next.replies, channel.strayReplies]).toEqual([[], [], 1])
    })

    it('lets a long one wait beside short ones', async () => {
      const { clock, socket, request } = openFakeChannel()
      const pull = request(30_000)
      for (let sent = 0; sent < 10; sent++) {
        socket.receiveReply(request(3000).opaque)
        await clock.advance(2000)
      }
      expect(pull.failures).toEqual([])
      await clock.advance(10_000 + TICK_MS)
      expect(pull.failures).toMatchObject([{ code: 'REQUEST_TIMEOUT' }])
    })
  })

  describe('whose peer is silent', () => {
    it('is closed when a request times out and nothing was read for three seconds', async () => {
      const { clock, channel, closed, request } = openFakeChannel()
      const waiting = request(60_000)
      request(3000)
      await clock.advance(3000 + TICK_MS)
      expect(channel.state).toBe('closed')
      expect(waiting.failures).toMatchObject([{ code: 'CHANNEL_CLOSED', sent: 'UNKNOWN' }])
      expect(waiting.failures[0]?.message).toContain('nothing was read for 3')
      expect(closed).toEqual([undefined])
    })

    it('is closed by short timeouts only once they make three seconds', async () => {
      const { clock, channel, request } = openFakeChannel()
      for (let time = 0; time < 2900; time += 290) {
        request(100)
        await clock.advance(290)
      }
      expect(channel.state).toBe('open')
      request(100)
      await clock.advance(200)
      expect(channel.state).toBe('closed')
    })

    it('counts its silence anew after anything was read', async () => {
      const { clock, socket, channel, request } = openFakeChannel()
      await clock.advance(50_000)
      request(500)
      await clock.advance(500 + TICK_MS)
      socket.receiveReply(99)
      await clock.advance(2600)
      request(500)
      await clock.advance(500 + TICK_MS)
      expect(channel.state).toBe('open')
      request(3000)
      await clock.advance(3000 + TICK_MS)
      expect(channel.state).toBe('closed')
    })

    it('lives on when a request times out while others are answered', async () => {
      const { clock, socket, channel, request } = openFakeChannel()
      const lost = request(3000)
      await clock.advance(2900)
      socket.receiveFrame({ code: 40 })
      await clock.advance(60_000)
      expect(lost.failures).toHaveLength(1)
      expect(channel.state).toBe('open')
    })

    it('lives on while nothing is asked of it', async () => {
      const { clock, channel } = openFakeChannel()
      await clock.advance(600_000)
      expect(channel.state).toBe('open')
    })

    it('lives on while a long poll waits within its time', async () => {
      const { clock, channel, request } = openFakeChannel()
      request(30_000)
      await clock.advance(29_000)
      expect(channel.state).toBe('open')
    })
  })

  it('forgets a request that is taken back: its answer is a stray one', async () => {
    const { clock, socket, channel, request } = openFakeChannel()
    const entry = request()
    channel.forget(entry)
    channel.forget(entry)
    socket.receiveReply(entry.opaque)
    await clock.advance(10_000)
    expect([entry.replies, entry.failures]).toEqual([[], []])
    expect(channel.strayReplies).toBe(1)
  })

  it('forgets no request of its own for one of another channel that has the same number', () => {
    const [one, other] = [openFakeChannel(), openFakeChannel()]
    const [kept, foreign] = [one.request(), other.request()]
    expect(kept.opaque).toBe(foreign.opaque)
    one.channel.forget(foreign)
    one.socket.receiveReply(kept.opaque)
    other.socket.receiveReply(foreign.opaque)
    expect([kept.replies.length, foreign.replies.length]).toEqual([1, 1])
  })

  it.each([
    ['a page of a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['a length that is negative', Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ['a header that is longer than its frame', Buffer.from([0, 0, 0, 4, 0, 0, 0, 1])],
    ['a header of an unknown kind', Buffer.from([0, 0, 0, 4, 9, 0, 0, 0])],
    ['a header that is no JSON', Buffer.from([0, 0, 0, 5, 0, 0, 0, 1, 0x78])],
  ])('closes with a typed error on %s', (_what, bytes) => {
    const { socket, channel, closed, request } = openFakeChannel()
    const entry = request()
    socket.receive(bytes)
    expect([channel.state, socket.destroyed]).toEqual(['closed', true])
    expect(closed).toMatchObject([{ code: 'CHANNEL_CLOSED', cause: { code: 'PROTOCOL_ERROR' } }])
    expect(entry.failures).toMatchObject([{ code: 'CHANNEL_CLOSED', cause: { code: 'PROTOCOL_ERROR' } }])
  })

  it('closes with a typed error on whatever is not the protocol, and the process lives', () => {
    const damaged = fc
      .tuple(anyCommand, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
      .map(([command, damages]) => {
        const bytes = encodeFrame(command)
        for (const [at, byte] of damages) bytes[at % bytes.length] = byte
        return bytes
      })
    const noise = fc.uint8Array({ minLength: 1, maxLength: 200 }).map(bytes => Buffer.from(bytes))
    fc.assert(
      fc.property(fc.array(fc.oneof(damaged, noise), { minLength: 1, maxLength: 5 }), chunks => {
        const { socket, channel, closed, request } = openFakeChannel()
        const entry = request(60_000)
        for (const chunk of chunks) socket.receive(chunk)
        if (channel.state === 'open') {
          expect(entry.failures).toEqual([])
          channel.close()
          return
        }
        expect(closed).toMatchObject([{ code: 'CHANNEL_CLOSED', cause: { code: 'PROTOCOL_ERROR' } }])
        expect(entry.failures.length + entry.replies.length).toBe(1)
        expect(socket.destroyed).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
