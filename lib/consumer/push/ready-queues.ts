import type { ProcessQueue } from './process-queue'

/** Something with messages that may be handed out. */
export interface Holder {
  readonly held: number
}

/** Queues with messages to hand out, served in turn so that none starves. */
export class ReadyQueues<Queue extends Holder = ProcessQueue> {
  readonly #queues: Queue[] = []
  readonly #members = new Set<Queue>()
  #cursor = 0

  add(queue: Queue): void {
    if (this.#members.has(queue)) return
    this.#members.add(queue)
    this.#queues.push(queue)
  }

  /** The next queue with messages; it keeps its place. Queues without are taken out. */
  next(): Queue | undefined {
    while (this.#queues.length > 0) {
      if (this.#cursor >= this.#queues.length) this.#cursor = 0
      const queue = this.#queues[this.#cursor] as Queue
      if (queue.held > 0) {
        this.#cursor++
        return queue
      }
      this.#takeOut(queue)
    }
    return undefined
  }

  /** As `next`, and takes the queue out. */
  take(): Queue | undefined {
    const queue = this.next()
    if (queue === undefined) return undefined
    this.#cursor--
    this.#takeOut(queue)
    return queue
  }

  /** Those behind it move up: were one put in its place, queues that come again and again could pass the others by. */
  #takeOut(queue: Queue): void {
    this.#members.delete(queue)
    this.#queues.splice(this.#cursor, 1)
  }
}
