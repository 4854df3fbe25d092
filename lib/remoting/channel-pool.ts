import { type Pool, createPool } from 'generic-pool'
import { RocketMQError } from '../errors'
import { type DeadlineOptions, withDeadline } from '../runtime/deadline'
import { parseAddress } from './address'
import type { Link } from './link'

/** Links for short use beside the primary one, per address. */
const AUXILIARY_LINKS = 2
const MAX_WAITING = 1000
/** Idle links of no more addresses than this are kept: an administrator may ask about any, and brokers move. */
const MAX_IDLE_ADDRESSES = 256

/**
 * Owns every link, in two pools per address. The primary link of an address is leased once and carries everything by
 * opaque; auxiliary ones are borrowed for one use, so that an administrator's fan-out never queues behind traffic. One is
 * never made of the other: what a broker knows of a client hangs on the primary one.
 *
 * `create` makes an unconnected link and never rejects: generic-pool repeats a rejected `create` at once and hides why.
 */
export class ChannelPool {
  readonly #createLink: (address: string) => Link
  readonly #drainTimeoutMs: number
  readonly #primary = new Map<string, Pool<Link>>()
  readonly #auxiliary = new Map<string, Pool<Link>>()
  readonly #links = new Set<Link>()
  #closed = false

  constructor(createLink: (address: string) => Link, drainTimeoutMs: number) {
    this.#createLink = createLink
    this.#drainTimeoutMs = drainTimeoutMs
  }

  /** The primary link, for the caller alone until `destroy`. */
  async lease(address: string): Promise<Link> {
    return acquire(this.#poolOf(address, this.#primary, 1), address)
  }

  /**
   * Lends a link for the time of `use`.
   * @param wait limits the wait for a link while all are in use; default is to wait until one comes back
   */
  async borrow<T>(address: string, use: (link: Link) => Promise<T>, wait?: DeadlineOptions): Promise<T> {
    // The pool that the link came from: after `close` there would be another one.
    const pool = this.#poolOf(address, this.#auxiliary, AUXILIARY_LINKS)
    const link = await lent(pool, acquire(pool, address), wait)
    try {
      return await use(link)
    } finally {
      await pool.release(link)
      this.#closeIdle()
    }
  }

  /** Ends a lease: the link is drained and closed, and so is what lies idle of its address, which may never be used again. */
  async destroy(link: Link): Promise<void> {
    const { address } = link
    await this.#primary.get(address)?.destroy(link)
    for (const pools of [this.#primary, this.#auxiliary]) closeIfIdle(pools, address)
  }

  /** Closes all links, lent ones too, after at most the drain timeout; leases must have been ended before. */
  async close(): Promise<void> {
    this.#closed = true
    const pools = [...this.#primary.values(), ...this.#auxiliary.values()]
    this.#primary.clear()
    this.#auxiliary.clear()
    // Those who borrowed a link give it back when what they wait for has failed with it.
    await Promise.all(Array.from(this.#links, link => link.close(this.#drainTimeoutMs)))
    await Promise.all(pools.map(empty))
  }

  /** Closes what lies idle of those addresses that were not used for longest. */
  #closeIdle(): void {
    for (const address of this.#auxiliary.keys()) {
      if (this.#auxiliary.size <= MAX_IDLE_ADDRESSES) return
      closeIfIdle(this.#auxiliary, address)
    }
  }

  #poolOf(address: string, pools: Map<string, Pool<Link>>, max: number): Pool<Link> {
    const known = pools.get(address)
    if (known !== undefined) {
      // The last one now.
      pools.delete(address)
      pools.set(address, known)
      return known
    }
    // Routes may hold anything: a `create` that throws leaves its caller in the pool for ever, and `drain` waits for it.
    parseAddress(address)
    const pool = createPool<Link>(
      {
        create: () => Promise.resolve(this.#add(address)),
        // Once the pool is closed all links are: one that is refused would be replaced by another such, for ever.
        validate: link => Promise.resolve(this.#closed || !link.closed),
        destroy: link => this.#remove(link),
      },
      { max, testOnBorrow: true, maxWaitingClients: MAX_WAITING },
    )
    pools.set(address, pool)
    return pool
  }

  /** Callers that waited for a link while the pool closed get one that is closed. */
  #add(address: string): Link {
    const link = this.#createLink(address)
    this.#links.add(link)
    if (this.#closed) void link.close(0)
    return link
  }

  async #remove(link: Link): Promise<void> {
    await link.close(this.#drainTimeoutMs)
    this.#links.delete(link)
  }
}

function closeIfIdle(pools: Map<string, Pool<Link>>, address: string): void {
  const pool = pools.get(address)
  if (pool === undefined || pool.borrowed > 0 || pool.pending > 0) return
  pools.delete(address)
  void empty(pool)
}

async function empty(pool: Pool<Link>): Promise<void> {
  await pool.drain()
  await pool.clear()
}

async function acquire(pool: Pool<Link>, address: string): Promise<Link> {
  try {
    return await pool.acquire()
  } catch (cause) {
    const message = `all links to ${address} are in use and ${MAX_WAITING} callers wait`
    throw new RocketMQError('TOO_MANY_REQUESTS', message, { address, sent: 'NO', cause })
  }
}

async function lent(pool: Pool<Link>, link: Promise<Link>, wait: DeadlineOptions | undefined): Promise<Link> {
  if (wait === undefined) return link
  try {
    return await withDeadline(link, wait)
  } catch (error) {
    // Whoever gave up has its place in the queue still: what it gets there goes straight back.
    void link.then(late => pool.release(late)).catch(() => undefined)
    throw error
  }
}
