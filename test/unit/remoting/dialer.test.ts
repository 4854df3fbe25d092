import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { parseAddress } from '../../../lib/remoting/address'
import { dialTcp, dialTcpReusing } from '../../../lib/remoting/dialer'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { deadAddress } from '../../support/loopback'
import { ScriptedServer } from '../../support/scripted-server'

const { signal: noSignal } = new AbortController()

describe.each([
  ['dialTcp', dialTcp],
  ['dialTcpReusing', dialTcpReusing],
])('%s', (_, dialTcpAs) => {
  let server: ScriptedServer
  const sockets: Duplex[] = []
  const dial = async (signal = noSignal): Promise<Duplex> => {
    const socket = await dialTcpAs(parseAddress(server.address), signal)
    sockets.push(socket)
    return socket
  }

  beforeAll(async () => {
    server = await ScriptedServer.start({ clock: new ManualClock() })
  })
  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    await server.stop()
  })

  it('gives a socket that bytes can be written to', async () => {
    const socket = await dial()
    expect(socket.writable).toBe(true)
    expect((socket as Socket).remotePort).toBe(parseAddress(server.address).port)
  })

  it('fails with the reason of the system where nobody listens', async () => {
    await expect(dialTcpAs(parseAddress(await deadAddress()), noSignal)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('fails with the reason of the system where the name is unknown', async () => {
    await expect(dialTcpAs({ host: 'no..such.host', port: 1 }, noSignal)).rejects.toMatchObject({ code: 'ENOTFOUND' })
  })

  it('gives up with the reason of an abort, before or while it connects, and leaves no socket', async () => {
    await expect(dial(AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
    const abort = new AbortController()
    const dialled = dial(abort.signal)
    abort.abort(new Error('while'))
    await expect(dialled).rejects.toThrow('while')
  })

  it('leaves the socket alone once it is connected, whatever becomes of the signal', async () => {
    const abort = new AbortController()
    const socket = await dial(abort.signal)
    abort.abort()
    expect(socket.destroyed).toBe(false)
  })
})

describe('dialTcpReusing', () => {
  it('tells what is read, and its end', async () => {
    const server = createServer(peer => peer.end('x'.repeat(1_000_000)))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const socket = await dialTcpReusing({ host: '127.0.0.1', port }, noSignal)
    const hash = createHash('md5')
    // Nobody listens to the first bytes.
    await new Promise(resolve => setImmediate(resolve))
    await new Promise(resolve => setImmediate(resolve))
    socket.on('data', (chunk: Buffer) => hash.update(chunk))
    await once(socket, 'end')
    expect(hash.digest('hex')).toBe(createHash('md5').update('x'.repeat(1_000_000)).digest('hex'))
    await new Promise(resolve => server.close(resolve))
  })
})
