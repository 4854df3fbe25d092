import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import type { RouteTable } from '../../routing/route-table'

export interface QueueWatchOptions {
  readonly routes: Pick<RouteTable, 'subscribeQueues'>
  readonly onChanged: (topic: string, queues: readonly MessageQueue[]) => void
}

/** Tells when topics have other queues than before. */
export class QueueWatch {
  readonly #options: QueueWatchOptions
  /** What the queues of each topic were. */
  readonly #known = new Map<string, string>()

  constructor(options: QueueWatchOptions) {
    this.#options = options
  }

  get topics(): string[] {
    return [...this.#known.keys()]
  }

  /** Begins to watch a topic, whose route is known, and returns its queues. */
  add(topic: string): readonly MessageQueue[] {
    const queues = this.#options.routes.subscribeQueues(topic)
    this.#known.set(topic, textOf(queues))
    return queues
  }

  remove(topic: string): void {
    this.#known.delete(topic)
  }

  /** The route of a topic may have changed. */
  look(topic: string): void {
    const before = this.#known.get(topic)
    if (before === undefined) return
    const queues = this.#options.routes.subscribeQueues(topic)
    const now = textOf(queues)
    if (now === before) return
    this.#known.set(topic, now)
    this.#options.onChanged(topic, queues)
  }
}

function textOf(queues: readonly MessageQueue[]): string {
  return queues.map(messageQueueKey).join('\n')
}
