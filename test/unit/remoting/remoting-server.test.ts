import { Server, connect } from 'node:net'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { parseAddress } from '../../../lib/remoting/address'
import type { Channel } from '../../../lib/remoting/channel'
import { RemotingServer, type RemotingServerOptions } from '../../../lib/remoting/remoting-server'
import { ManualClock } from '../../../lib/runtime/manual-clock'
import { Log } from '../../../lib/runtime/log'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import { Authority } from '../../support/certificates'
import { RecordingLogger } from '../../support/recording-log'

const FRAME = encodeFrame({ code: 1, language: 'JAVA', version: 1, opaque: 1, flag: 0, serializeType: 'JSON' })

function setUp(options: Partial<RemotingServerOptions> = {}) {
  const clock = new ManualClock()
  const logger = new RecordingLogger()
  const opened: Channel[] = []
  const closed: Channel[] = []
  const server = new RemotingServer({
    host: '127.0.0.1',
    port: 0,
    clock,
    log: new Log('test', logger, clock),
    identity: { version: 513, language: () => 'JAVA', serializeType: 'JSON' },
    dispatch: (frame, channel) => channel.reply(frame, { code: 0, remark: 'hello' }),
    onOpened: channel => opened.push(channel),
    onClosed: channel => closed.push(channel),
    ...options,
  })
  const open = async () => {
    const socket = connect(parseAddress(server.address))
    await once(socket, 'connect')
    await clock.advance(0)
    return socket
  }
  return { clock, logger, server, opened, closed, open }
}

const hasIpv6 = Object.values(networkInterfaces()).some(each => each?.some(({ address }) => address === '::1'))
const itWithIpv6 = hasIpv6 ? it : it.skip

describe('RemotingServer', () => {
  it('listens on any free port and says which', async () => {
    const { server } = setUp()
    await server.start()
    expect(server.address).toMatch(/^127\.0\.0\.1:[1-9]\d+$/)
    await server.stop()
  })

  itWithIpv6('listens on IPv6', async () => {
    const { server } = setUp({ host: '::1' })
    await server.start()
    expect(server.address).toMatch(/^\[::1\]:[1-9]\d+$/)
    await server.stop()
  })

  it('speaks TLS where it has a certificate, and stops while a connection has yet to shake hands', async () => {
    const authority = new Authority()
    const { server, opened, open } = setUp({ tls: authority.issue({ name: 's', hosts: ['127.0.0.1'] }) })
    await server.start()
    const silent = await open()
    const socket = connectTls({ ...parseAddress(server.address), ca: authority.ca })
    await once(socket, 'secureConnect')
    socket.write(FRAME)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toContain('"remark":"hello"')
    expect(opened).toHaveLength(1)
    const ends = [silent, socket].map(each =>
      once(
        each.on('error', () => undefined),
        'close',
      ),
    )
    await server.stop()
    await Promise.all(ends)
  })

  it('gives each connection a channel of its own that answers', async () => {
    const { server, opened, open } = setUp()
    await server.start()
    const sockets = [await open(), await open()]
    sockets[0]?.write(FRAME)
    const [answer] = (await once(sockets[0] as never, 'data')) as [Buffer]
    expect(answer.toString()).toContain('"remark":"hello"')
    expect(opened).toHaveLength(2)
    expect([...server.channels]).toEqual(opened)
    expect(opened[0]?.address).toBe(`127.0.0.1:${sockets[0]?.localPort}`)
    await server.stop()
  })

  it('forgets a channel that has closed', async () => {
    const { clock, server, opened, closed, open } = setUp()
    await server.start()
    const socket = await open()
    socket.destroy()
    await clock.advance(0)
    expect(closed).toEqual(opened)
    expect(server.channels.size).toBe(0)
    await server.stop()
  })

  it('closes a connection that sends something else, and serves the others', async () => {
    const { clock, server, open } = setUp()
    await server.start()
    const [wrong, right] = [await open(), await open()]
    wrong.write('GET / HTTP/1.1\r\n\r\n')
    await once(wrong, 'close')
    right.write(FRAME)
    await once(right, 'data')
    await clock.advance(0)
    expect(server.channels.size).toBe(1)
    await server.stop()
  })

  it('closes all connections when it stops, and refuses new ones', async () => {
    const { server, closed, open } = setUp()
    await server.start()
    const socket = await open()
    await Promise.all([once(socket, 'close'), server.stop()])
    expect(closed).toHaveLength(1)
    const refused = connect(parseAddress(server.address))
    await expect(once(refused, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('has the same port when it is started again, and may be stopped twice', async () => {
    const { server, open } = setUp()
    await server.start()
    const { address } = server
    await server.stop()
    await server.stop()
    await server.start()
    expect(server.address).toBe(address)
    await open()
    await server.stop()
  })

  it('fails to start where the port is taken', async () => {
    const { server } = setUp()
    await server.start()
    const other = setUp({ port: parseAddress(server.address).port }).server
    await expect(other.start()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await other.stop()
    await server.stop()
  })

  it('survives that the system refuses it a connection', async () => {
    const { server, logger } = setUp()
    const listening = jest.spyOn(Server.prototype, 'listen')
    await server.start()
    const listener = listening.mock.contexts[0] as NodeJS.EventEmitter
    listening.mockRestore()
    listener.emit('error', new Error('accept EMFILE'))
    expect(logger.lines).toEqual([expect.stringContaining('error=accept EMFILE')])
    await server.stop()
  })
})
