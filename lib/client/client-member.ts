import { asError } from '../errors'
import type { Clock } from '../runtime/clock'
import { Lifecycle } from '../runtime/lifecycle'
import { type EventMap, SafeEmitter } from '../runtime/safe-emitter'
import { checkedMs } from './checked-options'
import type { ResolvedClientOptions } from './client-options'
import type { Member } from './member'
import { Membership } from './membership'

/** What it is called, for brokers and in messages. */
interface MemberName {
  readonly kind: Member['kind']
  readonly group: string
  /** Default: kind and group. */
  readonly title?: string
}

/** What a producer, a consumer and an admin client have in common: a life, and their share of a client. */
export abstract class ClientMember<Events extends EventMap<Events>> extends SafeEmitter<Events> {
  /** @internal */
  protected readonly lifecycle: Lifecycle
  /** @internal */
  protected readonly membership: Membership
  /** @internal */
  protected readonly clock: Clock

  /** @internal */
  protected constructor(options: ResolvedClientOptions, { kind, group, title = `${kind} ${group}` }: MemberName) {
    super()
    this.lifecycle = new Lifecycle(title)
    this.membership = new Membership(options, kind, group)
    this.clock = options.clock
  }

  /** The id by which brokers know this client; undefined before `start`. */
  get clientId(): string | undefined {
    return this.membership.client?.clientId
  }

  /** True from the end of `start` to the beginning of `shutdown`. */
  get isRunning(): boolean {
    return this.lifecycle.state === 'running'
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
   * Stops it once, unless the limit is none that can be kept.
   * @internal
   */
  protected stopWithin(timeoutMs: number, stop: () => Promise<void>): Promise<void> {
    try {
      checkedMs('timeoutMs', timeoutMs)
    } catch (error) {
      return Promise.reject(asError(error))
    }
    return this.lifecycle.stop(stop)
  }

  /** @internal */
  protected override onListenerError(event: string, cause: Error): void {
    this.membership.client?.log.error('a listener of an event threw', { event, error: cause })
  }
}
