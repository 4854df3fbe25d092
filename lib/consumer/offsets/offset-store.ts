import type { MessageQueue } from '../../model/message-queue'

/**
 * Where a group's progress is kept. Updates go to memory; `persist` writes them down. Java's `OffsetStore`; users may give
 * one of their own.
 */
export interface OffsetStore {
  /** Called once, before anything is read. */
  load(): Promise<void>
  /**
   * What the group has written down for a queue; undefined where it never did. A store that tells anything but a whole
   * number from 0 up has failed: the event `backgroundError` names it, and the queue is not begun.
   * @throws RocketMQError where that cannot be told; the queue is then left alone until a later round
   */
  read(queue: MessageQueue): Promise<number | undefined>
  /** The newest offset in memory, if there is one. */
  current(queue: MessageQueue): number | undefined
  /** Notes the offset of the next message to handle. With `increaseOnly` a lower one is ignored. */
  update(queue: MessageQueue, offset: number, options: { increaseOnly: boolean }): void
  /** Sets an offset that later updates must not undo, until the queue is removed: the group's offset was reset. */
  freeze(queue: MessageQueue, offset: number): void
  /**
   * Writes the offsets of queues down. `confirmed`: wait for the answer, as on giving a queue back and at shutdown.
   * @throws RocketMQError OFFSET_STORE_FAILED or what the store failed with
   */
  persist(queues: readonly MessageQueue[], options: { confirmed: boolean }): Promise<void>
  /** Forgets a queue that was given away. */
  remove(queue: MessageQueue): void
}
