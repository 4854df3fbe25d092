import type { Connection } from '../commands/group'
import type { Channel } from '../remoting/channel'

/** One client of a group, on the channel that its heartbeats come by (Java `ClientChannelInfo`). */
export interface ClientRegistration {
  readonly channel: Channel
  readonly clientId: string
  /** Undefined where the broker does not know it. */
  readonly language: string | undefined
  /** MQVersion ordinal. */
  readonly version: number
  /** Monotonic time of its last heartbeat, ms. */
  renewedAt: number
}

/** A registration that was not renewed for longer is dropped, and its channel closed. */
export const EXPIRY_MS = 120_000

/** As brokers list it. */
export function connectionOf({ channel, clientId, language, version }: ClientRegistration): Connection {
  return { clientId, clientAddr: channel.address, version, ...(language === undefined ? {} : { language }) }
}
