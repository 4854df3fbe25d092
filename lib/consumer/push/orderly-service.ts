import { type RocketMQError, asError } from '../../errors'
import { withAnySignal } from '../../runtime/any-signal'
import { asTyped } from '../as-typed'
import { type ConsumeService, type ConsumeServiceOptions, isThenable, messagesOf } from './consume-service'
import { type OrderlyVerdict, clampSuspension, orderlyVerdict } from './listener-result'
import type { MessageListenerOrderly } from './message-listener'
import { OrderlyContext } from './orderly-context'
import type { ProcessQueue, ProcessQueueEntry } from './process-queue'
import type { QueueLocks } from './queue-locks'
import { ReadyQueues } from './ready-queues'

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
/** Until the next try to lock a queue that another member has. */
const LOCK_AGAIN_MS = 3000
/** Listeners that return no promise are interrupted after this time, so that heartbeats and pulls go on. */
const TURN_MS = 10
/** What cannot be read goes to the dead letters at once: it would hold its queue up for ever. */
const TO_DEAD_LETTERS = -1

/** Runs each queue strictly in order, one listener call at a time; a failure stops the queue, not the others. */
export class OrderlyService implements ConsumeService {
  readonly #options: OrderlyServiceOptions
  readonly #ready = new ReadyQueues()
  /** Queues with a run, or that wait out a suspension. */
  readonly #busy = new Set<ProcessQueue>()
  readonly #runs = new Set<Promise<void>>()
  /** Messages that the listener has handled and not committed. */
  readonly #kept = new WeakMap<ProcessQueue, ProcessQueueEntry[]>()
  readonly #stop = new AbortController()
  readonly #wake = (): void => this.#pump()
  #concurrency: number
  #running = 0

  constructor(options: OrderlyServiceOptions) {
    this.#options = options
    this.#concurrency = options.concurrency
  }

  get running(): number {
    return this.#running
  }

  submit(queue: ProcessQueue): void {
    if (!this.#busy.has(queue)) this.#ready.add(queue)
    this.#pump()
  }

  updateConcurrency(concurrency: number): void {
    this.#concurrency = concurrency
    this.#pump()
  }

  async drain(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#runs)
  }

  #pump(): void {
    while (this.#running < this.#concurrency && !this.#stop.signal.aborted) {
      if (!this.#options.rate.isOpen(this.#wake)) return
      const queue = this.#ready.take()
      if (queue === undefined) return
      const run = this.#occupy(queue)
      this.#runs.add(run)
      void run.finally(() => this.#runs.delete(run))
    }
  }

  /** A run of the queue, and the pause that it asked for: the queue is busy for both, its place is taken by the run alone. */
  async #occupy(queue: ProcessQueue): Promise<void> {
    this.#busy.add(queue)
    this.#running++
    const pauseMs = await this.#run(queue).catch((error: unknown) => {
      this.#options.onBackgroundError(asTyped(error, `a run of queue ${queue.queue.queueId} broke off`))
      return clampSuspension(this.#options.suspendMs)
    })
    this.#running--
    this.#pump()
    if (pauseMs > 0) await this.#sleep(pauseMs, queue.signal)
    this.#busy.delete(queue)
    if (queue.held > 0) this.submit(queue)
  }

  /** Hands out batch after batch. Returns how long the queue is to stand still before its next run, ms. */
  async #run(queue: ProcessQueue): Promise<number> {
    const { clock, batchSize, rate } = this.#options
    const beganAt = clock.monotonic()
    let turnAt = beganAt
    while (queue.held > 0 && !this.#stop.signal.aborted) {
      const now = clock.monotonic()
      if (now - beganAt > MAX_RUN_MS) return 0
      // After each wait all is looked at again: the queue may have been given away, or the consumer may end.
      if (now - turnAt > TURN_MS) {
        await new Promise(resolve => setImmediate(resolve))
        turnAt = clock.monotonic()
        continue
      }
      if (!this.#isLocked(queue)) {
        if (!(await this.#lock(queue))) return LOCK_AGAIN_MS
        continue
      }
      // It is taken up again when there is room in the limit.
      if (!rate.isOpen(this.#wake)) return 0
      const pauseMs = await this.#handOut(queue, queue.take(batchSize, now))
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

  async #handOut(queue: ProcessQueue, entries: readonly ProcessQueueEntry[]): Promise<number> {
    const { listener, consumerGroup, suspendMs, rates, rate, clock } = this.#options
    if (entries.some(({ message }) => message.unreadable !== undefined)) return this.#handOutReadable(queue, entries)
    const noteCall = (failed: number): void => rates.of(queue.queue.topic).called(clock.monotonic(), entries, failed)
    const context = new OrderlyContext({ consumerGroup, messageQueue: queue.queue, signal: queue.signal }, 'queue')
    let verdict: OrderlyVerdict
    rate.passed(entries.length)
    try {
      const given: unknown = listener(messagesOf(entries), context)
      const result: unknown = isThenable(given) ? await given : given
      verdict = orderlyVerdict(result, context, suspendMs)
    } catch (error) {
      noteCall(entries.length)
      this.#options.onListenerError(asError(error), messagesOf(entries))
      return this.#suspend(queue, entries, clampSuspension(context.suspendCurrentQueueTimeMs ?? suspendMs))
    }
    noteCall(verdict.outcome === 'SUSPEND' || verdict.outcome === 'ROLLBACK' ? entries.length : 0)
    return this.#settle(queue, entries, verdict)
  }

  /** Returns how long the queue is to stand still, ms. */
  async #settle(queue: ProcessQueue, entries: readonly ProcessQueueEntry[], verdict: OrderlyVerdict): Promise<number> {
    const kept = this.#kept.get(queue) ?? []
    switch (verdict.outcome) {
      case 'SUSPEND':
        return this.#suspend(queue, entries, verdict.pauseMs)
      case 'KEEP':
        queue.keep(entries)
        this.#kept.set(queue, [...kept, ...entries])
        return 0
      case 'COMMIT':
        this.#kept.delete(queue)
        this.#finish(queue, [...kept, ...entries])
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

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return withAnySignal([signal, this.#stop.signal], any => this.#options.clock.sleep(ms, any)).catch(() => undefined)
  }
}
