import { pid } from 'node:process'
import { RocketMQError } from '../errors'
import { randomHex } from '../runtime/random'
import { codecPool } from '../wire/codec-pool'
import { ClientInstance } from './client-instance'
import type { ResolvedClientOptions } from './client-options'
import type { Member } from './member'
import { Secret } from './secret'

interface Entry {
  readonly client: ClientInstance
  /** Groups, and what it may be one of only. */
  readonly uses: Set<string>
  users: number
}

/** Clients of this process that are in use; the one piece of state that is shared by all. */
const entries = new Set<Entry>()

/** The client that a member uses, until `release`. */
export interface ClientLease {
  readonly client: ClientInstance
  /** Ends the use; the last user's ending shuts the client down. */
  release(): Promise<void>
}

/** Who uses a client. */
export interface ClientUse {
  readonly kind: Member['kind']
  readonly group: string
  /** What brokers keep one of for each client id, whatever its group. */
  readonly only?: string | undefined
}

/**
 * The client for a member: one that exists with the same configuration, else a new one. A group is in a client at most
 * once, so that brokers can tell its members apart; a second member of the same group gets a client of its own, and so
 * does the second of what a client may be one of `only`.
 * @throws RocketMQError INVALID_ARGUMENT where the options name an instance that has a member of this group already
 */
export function acquireClient(options: ResolvedClientOptions, { kind, group, only }: ClientUse): ClientLease {
  const keys = [`${kind} ${group}`, ...(only === undefined ? [] : [`only ${only}`])]
  const suitable = Array.from(entries).filter(({ client }) => sameOptions(client.options, options))
  let entry = suitable.find(({ uses }) => !keys.some(key => uses.has(key)))
  if (entry === undefined) {
    if (suitable.length > 0 && options.instanceName !== undefined) {
      const taken = only === undefined ? `${kind} of group ${group}` : `consumer of ${only}`
      const says = `instance ${options.instanceName} has a ${taken} already; give another instanceName`
      throw new RocketMQError('INVALID_ARGUMENT', says, { group })
    }
    const client = new ClientInstance(options, options.instanceName ?? `${pid}#${randomHex(6)}`)
    warnOfNamesake(client)
    entry = { client, uses: new Set(), users: 0 }
    entries.add(entry)
  }
  for (const key of keys) entry.uses.add(key)
  entry.users++
  return lease(entry, keys)
}

/** Brokers know a client by its id alone: of two with one id, each takes the other's replies and checks away. */
function warnOfNamesake({ clientId, options, log }: ClientInstance): void {
  const isNamesake = ({ client }: Entry): boolean =>
    client.clientId === clientId && client.options.namesrvAddr === options.namesrvAddr
  if (Array.from(entries).some(isNamesake))
    log.warn('another client of this process has the same id: give both the same options or one another instanceName', {
      clientId,
    })
}

function lease(entry: Entry, keys: readonly string[]): ClientLease {
  let released = false
  return {
    client: entry.client,
    async release() {
      if (released) return
      released = true
      for (const key of keys) entry.uses.delete(key)
      if (--entry.users > 0) return
      entries.delete(entry)
      try {
        await entry.client.shutdown()
      } finally {
        if (entries.size === 0) await codecPool.end()
      }
    },
  }
}

function sameOptions(a: ResolvedClientOptions, b: ResolvedClientOptions): boolean {
  return (Object.keys(a) as (keyof ResolvedClientOptions)[]).every(name => sameOption(a[name], b[name]))
}

function sameOption(a: unknown, b: unknown): boolean {
  return a === b || (a instanceof Secret && a.equals(b))
}
