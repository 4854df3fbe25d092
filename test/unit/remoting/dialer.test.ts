import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { parseAddress } from '../../../lib/remoting/address'
import { dialTcp } from '../../../lib/remoting/dialer'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { deadAddress } from '../../support/loopback'
import { ScriptedServer } from '../../support/scripted-server'

const { signal: noSignal } = new AbortController()

describe('dialTcp', () => {
  let server: ScriptedServer
  const sockets: Duplex[] = []
  const dial = async (signal = noSignal): Promise<Duplex> => {
    const socket = await dialTcp(parseAddress(server.address), signal)
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
    await expect(dialTcp(parseAddress(await deadAddress()), noSignal)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('fails with the reason of the system where the name is unknown', async () => {
    await expect(dialTcp({ host: 'no..such.host', port: 1 }, noSignal)).rejects.toMatchObject({ code: 'ENOTFOUND' })
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
