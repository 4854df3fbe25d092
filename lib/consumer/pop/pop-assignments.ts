import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import { Gate } from '../../runtime/gate'
import { PendingWork } from '../../runtime/pending-work'
import { QueueTable } from '../queue-table'
import type { AssignmentChange, RebalancedQueues } from '../rebalance/rebalanced-queues'
import { PopLoop, type PopLoopCommon } from './pop-loop'
import { PopProcessQueue } from './pop-process-queue'

export interface PopAssignmentsOptions {
  readonly loop: PopLoopCommon
  /** Messages in hand of one place beyond which nothing more is popped. */
  readonly threshold: number
  /** All must be open for a pop. */
  readonly gates: readonly Gate[]
}

/** A place that is popped. */
export interface PopAssignment {
  readonly processQueue: PopProcessQueue
  readonly loop: PopLoop
  /** Shut while the user has paused it. */
  readonly gate: Gate
}

/** The places that are popped. Others may pop them, too: there is nothing to lock, and nothing to commit. */
export class PopAssignments implements RebalancedQueues {
  readonly #options: PopAssignmentsOptions
  readonly #table = new QueueTable<PopAssignment>()
  /** Queues that were given back while listeners had messages of them. */
  readonly #leaving = new Set<PopProcessQueue>()
  /** Loops that were told to end. */
  readonly #ending = new PendingWork()

  constructor(options: PopAssignmentsOptions) {
    this.#options = options
  }

  get all(): PopAssignment[] {
    return this.#table.all
  }

  get queues(): MessageQueue[] {
    return this.all.map(({ processQueue }) => processQueue.queue)
  }

  /** All with messages in hand, also of queues that were given back. */
  get inHand(): PopProcessQueue[] {
    for (const each of this.#leaving) if (each.count === 0) this.#leaving.delete(each)
    return [...this.all.map(({ processQueue }) => processQueue), ...this.#leaving]
  }

  get(queue: MessageQueue): PopAssignment | undefined {
    return this.#table.get(queue)
  }

  async assign(topic: string, queues: readonly MessageQueue[]): Promise<AssignmentChange> {
    const wanted = new Set(queues.map(messageQueueKey))
    const ours = this.#table.ofTopic(topic)
    const surplus = ours.filter(({ processQueue }) => !wanted.has(messageQueueKey(processQueue.queue)))
    const removed = surplus.map(each => this.#giveBack(each))
    const added = queues.filter(queue => this.get(queue) === undefined)
    for (const queue of added) this.#take(queue)
    return { added, removed, complete: true }
  }

  startPulling(queues: readonly MessageQueue[]): void {
    for (const queue of queues) this.get(queue)?.loop.start()
  }

  /** Stops popping, and lets others have what no listener has begun with; resolves when all loops have ended. */
  async stop(): Promise<void> {
    for (const each of this.all) {
      this.#end(each)
      this.#release(each)
    }
    await this.#ending.settled()
  }

  #take(queue: MessageQueue): void {
    const { loop: common, threshold, gates } = this.#options
    const processQueue = new PopProcessQueue(queue, threshold)
    const gate = new Gate()
    const onStalled = (): void => this.#takeAnew(queue)
    const loop = new PopLoop({ ...common, processQueue, gates: [...gates, gate], onStalled })
    this.#table.set(queue, { processQueue, loop, gate })
  }

  #takeAnew(queue: MessageQueue): void {
    const assignment = this.get(queue)
    if (assignment === undefined) return
    this.#giveBack(assignment)
    this.#take(queue)
    this.startPulling([queue])
  }

  /** What listeners have begun with they may finish: its receipts stay good. */
  #giveBack(assignment: PopAssignment): MessageQueue {
    const { processQueue } = assignment
    this.#table.delete(processQueue.queue)
    this.#end(assignment)
    this.#release(assignment)
    processQueue.drop()
    this.#leaving.add(processQueue)
    return processQueue.queue
  }

  #end({ loop }: PopAssignment): void {
    void this.#ending.add(loop.stop())
  }

  #release({ processQueue }: PopAssignment): void {
    this.#options.loop.settlement.release(processQueue.takeHeld().map(({ message }) => message))
  }
}
