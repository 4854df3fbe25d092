import { type MessageQueue, messageQueueKey } from '../../model/message-queue'

interface Entry {
  readonly queue: MessageQueue
  offset: number
  /** Another one stands in its place, or none. */
  isGone: boolean
  frozen: boolean
  /** Changed since it was last written down. */
  dirty: boolean
}

/** Offsets in memory, by queue: what all offset stores have in common. */
export class OffsetTable {
  readonly #entries = new Map<string, Entry>()
  /** By the object that was given for a queue: offsets change with each message, and to make a key of text costs more than the rest. */
  readonly #known = new WeakMap<MessageQueue, Entry>()

  get(queue: MessageQueue): number | undefined {
    return this.#entryOf(queue)?.offset
  }

  update(queue: MessageQueue, offset: number, { increaseOnly }: { increaseOnly: boolean }): void {
    const entry = this.#entryOf(queue)
    if (entry === undefined) {
      this.#set({ queue, offset, isGone: false, frozen: false, dirty: true })
      return
    }
    if (entry.frozen || entry.offset === offset || (increaseOnly && entry.offset > offset)) return
    entry.offset = offset
    entry.dirty = true
  }

  freeze(queue: MessageQueue, offset: number): void {
    this.remove(queue)
    this.#set({ queue, offset, isGone: false, frozen: true, dirty: true })
  }

  unfreeze(queue: MessageQueue): void {
    const entry = this.#entryOf(queue)
    if (entry !== undefined) entry.frozen = false
  }

  remove(queue: MessageQueue): void {
    const entry = this.#entryOf(queue)
    if (entry === undefined) return
    entry.isGone = true
    this.#entries.delete(messageQueueKey(queue))
  }

  /** Those of these queues that have changed since they were last taken. */
  changed(queues: readonly MessageQueue[]): MessageQueue[] {
    return queues.filter(queue => this.#entryOf(queue)?.dirty === true)
  }

  /** What has changed among these queues since it was last taken; it counts as written down from now on. */
  takeDirty(queues: readonly MessageQueue[]): { queue: MessageQueue; offset: number }[] {
    const dirty = queues.flatMap(queue => this.#entryOf(queue) ?? []).filter(entry => entry.dirty)
    for (const entry of dirty) entry.dirty = false
    return dirty.map(({ queue, offset }) => ({ queue, offset }))
  }

  /** Has offsets written down again that could not be. */
  markDirty(queue: MessageQueue): void {
    const entry = this.#entryOf(queue)
    if (entry !== undefined) entry.dirty = true
  }

  /** All offsets, as pairs. */
  entries(): [MessageQueue, number][] {
    return Array.from(this.#entries.values(), ({ queue, offset }) => [queue, offset])
  }

  #entryOf(queue: MessageQueue): Entry | undefined {
    const known = this.#known.get(queue)
    if (known?.isGone === false) return known
    const entry = this.#entries.get(messageQueueKey(queue))
    if (entry !== undefined) this.#known.set(queue, entry)
    return entry
  }

  #set(entry: Entry): void {
    this.#entries.set(messageQueueKey(entry.queue), entry)
    this.#known.set(entry.queue, entry)
  }
}
