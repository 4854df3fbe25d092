import {
  type AnyCommand,
  type FrameContent,
  type ReplyOf,
  type RequestOf,
  decodeRequest,
  encodeReply,
} from '../../lib/commands/command'
import { RESPONSE_CODES, type ResponseCode } from '../../lib/commands/response-code'
import type { Channel, Identity } from '../../lib/remoting/channel'
import { RemotingServer } from '../../lib/remoting/remoting-server'
import { RequestHandlers } from '../../lib/remoting/request-handlers'
import type { Clock } from '../../lib/runtime/clock'
import type { RemotingCommand } from '../../lib/wire/remoting-command'
import { silentLog } from './recording-log'

/** A request that reached a scripted server. */
export class ReceivedRequest<C extends AnyCommand = AnyCommand> {
  readonly command: C
  readonly frame: RemotingCommand
  readonly channel: Channel

  constructor(command: C, frame: RemotingCommand, channel: Channel) {
    this.command = command
    this.frame = frame
    this.channel = channel
  }

  get request(): RequestOf<C> {
    return decodeRequest(this.command, this.frame)
  }

  reply(reply: ReplyOf<C>): void {
    this.answer(encodeReply(this.command, reply))
  }

  refuse(code: ResponseCode, remark = 'refused by the test'): void {
    this.answer({ code: RESPONSE_CODES[code].code, remark })
  }

  answer(content: FrameContent): void {
    this.channel.reply(this.frame, content)
  }
}

export interface ScriptedServerOptions {
  readonly clock: Clock
  /** MQVersion ordinal that it announces; default 513. */
  readonly version?: number
  readonly replyType?: Identity['replyType']
  /** Told of connections that close. */
  readonly onChannelClosed?: (channel: Channel) => void
}

/**
 * A server on loopback that answers as a test says: by handlers, or, for commands that are held, by hand, one request
 * after the other.
 */
export class ScriptedServer {
  readonly handlers: RequestHandlers
  /** Every request frame in the order of its coming, answered or not. */
  readonly frames: RemotingCommand[] = []
  readonly #server: RemotingServer
  readonly #held = new Map<number, { command: AnyCommand; waiting: ReceivedRequest[]; takers: Taker[] }>()

  private constructor({ clock, version = 513, replyType, onChannelClosed }: ScriptedServerOptions) {
    const log = silentLog(clock)
    this.handlers = new RequestHandlers(log)
    this.#server = new RemotingServer({
      host: '127.0.0.1',
      port: 0,
      clock,
      log,
      identity: {
        version,
        language: () => 'JAVA',
        serializeType: 'JSON',
        ...(replyType === undefined ? {} : { replyType }),
      },
      dispatch: (frame, channel) => this.#dispatch(frame, channel),
      ...(onChannelClosed === undefined ? {} : { onClosed: onChannelClosed }),
    })
  }

  static async start(options: ScriptedServerOptions): Promise<ScriptedServer> {
    const server = new ScriptedServer(options)
    await server.start()
    return server
  }

  get address(): string {
    return this.#server.address
  }

  /** The open connections, oldest first. */
  get channels(): Channel[] {
    return [...this.#server.channels]
  }

  /** Listens again on the same port after `stop`. */
  start(): Promise<void> {
    return this.#server.start()
  }

  stop(): Promise<void> {
    return this.#server.stop()
  }

  /** Keeps requests of a command until the test takes them with `next`. */
  hold(command: AnyCommand): void {
    this.#held.set(command.code, { command, waiting: [], takers: [] })
  }

  /** The next request of a held command. */
  next<C extends AnyCommand>(command: C): Promise<ReceivedRequest<C>> {
    const held = this.#held.get(command.code)
    if (held === undefined) throw new Error(`${command.name} is not held`)
    const received = held.waiting.shift()
    if (received !== undefined) return Promise.resolve(received as ReceivedRequest<C>)
    return new Promise(resolve => held.takers.push(resolve as Taker))
  }

  /** How many requests of a command came so far. */
  count(command: AnyCommand): number {
    return this.frames.filter(({ code }) => code === command.code).length
  }

  #dispatch(frame: RemotingCommand, channel: Channel): void {
    this.frames.push(frame)
    const held = this.#held.get(frame.code)
    if (held === undefined) {
      this.handlers.dispatch(frame, channel)
      return
    }
    const received = new ReceivedRequest(held.command, frame, channel)
    const taker = held.takers.shift()
    if (taker === undefined) held.waiting.push(received)
    else taker(received)
  }
}

type Taker = (received: ReceivedRequest) => void
