import { Fifo } from '../../runtime/fifo'
import type { ProcessQueue } from './process-queue'

/** Something with messages that may be handed out. */
export interface Holder {
  readonly held: number
}

/** Queues with messages to hand out, served in turn so that none starves. */
export class ReadyQueues<Queue extends Holder = ProcessQueue> {
  /** Those whose turn comes before any is served again... */
  #waiting = new Fifo<Queue>()
  /** ...and those that have had theirs. They stay here when they are empty, so that one that is filled again waits, too. */
  #served = new Fifo<Queue>()
  readonly #members = new Set<Queue>()

  add(queue: Queue): void {
    if (this.#members.has(queue)) return
    this.#members.add(queue)
    this.#waiting.push(queue)
  }

  /** The next queue with messages, which waits for the others then. Queues without are taken out. */
  next(): Queue | undefined {
    const queue = this.#shift()
    if (queue !== undefined) this.#served.push(queue)
    return queue
  }

  /** As `next`, and takes the queue out. */
  take(): Queue | undefined {
    const queue = this.#shift()
    if (queue !== undefined) this.#members.delete(queue)
    return queue
  }

  #shift(): Queue | undefined {
    while (this.#members.size > 0) {
      const queue = this.#waiting.shift()
      if (queue === undefined) [this.#waiting, this.#served] = [this.#served, this.#waiting]
      else if (queue.held > 0) return queue
      else this.#members.delete(queue)
    }
    return undefined
  }
}
