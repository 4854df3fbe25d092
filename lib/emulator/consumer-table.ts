import type { ConsumerData } from '../commands/heartbeat-data'
import type { ConsumeFromWhere, ConsumeType, MessageModel, SubscriptionData } from '../model/consumer-types'
import type { Channel } from '../remoting/channel'
import type { Clock } from '../runtime/clock'
import { type ClientRegistration, EXPIRY_MS } from './client-registration'
import type { Generation } from './generation'

/** The consumers of a group that are online (Java `ConsumerGroupInfo`). */
export interface OnlineGroup {
  readonly members: Map<Channel, ClientRegistration>
  readonly subscriptions: Map<string, SubscriptionData>
  consumeType: ConsumeType
  messageModel: MessageModel
  consumeFromWhere: ConsumeFromWhere
}

/** Tells a member that its group has changed. */
export type NotifyMember = (channel: Channel, group: string) => void

/** A heartbeat of one group: its settings may be silent about joins, and it may leave subscriptions as they are. */
export interface ConsumerHeartbeat {
  readonly data: ConsumerData
  readonly registration: ClientRegistration
  readonly notifies: boolean
  readonly keepsSubscriptions: boolean
}

/** Consumers by group and channel (Java `ConsumerManager`): a client on two channels is listed twice. */
export class ConsumerTable {
  readonly #clock: Clock
  readonly #traits: Generation['clients']
  readonly #notify: NotifyMember
  readonly #groups = new Map<string, OnlineGroup>()

  constructor(clock: Clock, { clients }: Generation, notify: NotifyMember) {
    this.#clock = clock
    this.#traits = clients
    this.#notify = notify
  }

  get(group: string): OnlineGroup | undefined {
    return this.#groups.get(group)
  }

  /** Groups with a subscription to a topic. */
  groupsOf(topic: string): string[] {
    return Array.from(this.#groups).flatMap(([name, { subscriptions }]) => (subscriptions.has(topic) ? [name] : []))
  }

  register({ data, registration, notifies, keepsSubscriptions }: ConsumerHeartbeat): void {
    const group = this.#online(data)
    const joined = updateMember(group, data, registration)
    const changed = !keepsSubscriptions && updateSubscriptions(group, data.subscriptionDataSet)
    if (notifies && (joined || changed) && this.#hears(group)) this.#notifyAll(data.groupName, group)
  }

  unregister(name: string, channel: Channel, notifies: boolean): void {
    const group = this.#groups.get(name)
    if (group === undefined) return
    group.members.delete(channel)
    if (group.members.size === 0) this.#groups.delete(name)
    if (notifies && this.#hears(group)) this.#notifyAll(name, group)
  }

  onChannelClosed(channel: Channel): void {
    for (const [name, group] of this.#groups) {
      if (!group.members.delete(channel)) continue
      if (group.members.size === 0) this.#groups.delete(name)
      if (this.#hears(group)) this.#notifyAll(name, group)
    }
  }

  /** Takes out registrations that were not renewed and returns their channels, which are to be closed. Nobody is told. */
  takeExpired(): Channel[] {
    const expired: Channel[] = []
    const now = this.#clock.monotonic()
    for (const [name, { members }] of this.#groups) {
      for (const { channel, renewedAt } of members.values()) {
        if (now - renewedAt <= EXPIRY_MS) continue
        members.delete(channel)
        expired.push(channel)
      }
      if (members.size === 0) this.#groups.delete(name)
    }
    return expired
  }

  #online(data: ConsumerData): OnlineGroup {
    const known = this.#groups.get(data.groupName)
    if (known !== undefined) return known
    const { consumeType, messageModel, consumeFromWhere } = data
    const group = { members: new Map(), subscriptions: new Map(), consumeType, messageModel, consumeFromWhere }
    this.#groups.set(data.groupName, group)
    return group
  }

  #hears({ messageModel }: OnlineGroup): boolean {
    return this.#traits.notifiesBroadcasting || messageModel !== 'BROADCASTING'
  }

  #notifyAll(name: string, group: OnlineGroup): void {
    for (const channel of group.members.keys()) this.#notify(channel, name)
  }
}

/** True where the channel is new to the group. */
function updateMember(group: OnlineGroup, data: ConsumerData, registration: ClientRegistration): boolean {
  group.consumeType = data.consumeType
  group.messageModel = data.messageModel
  group.consumeFromWhere = data.consumeFromWhere
  const known = group.members.get(registration.channel)
  if (known === undefined || known.clientId !== registration.clientId) {
    group.members.set(registration.channel, registration)
    return known === undefined
  }
  known.renewedAt = registration.renewedAt
  return false
}

/** The group has the topics of the last heartbeat only, of each the newest version. True where topics came or went. */
function updateSubscriptions({ subscriptions }: OnlineGroup, wanted: readonly SubscriptionData[]): boolean {
  let changed = false
  for (const subscription of wanted) {
    const known = subscriptions.get(subscription.topic)
    if (known === undefined) changed = true
    if (known === undefined || subscription.subVersion > known.subVersion)
      subscriptions.set(subscription.topic, subscription)
  }
  const topics = new Set(wanted.map(({ topic }) => topic))
  for (const topic of subscriptions.keys()) {
    if (topics.has(topic)) continue
    subscriptions.delete(topic)
    changed = true
  }
  return changed
}
