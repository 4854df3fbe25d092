import { type Pool, createPool } from 'generic-pool'
import { RocketMQError } from '../errors'
import { parseAddress } from './address'
import type { Link } from './link'

/** Links for short use beside the primary one, per address. */
const AUXILIARY_LINKS = 2
const MAX_WAITING = 1000
const ACQUIRE_TIMEOUT_MS = 10_000

/**
 * Owns every link, one pool per address. The primary link of an address is leased once and carries everything by
 * opaque; auxiliary ones are borrowed for one use, so that an administrator's fan-out never queues behind traffic.
 *
 * `create` makes an unconnected link and never rejects: generic-pool repeats a rejected `create` at once and hides why.
 */
export class ChannelPool {
  readonly #createLink: (address: string) => Link
  readonly #drainTimeoutMs: number
  readonly #pools = new Map<string, Pool<Link>>()

  constructor(createLink: (address: string) => Link, drainTimeoutMs: number) {
    this.#createLink = createLink
    this.#drainTimeoutMs = drainTimeoutMs
  }

  /** A link of the caller's own, until `destroy`. */
  async lease(address: string): Promise<Link> {
    return acquire(this.#poolOf(address), address)
  }

  /** Lends a link for the time of `use`. */
  async borrow<T>(address: string, use: (link: Link) => Promise<T>): Promise<T> {
    // The pool that the link came from: after `close` there would be another one.
    const pool = this.#poolOf(address)
    const link = await acquire(pool, address)
    try {
      return await use(link)
    } finally {
      await pool.release(link)
    }
  }

  /** Ends a lease: the link is drained and closed. */
  async destroy(link: Link): Promise<void> {
    await this.#pools.get(link.address)?.destroy(link)
  }

  /** Closes all links; leases must have been ended before. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()]
    this.#pools.clear()
    await Promise.all(
      pools.map(async pool => {
        await pool.drain()
        await pool.clear()
      }),
    )
  }

  #poolOf(address: string): Pool<Link> {
    const known = this.#pools.get(address)
    if (known !== undefined) return known
    // Routes may hold anything: a `create` that throws leaves its caller in the pool for ever, and `drain` waits for it.
    parseAddress(address)
    const pool = createPool<Link>(
      {
        create: () => Promise.resolve(this.#createLink(address)),
        validate: link => Promise.resolve(!link.closed),
        destroy: link => link.close(this.#drainTimeoutMs),
      },
      {
        max: 1 + AUXILIARY_LINKS,
        testOnBorrow: true,
        maxWaitingClients: MAX_WAITING,
        acquireTimeoutMillis: ACQUIRE_TIMEOUT_MS,
      },
    )
    this.#pools.set(address, pool)
    return pool
  }
}

async function acquire(pool: Pool<Link>, address: string): Promise<Link> {
  try {
    return await pool.acquire()
  } catch (cause) {
    const message = `all links to ${address} are in use and ${MAX_WAITING} callers wait, or waited ${ACQUIRE_TIMEOUT_MS} ms`
    throw new RocketMQError('TOO_MANY_REQUESTS', message, { address, sent: 'NO', cause })
  }
}
