import { constants } from 'node:os'
import { RocketMQError, asError } from '../errors'
import { type OptionNames, checkOptions, checkedFlag, checkedPart } from '../model/option-checks'
import { type Clock, systemClock } from '../runtime/clock'
import { withDeadline } from '../runtime/deadline'
import { Log, type Logger } from '../runtime/log'
import { checkedMs } from './checked-options'

/** Whatever drains and closes: producers, consumers, admin clients, and parts of the program that do it the same way. */
export interface Closable {
  /** Ends it within `timeoutMs`; rejects where something did not finish. */
  shutdown(options?: { timeoutMs?: number }): Promise<void>
}

/** How `shutdownOnSignals` works. */
export interface ShutdownOnSignalsOptions {
  /** Default SIGTERM and SIGINT. */
  readonly signals?: readonly NodeJS.Signals[]
  /** Limit for all of them together, ms; default 30000. */
  readonly timeoutMs?: number
  /** Hears of the signal and of what did not finish; default `debug` under `rocketwire:shutdown`. */
  readonly logger?: Logger
  /** False leaves it to the program to end itself; default true: it exits with 128 plus the number of the signal. */
  readonly exit?: boolean
}

/** What was set up by `shutdownOnSignals`. */
export interface ShutdownOnSignals {
  /** Resolves with the signal when all is closed; never rejects. */
  readonly done: Promise<NodeJS.Signals>
  /** Takes the handlers off again, unless a shutdown has begun. */
  release(): void
  /** As `release`, for `using`. */
  [Symbol.dispose](): void
}

/** What stands between this and the process. */
export interface SignalHost {
  on(signal: NodeJS.Signals, handler: (signal: NodeJS.Signals) => void): unknown
  off(signal: NodeJS.Signals, handler: (signal: NodeJS.Signals) => void): unknown
  exit(code: number): void
}

const SHUTDOWN_OPTIONS: OptionNames<ShutdownOnSignalsOptions> = {
  signals: true,
  timeoutMs: true,
  logger: true,
  exit: true,
}
const DEFAULT_TIMEOUT_MS = 30_000

/**
 * Shuts members down when the process is told to end: one after the other in the order given, so name consumers before the
 * producers that their listeners use. A second signal ends the process at once.
 *
 * @example
 * shutdownOnSignals([consumer, producer], { logger: console })
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function shutdownOnSignals(
  members: readonly Closable[],
  options: ShutdownOnSignalsOptions = {},
): ShutdownOnSignals {
  return new SignalShutdown(members, options, { host: process, clock: systemClock })
}

/** `shutdownOnSignals` with a process and a clock of one's own. */
export class SignalShutdown implements ShutdownOnSignals {
  readonly done: Promise<NodeJS.Signals>
  readonly #members: readonly Closable[]
  readonly #signals: readonly NodeJS.Signals[]
  readonly #timeoutMs: number
  readonly #exits: boolean
  readonly #host: SignalHost
  readonly #clock: Clock
  readonly #log: Log
  #begun = false
  #resolve: (signal: NodeJS.Signals) => void = () => undefined

  constructor(
    members: readonly Closable[],
    options: ShutdownOnSignalsOptions,
    { host, clock }: { host: SignalHost; clock: Clock },
  ) {
    checkOptions(options, SHUTDOWN_OPTIONS)
    const { signals = ['SIGTERM', 'SIGINT'], timeoutMs = DEFAULT_TIMEOUT_MS, exit } = options
    const logger = checkedPart('logger', options.logger, ['debug', 'info', 'warn', 'error'])
    for (const member of members)
      if (typeof (member as Partial<Closable> | undefined)?.shutdown !== 'function')
        throw new RocketMQError('INVALID_ARGUMENT', 'every member must have a shutdown(): give producers and consumers')
    this.#members = [...members]
    this.#signals = signals.map(checkedSignal)
    this.#timeoutMs = checkedMs('timeoutMs', timeoutMs)
    this.#exits = checkedFlag('exit', exit, true)
    this.#host = host
    this.#clock = clock
    this.#log = new Log('shutdown', logger, clock)
    this.done = new Promise(resolve => (this.#resolve = resolve))
    for (const signal of this.#signals) host.on(signal, this.#onSignal)
  }

  release(): void {
    if (!this.#begun) this.#takeOff()
  }

  [Symbol.dispose](): void {
    this.release()
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (this.#begun) {
      this.#log.warn(`${signal} came again: ending at once, what is under way comes again elsewhere`)
      this.#host.exit(exitCodeOf(signal))
      return
    }
    this.#begun = true
    void this.#shutdown(signal)
  }

  async #shutdown(signal: NodeJS.Signals): Promise<void> {
    this.#log.info(`${signal}: shutting down within ${this.#timeoutMs} ms`)
    const endsAt = this.#clock.monotonic() + this.#timeoutMs
    for (const member of this.#members) await this.#close(member, endsAt)
    this.#log.info('all is shut down')
    this.#takeOff()
    this.#resolve(signal)
    if (this.#exits) this.#host.exit(exitCodeOf(signal))
  }

  async #close(member: Closable, endsAt: number): Promise<void> {
    const name = (member as { constructor?: { name?: string } }).constructor?.name ?? 'a member'
    // Each gets at least a moment, to close its connections.
    const timeoutMs = Math.max(1, Math.ceil(endsAt - this.#clock.monotonic()))
    const onTimeout = (): Error => new RocketMQError('SHUTDOWN_INCOMPLETE', 'it took longer than it was given')
    try {
      // A part of the program's own may take no notice of its limit.
      const limit = { clock: this.#clock, timeoutMs: timeoutMs + GRACE_MS, onTimeout }
      await withDeadline(member.shutdown({ timeoutMs }), limit)
    } catch (error) {
      this.#log.error(`${name} did not finish`, { error: asError(error) })
    }
  }

  #takeOff(): void {
    for (const signal of this.#signals) this.#host.off(signal, this.#onSignal)
  }
}

/** For the commits and farewells that come after a limit has passed. */
const GRACE_MS = 2000

function checkedSignal(signal: NodeJS.Signals): NodeJS.Signals {
  if (signal in constants.signals) return signal
  throw new RocketMQError('INVALID_ARGUMENT', `${String(signal)} is no signal of this system, such as SIGTERM`)
}

function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
