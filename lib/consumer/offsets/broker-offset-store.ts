import type { QueueOffsets } from '../../client/queue-offsets'
import { BrokerError, RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import type { OffsetStore } from './offset-store'
import { OffsetTable } from './offset-table'

/**
 * Offsets that the queues' own brokers keep: clustering.
 *
 * Brokers make a place for the offsets of a group and a topic with the first one that is committed, and when several first
 * ones come at once, all but one may be lost (`ConsumerOffsetManager.commitOffset`, 4.9.4 and 5.5.0). So the first one is
 * waited for, by pulls, too (`hasPlace`).
 */
export class BrokerOffsetStore implements OffsetStore {
  readonly #group: string
  readonly #offsets: QueueOffsets
  readonly #prepare: (queue: MessageQueue) => Promise<void>
  readonly #table = new OffsetTable()
  /** The topics and brokers that have a place for the group's offsets. */
  readonly #places = new Set<string>()
  /** The first commit of a topic on a broker, while it is under way. */
  readonly #firsts = new Map<string, Promise<void>>()

  /** @param prepare done before an offset is read */
  constructor(group: string, offsets: QueueOffsets, prepare: (queue: MessageQueue) => Promise<void> = nothing) {
    this.#group = group
    this.#offsets = offsets
    this.#prepare = prepare
  }

  load(): Promise<void> {
    return Promise.resolve()
  }

  async read(queue: MessageQueue): Promise<number | undefined> {
    await this.#prepare(queue)
    const offset = await this.#offsets.committed(this.#group, queue)
    // Of young queues brokers tell 0 without having a place.
    if (offset !== undefined && offset > 0) this.#places.add(placeOf(queue))
    return offset
  }

  /** Whether the queue's broker has offsets of the group and the topic, so that commits at once cannot be lost. */
  hasPlace(queue: MessageQueue): boolean {
    return this.#places.has(placeOf(queue))
  }

  current(queue: MessageQueue): number | undefined {
    return this.#table.get(queue)
  }

  update(queue: MessageQueue, offset: number, options: { increaseOnly: boolean }): void {
    this.#table.update(queue, offset, options)
  }

  freeze(queue: MessageQueue, offset: number): void {
    this.#table.freeze(queue, offset)
  }

  /** Those of these queues whose offset is still to be written down. */
  changed(queues: readonly MessageQueue[]): MessageQueue[] {
    return this.#table.changed(queues)
  }

  async persist(queues: readonly MessageQueue[], { confirmed }: { confirmed: boolean }): Promise<void> {
    const failures: unknown[] = []
    await Promise.all(
      this.#table.takeDirty(queues).map(async ({ queue, offset }) => {
        try {
          await this.#commit(queue, offset, confirmed)
        } catch (error) {
          this.#table.markDirty(queue)
          failures.push(error)
        }
      }),
    )
    if (failures.length === 0) return
    const says = `${failures.length} offsets of group ${this.#group} could not be committed; it will be tried again`
    throw new RocketMQError('OFFSET_STORE_FAILED', says, { group: this.#group, cause: failures[0] })
  }

  remove(queue: MessageQueue): void {
    this.#table.remove(queue)
  }

  async #commit(queue: MessageQueue, offset: number, confirmed: boolean): Promise<void> {
    const place = placeOf(queue)
    while (!this.#places.has(place)) {
      const first = this.#firsts.get(place)
      if (first === undefined) return this.#commitFirst(place, queue, offset)
      await first.catch(rethrowUnlessRefused)
    }
    if (confirmed) await this.#offsets.commit(this.#group, queue, offset)
    else await this.#offsets.commitOneway(this.#group, queue, offset)
  }

  async #commitFirst(place: string, queue: MessageQueue, offset: number): Promise<void> {
    const first = this.#offsets.commit(this.#group, queue, offset)
    this.#firsts.set(place, first)
    try {
      await first
      this.#places.add(place)
    } finally {
      this.#firsts.delete(place)
    }
  }
}

/** What a broker refuses of one queue it may take of another; one that cannot be reached fails them all. */
function rethrowUnlessRefused(error: unknown): void {
  if (!BrokerError.is(error)) throw error
}

function placeOf({ brokerName, topic }: MessageQueue): string {
  return `${brokerName} ${topic}`
}

function nothing(): Promise<void> {
  return Promise.resolve()
}
