import type { MessageQueue } from '../../model/message-queue'
import { QueueMap } from '../queue-map'

interface Entry {
  readonly queue: MessageQueue
  offset: number
  frozen: boolean
  /** Changed since it was last written down. */
  dirty: boolean
}

/** Offsets in memory, by queue: what all offset stores have in common. */
export class OffsetTable {
  readonly #entries = new QueueMap<Entry>()

  get(queue: MessageQueue): number | undefined {
    return this.#entries.get(queue)?.offset
  }

  update(queue: MessageQueue, offset: number, { increaseOnly }: { increaseOnly: boolean }): void {
    const entry = this.#entries.get(queue)
    if (entry === undefined) {
      this.#entries.set(queue, { queue, offset, frozen: false, dirty: true })
      return
    }
    if (entry.frozen || entry.offset === offset || (increaseOnly && entry.offset > offset)) return
    entry.offset = offset
    entry.dirty = true
  }

  freeze(queue: MessageQueue, offset: number): void {
    this.#entries.set(queue, { queue, offset, frozen: true, dirty: true })
  }

  unfreeze(queue: MessageQueue): void {
    const entry = this.#entries.get(queue)
    if (entry !== undefined) entry.frozen = false
  }

  remove(queue: MessageQueue): void {
    this.#entries.delete(queue)
  }

  /** Those of these queues that have changed since they were last taken. */
  changed(queues: readonly MessageQueue[]): MessageQueue[] {
    return queues.filter(queue => this.#entries.get(queue)?.dirty === true)
  }

  /** What has changed among these queues since it was last taken; it counts as written down from now on. */
  takeDirty(queues: readonly MessageQueue[]): { queue: MessageQueue; offset: number }[] {
    const dirty = queues.flatMap(queue => this.#entries.get(queue) ?? []).filter(entry => entry.dirty)
    for (const entry of dirty) entry.dirty = false
    return dirty.map(({ queue, offset }) => ({ queue, offset }))
  }

  /** Has offsets written down again that could not be. */
  markDirty(queue: MessageQueue): void {
    const entry = this.#entries.get(queue)
    if (entry !== undefined) entry.dirty = true
  }

  /** All offsets, as pairs. */
  entries(): [MessageQueue, number][] {
    return Array.from(this.#entries.values(), ({ queue, offset }) => [queue, offset])
  }
}
