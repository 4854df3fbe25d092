import type { MessageQueue, PushConsumer } from '../../lib/index'
import type { Changes } from './until'

/** Follows, by the events of the members of a group, who has which queue of a topic. */
export class Ownership {
  readonly #topic: string
  readonly #changes: Changes
  readonly #owned = new Map<PushConsumer, Set<string>>()

  constructor(topic: string, changes: Changes) {
    this.#topic = topic
    this.#changes = changes
  }

  /** To be called before the consumer is started. */
  follow(consumer: PushConsumer): void {
    const owned = new Set<string>()
    this.#owned.set(consumer, owned)
    consumer.on('assigned', queues => {
      for (const key of this.#keysOf(queues)) owned.add(key)
      this.#changes.notify()
    })
    consumer.on('revoked', queues => {
      for (const key of this.#keysOf(queues)) owned.delete(key)
      this.#changes.notify()
    })
  }

  /** A member that was shut down has nothing any more. */
  left(consumer: PushConsumer): void {
    this.#owned.delete(consumer)
  }

  /** How many queues each member has, the smallest share first. */
  get shares(): number[] {
    return Array.from(this.#owned.values(), owned => owned.size).sort((a, b) => a - b)
  }

  /** True when each of `count` queues has one owner. */
  isEachOnce(count: number): boolean {
    const all = [...this.#owned.values()].flatMap(owned => [...owned])
    return all.length === count && new Set(all).size === count
  }

  #keysOf(queues: readonly MessageQueue[]): string[] {
    const ours = queues.filter(({ topic }) => topic === this.#topic)
    return ours.map(({ brokerName, queueId }) => `${brokerName} ${queueId}`)
  }
}
