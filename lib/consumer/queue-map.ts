import { type MessageQueue, messageQueueKey } from '../model/message-queue'

interface Entry<Value> {
  readonly queue: MessageQueue
  value: Value
  /** Taken out: whoever still knows it is to look again. */
  isGone: boolean
}

/**
 * A map by what queues are, not by the object. Objects that were asked for before are known by themselves: what is looked up
 * for each message costs a tenth of making a key of text.
 */
export class QueueMap<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #known = new WeakMap<MessageQueue, Entry<Value>>()

  get size(): number {
    return this.#entries.size
  }

  get(queue: MessageQueue): Value | undefined {
    return this.#entryOf(queue)?.value
  }

  set(queue: MessageQueue, value: Value): void {
    const entry = this.#entryOf(queue)
    if (entry !== undefined) entry.value = value
    else this.#entries.set(messageQueueKey(queue), { queue, value, isGone: false })
  }

  delete(queue: MessageQueue): void {
    const entry = this.#entryOf(queue)
    if (entry === undefined) return
    entry.isGone = true
    this.#entries.delete(messageQueueKey(queue))
  }

  /** All values, in the order in which their queues came. */
  *values(): Generator<Value> {
    for (const { value } of this.#entries.values()) yield value
  }

  #entryOf(queue: MessageQueue): Entry<Value> | undefined {
    const known = this.#known.get(queue)
    if (known?.isGone === false) return known
    const entry = this.#entries.get(messageQueueKey(queue))
    if (entry !== undefined) this.#known.set(queue, entry)
    return entry
  }
}
