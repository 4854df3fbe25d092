import type { HeartbeatData } from '../commands/heartbeat-data'
import type { Channel } from '../remoting/channel'
import type { Clock } from '../runtime/clock'
import type { RemotingCommand } from '../wire/remoting-command'
import type { ClientRegistration } from './client-registration'
import { ConsumerTable, type NotifyMember } from './consumer-table'
import type { Generation } from './generation'
import { ProducerTable } from './producer-table'

/** Whether a group that sends a heartbeat is registered, and whether its members hear of joins. */
export type GroupAdmission = (data: HeartbeatData['consumerDataSet'][number]) => {
  readonly admitted: boolean
  readonly notifies: boolean
}

export interface ClientsOptions {
  readonly clock: Clock
  readonly generation: Generation
  readonly notify: NotifyMember
}

/** Which clients a broker knows, and by which channel. Everything is bound to the channel of the heartbeat. */
export class Clients {
  readonly producers: ProducerTable
  readonly consumers: ConsumerTable
  readonly #clock: Clock
  readonly #generation: Generation
  /** Fingerprints of subscriptions by group, of heartbeats of version 2. */
  readonly #fingerprints = new Map<string, number>()

  constructor({ clock, generation, notify }: ClientsOptions) {
    this.#clock = clock
    this.#generation = generation
    this.producers = new ProducerTable(clock, generation)
    this.consumers = new ConsumerTable(clock, generation, notify)
  }

  /** Returns whether, by the fingerprints of version 2, subscriptions of a group have changed. */
  heartbeat(
    data: HeartbeatData,
    { channel, frame, admit }: { channel: Channel; frame: RemotingCommand; admit: GroupAdmission },
  ): boolean {
    // One registration for all groups of a heartbeat, as in the real broker: where one of them is renewed all are.
    const registration = this.#registration(data.clientID, channel, frame)
    const { heartbeatFingerprint: fingerprint = 0, withoutSub = false } = data
    let changed = false
    for (const consumer of data.consumerDataSet) {
      changed = this.#noteFingerprint(consumer.groupName, fingerprint) || changed
      const { admitted, notifies } = admit(consumer)
      const keepsSubscriptions = this.#generation.clients.heartbeatV2 && fingerprint !== 0 && withoutSub
      if (admitted) this.consumers.register({ data: consumer, registration, notifies, keepsSubscriptions })
    }
    for (const { groupName } of data.producerDataSet) this.producers.register(groupName, registration)
    return changed
  }

  onChannelClosed(channel: Channel): void {
    this.producers.onChannelClosed(channel)
    this.consumers.onChannelClosed(channel)
  }

  /** Drops registrations that were not renewed; the whole channel of each is closed, whatever else it carries. */
  dropExpired(): void {
    const channels = new Set([...this.producers.takeExpired(), ...this.consumers.takeExpired()])
    for (const channel of channels) channel.close()
  }

  #registration(clientId: string, channel: Channel, { language, version }: RemotingCommand): ClientRegistration {
    const known = language !== undefined && this.#generation.languages.has(language) ? language : undefined
    return { channel, clientId, language: known, version, renewedAt: this.#clock.monotonic() }
  }

  #noteFingerprint(group: string, fingerprint: number): boolean {
    const before = this.#fingerprints.get(group)
    this.#fingerprints.set(group, fingerprint)
    return before !== undefined && before !== fingerprint
  }
}
