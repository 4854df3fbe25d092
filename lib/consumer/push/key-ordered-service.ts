import { withAnySignal } from '../../runtime/any-signal'
import { backoffMs } from '../../runtime/random'
import { asTyped } from '../as-typed'
import type { ConsumeService, ConsumeServiceOptions } from './consume-service'
import { DeadLetters } from './dead-letters'
import type { KeyLane, KeyLanes } from './key-lanes'
import { LanesByQueue } from './lanes-by-queue'
import { ListenerCalls } from './listener-calls'
import { ListenerPlaces } from './listener-places'
import { clampSuspension, suspensionMs } from './listener-result'
import type { ConsumeOrderlyContext, MessageListenerOrderly } from './message-listener'
import { OrderlyContext } from './orderly-context'
import type { ProcessQueue, ProcessQueueEntry } from './process-queue'
import { LOCK_AGAIN_MS, type QueueLocks } from './queue-locks'
import { ReadyQueues } from './ready-queues'

export interface KeyOrderedServiceOptions extends ConsumeServiceOptions {
  readonly listener: MessageListenerOrderly
  /** Undefined for broadcasting, where no queue is shared. */
  readonly locks: Pick<QueueLocks, 'isLocked' | 'lock'> | undefined
  /** How long a key stands still after a failure, ms. */
  readonly suspendMs: number
  /** Failures after which a message goes to the dead letters. */
  readonly maxReconsumeTimes: number
}

/** Messages of one key that are with the listener, or on their way to the dead letters. */
interface KeyRun {
  readonly lanes: KeyLanes
  readonly lane: KeyLane
  /** The queue as it was ours when they began; `lanes` may have another one by the end. */
  readonly queue: ProcessQueue
  readonly context: ConsumeOrderlyContext
  readonly entries: readonly ProcessQueueEntry[]
}

const REFUSED_FIRST_MS = 1000
const REFUSED_LAST_MS = 30_000

/**
 * Runs messages of one sharding key one after another and different keys of a queue side by side. A failure stops its key
 * alone: it is tried again in place, and goes on without the message once a broker has that among the dead letters.
 */
export class KeyOrderedService implements ConsumeService {
  readonly #options: KeyOrderedServiceOptions
  readonly #lanes: LanesByQueue
  readonly #ready = new ReadyQueues<KeyLanes>()
  readonly #places: ListenerPlaces
  readonly #calls: ListenerCalls<KeyRun, number | undefined>
  readonly #deadLetters: DeadLetters

  constructor(options: KeyOrderedServiceOptions) {
    this.#options = options
    this.#lanes = new LanesByQueue(options.consumerGroup)
    this.#deadLetters = new DeadLetters(options)
    this.#places = new ListenerPlaces({ ...options, handOut: now => this.#next(now) })
    this.#calls = new ListenerCalls({
      ...options,
      places: this.#places,
      judge: (result, run) => suspensionMs(result, this.#suspendMs(run)),
      settle: (run, pauseMs) => this.#settle(run, pauseMs),
      failed: run => this.#suspend(run, clampSuspension(this.#suspendMs(run))),
    })
  }

  get running(): number {
    return this.#places.running
  }

  /** Keys that are remembered: those with messages in hand. */
  get keys(): number {
    return this.#lanes.keys
  }

  submit(queue: ProcessQueue): void {
    if (queue.sealed || this.#isStopped) return
    const lanes = this.#lanes.of(queue)
    lanes.refill()
    this.#serve(lanes)
  }

  updateConcurrency(concurrency: number): void {
    this.#places.updateConcurrency(concurrency)
  }

  drain(): Promise<void> {
    this.#lanes.cancelWaits()
    return this.#places.drain()
  }

  get #isStopped(): boolean {
    return this.#places.signal.aborted
  }

  #serve(lanes: KeyLanes): void {
    if (lanes.held > 0) this.#ready.add(lanes)
    this.#places.look()
  }

  /** Hands out one batch, or finds that it cannot; false where there is nothing to do. */
  #next(now: number): boolean {
    const lanes = this.#ready.next()
    if (lanes === undefined) return false
    const { locks, batchSize } = this.#options
    const { queue } = lanes
    const context = new OrderlyContext(lanes.context, 'key')
    if (locks?.isLocked(queue.queue) === false) {
      this.#track(this.#lock(lanes))
      return true
    }
    const lane = lanes.next() as KeyLane
    const entries = lanes.begin(lane, lane.spent || batchSize, now)
    this.#handOut({ lanes, lane, queue, context, entries })
    return true
  }

  /** Asks for the queue's lock until we have it; nothing of the queue is handed out meanwhile. */
  async #lock(lanes: KeyLanes): Promise<void> {
    const { clock } = this.#options
    const { queue } = lanes
    lanes.isLocking = true
    await withAnySignal([queue.signal, this.#places.signal], async signal => {
      while (!signal.aborted && !(await this.#tryLock(queue))) {
        await clock.sleep(LOCK_AGAIN_MS, signal).catch(() => undefined)
      }
    })
    lanes.isLocking = false
    this.#serve(lanes)
  }

  async #tryLock({ queue }: ProcessQueue): Promise<boolean> {
    const { locks, onBackgroundError } = this.#options
    try {
      await locks?.lock([queue])
    } catch (error) {
      onBackgroundError(
        asTyped(error, `queue ${queue.queueId} of ${queue.topic} could not be locked, which is tried again later`),
      )
    }
    return locks?.isLocked(queue) ?? true
  }

  #handOut(run: KeyRun): void {
    const { lane, entries } = run
    const error = entries[0]?.message.unreadable
    if (error !== undefined && lane.spent === 0) {
      this.#options.onBackgroundError(error)
      lane.spent = 1
    }
    if (lane.spent > 0) {
      this.#track(this.#bury(run))
      return
    }
    this.#calls.begin(run)
  }

  #settle(run: KeyRun, pauseMs: number | undefined): void {
    this.#calls.note(run, pauseMs === undefined ? 0 : run.entries.length)
    if (pauseMs !== undefined) this.#suspend(run, pauseMs)
    else {
      const offset = run.queue.finish(run.entries)
      this.#release(run, run.entries.length)
      this.#commit(run.queue, offset)
    }
  }

  #suspendMs({ context }: KeyRun): number {
    return context.suspendCurrentQueueTimeMs ?? this.#options.suspendMs
  }

  #commit(queue: ProcessQueue, offset: number | undefined): void {
    if (offset === undefined) return
    try {
      this.#options.onCommit(queue, offset)
    } catch (error) {
      this.#options.onBackgroundError(asTyped(error, 'an offset could not be noted'))
    }
  }

  /** The first `passed` messages of the run are done with, or of a queue that is not ours any more; the key goes on. */
  #release({ lanes, lane }: KeyRun, passed: number): void {
    lanes.passed(lane, passed)
    lanes.release(lane)
    if (lanes.held > 0) this.#ready.add(lanes)
    else if (lanes.queue.dropped) this.#lanes.forgetLost(lanes)
  }

  /** The messages come again in place, those that failed too often go to the dead letters. */
  #suspend(run: KeyRun, pauseMs: number): void {
    const { queue, lane, entries } = run
    if (queue.sealed) {
      this.#letGo(run)
      return
    }
    const { maxReconsumeTimes } = this.#options
    const firstAgain = entries.findIndex(({ message }) => message.reconsumeTimes < maxReconsumeTimes)
    const spent = firstAgain === -1 ? entries.length : firstAgain
    const again = entries.slice(spent)
    for (const { message } of again) message.reconsumeTimes++
    queue.hold(again)
    if (spent > 0) {
      lane.busy = spent
      lane.spent = spent
      this.#track(this.#bury({ ...run, entries: entries.slice(0, spent) }))
    } else this.#wait(run, pauseMs)
  }

  /** The queue's next owner gets the messages; whoever waits for the listeners of this one need wait no more. */
  #letGo(run: KeyRun): void {
    run.queue.hold(run.entries)
    this.#release(run, run.entries.length)
  }

  #wait({ lanes, lane }: KeyRun, ms: number): void {
    const timer = this.#options.clock.after(ms, () => {
      lanes.resume(lane)
      this.#serve(lanes)
    })
    lanes.wait(lane, timer)
    if (this.#isStopped) lanes.cancelWaits()
  }

  /** Puts messages to the dead letters, in order; where no broker takes them, all of the key waits. */
  async #bury(run: KeyRun): Promise<void> {
    const { queue, lanes, lane, entries } = run
    queue.returning(entries)
    this.#places.beginBesides()
    let left = entries.length
    for (const entry of entries) {
      // The queue's next owner tries the rest again.
      if (queue.sealed || !(await this.#deadLetters.accept(entry.message))) break
      this.#commit(queue, queue.finish([entry]))
      if (--left > 0) lanes.passed(lane, 1)
    }
    this.#places.endBesides()
    if (left === 0) {
      lane.refusals = 0
      this.#release(run, 1)
    } else if (queue.sealed) this.#letGo({ ...run, entries: entries.slice(-left) })
    else {
      queue.hold(entries.slice(-left))
      this.#wait(run, backoffMs(lane.refusals++, REFUSED_FIRST_MS, REFUSED_LAST_MS))
    }
    this.#places.look()
  }

  #track(work: Promise<void>): void {
    this.#places.track(work, 'work on a queue in order of keys broke off')
  }
}
