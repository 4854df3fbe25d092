import type { Clock } from '../../runtime/clock'
import type { Schedule, ScheduledCall } from '../schedule'
import { OrderInfo } from './order-info'

/** A queue and who consumes it. */
export interface GroupQueue {
  readonly topic: string
  readonly group: string
  readonly queueId: number
}

/** What an acknowledgement of an orderly pop came to: the offset to commit, or that there is nothing to do, or that it is wrong. */
export type OrderCommit = number | 'STALE' | 'ILLEGAL'

export interface OrderInfosOptions {
  readonly clock: Clock
  readonly schedule: Schedule
  /** Messages of a queue are not held any more. */
  readonly onFree: (queue: GroupQueue) => void
}

/** Queues that are popped in order (Java `QueueLevelConsumerManager`): while a message is held, no other is given out. */
export class OrderInfos {
  readonly #options: OrderInfosOptions
  /** By topic, then by group and queue. */
  readonly #infos = new Map<string, Map<string, OrderInfo>>()
  readonly #waiting = new Map<OrderInfo, ScheduledCall>()

  constructor(options: OrderInfosOptions) {
    this.#options = options
  }

  isBlocked(queue: GroupQueue, attemptId: string | undefined): boolean {
    return this.#find(queue)?.isBlocked(attemptId, this.#options.clock.now()) === true
  }

  /** Notes what was popped, in the place of what was before. */
  update(
    queue: GroupQueue,
    pop: { attemptId: string | undefined; popTime: number; invisibleTime: number; offsets: readonly number[] },
  ): OrderInfo {
    const before = this.#find(queue)
    const info = new OrderInfo(pop, before)
    let infos = this.#infos.get(queue.topic)
    if (infos === undefined) this.#infos.set(queue.topic, (infos = new Map<string, OrderInfo>()))
    infos.set(keyOf(queue), info)
    this.#drop(before)
    this.#awaitFree(queue, info)
    return info
  }

  ack(queue: GroupQueue, offset: number, popTime: number): OrderCommit {
    const info = this.#find(queue)
    if (info === undefined) return offset + 1
    if (info.popTime !== popTime) return 'STALE'
    const next = info.ack(offset)
    if (next === undefined) return 'ILLEGAL'
    this.#awaitFree(queue, info)
    return next
  }

  /** Hides a message until then; one of another pop stays as it is. */
  setVisibleTime(queue: GroupQueue, { offset, popTime }: { offset: number; popTime: number }, at: number): void {
    const info = this.#find(queue)
    if (info?.popTime !== popTime) return
    info.setVisibleTime(offset, at)
    this.#awaitFree(queue, info)
  }

  /** Forgets what was popped of a queue. */
  clear(queue: GroupQueue): void {
    this.#drop(this.#find(queue))
    this.#infos.get(queue.topic)?.delete(keyOf(queue))
  }

  deleteTopic(topic: string): void {
    for (const info of this.#infos.get(topic)?.values() ?? []) this.#drop(info)
    this.#infos.delete(topic)
  }

  #find(queue: GroupQueue): OrderInfo | undefined {
    return this.#infos.get(queue.topic)?.get(keyOf(queue))
  }

  #awaitFree(queue: GroupQueue, info: OrderInfo): void {
    const { clock, schedule, onFree } = this.#options
    this.#drop(info)
    const now = clock.now()
    const call = schedule.after(info.freeAt(now) - now, () => {
      this.#waiting.delete(info)
      onFree(queue)
    })
    this.#waiting.set(info, call)
  }

  #drop(info: OrderInfo | undefined): void {
    if (info === undefined) return
    this.#waiting.get(info)?.cancel()
    this.#waiting.delete(info)
  }
}

function keyOf({ group, queueId }: GroupQueue): string {
  return `${queueId}\n${group}`
}
