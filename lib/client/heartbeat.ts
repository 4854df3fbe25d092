import { HEART_BEAT, UNREGISTER_CLIENT } from '../commands/client'
import type { HeartbeatData } from '../commands/heartbeat-data'
import { BrokerError, RocketMQError, asError } from '../errors'
import { MASTER_ID } from '../model/topic-route'
import type { Channel } from '../remoting/channel'
import type { RemotingClient } from '../remoting/remoting-client'
import type { RouteTable } from '../routing/route-table'
import type { Clock } from '../runtime/clock'
import type { Log } from '../runtime/log'
import type { ConsumerMember, Member, ProducerMember } from './member'

/** What heartbeats need of their client. */
export interface HeartbeatOptions {
  readonly clientId: string
  readonly remoting: RemotingClient
  readonly routes: RouteTable
  readonly clock: Clock
  readonly log: Log
  /** The members that brokers shall know. */
  readonly members: () => Iterable<Member>
  readonly onError: (error: RocketMQError) => void
}

type GroupMember = ProducerMember | ConsumerMember

/** What became of heartbeats to a broker. */
export interface LastHeartbeat {
  /** Of the last one that the broker has answered: wall and monotonic time, ms. */
  readonly answered: { readonly at: number; readonly monotonicAt: number } | undefined
  /** Why the last one failed; undefined where it did not. */
  readonly error: RocketMQError | undefined
}

/** What one broker was told, and by which channel: registrations belong to the channel. */
interface Registration {
  channel: Channel
  readonly members: Set<string>
  /** When the producer groups are to be taken away and told anew; see `Heartbeat`. */
  reregisterAt: number[]
}

/** A broker notices a dead connection by its silence of 120 s; a little later its registration is gone for sure. */
const BROKER_FORGETS_MS = 125_000
const UNREGISTER_TRIES = 3

/**
 * Tells every broker which groups this client has.
 *
 * Three traps of real brokers shape it. Registrations belong to the channel they came by, so a group is unregistered by
 * that channel. When an older channel of the client closes, or one of its producers unregisters, brokers forget where to
 * push replies to, and later heartbeats do not teach them: the producer groups are then unregistered and told anew. And a
 * group that is left out of heartbeats without being unregistered makes the broker close the whole channel after 120 s:
 * so unregistering is repeated when its answer is lost.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #registrations = new Map<string, Registration>()
  /** By address. */
  readonly #last = new Map<string, LastHeartbeat>()
  /** One exchange at a time per broker: a heartbeat under way must not bring a group back that is being unregistered. */
  readonly #tails = new Map<string, Promise<void>>()
  /** Brokers that are being connected to for a heartbeat, which then goes by the new channel. */
  readonly #connecting = new Set<string>()
  /** Channels that a heartbeat went by: others can close without consequence. */
  readonly #usedChannels = new WeakSet<Channel>()

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /** Sends a heartbeat to every broker; failures are reported and do not reject. */
  async beat(): Promise<void> {
    await Promise.all(this.#targets().map(address => this.#beatBroker(address)))
  }

  /** Whether a broker answered the last one that it cannot now, though nothing is wrong with the groups. */
  get isPutOff(): boolean {
    return this.#putOff().length > 0
  }

  /** Once more to those brokers. */
  async beatAgain(): Promise<void> {
    await Promise.all(this.#putOff().map(address => this.#beatBroker(address)))
  }

  /** To be called when a primary channel was opened: a new connection knows nothing of this client. */
  async onOpened({ address }: Channel): Promise<void> {
    if (this.#connecting.has(address)) await this.#tails.get(address)
    else if (this.#targets().includes(address)) await this.#beatBroker(address)
  }

  /** To be called when a channel was closed: the broker may now forget what a newer one of the same address told. */
  async onClosed(channel: Channel): Promise<void> {
    const registration = this.#registrations.get(channel.address)
    if (registration === undefined || registration.channel === channel || !this.#usedChannels.has(channel)) return
    registration.reregisterAt.push(this.#options.clock.monotonic())
    await this.#beatBroker(channel.address)
  }

  /** Takes the group of a member that is no longer among the members away from every broker that was told of it. */
  async unregister(member: GroupMember): Promise<void> {
    const told = [...this.#registrations].filter(([, registration]) => registration.members.delete(memberKey(member)))
    const forget = (address: string): Promise<void> => this.#unregisterAt(address, member).catch(() => undefined)
    await Promise.all(told.map(([address]) => this.#inTurn(address, () => forget(address))))
    if (member.kind !== 'producer' || !this.#groupMembers().some(each => each.kind === 'producer')) return
    const now = this.#options.clock.monotonic()
    for (const [, registration] of told) registration.reregisterAt.push(now)
    await Promise.all(told.map(([address]) => this.#beatBroker(address)))
  }

  /** What became of the last ones to a broker; undefined before the first. */
  last(address: string): LastHeartbeat | undefined {
    return this.#last.get(address)
  }

  /** Forgets a broker that is in no route any more. */
  forget(address: string): void {
    this.#registrations.delete(address)
    this.#last.delete(address)
  }

  /** Addresses to be told: slaves only hear of consumers. */
  #targets(): string[] {
    const members = this.#groupMembers()
    if (members.length === 0) return []
    const consumes = members.some(member => member.kind === 'consumer')
    const brokers = this.#options.routes.addresses().filter(({ brokerId }) => consumes || brokerId === MASTER_ID)
    return brokers.map(({ address }) => address)
  }

  #putOff(): string[] {
    return this.#targets().filter(address => this.#last.get(address)?.error?.code === 'BROKER_ERROR')
  }

  #groupMembers(): GroupMember[] {
    return Array.from(this.#options.members()).filter(member => member.kind !== 'admin')
  }

  #beatBroker(address: string): Promise<void> {
    return this.#inTurn(address, () => this.#beatNow(address))
  }

  #inTurn(address: string, exchange: () => Promise<void>): Promise<void> {
    const turn = (this.#tails.get(address) ?? Promise.resolve()).then(exchange)
    this.#tails.set(address, turn)
    return turn.finally(() => {
      if (this.#tails.get(address) === turn) this.#tails.delete(address)
    })
  }

  async #beatNow(address: string): Promise<void> {
    if (this.#groupMembers().length === 0) return
    try {
      const registration = this.#registrationOn(await this.#connect(address))
      const due = this.#takeDue(registration)
      try {
        if (due) await this.#unregisterProducers(address)
        await this.#tell(registration)
      } catch (error) {
        if (due) registration.reregisterAt.push(this.#options.clock.monotonic())
        throw error
      }
    } catch (error) {
      this.#failed(address, error)
    }
  }

  /** A heartbeat is refused as a whole, so one missing permission silences all groups: that is told by name. */
  #failed(address: string, error: unknown): void {
    const { log, onError } = this.#options
    const typed = RocketMQError.is(error) ? error : unexpected(error)
    this.#last.set(address, { answered: this.#last.get(address)?.answered, error: typed })
    if (!BrokerError.is(error) || error.code === 'BROKER_ERROR') {
      log.warn('a heartbeat failed', { address, error })
      onError(typed)
      return
    }
    const groups = this.#groupMembers().map(({ kind, group }) => `${kind} ${group}`)
    log.error('a heartbeat was refused', { address, groups, error })
    const says = `${address} refused the heartbeat and so serves none of its groups (${groups.join(', ')}): ${error.message}`
    const { responseCode, remark, code, topic, group } = error
    const denied = { ...(topic === undefined ? {} : { topic }), ...(group === undefined ? {} : { group }) }
    const details = { code, address, command: HEART_BEAT.name, ...denied, cause: error }
    onError(new BrokerError(responseCode, remark, says, details))
  }

  async #connect(address: string): Promise<Channel> {
    this.#connecting.add(address)
    try {
      return await this.#options.remoting.connect(address)
    } finally {
      this.#connecting.delete(address)
    }
  }

  async #tell({ channel, members: told }: Registration): Promise<void> {
    // From here to the request nothing is waited for: one who leaves later is among those told of, and is unregistered.
    const members = this.#groupMembers()
    if (members.length === 0) return
    for (const member of members) told.add(memberKey(member))
    this.#usedChannels.add(channel)
    const { clock, remoting } = this.#options
    await remoting.invoke(channel.address, HEART_BEAT, { body: this.#data(members) })
    const answered = { at: clock.now(), monotonicAt: clock.monotonic() }
    this.#last.set(channel.address, { answered, error: undefined })
  }

  /** The registration by this channel; one by another channel ended with it. */
  #registrationOn(channel: Channel): Registration {
    const known = this.#registrations.get(channel.address)
    if (known?.channel === channel) return known
    const now = this.#options.clock.monotonic()
    const reregisterAt = known === undefined ? [] : [now, now + BROKER_FORGETS_MS]
    const registration: Registration = { channel, members: new Set(), reregisterAt }
    this.#registrations.set(channel.address, registration)
    return registration
  }

  #takeDue(registration: Registration): boolean {
    const now = this.#options.clock.monotonic()
    const later = registration.reregisterAt.filter(at => at > now)
    const due = later.length < registration.reregisterAt.length
    registration.reregisterAt = later
    return due
  }

  async #unregisterProducers(address: string): Promise<void> {
    const producers = this.#groupMembers().filter(member => member.kind === 'producer')
    await Promise.all(producers.map(member => this.#unregisterAt(address, member)))
  }

  /** Tells one broker that a group is gone, again where the answer is lost. */
  async #unregisterAt(address: string, { kind, group }: GroupMember): Promise<void> {
    const { remoting, clientId, log } = this.#options
    const header = {
      clientID: clientId,
      ...(kind === 'producer' ? { producerGroup: group } : { consumerGroup: group }),
    }
    for (let tried = 1; ; tried++) {
      // Without the channel that was told there is nothing to take back: the broker drops it with the connection.
      const registration = this.#registrations.get(address)
      if (registration === undefined || remoting.openChannel(address) !== registration.channel) return
      try {
        await remoting.invoke(address, UNREGISTER_CLIENT, { header })
        return
      } catch (error) {
        log.warn('a group could not be unregistered', { address, group, tried, error })
        if (tried === UNREGISTER_TRIES) throw error
      }
    }
  }

  #data(members: readonly GroupMember[]): HeartbeatData {
    const producers = members.filter(member => member.kind === 'producer')
    const consumers = members.filter(member => member.kind === 'consumer')
    return {
      clientID: this.#options.clientId,
      producerDataSet: producers.map(({ group }) => ({ groupName: group })),
      consumerDataSet: consumers.map(member => member.consumerData()),
    }
  }
}

function memberKey({ kind, group }: GroupMember): string {
  return `${kind} ${group}`
}

function unexpected(error: unknown): RocketMQError {
  return new RocketMQError('PROTOCOL_ERROR', `a heartbeat failed unexpectedly: ${asError(error).message}`, {
    cause: error,
  })
}
