import type { Duplex } from 'node:stream'
import type { AnyCommand, FrameContent } from '../../../lib/commands/command'
import { parseAddress } from '../../../lib/remoting/address'
import { Channel, type ChannelOptions, type Identity } from '../../../lib/remoting/channel'
import { dialTcp } from '../../../lib/remoting/dialer'
import { type PendingRequest, UNSENT } from '../../../lib/remoting/pending-request'
import { RequestHandlers } from '../../../lib/remoting/request-handlers'
import { systemClock } from '../../../lib/runtime/clock'
import type { RemotingCommand, SerializeType } from '../../../lib/wire/remoting-command'
import { silentLog } from '../../support/recording-log'

/** How the client of a request presents itself. */
export interface ClientIdentity {
  /** MQVersion ordinal. */
  readonly version?: number
  readonly language?: string
  /** Header form of requests; default `JSON`. */
  readonly serializeType?: SerializeType
}

/** How clients present themselves of which a row says nothing. */
export const THIS_CLIENT = { language: 'OTHER', version: 477 } as const

const TIMEOUT_MS = 10_000

/** A connection on which requests are answered with the frames themselves. */
export class FrameConnection {
  /** What the client does with requests of the server. */
  readonly handlers = new RequestHandlers(silentLog(systemClock))
  readonly #channel: Channel

  private constructor(address: string, socket: Duplex, identity: Identity) {
    const log = silentLog(systemClock)
    const dispatch: ChannelOptions['dispatch'] = (frame, channel) => this.handlers.dispatch(frame, channel)
    this.#channel = new Channel(socket, { address, clock: systemClock, log, identity, dispatch })
  }

  static async open(address: string, client: ClientIdentity = {}): Promise<FrameConnection> {
    const { version, language, serializeType = 'JSON' } = { ...THIS_CLIENT, ...client }
    const identity: Identity = { version, language: () => language, serializeType }
    const socket = await dialTcp(parseAddress(address), new AbortController().signal)
    return new FrameConnection(address, socket, identity)
  }

  /** The answer to a request, whatever its code. Rejects where there is none within 10 s. */
  request(command: AnyCommand, content: FrameContent): Promise<RemotingCommand> {
    return new Promise((resolve, reject) => {
      const entry: PendingRequest = { ...UNSENT, command, content, settled: false, onReply: resolve, onFailure: reject }
      this.#channel.request(entry, TIMEOUT_MS)
    })
  }

  /** Answers that came too late, twice or for no request. */
  get strayReplies(): number {
    return this.#channel.strayReplies
  }

  close(): void {
    this.#channel.close()
  }
}
