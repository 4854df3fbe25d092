import { TurnWriter } from '../../../lib/remoting/turn-writer'
import { FrameDecoder } from '../../../lib/wire/frame-decoder'
import type { OutgoingCommand } from '../../../lib/wire/remoting-command'
import { FakeSocket } from '../../support/fake-socket'

function frame(opaque: number, body?: Uint8Array): OutgoingCommand {
  return { code: 1, language: 'OTHER', version: 477, opaque, flag: 0, body, serializeType: 'JSON' }
}

/** Whatever was put off to the end of the turn has run. */
const endOfTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

function setUp() {
  const socket = new FakeSocket()
  return { socket, writer: new TurnWriter(socket) }
}

describe('TurnWriter', () => {
  it('writes all frames of one turn at once, in their order', async () => {
    const { socket, writer } = setUp()
    for (let opaque = 1; opaque <= 500; opaque++) writer.write(frame(opaque, Buffer.alloc(1024, opaque)))
    expect(socket.writes).toEqual([])
    await endOfTurn()
    expect(socket.writes).toHaveLength(1)
    expect(socket.frames.map(({ opaque }) => opaque)).toEqual(Array.from({ length: 500 }, (_, i) => i + 1))
  })

  it('writes frames that promises of one turn make in one go, too', async () => {
    const { socket, writer } = setUp()
    const send = async (opaque: number): Promise<void> => {
      for (let hop = 0; hop < opaque; hop++) await Promise.resolve()
      writer.write(frame(opaque))
    }
    await Promise.all([send(1), send(2), send(3)])
    await endOfTurn()
    expect(socket.writes).toHaveLength(1)
  })

  it('writes frames that several callbacks of one turn make in one go, too', async () => {
    const { socket, writer } = setUp()
    writer.write(frame(1))
    for (const opaque of [2, 3]) process.nextTick(() => writer.write(frame(opaque)))
    await endOfTurn()
    expect(socket.writes).toHaveLength(1)
    expect(socket.frames.map(({ opaque }) => opaque)).toEqual([1, 2, 3])
  })

  it('writes large bodies in the same go, without copying them', async () => {
    const { socket, writer } = setUp()
    const chunks: unknown[] = []
    const writev = socket._writev.bind(socket)
    jest.spyOn(socket, '_writev').mockImplementation((given, done) => {
      chunks.push(...given.map(({ chunk }) => chunk.buffer))
      writev(given, done)
    })
    const body = Buffer.alloc(1_000_000, 7)
    writer.write(frame(1, body))
    writer.write(frame(2))
    await endOfTurn()
    expect(socket.writes).toHaveLength(1)
    expect(chunks).toContain(body.buffer)
    expect(socket.frames.map(({ body: { length } }) => length)).toEqual([1_000_000, 0])
  })

  it('writes the frames of the next turn in a go of their own', async () => {
    const { socket, writer } = setUp()
    writer.write(frame(1))
    await endOfTurn()
    writer.write(frame(2))
    await endOfTurn()
    expect(socket.writes).toHaveLength(2)
  })

  it('writes at once when it is told to, and nothing twice', async () => {
    const { socket, writer } = setUp()
    writer.write(frame(1))
    writer.flush()
    expect(socket.writes).toHaveLength(1)
    await endOfTurn()
    writer.flush()
    expect(socket.writes).toHaveLength(1)
  })

  it('tells when the operating system has taken a frame, not before', async () => {
    const { socket, writer } = setUp()
    const written = jest.fn()
    socket.stuck = true
    writer.write(frame(1, Buffer.alloc(100_000)), written)
    writer.write(frame(2), written)
    await endOfTurn()
    expect(written).not.toHaveBeenCalled()
    socket.stuck = false
    await endOfTurn()
    expect(written.mock.calls).toEqual([[null], [null]])
  })

  it('tells those whose frame could not be written', async () => {
    const { socket, writer } = setUp()
    socket.on('error', () => undefined)
    const written = jest.fn()
    writer.write(frame(1), written)
    socket.destroy()
    await endOfTurn()
    expect(written).toHaveBeenCalledWith(expect.objectContaining({ code: 'ERR_STREAM_DESTROYED' }))
  })

  it('refuses a frame that is too large, and leaves the others whole', async () => {
    const { socket, writer } = setUp()
    const written = jest.fn()
    writer.write(frame(1))
    expect(() => writer.write(frame(2, Buffer.alloc(17_000_000)), written)).toThrow(
      expect.objectContaining({ code: 'INVALID_MESSAGE' }),
    )
    writer.write(frame(3))
    await endOfTurn()
    const opaques: number[] = []
    new FrameDecoder(({ opaque }) => opaques.push(opaque)).push(Buffer.concat(socket.writes))
    expect(opaques).toEqual([1, 3])
    expect(written).not.toHaveBeenCalled()
  })
})
