import type { TlsOptions } from 'node:tls'
import { RocketMQError, asError } from '../errors'
import { formatAddress, parseAddress } from '../remoting/address'
import type { Channel } from '../remoting/channel'
import { RemotingServer } from '../remoting/remoting-server'
import { RequestHandlers } from '../remoting/request-handlers'
import type { Clock } from '../runtime/clock'
import type { Log } from '../runtime/log'
import type { RemotingCommand } from '../wire/remoting-command'
import type { AccessControl } from './access-control'
import type { Controls } from './controls'
import type { Generation } from './generation'
import type { Schedule, ScheduledCall } from './schedule'

/** A socket on which nothing moves is closed. */
const IDLE_MS = 120_000

/** What all servers of one emulator share. */
export interface EmulatorShared {
  /** Interface to listen on. */
  readonly host: string
  /** IP address that clients are told. */
  readonly advertisedHost: string
  readonly clock: Clock
  readonly log: Log
  readonly schedule: Schedule
  readonly controls: Controls
  readonly generation: Generation
  /** Whom brokers serve; undefined: everybody. */
  readonly access?: AccessControl | undefined
  readonly tls?: TlsOptions | undefined
  /** False from the shutdown of the emulator on: nothing is started any more. */
  readonly mayStart: () => boolean
}

export interface EmulatedServerOptions extends EmulatorShared {
  readonly broker?: { readonly name: string; readonly id: number }
  /** 0: any free port. */
  readonly port: number
  readonly onClosed?: (channel: Channel) => void
}

/** A listening socket that answers in the manner of a generation, and lets controls decide first. */
export class EmulatedServer {
  readonly handlers: RequestHandlers
  readonly #options: EmulatedServerOptions
  readonly #server: RemotingServer
  /** What closes each connection that stays silent. */
  readonly #watches = new Map<Channel, ScheduledCall>()

  constructor(options: EmulatedServerOptions) {
    const { host, port, clock, log, generation, tls, onClosed } = options
    this.#options = options
    this.handlers = new RequestHandlers(log)
    this.#server = new RemotingServer({
      host,
      port,
      clock,
      log,
      tls,
      identity: {
        version: generation.mqVersion,
        language: () => 'JAVA',
        serializeType: 'JSON',
        replyType: generation.replyType,
      },
      dispatch: (frame, channel) => this.#dispatch(frame, channel),
      onOpened: channel => this.#closeWhenIdle(channel, IDLE_MS),
      onClosed: channel => {
        // A call that waits for its time would keep the channel, and its memory, for two minutes.
        this.#watches.get(channel)?.cancel()
        this.#watches.delete(channel)
        onClosed?.(channel)
      },
    })
  }

  /** `ip:port`; it keeps its port over `stop` and `start`. */
  get address(): string {
    const { port } = parseAddress(this.#server.address)
    return formatAddress({ host: this.#options.advertisedHost, port })
  }

  /** @throws RocketMQError INVALID_ARGUMENT where its address or port cannot be had, INVALID_STATE after the shutdown */
  async start(): Promise<void> {
    if (!this.#options.mayStart())
      throw new RocketMQError('INVALID_STATE', 'the emulator was shut down: start a new one')
    try {
      await this.#server.start()
    } catch (error) {
      const { message } = asError(error)
      const says = `the emulator cannot listen on ${this.#server.address} (${message}): choose another port or host`
      throw new RocketMQError('INVALID_ARGUMENT', says, { cause: error })
    }
  }

  stop(): Promise<void> {
    return this.#server.stop()
  }

  #dispatch(frame: RemotingCommand, channel: Channel): void {
    const { controls, broker } = this.#options
    if (!controls.wants(frame.code)) {
      this.#handle(frame, channel)
      return
    }
    controls.dispatch({ frame, channel, broker: broker?.name, brokerId: broker?.id }, passed =>
      this.#handle(passed, channel),
    )
  }

  #handle(frame: RemotingCommand, channel: Channel): void {
    const { access, broker } = this.#options
    const refusal = broker === undefined ? undefined : access?.refusal(frame, channel)
    if (refusal === undefined) this.handlers.dispatch(frame, channel)
    else channel.reply(frame, refusal)
  }

  #closeWhenIdle(channel: Channel, inMs: number): void {
    const watch = this.#options.schedule.after(inMs, () => {
      const left = IDLE_MS - channel.idleMs
      if (left > 0) this.#closeWhenIdle(channel, left)
      else channel.close()
    })
    this.#watches.set(channel, watch)
  }
}
