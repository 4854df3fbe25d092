import { messageQueueKey } from '../../model/message-queue'
import { onAbort } from '../../runtime/on-abort'
import { KeyLanes } from './key-lanes'
import type { ProcessQueue } from './process-queue'

/** The lanes of all queues that are ours, and of those lost ones that a listener still has messages of. */
export class LanesByQueue {
  readonly #consumerGroup: string
  readonly #byName = new Map<string, KeyLanes>()

  constructor(consumerGroup: string) {
    this.#consumerGroup = consumerGroup
  }

  /** Keys that are remembered. */
  get keys(): number {
    let keys = 0
    for (const lanes of this.#byName.values()) keys += lanes.keys
    return keys
  }

  /** Those of a queue, which are forgotten when it is dropped. */
  of(queue: ProcessQueue): KeyLanes {
    const name = messageQueueKey(queue.queue)
    const known = this.#byName.get(name)
    if (known?.queue === queue) return known
    const context = { consumerGroup: this.#consumerGroup, messageQueue: queue.queue, signal: queue.signal }
    const lanes = known ?? new KeyLanes(queue, context)
    known?.attach(queue, context)
    this.#byName.set(name, lanes)
    const onDropped = (): void => {
      if (lanes.queue !== queue) return
      lanes.detach()
      this.forgetLost(lanes)
    }
    onAbort(queue.signal, onDropped)
    return lanes
  }

  /** Of a queue that is not ours nothing is kept, once its last listener has ended. */
  forgetLost(lanes: KeyLanes): void {
    if (lanes.queue.dropped && lanes.isIdle) this.#byName.delete(messageQueueKey(lanes.queue.queue))
  }

  /** What waits does so for ever. */
  cancelWaits(): void {
    for (const lanes of this.#byName.values()) lanes.cancelWaits()
  }
}
