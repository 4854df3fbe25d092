import type { MessageQueue } from '../model/message-queue'
import { QueueMap } from './queue-map'

/** Something for each of many queues, found by queue, or by topic without a look at those of others. */
export class QueueTable<T> {
  readonly #byTopic = new Map<string, QueueMap<T>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** All, topic by topic. */
  get all(): T[] {
    return Array.from(this.#byTopic.values(), queues => [...queues.values()]).flat()
  }

  get(queue: MessageQueue): T | undefined {
    return this.#byTopic.get(queue.topic)?.get(queue)
  }

  ofTopic(topic: string): T[] {
    return [...(this.#byTopic.get(topic)?.values() ?? [])]
  }

  set(queue: MessageQueue, value: T): void {
    const ofTopic = this.#byTopic.get(queue.topic) ?? new QueueMap<T>()
    this.#byTopic.set(queue.topic, ofTopic)
    this.#size -= ofTopic.size
    ofTopic.set(queue, value)
    this.#size += ofTopic.size
  }

  delete(queue: MessageQueue): void {
    const ofTopic = this.#byTopic.get(queue.topic)
    if (ofTopic === undefined) return
    this.#size -= ofTopic.size
    ofTopic.delete(queue)
    this.#size += ofTopic.size
    if (ofTopic.size === 0) this.#byTopic.delete(queue.topic)
  }
}
