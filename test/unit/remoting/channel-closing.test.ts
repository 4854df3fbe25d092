import { RESPONSE_CODES } from '../../../lib/commands/response-code'
import type { Channel } from '../../../lib/remoting/channel'
import type { PendingRequest } from '../../../lib/remoting/pending-request'
import type { ManualClock } from '../../../lib/runtime/manual-clock'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import { FLAG_RESPONSE, type RemotingCommand } from '../../../lib/wire/remoting-command'
import { TICK_MS, openFakeChannel } from '../../support/channel-on-fake-socket'
import type { FakeSocket } from '../../support/fake-socket'

describe('a channel', () => {
  describe('when it is closed', () => {
    it('fails what waits, which the peer may have, and refuses the next, which it has not', () => {
      const { channel, request } = openFakeChannel()
      const waiting = request()
      channel.close()
      const refused = request()
      expect(waiting.failures).toMatchObject([{ code: 'CHANNEL_CLOSED', sent: 'UNKNOWN', command: 'GET_MAX_OFFSET' }])
      expect(refused.failures).toMatchObject([{ code: 'CHANNEL_CLOSED', sent: 'NO', address: '10.0.0.1:10911' }])
      expect(channel.pendingCount).toBe(0)
    })

    it('tells its owner before those who waited, so that they do not try again on it', () => {
      const order: string[] = []
      const { channel, request } = openFakeChannel({ onClosed: () => order.push('owner') })
      request().onFailed = () => order.push('waiting')
      request().onFailed = () => order.push('waiting')
      channel.close()
      expect(order).toEqual(['owner', 'waiting', 'waiting'])
    })

    it('ends once, however often it is closed, and leaves no timer', async () => {
      const { clock, socket, channel, closed, request } = openFakeChannel()
      const entry = request()
      channel.close()
      channel.close()
      socket.emit('end')
      socket.emit('error', new Error('late'))
      await clock.advance(60_000)
      expect(entry.failures).toHaveLength(1)
      expect(closed).toEqual([undefined])
      expect(socket.destroyed).toBe(true)
    })

    it.each([
      ['breaks', (socket: FakeSocket) => socket.destroy(new Error('reset')), 'the connection broke (reset)', 'reset'],
      [
        'is ended by the peer',
        (socket: FakeSocket) => void socket.emit('end'),
        'the peer closed the connection',
        undefined,
      ],
      ['is gone', (socket: FakeSocket) => socket.destroy(), 'the peer closed the connection', undefined],
    ])('tells why when its connection %s', async (_how, end, reason, cause) => {
      const { clock, socket, closed, request } = openFakeChannel()
      const entry = request()
      end(socket)
      await clock.advance(0)
      expect(entry.failures[0]?.message).toContain(`${reason} while GET_MAX_OFFSET waited: 10.0.0.1:10911`)
      expect((entry.failures[0]?.cause as Error | undefined)?.message).toBe(cause)
      expect(closed).toEqual([cause === undefined ? undefined : expect.objectContaining({ code: 'CHANNEL_CLOSED' })])
    })

    it('gives a hint where the peer ends it without ever having sent anything, and only there', () => {
      const hintIfSilent = 'it may want TLS'
      const silent = openFakeChannel({ hintIfSilent })
      const heard = openFakeChannel({ hintIfSilent })
      heard.socket.receiveFrame({ code: 40 })
      const entries = [silent, heard].map(({ socket, request }) => {
        const entry = request()
        socket.emit('end')
        return entry
      })
      const words = entries.map(({ failures }) => failures[0]?.message.split(' while')[0])
      expect(words).toEqual(['the peer closed the connection (it may want TLS)', 'the peer closed the connection'])
    })

    it('says so of a peer that speaks HTTP/2, as clients over gRPC do', async () => {
      const { socket, closed, request } = openFakeChannel({ hintIfSilent: 'it may want TLS' })
      const entry = request()
      socket.receive(Buffer.from('000012040000000000000300000064', 'hex'))
      socket.receive(Buffer.from('0000080700', 'hex'))
      socket.destroy()
      await new Promise(resolve => socket.once('close', resolve))
      expect(entry.failures).toMatchObject([
        { code: 'CHANNEL_CLOSED', message: expect.stringMatching(/it speaks HTTP\/2.*the remoting port/) },
      ])
      expect(closed).toEqual([undefined])
    })

    it('gives the hint where the peer answers with an alert of TLS', () => {
      const { socket, closed } = openFakeChannel({ hintIfSilent: 'it may want TLS' })
      socket.receive(Buffer.from('15030300020246', 'hex'))
      expect(closed).toMatchObject([{ message: expect.stringContaining('not this protocol (it may want TLS)') }])
    })

    it('handles no frame any more, also not those that came with the one that ended it', () => {
      const { socket, channel, dispatched } = openFakeChannel({
        dispatch: frame => (dispatched.push(frame), channel.close()),
      })
      const marks = { code: 40, language: 'JAVA', version: 1, flag: 0, serializeType: 'JSON' } as const
      socket.receive(Buffer.concat([encodeFrame({ ...marks, opaque: 1 }), encodeFrame({ ...marks, opaque: 2 })]))
      expect(dispatched).toHaveLength(1)
    })

    it('answers nothing and tells a oneway request so', async () => {
      const { socket, channel, dispatched } = openFakeChannel()
      socket.receiveFrame({ code: 40 })
      channel.close()
      channel.reply(dispatched[0] as RemotingCommand, { code: 0 })
      const written = jest.fn()
      channel.oneway({ code: 1 }, written)
      expect(written).toHaveBeenCalledWith(expect.objectContaining({ code: 'CHANNEL_CLOSED', sent: 'NO' }))
      expect(socket.writes).toEqual([])
    })
  })

  describe('that is drained', () => {
    it('refuses new requests, lets those that wait finish, and closes after the last', async () => {
      const { clock, socket, channel, request } = openFakeChannel()
      const [first, second] = [request(), request()]
      const drained = jest.fn()
      const drain = channel.drain().then(drained)
      expect(channel.state).toBe('draining')
      expect(request().failures).toMatchObject([{ code: 'CHANNEL_CLOSED', sent: 'NO' }])
      socket.receiveReply(first.opaque)
      await clock.advance(0)
      expect(drained).not.toHaveBeenCalled()
      socket.receiveReply(second.opaque)
      await drain
      expect([first, second].map(({ replies, failures }) => [replies.length, failures.length])).toEqual([
        [1, 0],
        [1, 0],
      ])
      expect(channel.state).toBe('closed')
    })

    it.each([
      [
        'times out',
        (clock: ManualClock) => clock.advance(3000 + TICK_MS),
        (_channel: Channel, _entry: PendingRequest) => undefined,
      ],
      [
        'is taken back',
        (clock: ManualClock) => clock.advance(0),
        (channel: Channel, entry: PendingRequest) => channel.forget(entry),
      ],
    ])('closes when its last request %s', async (_how, wait, act) => {
      const { clock, channel, request } = openFakeChannel()
      const entry = request()
      const drain = channel.drain()
      act(channel, entry)
      await wait(clock)
      await drain
      expect(channel.state).toBe('closed')
    })

    it('closes at once where nothing waits, after what was still to be written', async () => {
      const { clock, socket, channel, dispatched } = openFakeChannel()
      socket.receiveFrame({ code: 40, opaque: 9 })
      channel.reply(dispatched[0] as RemotingCommand, { code: 0 })
      await channel.drain()
      await clock.advance(0)
      expect(socket.frames).toMatchObject([{ opaque: 9, flag: FLAG_RESPONSE }])
      expect(socket.destroyed).toBe(true)
    })

    it('is closed already, or twice', async () => {
      const { channel, closed } = openFakeChannel()
      await Promise.all([channel.drain(), channel.drain()])
      await channel.drain()
      expect([channel.state, closed.length]).toEqual(['closed', 1])
    })

    it('gives up at once when it is closed the bytes that it would have waited for', async () => {
      const { socket, channel } = openFakeChannel()
      socket.stuck = true
      channel.oneway({ code: 1 })
      await channel.drain()
      expect(socket.destroyed).toBe(false)
      channel.close()
      expect(socket.destroyed).toBe(true)
    })

    it('gives its socket up when the peer does not take the last bytes', async () => {
      const { clock, socket, channel } = openFakeChannel()
      socket.stuck = true
      channel.oneway({ code: 1 })
      await channel.drain()
      await clock.advance(999)
      expect(socket.destroyed).toBe(false)
      await clock.advance(1)
      expect(socket.destroyed).toBe(true)
    })

    it('gives its socket up at once when it is closed, whatever the last bytes do', async () => {
      const { socket, channel, request } = openFakeChannel()
      socket.stuck = true
      request()
      void channel.drain()
      channel.close()
      expect(socket.destroyed).toBe(true)
    })
  })

  describe('towards a peer that goes away', () => {
    const GO_AWAY = RESPONSE_CODES.GO_AWAY.code

    it('lets its owner take the request over', () => {
      const taken: unknown[] = []
      const { socket, request } = openFakeChannel({ onRefused: (_channel, entry) => taken.push(entry) > 0 })
      const entry = request()
      socket.receiveReply(entry.opaque, { code: GO_AWAY })
      expect(taken).toEqual([entry])
      expect([entry.replies, entry.failures]).toEqual([[], []])
    })

    it.each([
      ['refuses', () => false],
      ['is not there', undefined],
    ])('gives the request its answer where its owner %s', (_how, onRefused) => {
      const { socket, request } = openFakeChannel(onRefused === undefined ? {} : { onRefused })
      const entry = request()
      socket.receiveReply(entry.opaque, { code: GO_AWAY })
      expect(entry.replies).toMatchObject([{ code: GO_AWAY }])
    })
  })
})
