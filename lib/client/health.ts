import { MASTER_ID } from '../model/topic-route'
import type { LifecycleState } from '../runtime/lifecycle'
import type { ClientInstance } from './client-instance'

/** A name server, as a client sees it. */
export interface NameServerHealth {
  /** `host:port`. */
  readonly address: string
  /** Only one is asked as long as it answers: the others need no connection. */
  readonly connected: boolean
}

/** A broker that a client knows of by the routes of its topics. */
export interface BrokerHealth {
  /** Name that it shares with its master or slaves. */
  readonly brokerName: string
  /** 0 for a master. */
  readonly brokerId: number
  /** `host:port`. */
  readonly address: string
  /** Whether a connection to it is open. */
  readonly connected: boolean
  /** When it answered a heartbeat last, ms since 1970 UTC; undefined where it never did, or hears none. */
  readonly lastHeartbeatAt: number | undefined
  /** Why the last heartbeat to it failed; undefined where it did not. */
  readonly error: string | undefined
}

/** How a producer, a consumer or an admin client is. */
export interface Health {
  /**
   * `UP`: all is well. `DEGRADED`: it works, and something is missing: a broker, or all name servers. `DOWN`: it does not
   * run, or reaches no server that it needs.
   */
  readonly status: 'UP' | 'DEGRADED' | 'DOWN'
  /** Where in its life it is, from `created` to `stopped` or `failed`. */
  readonly state: LifecycleState
  /** What is not well, in words; empty where the status is `UP`. */
  readonly reasons: readonly string[]
  /** All that are configured. */
  readonly nameServers: readonly NameServerHealth[]
  /** In the order of their names; masters before slaves. */
  readonly brokers: readonly BrokerHealth[]
}

/** After as many intervals without an answer a broker counts as silent. */
const SILENT_INTERVALS = 2.5

/** From what is known of connections and heartbeats. */
export function healthOf(state: LifecycleState, client: ClientInstance | undefined): Health {
  if (client === undefined || state !== 'running') {
    return { status: 'DOWN', state, reasons: [`it is ${state}`], nameServers: [], brokers: [] }
  }
  const nameServers = client.nameServers.addresses.map(address => ({
    address,
    connected: isConnected(client, address),
  }))
  const brokers = brokersOf(client)
  const troubled = brokers.filter(broker => broker.trouble !== undefined)
  const hasNameServer = nameServers.some(({ connected }) => connected)
  const reasons = troubled.map(({ trouble }) => trouble as string)
  if (!hasNameServer) {
    const list = nameServers.map(({ address }) => address).join(', ')
    reasons.push(`no name server is connected (${list}): routes are not kept fresh`)
  }
  const masters = brokers.filter(({ health }) => health.brokerId === MASTER_ID)
  const reachesNone = masters.length === 0 ? !hasNameServer : masters.every(({ trouble }) => trouble !== undefined)
  const status = reachesNone ? 'DOWN' : reasons.length > 0 ? 'DEGRADED' : 'UP'
  return { status, state, reasons, nameServers, brokers: brokers.map(({ health }) => health) }
}

function brokersOf(client: ClientInstance): { health: BrokerHealth; trouble: string | undefined }[] {
  const beats = Array.from(client.members).some(({ kind }) => kind !== 'admin')
  return client.routes
    .addresses()
    .sort((a, b) => a.brokerName.localeCompare(b.brokerName) || a.brokerId - b.brokerId)
    .map(broker => {
      const last = client.lastHeartbeat(broker.address)
      const connected = isConnected(client, broker.address)
      const health = { ...broker, connected, lastHeartbeatAt: last?.answered?.at, error: last?.error?.message }
      // Slaves hear of consumers only, and administrators connect when they ask.
      const isNeeded = beats && (broker.brokerId === MASTER_ID || last !== undefined)
      return { health, trouble: isNeeded ? troubleOf(client, health) : undefined }
    })
}

function troubleOf(client: ClientInstance, health: BrokerHealth): string | undefined {
  const { brokerName, brokerId, address, connected, error } = health
  const name = `broker ${brokerName}${brokerId === MASTER_ID ? '' : ` (slave ${brokerId})`} at ${address}`
  if (error !== undefined) return `${name}: ${error}`
  if (!connected) return `${name} is not connected`
  const { clock, options } = client
  const silentMs = clock.monotonic() - (client.lastHeartbeat(address)?.answered?.monotonicAt ?? -Infinity)
  if (silentMs <= SILENT_INTERVALS * options.heartbeatBrokerIntervalMs) return undefined
  return silentMs === Infinity
    ? `${name} has answered no heartbeat yet`
    : `${name} has answered no heartbeat for ${Math.round(silentMs)} ms`
}

function isConnected(client: ClientInstance, address: string): boolean {
  return client.remoting.openChannel(address) !== undefined
}
