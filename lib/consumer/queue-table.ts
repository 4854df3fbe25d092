import { type MessageQueue, messageQueueKey } from '../model/message-queue'

/** Something for each of many queues, found by queue, or by topic without a look at those of others. */
export class QueueTable<T> {
  readonly #byTopic = new Map<string, Map<string, T>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** All, topic by topic. */
  get all(): T[] {
    return Array.from(this.#byTopic.values(), byKey => [...byKey.values()]).flat()
  }

  get(queue: MessageQueue): T | undefined {
    return this.#byTopic.get(queue.topic)?.get(messageQueueKey(queue))
  }

  ofTopic(topic: string): T[] {
    return [...(this.#byTopic.get(topic)?.values() ?? [])]
  }

  set(queue: MessageQueue, value: T): void {
    const byKey = this.#byTopic.get(queue.topic) ?? new Map<string, T>()
    this.#byTopic.set(queue.topic, byKey)
    this.#size -= byKey.size
    byKey.set(messageQueueKey(queue), value)
    this.#size += byKey.size
  }

  delete(queue: MessageQueue): void {
    const byKey = this.#byTopic.get(queue.topic)
    if (byKey?.delete(messageQueueKey(queue)) !== true) return
    this.#size--
    if (byKey.size === 0) this.#byTopic.delete(queue.topic)
  }
}
