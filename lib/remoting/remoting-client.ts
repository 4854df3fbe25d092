import { type AnyCommand, type FrameContent, type ReplyOf, type RequestOf, encodeRequest } from '../commands/command'
import { denialOf } from '../commands/denial'
import { RESPONSE_CODES } from '../commands/response-code'
import { RocketMQError } from '../errors'
import type { Clock } from '../runtime/clock'
import { withDeadline } from '../runtime/deadline'
import type { Log } from '../runtime/log'
import type { RemotingCommand } from '../wire/remoting-command'
import type { Channel, Identity } from './channel'
import { ChannelPool } from './channel-pool'
import type { CredentialsKeeper } from './credentials-keeper'
import type { Dialer } from './dialer'
import { interceptOneway, interceptRequest } from './intercepted-request'
import { Invocation } from './invocation'
import { Link } from './link'
import type { NameTranslation } from './name-translation'
import type { PendingRequest } from './pending-request'
import { RequestHandlers } from './request-handlers'
import type { RpcInterceptor } from './rpc-interceptor'

/** What a remoting client is made of. */
export interface RemotingClientOptions {
  readonly clock: Clock
  readonly log: Log
  readonly dial: Dialer
  readonly identity: Identity
  /** What requests are signed with; default is not to sign them. */
  readonly credentials?: CredentialsKeeper | undefined
  /** Told where a server closes a connection on which it never sent anything. */
  readonly hintIfSilent?: string | undefined
  /** Limit of one attempt to connect, ms. */
  readonly connectTimeoutMs: number
  /** Limit of a request that brings none of its own, ms. */
  readonly requestTimeoutMs: number
  /** Default: names travel as they are. Entries of the hot form are made with translated names. */
  readonly names?: NameTranslation
  /** Run around every request. Undefined means no step at all. */
  readonly interceptors?: readonly RpcInterceptor[] | undefined
  readonly onOpened?: (channel: Channel, reconnected: boolean) => void
  readonly onClosed?: (channel: Channel, error: RocketMQError | undefined) => void
}

/** How long a call may wait, and what ends the wait before. */
export interface CallOptions {
  /** Limit of the whole call, connecting included, ms. */
  readonly timeoutMs?: number | undefined
  /** Ends the call with ABORTED, whose `cause` is the reason of the signal. */
  readonly signal?: AbortSignal | undefined
}

/** Address and command to typed reply, or a `RocketMQError`. One multiplexed channel per address. */
export class RemotingClient {
  /** What to do with requests from brokers. */
  readonly handlers: RequestHandlers
  readonly #options: RemotingClientOptions
  readonly #pool: ChannelPool
  readonly #primaries = new Map<string, Link>()
  readonly #leases = new Map<string, Promise<Link>>()
  #strayReplies = 0
  #closed = false

  constructor(options: RemotingClientOptions) {
    this.#options = options
    this.handlers = new RequestHandlers(options.log, options.names)
    this.#pool = new ChannelPool(address => this.#createLink(address), options.requestTimeoutMs)
  }

  /** The open channel to an address, if there is one now; no waiting. */
  openChannel(address: string): Channel | undefined {
    return this.#primaries.get(address)?.channel
  }

  /** Answers of all servers that came too late, twice or for no request. */
  get strayReplies(): number {
    return this.#strayReplies
  }

  /** Addresses that a link is kept to. */
  get addresses(): string[] {
    return [...this.#primaries.keys()]
  }

  /**
   * Sends a request and resolves with its reply.
   * @throws BrokerError for an answer that the command does not list
   * @throws RocketMQError CONNECT_FAILED, REQUEST_TIMEOUT, CHANNEL_CLOSED, TOO_MANY_REQUESTS, ABORTED, PROTOCOL_ERROR
   */
  invoke<C extends AnyCommand>(
    address: string,
    command: C,
    request: RequestOf<C>,
    options?: CallOptions,
  ): Promise<ReplyOf<C>> {
    return this.#primary(address).then(link => this.#invokeOn(link, command, request, options))
  }

  /** As `invoke`, over a link of its own, so that it neither waits behind traffic nor holds it up. */
  async invokeAside<C extends AnyCommand>(
    address: string,
    command: C,
    request: RequestOf<C>,
    { timeoutMs = this.#options.requestTimeoutMs, signal }: CallOptions = {},
  ): Promise<ReplyOf<C>> {
    this.#mustBeOpen()
    const { clock } = this.#options
    const endsAt = clock.monotonic() + timeoutMs
    const use = (link: Link): Promise<ReplyOf<C>> =>
      this.#invokeOn(link, command, request, { timeoutMs: Math.max(0, endsAt - clock.monotonic()), signal })
    const onTimeout = (): RocketMQError => notLent(command, address, timeoutMs)
    return this.#pool.borrow(address, use, { clock, timeoutMs, signal, onTimeout })
  }

  /**
   * Sends a request that nobody answers; resolves when the operating system has taken it. Time and signal limit the wait for
   * a connection that takes it; from then on only the end of the connection ends the wait.
   * @throws RocketMQError CONNECT_FAILED, REQUEST_TIMEOUT, CHANNEL_CLOSED, ABORTED, INVALID_MESSAGE
   */
  async invokeOneway<C extends AnyCommand>(
    address: string,
    command: C,
    request: RequestOf<C>,
    options: CallOptions = {},
  ): Promise<void> {
    const { timeoutMs = this.#options.requestTimeoutMs, signal } = options
    const channel = await this.#ready(await this.#primary(address), command, { timeoutMs, signal })
    const send = (content: FrameContent): Promise<void> =>
      new Promise((resolve, reject) => channel.oneway(content, error => (error ? reject(error) : resolve())))
    const content = encodeRequest(command, this.#outgoing(request))
    const { interceptors } = this.#options
    if (interceptors === undefined) await send(content)
    else await interceptOneway({ command, content, address }, interceptors, send)
  }

  /** The hot form: the entry hears of the outcome. Where the channel is open and not full nothing waits. */
  request(address: string, entry: PendingRequest, timeoutMs: number): void {
    const { credentials } = this.#options
    const channel = this.#primaries.get(address)?.channel
    const maySign = credentials === undefined || credentials.isReady
    if (channel?.writable === true && maySign) this.#put(channel, entry, timeoutMs)
    else void this.#requestLater(address, entry, timeoutMs)
  }

  /** Connects to an address, unless a channel is open; resolves with the channel. */
  async connect(address: string, options: CallOptions = {}): Promise<Channel> {
    const { timeoutMs = this.#options.requestTimeoutMs, signal } = options
    return (await this.#primary(address)).ready(timeoutMs, signal)
  }

  /** Gives up the link to an address that is no longer of use; what waits on it may finish. */
  async release(address: string): Promise<void> {
    const link = this.#primaries.get(address)
    if (link === undefined) return
    this.#primaries.delete(address)
    await this.#pool.destroy(link)
  }

  /** Waits for pending replies, for at most the request timeout, and closes everything. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#leases.values())
    await Promise.all(this.addresses.map(address => this.release(address)))
    await this.#pool.close()
    this.#options.credentials?.end()
  }

  async #invokeOn<C extends AnyCommand>(
    link: Link,
    command: C,
    request: RequestOf<C>,
    { timeoutMs = this.#options.requestTimeoutMs, signal }: CallOptions = {},
  ): Promise<ReplyOf<C>> {
    const deadline = this.#options.clock.monotonic() + timeoutMs
    const channel = await this.#ready(link, command, { timeoutMs, signal })
    const { names } = this.#options
    return new Promise((settle, reject) => {
      const content = encodeRequest(command, this.#outgoing(request))
      const resolve = names === undefined ? settle : (reply: ReplyOf<C>) => settle(names.incoming(reply))
      const entry = new Invocation({ command, content, address: link.address, signal, resolve, reject })
      if (!entry.settled) this.#put(channel, entry, Math.max(0, deadline - this.#options.clock.monotonic()))
    })
  }

  /** Sends a request for the first time. */
  #put(channel: Channel, entry: PendingRequest, timeoutMs: number): void {
    const { interceptors, clock } = this.#options
    if (interceptors === undefined) channel.request(entry, timeoutMs)
    else {
      const send = (stand: PendingRequest, leftMs: number): void => channel.request(stand, leftMs)
      interceptRequest(entry, { interceptors, address: channel.address, clock, timeoutMs, send })
    }
  }

  #outgoing<T>(request: T): T {
    const { names } = this.#options
    return names === undefined ? request : names.outgoing(request)
  }

  /** A channel that takes a frame: connected, not full, and with what is needed to sign one. */
  async #ready(
    link: Link,
    command: AnyCommand,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
  ): Promise<Channel> {
    const { clock, credentials } = this.#options
    const since = clock.monotonic()
    if (credentials?.isReady === false)
      await credentials.ready({ clock, timeoutMs, signal, onTimeout: () => notSigned(command, timeoutMs) })
    const channel = await link.ready(timeoutMs, signal).catch((error: unknown) => {
      throw forCommand(error, command)
    })
    if (channel.writable) return channel
    const leftMs = timeoutMs - (clock.monotonic() - since)
    const onTimeout = (): RocketMQError => {
      channel.checkSilence(since)
      return notWritten(command, link.address, timeoutMs)
    }
    await withDeadline(channel.whenWritable(), { clock, timeoutMs: leftMs, signal, onTimeout })
    return channel
  }

  async #requestLater(address: string, entry: PendingRequest, timeoutMs: number): Promise<void> {
    const deadline = this.#options.clock.monotonic() + timeoutMs
    try {
      const link = await this.#primary(address)
      const channel = await this.#ready(link, entry.command, { timeoutMs, signal: undefined })
      if (!entry.settled) this.#put(channel, entry, Math.max(0, deadline - this.#options.clock.monotonic()))
    } catch (error) {
      if (!entry.settled) entry.onFailure(ofRoute(error as RocketMQError, address))
    }
  }

  /** The link that carries everything to an address, leased at its first use. */
  #primary(address: string): Promise<Link> {
    const link = this.#primaries.get(address)
    if (link !== undefined) return Promise.resolve(link)
    let lease = this.#leases.get(address)
    if (lease === undefined) {
      lease = this.#lease(address).finally(() => this.#leases.delete(address))
      this.#leases.set(address, lease)
    }
    return lease
  }

  async #lease(address: string): Promise<Link> {
    this.#mustBeOpen()
    const link = await this.#pool.lease(address)
    this.#primaries.set(address, link)
    return link
  }

  #mustBeOpen(): void {
    if (this.#closed)
      throw new RocketMQError('INVALID_STATE', 'the client is shut down; create a new one', { sent: 'NO' })
  }

  #createLink(address: string): Link {
    const { clock, log, dial, identity, connectTimeoutMs, credentials, hintIfSilent, onOpened, onClosed } =
      this.#options
    const link: Link = new Link({
      address,
      dial,
      connectTimeoutMs,
      clock,
      channel: {
        clock,
        log,
        identity,
        dispatch: (frame, channel) => this.handlers.dispatch(frame, channel),
        sign: credentials && ((content, serializeType) => credentials.sign(content, serializeType)),
        hintIfSilent,
        onStrayReply: () => void this.#strayReplies++,
        onRefused: (channel, entry, reply) => this.#onRefused({ link, channel }, entry, reply),
      },
      onOpened: (channel, reconnected) => onOpened?.(channel, reconnected),
      onClosed: (channel, error) => onClosed?.(channel, error),
    })
    return link
  }

  #onRefused(
    { link, channel }: { link: Link; channel: Channel },
    entry: PendingRequest,
    reply: RemotingCommand,
  ): boolean {
    if (reply.code === RESPONSE_CODES.GO_AWAY.code) return this.#onGoAway(link, channel, entry)
    const { credentials, log } = this.#options
    if (credentials === undefined || entry.redirected || this.#closed) return false
    if (denialOf(reply.code, reply.remark)?.code !== 'AUTHENTICATION_FAILED') return false
    if (!credentials.refused(entry.sentAt)) return false
    entry.redirected = true
    log.info('a server did not accept the credentials, asking for others', { address: link.address })
    void this.#requestAgain(link, entry)
    return true
  }

  /** A server that shuts down answers GO_AWAY: go on over a new channel, once per request. */
  #onGoAway(link: Link, channel: Channel, entry: PendingRequest): boolean {
    if (!link.replace(channel) || entry.redirected || this.#closed) return false
    entry.redirected = true
    this.#options.log.info('a server is going away, connecting anew', { address: link.address })
    void this.#requestAgain(link, entry)
    return true
  }

  async #requestAgain(link: Link, entry: PendingRequest): Promise<void> {
    const left = (): number => Math.max(0, entry.deadlineAt - this.#options.clock.monotonic())
    try {
      const channel = await this.#ready(link, entry.command, { timeoutMs: left(), signal: undefined })
      if (!entry.settled) channel.request(entry, left())
    } catch (error) {
      if (!entry.settled) entry.onFailure(error as RocketMQError)
    }
  }
}

/** Addresses of the hot form come from routes: one that is none is its broker's fault, and another broker may do. */
function ofRoute(error: RocketMQError, address: string): RocketMQError {
  if (error.code !== 'INVALID_ARGUMENT') return error
  return new RocketMQError('CONNECT_FAILED', `cannot connect: ${error.message}`, { address, sent: 'NO', cause: error })
}

function notWritten({ name }: AnyCommand, address: string, timeoutMs: number): RocketMQError {
  const says = `${name} could not be written to ${address} within ${Math.round(timeoutMs)} ms: the peer does not read`
  return new RocketMQError('REQUEST_TIMEOUT', says, { address, command: name, sent: 'NO' })
}

function notSigned({ name }: AnyCommand, timeoutMs: number): RocketMQError {
  const says = `${name} could not be signed within ${Math.round(timeoutMs)} ms: the credentials provider does not answer`
  return new RocketMQError('CREDENTIALS_FAILED', says, { command: name, sent: 'NO' })
}

function notLent({ name }: AnyCommand, address: string, timeoutMs: number): RocketMQError {
  const reason = 'all links beside the primary one are in use'
  const says = `${name} could not be sent to ${address} within ${Math.round(timeoutMs)} ms: ${reason}`
  return new RocketMQError('REQUEST_TIMEOUT', says, { address, command: name, sent: 'NO' })
}

/** The error of a shared attempt to connect, told for one of the requests that waited for it. */
function forCommand(error: unknown, command: AnyCommand): unknown {
  if (!RocketMQError.is(error) || error.code !== 'CONNECT_FAILED') return error
  const { address, cause } = error
  const details = { command: command.name, sent: 'NO', cause, ...(address === undefined ? {} : { address }) } as const
  return new RocketMQError('CONNECT_FAILED', `${error.message} (for ${command.name})`, details)
}
