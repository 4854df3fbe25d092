import type { ClientInstance } from '../../client/client-instance'
import { LOCK_BATCH_MQ, UNLOCK_BATCH_MQ } from '../../commands/client'
import { type MessageQueue, messageQueueKey } from '../../model/message-queue'

/** How long a lock is trusted after the broker last confirmed it; brokers keep it for 60 s. */
const TRUST_MS = 30_000
const LOCK_TIMEOUT_MS = 1000

/** Queues that brokers keep for this member of the group alone, so that orderly consumption has one consumer per queue. */
export class QueueLocks {
  readonly #client: ClientInstance
  readonly #group: string
  /** Monotonic time of the last confirmation, ms. */
  readonly #lockedAt = new Map<string, number>()
  /** One request at a time per broker: one for a lock must not overtake the one that gives the same queue back. */
  readonly #tails = new Map<string, Promise<void>>()

  constructor(client: ClientInstance, consumerGroup: string) {
    this.#client = client
    this.#group = consumerGroup
  }

  /** True while the lock of a queue may be trusted. */
  isLocked(queue: MessageQueue): boolean {
    return this.heldForMs(queue) < TRUST_MS
  }

  /** Milliseconds since the broker last confirmed the lock; infinite where it is not held. */
  heldForMs(queue: MessageQueue): number {
    const lockedAt = this.#lockedAt.get(messageQueueKey(queue))
    return lockedAt === undefined ? Infinity : this.#client.clock.monotonic() - lockedAt
  }

  /** Asks for the locks of queues, one request per broker, and notes which of them are held. Failures leave locks as they were. */
  async lock(queues: readonly MessageQueue[]): Promise<void> {
    const lock = ([brokerName, mqSet]: [string, MessageQueue[]]): Promise<void> =>
      this.#inTurn(brokerName, () => this.#lockAt(brokerName, mqSet))
    await Promise.all(Array.from(byBroker(queues), lock))
  }

  /** Gives queues back. Not confirmed: does not wait for the answer. Failures are logged: brokers end locks by themselves. */
  async unlock(queues: readonly MessageQueue[], { confirmed }: { confirmed: boolean }): Promise<void> {
    for (const queue of queues) this.#lockedAt.delete(messageQueueKey(queue))
    const unlock = ([brokerName, mqSet]: [string, MessageQueue[]]): Promise<void> =>
      this.#inTurn(brokerName, () => this.#unlockAt(brokerName, mqSet, confirmed))
    await Promise.all(Array.from(byBroker(queues), unlock))
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
    for (const queue of mqSet) this.#lockedAt.delete(messageQueueKey(queue))
    const address = this.#client.routes.masterAddress(brokerName)
    if (address === undefined) return
    const request = { body: this.#body(mqSet) }
    const { remoting, log } = this.#client
    try {
      if (confirmed) await remoting.invoke(address, UNLOCK_BATCH_MQ, request, { timeoutMs: LOCK_TIMEOUT_MS })
      else await remoting.invokeOneway(address, UNLOCK_BATCH_MQ, request, { timeoutMs: LOCK_TIMEOUT_MS })
    } catch (error) {
      log.warn('queues could not be unlocked', { brokerName, error })
    }
  }

  async #lockAt(brokerName: string, mqSet: MessageQueue[]): Promise<void> {
    const address = this.#client.routes.masterAddress(brokerName)
    if (address === undefined) return
    // The broker counts from its own clock, later than this: trust ends before the lock does.
    const askedAt = this.#client.clock.monotonic()
    try {
      const options = { timeoutMs: LOCK_TIMEOUT_MS }
      const reply = await this.#client.remoting.invoke(address, LOCK_BATCH_MQ, { body: this.#body(mqSet) }, options)
      const locked = new Set(reply.body.lockOKMQSet.map(messageQueueKey))
      for (const queue of mqSet) {
        const key = messageQueueKey(queue)
        if (locked.has(key)) this.#lockedAt.set(key, askedAt)
        else this.#lockedAt.delete(key)
      }
    } catch (error) {
      this.#client.log.warn('queues could not be locked', { brokerName, error })
    }
  }

  #body(mqSet: readonly MessageQueue[]) {
    return { consumerGroup: this.#group, clientId: this.#client.clientId, mqSet, onlyThisBroker: false }
  }
}

function byBroker(queues: readonly MessageQueue[]): Map<string, MessageQueue[]> {
  const groups = new Map<string, MessageQueue[]>()
  for (const queue of queues) {
    const group = groups.get(queue.brokerName)
    if (group === undefined) groups.set(queue.brokerName, [queue])
    else group.push(queue)
  }
  return groups
}
