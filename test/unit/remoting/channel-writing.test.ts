import { encodeFrame } from '../../../lib/wire/frame-writer'
import { FLAG_ONEWAY, type RemotingCommand } from '../../../lib/wire/remoting-command'
import { openFakeChannel } from '../../support/channel-on-fake-socket'
import { RecordedRequest } from '../../support/pending'

const LARGE = Buffer.alloc(2_000_000)

describe('a channel', () => {
  describe('writes', () => {
    it('a request that no other waits beside without delay, and the others of one turn at once', async () => {
      const { clock, socket, request } = openFakeChannel()
      for (let sent = 0; sent < 100; sent++) request()
      expect(socket.frames).toHaveLength(1)
      await clock.advance(0)
      expect(socket.writes).toHaveLength(2)
      expect(socket.frames).toHaveLength(100)
    })

    it('what was gathered before a request that goes without delay before it', async () => {
      const { clock, socket, channel, request } = openFakeChannel()
      channel.oneway({ code: 34 })
      request()
      expect(socket.writes).toHaveLength(1)
      expect(socket.frames.map(({ code }) => code)[0]).toBe(34)
      expect(socket.frames).toHaveLength(2)
      await clock.advance(0)
      expect(socket.writes).toHaveLength(1)
    })

    it('the answers to the requests of one chunk at once', async () => {
      const { clock, socket, channel } = openFakeChannel({ dispatch: frame => channel.reply(frame, { code: 0 }) })
      const marks = { code: 1, language: 'JAVA', version: 1, flag: 0, serializeType: 'JSON' } as const
      socket.receive(Buffer.concat(Array.from({ length: 50 }, (_, opaque) => encodeFrame({ ...marks, opaque }))))
      await clock.advance(0)
      expect(socket.writes).toHaveLength(1)
      expect(socket.frames.map(({ opaque }) => opaque)).toEqual(Array.from({ length: 50 }, (_, i) => i))
    })

    it('headers in the binary form where it is asked for, and answers in that which its owner says', async () => {
      const { clock, socket, channel, dispatched, request } = openFakeChannel({
        identity: { version: 477, language: () => 'OTHER', serializeType: 'ROCKETMQ', replyType: type => type },
      })
      request()
      channel.oneway({ code: 15 })
      socket.receiveFrame({ serializeType: 'ROCKETMQ', opaque: 5 })
      channel.reply(dispatched[0] as RemotingCommand, { code: 0 })
      await clock.advance(0)
      expect(socket.frames.map(({ serializeType }) => serializeType)).toEqual(['ROCKETMQ', 'ROCKETMQ', 'ROCKETMQ'])
    })

    it('answers as JSON where its owner says nothing', async () => {
      const { clock, socket, channel, dispatched } = openFakeChannel()
      socket.receiveFrame({ serializeType: 'ROCKETMQ' })
      channel.reply(dispatched[0] as RemotingCommand, { code: 0 })
      await clock.advance(0)
      expect(socket.frames).toMatchObject([{ serializeType: 'JSON' }])
    })

    it('codes that the binary header would cut as JSON, oneway ones too', async () => {
      const { clock, socket, channel, request } = openFakeChannel({
        identity: { version: 477, language: () => 'OTHER', serializeType: 'ROCKETMQ' },
      })
      request(3000, new RecordedRequest(undefined, { code: 200_050 }))
      request(3000, new RecordedRequest(undefined, { code: 32_767 }))
      channel.oneway({ code: 200_051 })
      await clock.advance(0)
      expect(socket.frames.map(({ code, serializeType }) => [code, serializeType])).toEqual([
        [200_050, 'JSON'],
        [32_767, 'ROCKETMQ'],
        [200_051, 'JSON'],
      ])
    })

    it('a oneway request with its flag, and tells when the operating system has taken it', async () => {
      const { clock, socket, channel } = openFakeChannel()
      const written = jest.fn()
      socket.stuck = true
      channel.oneway({ code: 15 }, written)
      await clock.advance(0)
      expect(written).not.toHaveBeenCalled()
      socket.stuck = false
      await clock.advance(0)
      expect(written.mock.calls).toEqual([[undefined]])
      expect(socket.frames).toMatchObject([{ code: 15, flag: FLAG_ONEWAY }])
      expect(channel.pendingCount).toBe(0)
    })

    it('a oneway request with a typed error where the connection closes before', async () => {
      const { clock, socket, channel } = openFakeChannel()
      const written = jest.fn()
      socket.stuck = true
      channel.oneway({ code: 15 }, written)
      await clock.advance(0)
      channel.close()
      await clock.advance(0)
      expect(written).toHaveBeenCalledTimes(1)
      expect(written.mock.calls[0]).toMatchObject([
        { code: 'CHANNEL_CLOSED', sent: 'UNKNOWN', address: '10.0.0.1:10911' },
      ])
    })

    it('no answer to a oneway request', async () => {
      const { clock, socket, channel, dispatched } = openFakeChannel()
      socket.receiveFrame({ code: 40, flag: FLAG_ONEWAY })
      channel.reply(dispatched[0] as RemotingCommand, { code: 0 })
      await clock.advance(0)
      expect(socket.writes).toEqual([])
    })

    it('nothing of a request that is too large, and fails that one alone', async () => {
      const { clock, socket, channel, request } = openFakeChannel()
      const tooLarge = request(3000, new RecordedRequest(undefined, { body: Buffer.alloc(17_000_000) }))
      const next = request()
      expect(tooLarge.failures).toMatchObject([{ code: 'INVALID_MESSAGE' }])
      expect([channel.pendingCount, channel.state]).toEqual([1, 'open'])
      await clock.advance(0)
      expect(socket.frames.map(({ opaque }) => opaque)).toEqual([next.opaque])
    })
  })

  describe('under pressure', () => {
    it('is not writable while the socket is full, and tells when it is again', async () => {
      const { clock, socket, channel } = openFakeChannel()
      socket.stuck = true
      expect(channel.writable).toBe(true)
      channel.oneway({ code: 1, body: LARGE })
      await clock.advance(0)
      expect(channel.writable).toBe(false)
      const told = jest.fn()
      const wait = channel.whenWritable().then(told)
      await clock.advance(0)
      expect(told).not.toHaveBeenCalled()
      socket.stuck = false
      await wait
      expect(channel.writable).toBe(true)
      await channel.whenWritable()
    })

    it('lets those go who wait for a connection that closes', async () => {
      const { clock, socket, channel } = openFakeChannel()
      socket.stuck = true
      channel.oneway({ code: 1, body: LARGE })
      await clock.advance(0)
      const wait = channel.whenWritable()
      channel.close()
      await wait
      await channel.whenWritable()
    })

    it('reads no more requests while the peer does not take the answers, where it is told to', async () => {
      const { clock, socket, channel } = openFakeChannel({
        pauseWhenFull: true,
        dispatch: frame => channel.reply(frame, { code: 0, body: LARGE }),
      })
      socket.stuck = true
      socket.receiveFrame({ code: 1 })
      await clock.advance(0)
      socket.receiveFrame({ code: 1 })
      expect(socket.isPaused()).toBe(true)
      socket.stuck = false
      await clock.advance(0)
      expect(socket.isPaused()).toBe(false)
    })

    it('refuses more requests than may wait', () => {
      const { channel, request } = openFakeChannel()
      const entries = Array.from({ length: 65_536 }, () => request())
      expect(entries.at(-1)?.failures).toMatchObject([{ code: 'TOO_MANY_REQUESTS', sent: 'NO' }])
      expect(entries.at(-2)?.failures).toEqual([])
      channel.close()
    })
  })
})
