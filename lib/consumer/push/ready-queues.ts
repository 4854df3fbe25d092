import type { ProcessQueue } from './process-queue'

/** Queues with messages to hand out, served in turn so that none starves. */
export class ReadyQueues {
  readonly #queues: ProcessQueue[] = []
  readonly #members = new Set<ProcessQueue>()
  #cursor = 0

  add(queue: ProcessQueue): void {
    if (this.#members.has(queue)) return
    this.#members.add(queue)
    this.#queues.push(queue)
  }

  /** The next queue with messages; it keeps its place. Queues without are taken out. */
  next(): ProcessQueue | undefined {
    while (this.#queues.length > 0) {
      if (this.#cursor >= this.#queues.length) this.#cursor = 0
      const queue = this.#queues[this.#cursor] as ProcessQueue
      if (queue.held > 0) {
        this.#cursor++
        return queue
      }
      this.#takeOut(queue)
    }
    return undefined
  }

  /** As `next`, and takes the queue out. */
  take(): ProcessQueue | undefined {
    const queue = this.next()
    if (queue === undefined) return undefined
    this.#cursor--
    this.#takeOut(queue)
    return queue
  }

  /** Those behind it move up: were one put in its place, queues that come again and again could pass the others by. */
  #takeOut(queue: ProcessQueue): void {
    this.#members.delete(queue)
    this.#queues.splice(this.#cursor, 1)
  }
}
