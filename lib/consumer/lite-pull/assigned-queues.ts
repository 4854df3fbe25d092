import type { ClientInstance } from '../../client/client-instance'
import type { RocketMQError } from '../../errors'
import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import { reportUnknownStart, reportUnwritten } from '../offsets/offset-failures'
import type { OffsetStore } from '../offsets/offset-store'
import type { Persist } from '../offsets/told-commits'
import { QueueTable } from '../queue-table'
import type { AssignmentChange, RebalancedQueues } from '../rebalance/rebalanced-queues'
import { AssignedQueue, type AssignedQueueLimits } from './assigned-queue'
import type { CacheRoom } from './cache-room'
import type { LitePullLoop } from './lite-pull-loop'

export interface AssignedQueuesOptions {
  readonly client: ClientInstance
  readonly offsetStore: OffsetStore
  /** Writes down how far a queue that is given back has come. */
  readonly persist: Persist
  readonly limits: AssignedQueueLimits
  readonly roomOfAll: CacheRoom
  /** What is consumed of a queue is committed before the queue is given back. */
  readonly autoCommit: boolean
  readonly startOffset: (queue: MessageQueue) => Promise<number>
  readonly createLoop: (assigned: AssignedQueue) => LitePullLoop
  readonly onBackgroundError: (error: RocketMQError) => void
}

interface Entry {
  readonly assigned: AssignedQueue
  readonly loop: Pick<LitePullLoop, 'start' | 'ended' | 'maxOffset' | 'lastPulledAt' | 'doing'>
}

/** The queues that are ours, given by the rebalancer or by the user, and how they are taken and given back. */
export class AssignedQueues implements RebalancedQueues {
  readonly #options: AssignedQueuesOptions
  readonly #table = new QueueTable<Entry>()
  #stopped = false

  constructor(options: AssignedQueuesOptions) {
    this.#options = options
  }

  get all(): Entry[] {
    return this.#table.all
  }

  get queues(): MessageQueue[] {
    return this.all.map(({ assigned }) => assigned.queue)
  }

  get(queue: MessageQueue): AssignedQueue | undefined {
    return this.#table.get(queue)?.assigned
  }

  /** Makes the queues of a topic ours, and no others of it. New queues do not pull before `startPulling`. */
  async assign(topic: string, queues: readonly MessageQueue[]): Promise<AssignmentChange> {
    const removed = await this.#giveBackAllBut(queues, this.#table.ofTopic(topic))
    const missing = this.#missing(queues)
    const added = (await Promise.all(missing.map(queue => this.#tryTake(queue)))).flatMap(queue => queue ?? [])
    return { added, removed, complete: added.length === missing.length }
  }

  /**
   * Makes these queues ours, and no others at all.
   * @throws RocketMQError where the start offset of a new one cannot be told; nothing is changed then
   */
  async replace(queues: readonly MessageQueue[]): Promise<void> {
    const missing = new Map(this.#missing(queues).map(queue => [messageQueueKey(queue), queue]))
    const offsets = await Promise.all(Array.from(missing.values(), queue => this.#options.startOffset(queue)))
    await this.#giveBackAllBut(queues, this.all)
    for (const [index, queue] of [...missing.values()].entries()) this.#take(queue, offsets[index] as number)
    this.startPulling(queues)
  }

  /** Begins to pull for queues that were assigned. */
  startPulling(queues: readonly MessageQueue[]): void {
    for (const queue of queues) this.#table.get(queue)?.loop.start()
  }

  /** Ends all pulling, and takes no queue any more. What is in hand is dropped; positions stay, to be committed. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const { assigned } of this.all) assigned.drop()
    await Promise.all(this.all.map(({ loop }) => loop.ended()))
  }

  #missing(queues: readonly MessageQueue[]): MessageQueue[] {
    return queues.filter(queue => this.get(queue) === undefined)
  }

  async #giveBackAllBut(kept: readonly MessageQueue[], ours: readonly Entry[]): Promise<MessageQueue[]> {
    const wanted = new Set(kept.map(messageQueueKey))
    const surplus = ours.filter(({ assigned }) => !wanted.has(messageQueueKey(assigned.queue)))
    await Promise.all(surplus.map(entry => this.#giveBack(entry)))
    return surplus.map(({ assigned }) => assigned.queue)
  }

  /** Undefined where the start offset cannot be told now; that is reported. */
  async #tryTake(queue: MessageQueue): Promise<MessageQueue | undefined> {
    try {
      this.#take(queue, await this.#options.startOffset(queue))
      return queue
    } catch (error) {
      reportUnknownStart(this.#options, queue, error)
      return undefined
    }
  }

  #take(queue: MessageQueue, startOffset: number): void {
    // Ours already: by a round that began after this one was given up.
    if (this.#stopped || this.get(queue) !== undefined) return
    const { offsetStore, limits, roomOfAll, createLoop } = this.#options
    // What a former time with this queue has left there.
    offsetStore.remove(queue)
    const assigned = new AssignedQueue(queue, startOffset, { limits, roomOfAll })
    this.#table.set(queue, { assigned, loop: createLoop(assigned) })
  }

  async #giveBack({ assigned, loop }: Entry): Promise<void> {
    const { offsetStore, persist, autoCommit } = this.#options
    const { queue } = assigned
    assigned.drop()
    await loop.ended()
    try {
      if (autoCommit) offsetStore.update(queue, assigned.consumed, { increaseOnly: false })
      await persist([queue], { confirmed: true })
    } catch (error) {
      reportUnwritten(this.#options, queue, error)
    }
    offsetStore.remove(queue)
    this.#table.delete(queue)
  }
}
