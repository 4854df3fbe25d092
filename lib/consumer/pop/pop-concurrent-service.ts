import { ConcurrentContext } from '../push/concurrent-context'
import { ListenerCalls } from '../push/listener-calls'
import { ListenerPlaces } from '../push/listener-places'
import { type ConcurrentVerdict, concurrentVerdict } from '../push/listener-result'
import type { ConsumeConcurrentlyContext, MessageListenerConcurrently } from '../push/message-listener'
import { ReadyQueues } from '../push/ready-queues'
import type { PopEntry, PopProcessQueue } from './pop-process-queue'
import { type PopService, type PopServiceOptions, isFit } from './pop-service'

export interface PopConcurrentServiceOptions extends PopServiceOptions {
  readonly listener: MessageListenerConcurrently
}

/** A call of the listener. */
interface Call {
  readonly queue: PopProcessQueue
  readonly entries: readonly PopEntry[]
  readonly context: ConsumeConcurrentlyContext
}

/** Hands popped messages out as long as there are places (Java `ConsumeMessagePopConcurrentlyService`). */
export class PopConcurrentService implements PopService {
  readonly #options: PopConcurrentServiceOptions
  readonly #ready = new ReadyQueues<PopProcessQueue>()
  readonly #places: ListenerPlaces
  readonly #calls: ListenerCalls<Call, ConcurrentVerdict>

  constructor(options: PopConcurrentServiceOptions) {
    this.#options = options
    this.#places = new ListenerPlaces({ ...options, handOut: now => this.#handOut(now) })
    this.#calls = new ListenerCalls({
      ...options,
      places: this.#places,
      judge: (result, { entries, context }) => concurrentVerdict(result, entries.length, context),
      settle: (call, verdict) => this.#settle(call, verdict),
      failed: call => this.#tellFailed(call, 0, call.context.delayLevelWhenNextConsume),
    })
  }

  get running(): number {
    return this.#places.running
  }

  submit(queue: PopProcessQueue): void {
    this.#ready.add(queue)
    this.#places.look()
  }

  updateConcurrency(concurrency: number): void {
    this.#places.updateConcurrency(concurrency)
  }

  drain(): Promise<void> {
    return this.#places.drain()
  }

  /** False where there is nothing to do. */
  #handOut(now: number): boolean {
    const { batchSize, consumerGroup } = this.#options
    const queue = this.#ready.next()
    if (queue === undefined) return false
    const entries = queue.take(batchSize, now).filter(entry => isFit(this.#options, queue, entry, 0))
    if (entries.length > 0) {
      const context = new ConcurrentContext({ consumerGroup, messageQueue: queue.queue, signal: queue.signal })
      this.#calls.begin({ queue, entries, context })
    }
    return true
  }

  #settle(call: Call, { firstFailed, delayLevel }: ConcurrentVerdict): void {
    const { queue, entries } = call
    this.#calls.note(call, entries.length - firstFailed)
    for (const entry of entries.slice(0, firstFailed)) this.#options.settlement.done(queue, entry)
    this.#tellFailed(call, firstFailed, delayLevel)
  }

  #tellFailed({ queue, entries }: Call, firstFailed: number, delayLevel: number): void {
    for (const entry of entries.slice(firstFailed)) this.#options.settlement.failed(queue, entry, delayLevel)
  }
}
