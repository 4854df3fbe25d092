import type { ClientInstance } from '../../client/client-instance'
import type { RequestOf } from '../../commands/command'
import { LOCK_BATCH_MQ, UNLOCK_BATCH_MQ } from '../../commands/client'
import { RocketMQError } from '../../errors'
import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import { QueueMap } from '../queue-map'

/** Until the next try to lock a queue that another member has. */
export const LOCK_AGAIN_MS = 3000
/** How long a lock is trusted after the broker last confirmed it; brokers keep it for 60 s. */
const TRUST_MS = 30_000
const LOCK_TIMEOUT_MS = 1000

/** A lock that we hold, as far as we know. */
interface Lock {
  /** Of the broker that confirmed it. */
  readonly address: string
  /** Monotonic time of the last confirmation, ms. */
  readonly confirmedAt: number
  isTrusted: boolean
}

/** Queues that brokers keep for this member of the group alone, so that orderly consumption has one consumer per queue. */
export class QueueLocks {
  readonly #client: ClientInstance
  readonly #group: string
  readonly #held = new QueueMap<Lock>()
  /** One request at a time per broker: one for a lock must not overtake the one that gives the same queue back. */
  readonly #tails = new Map<string, Promise<void>>()

  constructor(client: ClientInstance, consumerGroup: string) {
    this.#client = client
    this.#group = consumerGroup
  }

  /** True while the lock of a queue may be trusted. */
  isLocked(queue: MessageQueue): boolean {
    const lock = this.#held.get(queue)
    return lock?.isTrusted === true && this.#heldForMs(lock) < TRUST_MS
  }

  /** Milliseconds since the broker last confirmed the lock; infinite where it is not held. */
  heldForMs(queue: MessageQueue): number {
    const lock = this.#held.get(queue)
    return lock === undefined ? Infinity : this.#heldForMs(lock)
  }

  /**
   * To be called when the connection to a broker has closed: none of its locks is trusted until it is confirmed again. The
   * broker may have restarted, which it does without its locks, and have given them to others before we are back.
   */
  distrust(address: string): void {
    for (const lock of this.#held.values()) if (lock.address === address) lock.isTrusted = false
  }

  /** Asks for the locks of those queues that are not locked at present. */
  async regain(queues: readonly MessageQueue[]): Promise<void> {
    const lost = queues.filter(queue => !this.isLocked(queue))
    if (lost.length > 0) await this.lock(lost)
  }

  /** Asks for the locks of queues, one request per broker, and notes which of them are held. Failures leave locks as they were. */
  async lock(queues: readonly MessageQueue[]): Promise<void> {
    const lock = ([brokerName, mqSet]: [string, MessageQueue[]]): Promise<void> =>
      this.#inTurn(brokerName, () => this.#lockAt(brokerName, mqSet))
    await Promise.all(Array.from(this.#byBroker(queues), lock))
  }

  /** Gives queues back. Not confirmed: does not wait for the answer. Failures are logged: brokers end locks by themselves. */
  async unlock(queues: readonly MessageQueue[], { confirmed }: { confirmed: boolean }): Promise<void> {
    for (const queue of queues) this.#held.delete(queue)
    const unlock = ([brokerName, mqSet]: [string, MessageQueue[]]): Promise<void> =>
      this.#inTurn(brokerName, () => this.#unlockAt(brokerName, mqSet, confirmed))
    await Promise.all(Array.from(this.#byBroker(queues), unlock))
  }

  #heldForMs({ confirmedAt }: Lock): number {
    return this.#client.clock.monotonic() - confirmedAt
  }

  /** By the broker that has them. */
  #byBroker(queues: readonly MessageQueue[]): Map<string, MessageQueue[]> {
    const groups = new Map<string, MessageQueue[]>()
    for (const queue of queues) {
      const host = this.#client.routes.hostOf(queue)
      const group = groups.get(host)
      if (group === undefined) groups.set(host, [queue])
      else group.push(queue)
    }
    return groups
  }

  #inTurn(brokerName: string, exchange: () => Promise<void>): Promise<void> {
    const turn = (this.#tails.get(brokerName) ?? Promise.resolve()).then(exchange)
    this.#tails.set(brokerName, turn)
    return turn.finally(() => {
      if (this.#tails.get(brokerName) === turn) this.#tails.delete(brokerName)
    })
  }

  async #unlockAt(brokerName: string, mqSet: readonly MessageQueue[], confirmed: boolean): Promise<void> {
    // A request for the lock may have been answered since.
    for (const queue of mqSet) this.#held.delete(queue)
    const address = this.#client.routes.masterAddress(brokerName)
    if (address === undefined) return
    const request = { body: this.#body(mqSet) }
    const { remoting, log } = this.#client
    try {
      if (confirmed) await this.#confirmUnlock(address, request)
      else await remoting.invokeOneway(address, UNLOCK_BATCH_MQ, request, { timeoutMs: LOCK_TIMEOUT_MS })
    } catch (error) {
      log.warn('queues could not be unlocked', { brokerName, error })
    }
  }

  /** Once more where the connection breaks: whoever is next would wait for a minute for what one member still has. */
  async #confirmUnlock(address: string, request: RequestOf<typeof UNLOCK_BATCH_MQ>): Promise<void> {
    const unlock = () => this.#client.remoting.invoke(address, UNLOCK_BATCH_MQ, request, { timeoutMs: LOCK_TIMEOUT_MS })
    try {
      await unlock()
    } catch (error) {
      if (!RocketMQError.is(error) || error.code !== 'CHANNEL_CLOSED') throw error
      await unlock()
    }
  }

  async #lockAt(brokerName: string, mqSet: MessageQueue[]): Promise<void> {
    const address = this.#client.routes.masterAddress(brokerName)
    if (address === undefined) return
    // The broker counts from its own clock, later than this: trust ends before the lock does.
    const confirmedAt = this.#client.clock.monotonic()
    try {
      const options = { timeoutMs: LOCK_TIMEOUT_MS }
      const reply = await this.#client.remoting.invoke(address, LOCK_BATCH_MQ, { body: this.#body(mqSet) }, options)
      const locked = new Set(reply.body.lockOKMQSet.map(messageQueueKey))
      for (const queue of mqSet) {
        if (locked.has(messageQueueKey(queue))) this.#held.set(queue, { address, confirmedAt, isTrusted: true })
        else this.#held.delete(queue)
      }
    } catch (error) {
      this.#client.log.warn('queues could not be locked', { brokerName, error })
    }
  }

  #body(mqSet: readonly MessageQueue[]) {
    return { consumerGroup: this.#group, clientId: this.#client.clientId, mqSet, onlyThisBroker: false }
  }
}
