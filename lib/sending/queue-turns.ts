import type { MessageQueue } from '../model/message-queue'
import { randomBelow } from '../runtime/random'
import type { BrokerFaults } from './broker-faults'

/** What is known of the brokers of queues. */
export interface BrokerView {
  readonly faults: BrokerFaults
  /** Where a queue is. */
  readonly hostOf: (queue: MessageQueue) => string
  /** Monotonic time, ms. */
  readonly now: number
}

/** Takes the queues of each topic in turn, from a random one on. */
export class QueueTurns {
  readonly #nextIndex = new Map<string, number>()

  /** The next queue in turn, on another broker than the last try's where there is one. There must be a queue. */
  next(queues: readonly MessageQueue[], topic: string, lastBroker: string | undefined): MessageQueue {
    let index = this.#nextIndex.get(topic) ?? randomBelow(queues.length)
    let queue = queues[index % queues.length] as MessageQueue
    for (let step = 1; step < queues.length && queue.brokerName === lastBroker; step++) {
      queue = queues[++index % queues.length] as MessageQueue
    }
    this.#nextIndex.set(topic, (index + 1) % queues.length)
    return queue
  }

  /**
   * As `next`, but a broker that has done well comes before one that is slow or failed, and one that can be reached before one
   * that cannot (Java `MQFaultStrategy.selectOneMessageQueue`).
   */
  nextOfGood(queues: readonly MessageQueue[], lastBroker: string | undefined, view: BrokerView): MessageQueue {
    const { faults, hostOf, now } = view
    const { topic } = queues[0] as MessageQueue
    // After a failure the turns of all senders would meet at the same next broker.
    if (lastBroker !== undefined) this.#nextIndex.set(topic, randomBelow(queues.length))
    return (
      this.#find(queues, lastBroker, queue => faults.isAvailable(hostOf(queue), now)) ??
      this.#find(queues, lastBroker, queue => faults.isReachable(hostOf(queue))) ??
      this.next(queues, topic, undefined)
    )
  }

  #find(
    queues: readonly MessageQueue[],
    lastBroker: string | undefined,
    isGood: (queue: MessageQueue) => boolean,
  ): MessageQueue | undefined {
    const { topic } = queues[0] as MessageQueue
    const first = this.#nextIndex.get(topic) ?? randomBelow(queues.length)
    for (let step = 0; step < queues.length; step++) {
      const queue = queues[(first + step) % queues.length] as MessageQueue
      if (queue.brokerName === lastBroker || !isGood(queue)) continue
      this.#nextIndex.set(topic, (first + step + 1) % queues.length)
      return queue
    }
    return undefined
  }
}
