import type { ClientInstance } from './client-instance'
import type { ResolvedClientOptions } from './client-options'
import { type ClientLease, type ClientUse, acquireClient } from './client-registry'
import type { Member } from './member'
import { type StartOptions, startMember } from './start-member'

const IDLE = (): void => undefined

/** What a member has of its client, from its start to its shutdown. */
export class Membership {
  readonly group: string
  readonly #options: ResolvedClientOptions
  readonly #use: ClientUse
  readonly #onAcquired: () => () => void
  #lease: ClientLease | undefined
  #onEnd = IDLE
  #member: Member | undefined

  /** @param onAcquired called when there is a client; what it returns is called at the end */
  constructor(options: ResolvedClientOptions, use: ClientUse, onAcquired = () => IDLE) {
    this.#options = options
    this.#use = use
    this.group = use.group
    this.#onAcquired = onAcquired
  }

  /** Undefined before `acquire`. */
  get client(): ClientInstance | undefined {
    return this.#lease?.client
  }

  /** @throws RocketMQError INVALID_ARGUMENT where the options name an instance that has a member of this group already */
  acquire(): ClientInstance {
    this.#lease = acquireClient(this.#options, this.#use)
    this.#onEnd = this.#onAcquired()
    return this.#lease.client
  }

  /**
   * Takes the member into the client that was acquired, tells the brokers, and runs the rest of its start.
   * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, ABORTED
   */
  async start(member: Member, options: StartOptions, rest = () => Promise.resolve()): Promise<void> {
    this.#member = member
    await startMember((this.#lease as ClientLease).client, member, options, rest)
  }

  /** Tells brokers that the member is gone, and gives the client back. */
  async end(): Promise<void> {
    if (this.#lease === undefined) return
    this.#onEnd()
    this.#onEnd = IDLE
    if (this.#member !== undefined) await this.#lease.client.leave(this.#member)
    await this.#lease.release()
  }
}
