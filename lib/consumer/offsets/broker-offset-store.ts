import type { QueueOffsets } from '../../client/queue-offsets'
import { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import type { OffsetStore } from './offset-store'
import { OffsetTable } from './offset-table'

/** Offsets that the queues' own brokers keep: clustering. */
export class BrokerOffsetStore implements OffsetStore {
  readonly #group: string
  readonly #offsets: QueueOffsets
  readonly #prepare: (queue: MessageQueue) => Promise<void>
  readonly #table = new OffsetTable()

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
    return this.#offsets.committed(this.#group, queue)
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

  async persist(queues: readonly MessageQueue[], { confirmed }: { confirmed: boolean }): Promise<void> {
    const failures: unknown[] = []
    await Promise.all(
      this.#table.takeDirty(queues).map(async ({ queue, offset }) => {
        try {
          if (confirmed) await this.#offsets.commit(this.#group, queue, offset)
          else await this.#offsets.commitOneway(this.#group, queue, offset)
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
}

function nothing(): Promise<void> {
  return Promise.resolve()
}
