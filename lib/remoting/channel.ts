import type { Duplex } from 'node:stream'
import type { FrameContent } from '../commands/command'
import { RESPONSE_CODES } from '../commands/response-code'
import { type ErrorOptions, RocketMQError } from '../errors'
import type { Clock } from '../runtime/clock'
import type { Log } from '../runtime/log'
import { FrameDecoder } from '../wire/frame-decoder'
import {
  FLAG_ONEWAY,
  FLAG_RESPONSE,
  type RemotingCommand,
  type SerializeType,
  isOneway,
  isResponse,
} from '../wire/remoting-command'
import type { PendingRequest } from './pending-request'
import { PendingTable } from './pending-table'
import { tlsReason } from './tls-failure'
import { TurnWriter } from './turn-writer'

/** How a side of the connection presents itself. */
export interface Identity {
  /** MQVersion ordinal. */
  readonly version: number
  /** Name of the language, by the version of the peer once that is known. */
  readonly language: (peerVersion: number | undefined) => string
  /** Header form of requests; commands that do not fit the binary form travel as JSON. */
  readonly serializeType: SerializeType
  /** Fields that every request carries besides its own. */
  readonly requestFields?: Readonly<Record<string, string>> | undefined
  /** Header form of replies by that of the request; default is JSON. */
  readonly replyType?: (requested: SerializeType) => SerializeType
}

/** What a channel needs of its owner. */
export interface ChannelOptions {
  /** `host:port` of the peer. */
  readonly address: string
  readonly clock: Clock
  readonly log: Log
  readonly identity: Identity
  /** Takes the requests of the peer. */
  readonly dispatch: (frame: RemotingCommand, channel: Channel) => void
  /** Changes each request that is written, such as by signing it. */
  readonly sign?: ((content: FrameContent, serializeType: SerializeType) => FrameContent) | undefined
  /** Asked when a reply is an error that may be about the connection or the keys: true means that the request goes on. */
  readonly onRefused?: (channel: Channel, entry: PendingRequest, reply: RemotingCommand) => boolean
  /** Told of each reply that came too late, twice or for no request. */
  readonly onStrayReply?: () => void
  /** Told where the peer closes a connection on which it never sent anything: what it may have wanted. */
  readonly hintIfSilent?: string | undefined
  readonly onClosed?: (channel: Channel, error: RocketMQError | undefined) => void
  /** Stop reading while the peer does not read what it asked for, so that replies cannot pile up. */
  readonly pauseWhenFull?: boolean
}

/** open --drain--> draining --nothing pending--> closed; open and draining --error or close--> closed */
export type ChannelState = 'open' | 'draining' | 'closed'

interface FrameMarks {
  readonly opaque: number
  readonly flag: number
  readonly serializeType: SerializeType
  /** No other request waits for its answer: who sends one after the other waits for this one. */
  readonly isAlone?: boolean
}

/** Above this the socket counts as full, and senders wait. */
const FULL_BYTES = 1_048_576
/** Requests that may wait on one channel, as in Java. */
const MAX_PENDING = 65_535
/** A connection on which requests time out and nothing has been read for this long is taken for dead. */
const SILENT_MS = 3000
/** How long the last bytes of a drained connection may take to leave. */
const LINGER_MS = 1000
/** Answers upon which its owner may send a request once more. */
const REFUSALS: ReadonlySet<number> = new Set(
  (['GO_AWAY', 'NO_PERMISSION', 'SYSTEM_ERROR'] as const).map(name => RESPONSE_CODES[name].code),
)
/** First byte of what a TLS server answers to what is no TLS; as the length of a frame it would be too much. */
const TLS_ALERT = 0x15
const HTTP2_HINT =
  'it speaks HTTP/2, as the port of a proxy for gRPC: give the address of a name server, or the remoting port of the proxy'
/** Codes above this do not fit the binary header. */
const MAX_BINARY_CODE = 0x7fff

/** One connected socket, either end: requests and replies by opaque, many at a time. */
export class Channel {
  /** `host:port` of the peer. */
  readonly address: string
  /** MQVersion ordinal of the peer, from its last frame. */
  peerVersion: number | undefined
  /** Replies that came too late, twice or for no request. */
  strayReplies = 0
  readonly #options: ChannelOptions
  readonly #socket: Duplex
  readonly #writer: TurnWriter
  readonly #decoder = new FrameDecoder(frame => this.#onFrame(frame))
  readonly #pending: PendingTable
  #state: ChannelState = 'open'
  /** Whether anything was ever read. */
  #heard = false
  #speaksHttp2 = false
  #lastReadAt: number
  #lastWriteAt: number
  /** When the first of the requests was written that timed out since something was read. */
  #silentSince = Infinity
  #drainWaiters: (() => void)[] = []
  #closeWaiters: (() => void)[] = []

  constructor(socket: Duplex, options: ChannelOptions) {
    this.address = options.address
    this.#options = options
    this.#socket = socket
    this.#writer = new TurnWriter(socket)
    this.#pending = new PendingTable(options.clock, entry => this.#onExpired(entry))
    this.#lastReadAt = this.#lastWriteAt = options.clock.monotonic()
    socket.on('data', (chunk: Buffer) => this.#onData(chunk))
    socket.on('drain', () => this.#wake())
    socket.on('error', error => this.#fail(brokenBy(error), error))
    socket.on('end', () => this.#fail(`the peer closed the connection${this.#hint}`))
    socket.on('close', () => this.#fail(`the peer closed the connection${this.#hint}`))
  }

  /** Where it is in its life. */
  get state(): ChannelState {
    return this.#state
  }

  /** True while the socket takes frames without piling them up. */
  get writable(): boolean {
    return this.#socket.writableLength < FULL_BYTES
  }

  /** Requests that wait for their answers. */
  get pendingCount(): number {
    return this.#pending.size
  }

  /** Milliseconds since anything was read or written. */
  get idleMs(): number {
    return this.#options.clock.monotonic() - Math.max(this.#lastReadAt, this.#lastWriteAt)
  }

  /** Resolves when the socket takes frames again, or is closed. */
  whenWritable(): Promise<void> {
    if (this.writable || this.#state === 'closed') return Promise.resolve()
    return new Promise(resolve => this.#drainWaiters.push(resolve))
  }

  /** Sends a request; its entry hears of the reply, the timeout or the end of the connection. */
  request(entry: PendingRequest, timeoutMs: number): void {
    if (this.#state !== 'open' || this.#pending.size >= MAX_PENDING) {
      entry.onFailure(this.#refusal(entry))
      return
    }
    const isAlone = this.#pending.size === 0
    this.#pending.add(entry, timeoutMs)
    entry.channel = this
    entry.sentAt = this.#options.clock.monotonic()
    try {
      const serializeType = entry.command.headerType ?? this.#options.identity.serializeType
      this.#write(entry.content, { opaque: entry.opaque, flag: 0, serializeType, isAlone })
    } catch (error) {
      this.forget(entry)
      entry.onFailure(error as RocketMQError)
    }
  }

  /** Takes a waiting request back: its reply, should it come, is dropped. */
  forget(entry: PendingRequest): void {
    if (entry.channel !== this) return
    entry.channel = undefined
    this.#pending.take(entry.opaque)
    this.#closeIfDrained()
  }

  /**
   * Sends a request that is not answered.
   * @param written called when the operating system has taken the frame, or with CHANNEL_CLOSED
   * @throws RocketMQError INVALID_MESSAGE where the frame is too large
   */
  oneway(content: FrameContent, written?: (error: RocketMQError | undefined) => void): void {
    if (this.#state === 'closed') {
      written?.(this.#closed('the connection is closed', { sent: 'NO' }))
      return
    }
    const opaque = this.#pending.nextOpaque()
    const { serializeType } = this.#options.identity
    const onWritten = (cause: Error | null | undefined): void =>
      written?.(cause ? this.#closed('a oneway request was not written', { sent: 'UNKNOWN', cause }) : undefined)
    this.#write(content, { opaque, flag: FLAG_ONEWAY, serializeType }, written && onWritten)
  }

  /** Answers a request of the peer; does nothing where it wants no answer. */
  reply(request: RemotingCommand, content: FrameContent): void {
    if (this.#state === 'closed' || isOneway(request)) return
    const serializeType = this.#options.identity.replyType?.(request.serializeType) ?? 'JSON'
    this.#write(content, { opaque: request.opaque, flag: FLAG_RESPONSE, serializeType })
    if (this.#options.pauseWhenFull === true && !this.writable && !this.#socket.isPaused()) {
      this.#socket.pause()
      void this.whenWritable().then(() => this.#socket.resume())
    }
  }

  /** Takes no more requests and closes when none is waiting; resolves when closed. */
  drain(): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve()
    this.#state = 'draining'
    const closed = new Promise<void>(resolve => this.#closeWaiters.push(resolve))
    this.#closeIfDrained()
    return closed
  }

  /** Closes at once; what waits fails with CHANNEL_CLOSED. */
  close(): void {
    this.#fail('the connection was closed by this client')
    this.#socket.destroy()
  }

  /**
   * To be called when something was waited for in vain since `since`, monotonic ms. A peer that is gone without a word is
   * known by silence: waits end by their time, and nothing at all is read.
   */
  checkSilence(since: number): void {
    if (this.#lastReadAt > since) return
    this.#silentSince = Math.min(this.#silentSince, since)
    const silentMs = this.#options.clock.monotonic() - this.#silentSince
    if (silentMs >= SILENT_MS) this.#fail(`nothing was read for ${Math.round(silentMs)} ms while requests waited`)
  }

  #write(content: FrameContent, frame: FrameMarks, written?: (error: Error | null | undefined) => void): void {
    const { identity, clock, sign } = this.#options
    const { opaque, flag } = frame
    const serializeType = content.code > MAX_BINARY_CODE ? 'JSON' : frame.serializeType
    const isReply = (flag & FLAG_RESPONSE) !== 0
    const { requestFields } = identity
    const whole =
      isReply || requestFields === undefined
        ? content
        : { ...content, extFields: { ...content.extFields, ...requestFields } }
    const { code, remark, extFields, body, writer } = isReply || sign === undefined ? whole : sign(whole, serializeType)
    const { language, version } = writer ?? {
      language: identity.language(this.peerVersion),
      version: identity.version,
    }
    const command = { code, language, version, opaque, flag, remark, extFields, body, serializeType }
    if (frame.isAlone === true) this.#writer.writeNow(command)
    else this.#writer.write(command, written)
    this.#lastWriteAt = clock.monotonic()
  }

  get #hint(): string {
    if (this.#speaksHttp2) return ` (${HTTP2_HINT})`
    const { hintIfSilent } = this.#options
    return this.#heard || hintIfSilent === undefined ? '' : ` (${hintIfSilent})`
  }

  #onData(chunk: Buffer): void {
    const hint = chunk[0] === TLS_ALERT ? this.#hint : ''
    if (!this.#heard) this.#speaksHttp2 = isHttp2(chunk)
    this.#heard = true
    this.#lastReadAt = this.#options.clock.monotonic()
    this.#silentSince = Infinity
    try {
      this.#decoder.push(chunk)
    } catch (error) {
      this.#fail(`the peer sent bytes that are not this protocol${hint}`, error)
    }
  }

  #onFrame(frame: RemotingCommand): void {
    if (this.#state === 'closed') return
    if (isResponse(frame)) this.#onReply(frame)
    else {
      this.peerVersion = frame.version
      this.#options.dispatch(frame, this)
    }
  }

  #onReply(frame: RemotingCommand): void {
    const entry = this.#pending.take(frame.opaque)
    if (entry === undefined) {
      this.strayReplies++
      this.#options.onStrayReply?.()
      return
    }
    entry.channel = undefined
    // An answer that was passed on tells the version of the client that gave it.
    if (!entry.command.passedOn) this.peerVersion = frame.version
    if (!REFUSALS.has(frame.code) || this.#options.onRefused?.(this, entry, frame) !== true) entry.onReply(frame)
    this.#closeIfDrained()
  }

  #onExpired(entry: PendingRequest): void {
    entry.channel = undefined
    const waited = Math.round(entry.deadlineAt - entry.sentAt)
    const message = `no reply to ${entry.command.name} from ${this.address} within ${waited} ms`
    const details = { address: this.address, command: entry.command.name, sent: 'UNKNOWN' } as const
    entry.onFailure(new RocketMQError('REQUEST_TIMEOUT', message, details))
    this.checkSilence(entry.sentAt)
    this.#closeIfDrained()
  }

  #closeIfDrained(): void {
    if (this.#state !== 'draining' || this.#pending.size > 0) return
    this.#writer.flush()
    this.#fail('the connection was closed after its last reply', undefined, () => this.#end())
  }

  #refusal(entry: PendingRequest): RocketMQError {
    const details = { address: this.address, command: entry.command.name, sent: 'NO' } as const
    if (this.#state !== 'open') {
      return new RocketMQError('CHANNEL_CLOSED', `the connection to ${this.address} is ${this.#state}`, details)
    }
    return new RocketMQError('TOO_MANY_REQUESTS', `${MAX_PENDING} requests wait for ${this.address} already`, details)
  }

  #fail(reason: string, cause?: unknown, endSocket: () => void = () => this.#socket.destroy()): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    endSocket()
    const entries = this.#pending.takeAll()
    // Its owner forgets the channel before those who waited hear of it, or they would try again right here.
    this.#options.onClosed?.(this, cause === undefined ? undefined : this.#closed(reason, { cause }))
    for (const entry of entries) {
      entry.channel = undefined
      const command = entry.command.name
      entry.onFailure(this.#closed(`${reason} while ${command} waited`, { command, sent: 'UNKNOWN', cause }))
    }
    this.#wake()
    for (const waiter of this.#closeWaiters.splice(0)) waiter()
  }

  #closed(reason: string, details: ErrorOptions): RocketMQError {
    const { address } = this
    return new RocketMQError('CHANNEL_CLOSED', `${reason}: ${address}`, { address, ...details })
  }

  /** The last bytes may still be on their way; a peer that does not take them is not waited for. */
  #end(): void {
    const destroy = (): void => void this.#socket.destroy()
    const linger = this.#options.clock.after(LINGER_MS, destroy, { background: true })
    this.#socket.end(() => {
      linger.cancel()
      destroy()
    })
  }

  #wake(): void {
    for (const waiter of this.#drainWaiters.splice(0)) waiter()
  }
}

/** The settings that an HTTP/2 server begins with; a frame of ours has a header, whose length would be 0 here. */
function isHttp2(chunk: Buffer): boolean {
  return chunk.length >= 9 && chunk[0] === 0 && chunk[3] === 4 && chunk.readUInt32BE(4) === 0 && chunk[8] === 0
}

/** Under TLS a server may tell only here, after the handshake, that it wants a certificate. */
function brokenBy(error: Error): string {
  return error.message === '' ? 'the connection broke' : `the connection broke (${tlsReason(error)})`
}
