import type { RocketMQError } from '../../errors'
import { messageQueueKey } from '../../model/message-queue'
import { asTyped } from '../as-typed'
import { TO_DEAD_LETTERS } from '../send-back'
import type { ConsumeService, ConsumeServiceOptions } from './consume-service'
import { LaterTurns } from './later-turns'
import { type OrderlyVerdict, clampSuspension } from './listener-result'
import type { MessageListenerOrderly } from './message-listener'
import { callInOrder } from './orderly-call'
import { OrderlyContext } from './orderly-context'
import type { ProcessQueue, ProcessQueueEntry } from './process-queue'
import { TURN_MS } from './pump'
import { LOCK_AGAIN_MS, type QueueLocks } from './queue-locks'
import { QueueRuns } from './queue-runs'

export interface OrderlyServiceOptions extends ConsumeServiceOptions {
  readonly listener: MessageListenerOrderly
  /** Undefined for broadcasting, where no queue is shared. */
  readonly locks: Pick<QueueLocks, 'isLocked' | 'lock'> | undefined
  /** How long a queue stands still after a failure, ms. */
  readonly suspendMs: number
  /** Failures after which a message leaves its queue for the retry topic or the dead letters; undefined: never. */
  readonly maxReconsumeTimes: number | undefined
}

/** One queue may keep its place this long while others wait for one. */
const MAX_RUN_MS = 60_000
const NONE: readonly ProcessQueueEntry[] = []

/** Runs each queue strictly in order, one listener call at a time; a failure stops the queue, not the others. */
export class OrderlyService implements ConsumeService {
  readonly #options: OrderlyServiceOptions
  readonly #runs: QueueRuns<ProcessQueue>
  readonly #turns = new LaterTurns()
  /** Messages that the listener has handled and not committed. */
  readonly #kept = new WeakMap<ProcessQueue, ProcessQueueEntry[]>()

  constructor(options: OrderlyServiceOptions) {
    this.#options = options
    this.#runs = new QueueRuns({
      ...options,
      run: queue => this.#run(queue),
      brokeOff: (error, { queue }) => {
        options.onBackgroundError(asTyped(error, `a run of queue ${queue.queueId} broke off`))
        return clampSuspension(options.suspendMs)
      },
      signal: queue => queue.signal,
      nameOf: ({ queue }) => messageQueueKey(queue),
    })
  }

  get running(): number {
    return this.#runs.places.running
  }

  submit(queue: ProcessQueue): void {
    this.#runs.add(queue)
    this.#runs.places.look()
  }

  updateConcurrency(concurrency: number): void {
    this.#runs.places.updateConcurrency(concurrency)
  }

  drain(): Promise<void> {
    return this.#runs.places.drain()
  }

  /** Hands out batch after batch. Returns how long the queue is to stand still before its next run, ms. */
  async #run(queue: ProcessQueue): Promise<number> {
    const { clock, batchSize } = this.#options
    const { places } = this.#runs
    const beganAt = clock.monotonic()
    let turnAt = beganAt
    while (queue.held > 0 && !places.signal.aborted) {
      const now = clock.monotonic()
      if (now - beganAt > MAX_RUN_MS) return 0
      // After each wait all is looked at again: the queue may have been given away, or the consumer may end.
      if (now - turnAt > TURN_MS) {
        await this.#turns.next()
        turnAt = clock.monotonic()
        continue
      }
      if (!this.#isLocked(queue)) {
        if (!(await this.#lock(queue))) return LOCK_AGAIN_MS
        continue
      }
      // It is taken up again when there is room in the limit.
      if (!places.rateAllows()) return 0
      const handedOut = this.#handOut(queue, queue.take(batchSize, now))
      // To await what is there already would cost each message a turn of the microtasks.
      const pauseMs = typeof handedOut === 'number' ? handedOut : await handedOut
      if (pauseMs > 0) return pauseMs
    }
    return 0
  }

  #isLocked(queue: ProcessQueue): boolean {
    return this.#options.locks?.isLocked(queue.queue) ?? true
  }

  async #lock(queue: ProcessQueue): Promise<boolean> {
    await this.#options.locks?.lock([queue.queue])
    return this.#isLocked(queue)
  }

  /** Returns how long the queue is to stand still, ms. */
  #handOut(queue: ProcessQueue, entries: readonly ProcessQueueEntry[]): number | Promise<number> {
    if (entries.some(({ message }) => message.unreadable !== undefined)) return this.#handOutReadable(queue, entries)
    const { consumerGroup } = this.#options
    const context = new OrderlyContext({ consumerGroup, messageQueue: queue.queue, signal: queue.signal }, 'queue')
    const verdict = callInOrder(this.#options, { queue, entries, context })
    return verdict instanceof Promise
      ? verdict.then(settled => this.#settle(queue, entries, settled))
      : this.#settle(queue, entries, verdict)
  }

  /** Returns how long the queue is to stand still, ms. */
  #settle(
    queue: ProcessQueue,
    entries: readonly ProcessQueueEntry[],
    verdict: OrderlyVerdict,
  ): number | Promise<number> {
    const kept = this.#kept.get(queue) ?? NONE
    switch (verdict.outcome) {
      case 'SUSPEND':
        return this.#suspend(queue, entries, verdict.pauseMs)
      case 'KEEP':
        queue.keep(entries)
        this.#kept.set(queue, [...kept, ...entries])
        return 0
      case 'COMMIT':
        this.#kept.delete(queue)
        this.#finish(queue, kept.length === 0 ? entries : [...kept, ...entries])
        return 0
      case 'ROLLBACK':
        this.#kept.delete(queue)
        queue.putBack([...kept, ...entries])
        return queue.dropped ? 0 : verdict.pauseMs
    }
  }

  /** The messages come again, in order, but those that failed too often leave the queue. */
  async #suspend(queue: ProcessQueue, entries: readonly ProcessQueueEntry[], pauseMs: number): Promise<number> {
    const { maxReconsumeTimes, sendBack } = this.#options
    if (queue.dropped) {
      // The queue's next owner gets them; whoever waits for the listeners of this one need wait no more.
      queue.putBack(entries)
      return 0
    }
    const again: ProcessQueueEntry[] = []
    for (const entry of entries) {
      const isSpent = maxReconsumeTimes !== undefined && entry.message.reconsumeTimes >= maxReconsumeTimes
      if (isSpent && (await this.#leaveQueue(queue, entry, () => sendBack?.sendToRetryTopic(entry.message)))) continue
      entry.message.reconsumeTimes++
      again.push(entry)
    }
    queue.putBack(again)
    return again.length > 0 ? pauseMs : 0
  }

  async #handOutReadable(queue: ProcessQueue, entries: readonly ProcessQueueEntry[]): Promise<number> {
    const { sendBack, suspendMs, onBackgroundError } = this.#options
    const first = entries.findIndex(({ message }) => message.unreadable !== undefined)
    const entry = entries[first] as ProcessQueueEntry
    // Those before it are handed out first, without it; it is the first of its batch then.
    if (first > 0) {
      queue.putBack(entries.slice(first))
      return this.#handOut(queue, entries.slice(0, first))
    }
    onBackgroundError(entry.message.unreadable as RocketMQError)
    // It would hold its queue up for ever.
    const left = await this.#leaveQueue(queue, entry, () => sendBack?.sendBack(entry.message, TO_DEAD_LETTERS))
    queue.putBack(entries)
    return left ? 0 : clampSuspension(suspendMs)
  }

  /** Takes a message out of its queue, once a broker has accepted it elsewhere. Broadcasting drops it. */
  async #leaveQueue(
    queue: ProcessQueue,
    entry: ProcessQueueEntry,
    accept: () => Promise<void> | undefined,
  ): Promise<boolean> {
    try {
      await accept()
      this.#finish(queue, [entry])
      return true
    } catch (error) {
      const says = `a message of group ${this.#options.consumerGroup} could not leave its queue; it is tried again in place`
      this.#options.onBackgroundError(asTyped(error, says))
      return false
    }
  }

  #finish(queue: ProcessQueue, entries: readonly ProcessQueueEntry[]): void {
    const offset = queue.finish(entries)
    if (offset !== undefined) this.#options.onCommit(queue, offset)
  }
}
