import type { Channel } from '../remoting/channel'
import type { Clock } from '../runtime/clock'
import { type ClientRegistration, EXPIRY_MS } from './client-registration'
import type { Generation } from './generation'

/**
 * Producers by group and channel (Java `ProducerManager`), with the defect of the real one: there is one channel per
 * client id for pushes, it goes when any of the client's channels closes or any of its groups unregisters, and further
 * heartbeats do not bring it back.
 */
export class ProducerTable {
  readonly #clock: Clock
  readonly #traits: Generation['clients']
  readonly #groups = new Map<string, Map<Channel, ClientRegistration>>()
  readonly #channelByClient = new Map<string, Channel>()
  #asked = 0

  constructor(clock: Clock, { clients }: Generation) {
    this.#clock = clock
    this.#traits = clients
  }

  register(group: string, registration: ClientRegistration): void {
    let members = this.#groups.get(group)
    if (members === undefined) this.#groups.set(group, (members = new Map<Channel, ClientRegistration>()))
    const known = members.get(registration.channel)
    if (known !== undefined) {
      known.renewedAt = registration.renewedAt
      return
    }
    members.set(registration.channel, registration)
    this.#channelByClient.set(registration.clientId, registration.channel)
  }

  unregister(group: string, channel: Channel, clientId: string): void {
    const members = this.#groups.get(group)
    if (members === undefined || members.size === 0) return
    members.delete(channel)
    this.#channelByClient.delete(clientId)
    if (members.size === 0) this.#groups.delete(group)
  }

  onChannelClosed(channel: Channel): void {
    for (const [group, members] of this.#groups) {
      const gone = members.get(channel)
      if (gone === undefined) continue
      members.delete(channel)
      this.#channelByClient.delete(gone.clientId)
      if (members.size === 0 && !this.#traits.keepsEmptyProducerGroups) this.#groups.delete(group)
    }
  }

  /** Takes out registrations that were not renewed and returns their channels, which are to be closed. */
  takeExpired(): Channel[] {
    const expired: Channel[] = []
    const now = this.#clock.monotonic()
    for (const [group, members] of this.#groups) {
      for (const registration of members.values()) {
        if (now - registration.renewedAt <= EXPIRY_MS) continue
        members.delete(registration.channel)
        this.#dropPushChannel(registration)
        expired.push(registration.channel)
      }
      if (members.size === 0 && !this.#traits.keepsEmptyProducerGroups) this.#groups.delete(group)
    }
    return expired
  }

  /** The clients of a group; undefined for one that is not known. */
  members(group: string): ClientRegistration[] | undefined {
    const members = this.#groups.get(group)
    return members === undefined ? undefined : [...members.values()]
  }

  /** One of the channels of a group, another one each time; undefined where it has none. */
  anyChannel(group: string): Channel | undefined {
    const members = [...(this.#groups.get(group)?.keys() ?? [])]
    return members.length === 0 ? undefined : members[++this.#asked % members.length]
  }

  /** The channel for pushes to a client, such as replies; undefined where the broker has lost it. */
  pushChannel(clientId: string): Channel | undefined {
    return this.#channelByClient.get(clientId)
  }

  #dropPushChannel({ clientId, channel }: ClientRegistration): void {
    if (this.#traits.expiryDropsNewerChannel || this.#channelByClient.get(clientId) === channel)
      this.#channelByClient.delete(clientId)
  }
}
