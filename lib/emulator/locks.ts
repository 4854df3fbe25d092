import type { MessageQueue } from '../model/message-queue'
import type { Clock } from '../runtime/clock'

/** A lock that was not renewed for longer is free to all. */
const LOCK_MS = 60_000
/** With more entries a group's expired ones are dropped. */
const MANY = 10_000

interface Lock {
  clientId: string
  renewedAt: number
}

/** Which client of a group may consume a queue in order (Java `RebalanceLockManager`). */
export class QueueLocks {
  readonly #clock: Clock
  readonly #groups = new Map<string, Map<string, Lock>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Locks or renews queues for a client and returns those that it holds now. */
  lock(group: string, queues: readonly MessageQueue[], clientId: string): MessageQueue[] {
    let locks = this.#groups.get(group)
    if (locks === undefined) this.#groups.set(group, (locks = new Map<string, Lock>()))
    const now = this.#clock.monotonic()
    const held = queues.filter(queue => this.#lockOne(locks, keyOf(queue), { clientId, renewedAt: now }))
    if (locks.size > MANY) this.#dropExpired(locks)
    return held
  }

  /** Gives back those of the queues that the client holds. */
  unlock(group: string, queues: readonly MessageQueue[], clientId: string): void {
    const locks = this.#groups.get(group)
    for (const queue of queues) {
      const key = keyOf(queue)
      if (locks?.get(key)?.clientId === clientId) locks.delete(key)
    }
  }

  /** True where some client of the group holds a queue. */
  anyHeld(group: string): boolean {
    for (const lock of this.#groups.get(group)?.values() ?? []) {
      if (!this.#isExpired(lock)) return true
    }
    return false
  }

  #lockOne(locks: Map<string, Lock>, key: string, wanted: Lock): boolean {
    const lock = locks.get(key)
    if (lock !== undefined && lock.clientId !== wanted.clientId && !this.#isExpired(lock)) return false
    locks.set(key, wanted)
    return true
  }

  #isExpired(lock: Lock): boolean {
    return this.#clock.monotonic() - lock.renewedAt > LOCK_MS
  }

  #dropExpired(locks: Map<string, Lock>): void {
    for (const [key, lock] of locks) if (this.#isExpired(lock)) locks.delete(key)
  }
}

function keyOf({ topic, brokerName, queueId }: MessageQueue): string {
  return `${brokerName}\n${topic}\n${queueId}`
}
