import { type Server, createServer as createPlainServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { type Duplex, PassThrough } from 'node:stream'
import { type TlsOptions, createServer } from 'node:tls'
import { dialTcp } from '../../../lib/remoting/dialer'
import { checkTlsOptions, tlsDialer } from '../../../lib/remoting/tls-dialer'
import { Authority, locked } from '../../support/certificates'

const { signal: noSignal } = new AbortController()

describe('tlsDialer', () => {
  const authority = new Authority()
  const { ca } = authority
  const good = authority.issue({ name: 'broker', hosts: ['localhost', '127.0.0.1'] })
  const ends: (() => unknown)[] = []

  const listen = async (server: Server): Promise<number> => {
    const sockets = new Set<Socket>()
    server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    ends.push(() => (sockets.forEach(socket => socket.destroy()), server.close()))
    return (server.address() as AddressInfo).port
  }

  /** A server that sends back what it gets. */
  const serve = (options: TlsOptions): Promise<number> =>
    listen(createServer(options, socket => socket.on('error', () => undefined).pipe(socket)))

  const dial = async (
    port: number,
    options: Parameters<typeof tlsDialer>[1],
    { host = '127.0.0.1', signal = noSignal } = {},
  ): Promise<Duplex> => {
    const socket = await tlsDialer(dialTcp, options)({ host, port }, signal)
    ends.push(() => socket.destroy())
    return socket
  }

  afterEach(() => ends.splice(0).forEach(end => end()))

  it('gives a stream to a server whose authority is trusted, by name or by address', async () => {
    const port = await serve(good)
    for (const host of ['localhost', '127.0.0.1']) {
      const socket = await dial(port, { ca }, { host })
      const echo = new Promise(resolve => socket.once('data', resolve))
      socket.write('hello')
      expect(String(await echo)).toBe('hello')
    }
  })

  it('says so where the certificate is of another host, and takes the name of tls.servername instead', async () => {
    const port = await serve(authority.issue({ name: 'b', hosts: ['broker.example'] }))
    await expect(dial(port, { ca })).rejects.toThrow(
      /^TLS with 127\.0\.0\.1:\d+ failed: the certificate is of another host .*broker\.example.*tls\.servername/,
    )
    expect((await dial(port, { ca, servername: 'broker.example' })).writable).toBe(true)
  })

  it.each([
    ['has expired', new Authority(), { expired: true }, /the certificate has expired.*CERT_HAS_EXPIRED/],
    ['is not signed by an authority that is trusted', undefined, {}, /give that of its authority in tls\.ca/],
  ])('refuses a certificate that %s', async (_how, trusted, options, words) => {
    const signer = trusted ?? new Authority('Stranger')
    const port = await serve(signer.issue({ name: 'b', hosts: ['127.0.0.1'], ...options }))
    await expect(dial(port, { ca: trusted?.ca ?? ca })).rejects.toThrow(words)
  })

  it('refuses an authority that the system does not know where none is given', async () => {
    const port = await serve(good)
    await expect(dial(port, {})).rejects.toThrow(/no authority that is trusted here/)
  })

  it('takes any certificate only where checking is turned off', async () => {
    const port = await serve(new Authority('Stranger').issue({ name: 'b', expired: true }))
    expect((await dial(port, { rejectUnauthorized: false })).writable).toBe(true)
  })

  it('shows its own certificate, whose key may be locked', async () => {
    const mine = authority.issue({ name: 'client' })
    const port = await serve({ ...good, ca, requestCert: true, rejectUnauthorized: true })
    const key = locked(mine, 'open sesame')
    const socket = await dial(port, { ca, cert: mine.cert, key, passphrase: 'open sesame' })
    const echo = new Promise(resolve => socket.once('data', resolve))
    socket.write('hello')
    expect(String(await echo)).toBe('hello')
  })

  it('says that a server wants a certificate', async () => {
    const port = await serve({ ...good, ca, requestCert: true, maxVersion: 'TLSv1.2' })
    await expect(dial(port, { ca })).rejects.toThrow(/tls\.cert and tls\.key/)
  })

  it('speaks no version below tls.minVersion', async () => {
    const port = await serve({ ...good, maxVersion: 'TLSv1.2' })
    await expect(dial(port, { ca, minVersion: 'TLSv1.3' })).rejects.toThrow(/TLS version/)
  })

  it.each([
    [
      'answers in another protocol',
      (socket: Socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
      /does not speak TLS/,
    ],
    ['closes', (socket: Socket) => socket.end(), /closed the connection in the handshake/],
  ])('says so where the server %s', async (_how, answer, words) => {
    const port = await listen(createPlainServer(socket => socket.once('data', () => answer(socket))))
    await expect(dial(port, { ca })).rejects.toThrow(words)
  })

  it('gives up a handshake that is not answered when its signal is aborted, and leaves no socket behind', async () => {
    const abort = new AbortController()
    const reason = new Error('no connection within 5 ms')
    let closed: Promise<unknown> | undefined
    const server = createPlainServer(socket => {
      closed = new Promise(resolve => socket.on('close', resolve))
      socket.once('data', () => abort.abort(reason))
    })
    const port = await listen(server)
    await expect(dial(port, { ca }, { signal: abort.signal })).rejects.toBe(reason)
    await closed
    await expect(dial(port, { ca }, { signal: abort.signal })).rejects.toBe(reason)
  })

  it.each([{ servername: 5 as never }, { ALPNProtocols: 5 as never }])(
    'leaves no socket behind where Node refuses an option: %j',
    async wrong => {
      let closed: Promise<unknown> | undefined
      const server = createPlainServer(socket => {
        closed = new Promise(resolve => socket.resume().on('close', resolve))
      })
      const connected = new Promise(resolve => server.once('connection', resolve))
      const port = await listen(server)
      await expect(dial(port, { ca, ...wrong })).rejects.toThrow(/must/i)
      await connected
      await closed
    },
  )

  it('takes a check of the server that throws for one that refuses it', async () => {
    const checkServerIdentity = (): undefined => {
      throw new Error('not the one I know')
    }
    const port = await serve(good)
    await expect(dial(port, { ca, checkServerIdentity })).rejects.toThrow(/TLS with .* failed: not the one I know/)
  })

  it('fails at once over a stream that is closed', async () => {
    const closed = async (): Promise<Duplex> => new PassThrough().destroy()
    const dialer = tlsDialer(closed, { ca })
    await expect(dialer({ host: 'h', port: 1 }, noSignal)).rejects.toThrow(/closed already/)
  })

  it('says that nobody listens as plain TCP does', async () => {
    const port = await serve(good)
    ends.splice(0).forEach(end => end())
    await expect(dial(port, { ca })).rejects.toThrow(/ECONNREFUSED/)
  })
})

describe('checkTlsOptions', () => {
  it.each([
    ['a certificate that is none', { cert: 'nonsense' }],
    [
      'a locked key with another passphrase',
      { key: locked(new Authority().issue({ name: 'c' }), 'one'), passphrase: 'two' },
    ],
  ])('refuses %s when the options are given, and says nothing of secrets', (_what, options) => {
    const check = (): void => checkTlsOptions(options)
    expect(check).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(check).toThrow(/the option tls has certificates or keys that cannot be used/)
    expect(check).not.toThrow(/BEGIN|two/)
  })

  it.each([['./ca.pem'], [Buffer.from('nonsense')], [[new Authority().ca, 'secret-ca']]])(
    'refuses an authority that is no certificate, of which Node would say nothing: %#',
    wrong => {
      const check = (): void => checkTlsOptions({ ca: wrong })
      expect(check).toThrow(/tls\.ca holds no certificate in PEM form: give what is in the file, not its path/)
      expect(check).not.toThrow(/secret-ca/)
    },
  )

  it('takes authorities as text or bytes, and lists of them', () => {
    const { ca: one } = new Authority()
    for (const ca of [
      one,
      Buffer.from(one),
      Uint8Array.from(Buffer.from(one)),
      [one, Buffer.from(`# a comment\n${one}`)],
      [],
    ])
      expect(() => checkTlsOptions({ ca: ca as string })).not.toThrow()
  })

  it('refuses what is no options', () => {
    expect(() => checkTlsOptions('yes' as never)).toThrow(/tls must be true, false or options/)
  })
})
