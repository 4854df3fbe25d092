import { RocketMQError } from '../../errors'
import type { Clock } from '../../runtime/clock'
import type { ProcessQueue, ProcessQueueEntry } from './process-queue'

export interface SlowListenersOptions {
  readonly clock: Clock
  readonly consumerGroup: string
  readonly ordered: 'queue' | 'key'
  /** A listener may take so long, ms. */
  readonly consumeTimeoutMs: number
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** Looked for among this many first messages of a queue, as for concurrent listeners. */
const HEADS = 16

/**
 * Tells of listeners in order that take longer than they may, once for each message: nothing can be taken from them, as the
 * order would break.
 */
export class SlowListeners {
  readonly #options: SlowListenersOptions
  readonly #told = new WeakSet<ProcessQueueEntry>()

  constructor(options: SlowListenersOptions) {
    this.#options = options
  }

  look(queues: Iterable<ProcessQueue>): void {
    const { clock, consumeTimeoutMs } = this.#options
    const since = clock.monotonic() - consumeTimeoutMs
    for (const queue of queues) {
      const late = queue.heads(HEADS).find(({ state, startedAt }) => state === 'running' && startedAt <= since)
      if (late !== undefined && !this.#told.has(late)) this.#tell(late)
    }
  }

  #tell(entry: ProcessQueueEntry): void {
    const { consumerGroup: group, ordered, consumeTimeoutMs, onBackgroundError } = this.#options
    const { msgId, topic } = entry.message
    this.#told.add(entry)
    const says = `the listener has message ${msgId} of ${topic} for more than ${consumeTimeoutMs} ms: nothing else of its ${ordered} is handled until it ends`
    onBackgroundError(new RocketMQError('LISTENER_TIMEOUT', says, { topic, group }))
  }
}
