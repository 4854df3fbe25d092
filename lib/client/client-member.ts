import { RocketMQError, asError } from '../errors'
import { checkOptions } from '../model/option-checks'
import type { Clock } from '../runtime/clock'
import { withDeadline } from '../runtime/deadline'
import { Lifecycle } from '../runtime/lifecycle'
import { type EventMap, SafeEmitter } from '../runtime/safe-emitter'
import { checkedMs } from './checked-options'
import type { ClientInstance } from './client-instance'
import type { ResolvedClientOptions } from './client-options'
import type { ClientUse } from './client-registry'
import { type Health, healthOf } from './health'
import { Membership } from './membership'
import { INSTRUMENTS, type MetricReading } from './telemetry/metrics'
import { Telemetry } from './telemetry/telemetry'

/** What it is called, for brokers and in messages. */
interface MemberName extends ClientUse {
  /** Default: kind and group. */
  readonly title?: string
}

/** After a start that failed there is hardly anything to wait for. */
const FAILED_START_MS = 1000
/** Shutdowns take so much longer than the limit of what is under way, at the most. */
const CLOSING_MS = 3000

/** What a producer, a consumer and an admin client have in common: a life, and their share of a client. */
export abstract class ClientMember<Events extends EventMap<Events>> extends SafeEmitter<Events> {
  /** @internal */
  protected readonly lifecycle: Lifecycle
  /** @internal */
  protected readonly membership: Membership
  /** @internal */
  protected readonly clock: Clock
  /** @internal */
  protected readonly telemetry: Telemetry

  readonly #title: string
  #undone: Promise<void> | undefined
  #stopped: Promise<void> | undefined

  /** @internal */
  protected constructor(options: ResolvedClientOptions, { kind, group, only, title = `${kind} ${group}` }: MemberName) {
    super()
    this.lifecycle = new Lifecycle(title)
    this.#title = title
    const onAcquired = (): (() => void) => this.telemetry.observe(() => this.gauges())
    this.membership = new Membership(options, { kind, group, only }, onAcquired)
    this.clock = options.clock
    this.telemetry = new Telemetry({
      kind,
      group,
      namespace: options.namespace || options.namespaceV2,
      clock: options.clock,
      metrics: options.metrics,
      clientId: () => this.clientId,
      brokerAddress: brokerName => this.membership.client?.routes.masterAddress(brokerName),
      onError: error => this.membership.client?.log.error('the recorder of metrics threw', { error }),
    })
  }

  /** The id by which brokers know this client; undefined before `start`. */
  get clientId(): string | undefined {
    return this.membership.client?.clientId
  }

  /** True from the end of `start` to the beginning of `shutdown`. */
  get isRunning(): boolean {
    return this.lifecycle.state === 'running'
  }

  /**
   * Whether it can do its work, for readiness probes: from what is known, at no cost. Shared connections are told of by all
   * that share them.
   */
  health(): Health {
    return healthOf(this.lifecycle.state, this.membership.client)
  }

  /** Ends it as by default; see there. */
  abstract shutdown(): Promise<void>

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown()
  }

  /**
   * True while what is told to it must reach brokers.
   * @internal
   */
  protected get isAlive(): boolean {
    return this.isRunning || this.lifecycle.state === 'starting'
  }

  /**
   * Its client while what is told to it must reach brokers; else undefined.
   * @internal
   */
  protected get liveClient(): ClientInstance | undefined {
    return this.isAlive ? this.membership.client : undefined
  }

  /**
   * @throws RocketMQError INVALID_STATE once its shutdown has begun, or its start has failed
   * @internal
   */
  protected mustNotHaveEnded(): void {
    if (this.lifecycle.state !== 'created' && !this.isAlive) this.lifecycle.mustRun()
  }

  /**
   * What metrics tell of it as it is now.
   * @internal
   */
  protected gauges(): MetricReading[] {
    return [this.reading('connections', this.membership.client?.connections ?? 0)]
  }

  /** @internal */
  protected reading(name: keyof typeof INSTRUMENTS, value: number, topic?: string): MetricReading {
    const attributes = {
      'messaging.system.name': 'rocketmq',
      'messaging.client.id': this.clientId ?? '',
      'rocketwire.group': this.membership.group,
      ...(topic === undefined ? {} : { 'messaging.destination.name': topic }),
    }
    return { instrument: INSTRUMENTS[name], value, attributes }
  }

  /**
   * Starts it once. Where that fails, `shutdown` releases what was taken. The start waits for that, but not for brokers that do
   * not answer: it goes on then, and what fails is reported.
   * @internal
   */
  protected startOrShutDown(start: () => Promise<void>, shutdown: (timeoutMs: number) => Promise<void>): Promise<void> {
    return this.lifecycle.start(start, () => {
      const report = (error: unknown): void => this.membership.client?.report('a start failed', error)
      this.#undone = shutdown(FAILED_START_MS).catch(report)
      return this.#within(this.#undone, FAILED_START_MS).catch(report)
    })
  }

  /**
   * Stops it once, unless the limit is none that can be kept: that of what is under way. Brokers then have `CLOSING_MS` to
   * answer; where they do not, the rest goes on by itself.
   * @internal
   */
  protected stopWithin(
    options: { timeoutMs?: number },
    missingMs: number,
    stop: (timeoutMs: number) => Promise<void>,
  ): Promise<void> {
    let timeoutMs: number
    try {
      checkOptions(options, { timeoutMs: true }, 'the options of shutdown')
      timeoutMs = checkedMs('timeoutMs', options.timeoutMs ?? missingMs)
    } catch (error) {
      return Promise.reject(asError(error))
    }
    this.#stopped ??= this.#within(
      this.#stop(() => stop(timeoutMs)),
      timeoutMs + CLOSING_MS,
    )
    return this.#stopped
  }

  async #stop(stop: () => Promise<void>): Promise<void> {
    await this.lifecycle.stop(stop)
    await this.#undone
  }

  #within(end: Promise<void>, timeoutMs: number): Promise<void> {
    const { group } = this.membership
    const onTimeout = (): RocketMQError => {
      const says = `${this.#title} was not closed within ${timeoutMs} ms, as brokers did not answer; that goes on`
      return new RocketMQError('SHUTDOWN_INCOMPLETE', says, { group })
    }
    return withDeadline(end, { clock: this.clock, timeoutMs, onTimeout })
  }

  /** @internal */
  protected override onListenerError(event: string, cause: Error): void {
    this.membership.client?.log.error('a listener of an event threw', { event, error: cause })
  }
}
