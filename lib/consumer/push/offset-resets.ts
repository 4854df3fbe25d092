import type { MessageQueue } from '../../model/message-queue'
import { Gate } from '../../runtime/gate'
import type { Log } from '../../runtime/log'
import { PendingWork } from '../../runtime/pending-work'

export interface OffsetResetsOptions {
  readonly log: Log
  /** Gives a queue of ours up and has it begin at the offset; must not reject. */
  readonly reset: (queue: MessageQueue, offset: number) => Promise<void>
  readonly rebalance: () => Promise<void>
}

/** Offsets that are set anew while queues are consumed: by administrators, and where brokers say that one is none of theirs. */
export class OffsetResets {
  /** Shut while an administrator's reset is under way: nothing is pulled until it is done. */
  readonly gate = new Gate()
  readonly #options: OffsetResetsOptions
  readonly #running = new PendingWork()
  #byAdministrators = 0

  constructor(options: OffsetResetsOptions) {
    this.#options = options
  }

  /** One queue goes on at another offset. */
  reset(queue: MessageQueue, offset: number): void {
    void this.#running.add(this.#reset(queue, offset))
  }

  /** An administrator has set offsets while we are online. */
  resetAll(offsetTable: readonly (readonly [MessageQueue, number])[]): void {
    void this.#running.add(this.#resetAll(offsetTable))
  }

  /** Resolves when those under way are done. */
  settled(): Promise<void> {
    return this.#running.settled()
  }

  async #resetAll(offsetTable: readonly (readonly [MessageQueue, number])[]): Promise<void> {
    this.#byAdministrators++
    this.gate.shut()
    try {
      await Promise.all(offsetTable.map(([queue, offset]) => this.#reset(queue, offset)))
    } finally {
      if (--this.#byAdministrators === 0) this.gate.open()
    }
  }

  async #reset(queue: MessageQueue, offset: number): Promise<void> {
    this.#options.log.warn('the offset of a queue is set anew', { queue, offset })
    await this.#options.reset(queue, offset)
    void this.#options.rebalance()
  }
}
