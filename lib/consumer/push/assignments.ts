import type { ClientInstance } from '../../client/client-instance'
import { RocketMQError } from '../../errors'
import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import { Gate } from '../../runtime/gate'
import { withDeadline } from '../../runtime/deadline'
import { asTyped } from '../as-typed'
import { reportUnknownStart, reportUnwritten } from '../offsets/offset-failures'
import type { OffsetStore } from '../offsets/offset-store'
import type { Persist } from '../offsets/told-commits'
import { QueueTable } from '../queue-table'
import type { AssignmentChange, RebalancedQueues } from '../rebalance/rebalanced-queues'
import { ProcessQueue } from './process-queue'
import type { PullLoop } from './pull-loop'
import type { PullThresholds } from './pull-thresholds'
import type { QueueLocks } from './queue-locks'

/** What pulls for a queue. */
type Puller = Pick<PullLoop, 'start' | 'stop' | 'maxOffset' | 'lastPulledAt' | 'idleMs' | 'doing'>

/** A queue that is ours. */
export interface Assignment {
  readonly processQueue: ProcessQueue
  readonly pullLoop: Puller
  /** Shut while the user has paused this queue. */
  readonly gate: Gate
}

export interface AssignmentsOptions {
  readonly client: ClientInstance
  readonly offsetStore: OffsetStore
  /** Writes down how far a queue that is given back has come. */
  readonly persist: Persist
  /** For orderly consumption of shared queues. */
  readonly locks: QueueLocks | undefined
  readonly limits: PullThresholds
  readonly startOffset: (queue: MessageQueue) => Promise<number>
  readonly createPullLoop: (processQueue: ProcessQueue, gate: Gate) => Puller
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** An orderly listener is given this long to end before its queue waits for another round. */
const ORDERLY_HANDOVER_MS = 500
/** The broker gives a lock that was not renewed to others after 60 s; we stop waiting for the listener long before. */
const LOCK_RENEWAL_MS = 20_000
/** A loop that is stopped ends at once, or after an exchange that does not end before. One that hangs is left to itself. */
const LOOP_END_MS = 5000
/** A reset waits this long for listeners that still run. */
const RESET_WAIT_MS = 10_000

/** The queues that are ours, and how they are taken and given back. */
export class Assignments implements RebalancedQueues {
  readonly #options: AssignmentsOptions
  readonly #table = new QueueTable<Assignment>()
  /** Queues whose offset is being set; nobody else may give them up or take them meanwhile. */
  readonly #resetting = new Set<string>()
  /** Loops that hang: their queues are to be taken anew. */
  readonly #stalled = new WeakSet<Puller>()

  constructor(options: AssignmentsOptions) {
    this.#options = options
  }

  get all(): Assignment[] {
    return this.#table.all
  }

  get queues(): MessageQueue[] {
    return this.all.map(({ processQueue }) => processQueue.queue)
  }

  get(queue: MessageQueue): Assignment | undefined {
    return this.#table.get(queue)
  }

  /** Makes the queues of a topic ours, and no others of it. New queues do not pull before `startPulling`. */
  async assign(topic: string, queues: readonly MessageQueue[]): Promise<AssignmentChange> {
    const free = queues.filter(queue => !this.#resetting.has(messageQueueKey(queue)))
    const wanted = new Set(free.map(messageQueueKey))
    const ours = this.#table
      .ofTopic(topic)
      .filter(({ processQueue }) => !this.#resetting.has(messageQueueKey(processQueue.queue)))
    const surplus = ours.filter(
      each =>
        each.processQueue.sealed ||
        !wanted.has(messageQueueKey(each.processQueue.queue)) ||
        this.#stalled.has(each.pullLoop),
    )
    const removed = (await Promise.all(surplus.map(each => this.#giveBack(each)))).flatMap(queue => queue ?? [])
    // A reset may have begun meanwhile, of a queue that was being given back.
    const missing = free.filter(queue => this.get(queue) === undefined && !this.#resetting.has(messageQueueKey(queue)))
    const added = await this.#take(missing)
    this.#shareLimits()
    const complete = removed.length === surplus.length && added.length === missing.length
    return { added, removed, complete }
  }

  /** The loop of a queue hangs: the next `assign` gives the queue back and takes it anew. */
  stalled({ queue }: ProcessQueue): void {
    const assignment = this.get(queue)
    if (assignment !== undefined) this.#stalled.add(assignment.pullLoop)
  }

  /** Begins to pull for queues that were assigned. */
  startPulling(queues: readonly MessageQueue[]): void {
    for (const queue of queues) this.get(queue)?.pullLoop.start()
  }

  /**
   * Sets the offset of a queue that is ours: drops what is in hand, waits a while for its listeners, writes the offset
   * down so that late results cannot undo it, and gives the queue up, with its lock, to be taken anew by whoever is to have it.
   */
  async reset(queue: MessageQueue, offset: number): Promise<void> {
    const key = messageQueueKey(queue)
    const assignment = this.get(queue)
    if (assignment === undefined || this.#resetting.has(key)) return
    const { offsetStore, locks, onBackgroundError } = this.#options
    let isIdle = false
    this.#resetting.add(key)
    try {
      assignment.processQueue.drop()
      await this.#inTime(assignment.pullLoop.stop(), LOOP_END_MS)
      isIdle = await this.#inTime(assignment.processQueue.whenIdle(), RESET_WAIT_MS)
      offsetStore.freeze(queue, offset)
      await offsetStore.persist([queue], { confirmed: true })
    } catch (error) {
      onBackgroundError(
        asTyped(error, `the offset of queue ${queue.queueId} of ${queue.topic} could not be set`, {
          topic: queue.topic,
        }),
      )
    } finally {
      offsetStore.remove(queue)
      // Under a listener that still runs the lock stays until it ends by itself.
      if (isIdle) await locks?.unlock([queue], { confirmed: false })
      this.#table.delete(queue)
      this.#resetting.delete(key)
    }
  }

  #shareLimits(): void {
    if (!this.#options.limits.share(this.#table.size)) return
    for (const { processQueue } of this.all) processQueue.limitsChanged()
  }

  async #take(queues: readonly MessageQueue[]): Promise<MessageQueue[]> {
    const { locks } = this.#options
    if (locks !== undefined && queues.length > 0) await locks.lock(queues)
    const free = queues.filter(queue => locks?.isLocked(queue) ?? true)
    const taken = await Promise.all(free.map(queue => this.#takeOne(queue)))
    // Nobody could take them while we hold their locks without using them.
    await locks?.unlock(
      free.filter(queue => this.get(queue) === undefined),
      { confirmed: false },
    )
    return taken.flatMap(queue => queue ?? [])
  }

  async #takeOne(queue: MessageQueue): Promise<MessageQueue | undefined> {
    const { offsetStore, startOffset, limits, createPullLoop } = this.#options
    try {
      const offset = await startOffset(queue)
      // By a round that began after this one was given up.
      if (this.get(queue) !== undefined) return undefined
      offsetStore.remove(queue)
      // Written down from the beginning: else a next owner would begin at what is the end then, and pass over what came meanwhile.
      offsetStore.update(queue, offset, { increaseOnly: false })
      const processQueue = new ProcessQueue(queue, offset, limits)
      const gate = new Gate()
      this.#table.set(queue, { processQueue, pullLoop: createPullLoop(processQueue, gate), gate })
      return queue
    } catch (error) {
      reportUnknownStart(this.#options, queue, error)
      return undefined
    }
  }

  /** Undefined where an orderly listener still has the queue: its lock is kept, so that nobody runs beside it. */
  async #giveBack(assignment: Assignment): Promise<MessageQueue | undefined> {
    const { processQueue, pullLoop } = assignment
    const { queue } = processQueue
    const { locks, offsetStore, persist } = this.#options
    processQueue.seal()
    await this.#inTime(pullLoop.stop(), LOOP_END_MS)
    if (
      locks !== undefined &&
      !(await this.#inTime(processQueue.whenIdle(), ORDERLY_HANDOVER_MS)) &&
      locks.heldForMs(queue) < LOCK_RENEWAL_MS
    ) {
      return undefined
    }
    processQueue.drop()
    try {
      await persist([queue], { confirmed: true })
    } catch (error) {
      reportUnwritten(this.#options, queue, error)
    }
    offsetStore.remove(queue)
    if (locks !== undefined) await locks.unlock([queue], { confirmed: false })
    if (this.get(queue) === assignment) this.#table.delete(queue)
    return queue
  }

  #inTime(end: Promise<void>, timeoutMs: number): Promise<boolean> {
    return withDeadline(end, {
      clock: this.#options.client.clock,
      timeoutMs,
      onTimeout: () => new RocketMQError('LISTENER_TIMEOUT', 'a listener or a loop still runs'),
    }).then(
      () => true,
      () => false,
    )
  }
}
