import { type Server, type Socket, createServer } from 'node:net'
import { type TlsOptions, createServer as createTlsServer } from 'node:tls'
import type { RocketMQError } from '../errors'
import type { Clock } from '../runtime/clock'
import type { Log } from '../runtime/log'
import type { RemotingCommand } from '../wire/remoting-command'
import { formatAddress } from './address'
import { Channel, type Identity } from './channel'

/** What a remoting server is made of. */
export interface RemotingServerOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly clock: Clock
  readonly log: Log
  readonly identity: Identity
  /** Speaks TLS with these certificates; default is plain TCP. */
  readonly tls?: TlsOptions | undefined
  readonly dispatch: (frame: RemotingCommand, channel: Channel) => void
  readonly onOpened?: (channel: Channel) => void
  readonly onClosed?: (channel: Channel, error: RocketMQError | undefined) => void
}

/** Accepts connections and gives each a `Channel`. */
export class RemotingServer {
  readonly #options: RemotingServerOptions
  readonly #channels = new Set<Channel>()
  /** All that were accepted, such whose handshake is not over too. */
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #port: number

  constructor(options: RemotingServerOptions) {
    this.#options = options
    this.#port = options.port
  }

  /** `host:port` as it listens; it keeps its port over `stop` and `start`. */
  get address(): string {
    return formatAddress({ host: this.#options.host, port: this.#port })
  }

  /** The connections that are open. */
  get channels(): ReadonlySet<Channel> {
    return this.#channels
  }

  /** Listens; rejects with Node's own error where the port is taken. */
  async start(): Promise<void> {
    const { log, tls } = this.#options
    const accept = (socket: Socket): void => this.#accept(socket)
    const server =
      tls === undefined ? createServer({ noDelay: true }, accept) : createTlsServer({ ...tls, noDelay: true }, accept)
    server.on('tlsClientError', error => log.info('a handshake failed', { error }))
    server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, this.#options.host, () => {
        server.off('error', reject)
        // Such as too many open files: that connection is lost, the others are served.
        server.on('error', error => log.warn('a connection could not be accepted', { error }))
        resolve()
      })
    })
    const bound = server.address()
    if (bound !== null && typeof bound === 'object') this.#port = bound.port
    this.#server = server
  }

  /** Stops listening and closes all connections. */
  async stop(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    this.#server = undefined
    const closed = new Promise<void>(resolve => server.close(() => resolve()))
    for (const channel of [...this.#channels]) channel.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #accept(socket: Socket): void {
    const { clock, log, identity, dispatch, onOpened, onClosed } = this.#options
    const channel = new Channel(socket, {
      address: formatAddress({ host: socket.remoteAddress ?? '0.0.0.0', port: socket.remotePort ?? 0 }),
      clock,
      log,
      identity,
      dispatch,
      pauseWhenFull: true,
      onClosed: (closed, error) => {
        this.#channels.delete(closed)
        onClosed?.(closed, error)
      },
    })
    this.#channels.add(channel)
    onOpened?.(channel)
  }
}
