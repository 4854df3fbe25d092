import type { Clock } from '../../runtime/clock'
import type { Schedule, ScheduledCall } from '../schedule'
import type { GroupQueue } from './order-infos'

/** A pop that waits for messages. Queue -1 is any queue of the topic. */
export interface ParkedPop extends GroupQueue {
  /** When its time is over, ms since 1970. */
  readonly expiresAt: number
  /** True once nobody waits for its answer. */
  readonly isGone: () => boolean
  /** Runs it again; it is answered then, or parked again while it has time. */
  readonly resume: () => void
}

export type ParkResult = 'PARKED' | 'FULL' | 'TIMEOUT'

interface Waiting {
  readonly pop: ParkedPop
  call: ScheduledCall | undefined
}

export interface PopPollingOptions {
  readonly clock: Clock
  readonly schedule: Schedule
  /** Which of those that wait for the same goes on: the one that has waited longest, or the last. */
  readonly wakes: 'first' | 'last'
}

/** Brokers look at the time that early. */
const EARLY_MS = 50
const MAX_PER_QUEUE = 1025
const MAX_TOTAL = 100_000

/** Pops that found nothing and wait (Java `PopLongPollingService`). Whoever is woken goes on at the end of this turn. */
export class PopPolling {
  readonly #options: PopPollingOptions
  /** By topic, group, and queue. */
  readonly #topics = new Map<string, Map<string, Map<number, Waiting[]>>>()
  #size = 0

  constructor(options: PopPollingOptions) {
    this.#options = options
  }

  /** How many wait. */
  get size(): number {
    return this.#size
  }

  park(pop: ParkedPop): ParkResult {
    const { clock, schedule } = this.#options
    const left = pop.expiresAt - EARLY_MS - clock.now()
    if (this.#size >= MAX_TOTAL) return 'FULL'
    if (left < 0) return 'TIMEOUT'
    const queue = this.#queueOf(pop)
    if (queue.length >= MAX_PER_QUEUE) return 'FULL'
    const waiting: Waiting = { pop, call: undefined }
    insert(queue, waiting)
    this.#size++
    waiting.call = schedule.after(left + 1, () => this.#goOn(waiting))
    return 'PARKED'
  }

  /** Has one go on that waits for this; false where nobody does. */
  wake({ topic, group, queueId }: GroupQueue): boolean {
    const queue = this.#topics.get(topic)?.get(group)?.get(queueId) ?? []
    for (;;) {
      const waiting = this.#options.wakes === 'first' ? queue[0] : queue.at(-1)
      if (waiting === undefined) return false
      this.#goOn(waiting)
      if (!waiting.pop.isGone()) return true
    }
  }

  /** One goes on that waits for any queue of the topic, and one that waits for this one. */
  wakeBoth(queue: GroupQueue): void {
    this.wake({ ...queue, queueId: -1 })
    if (queue.queueId >= 0) this.wake(queue)
  }

  /** A queue got messages: of each group one goes on, whether its filter wants them or not. */
  onArrived(topic: string, queueId: number): void {
    const groups = this.#topics.get(topic)
    if (groups === undefined) return
    for (const group of [...groups.keys()]) this.wakeBoth({ topic, group, queueId })
  }

  /** Forgets all; nobody is answered. */
  clear(): void {
    for (const groups of this.#topics.values())
      for (const queues of groups.values())
        for (const queue of queues.values()) queue.forEach(each => each.call?.cancel())
    this.#topics.clear()
    this.#size = 0
  }

  #goOn(waiting: Waiting): void {
    if (!this.#remove(waiting)) return
    process.nextTick(() => {
      if (!waiting.pop.isGone()) waiting.pop.resume()
    })
  }

  #queueOf({ topic, group, queueId }: GroupQueue): Waiting[] {
    let groups = this.#topics.get(topic)
    if (groups === undefined) this.#topics.set(topic, (groups = new Map<string, Map<number, Waiting[]>>()))
    let queues = groups.get(group)
    if (queues === undefined) groups.set(group, (queues = new Map<number, Waiting[]>()))
    let queue = queues.get(queueId)
    if (queue === undefined) queues.set(queueId, (queue = []))
    return queue
  }

  #remove(waiting: Waiting): boolean {
    const { topic, group, queueId } = waiting.pop
    const groups = this.#topics.get(topic)
    const queues = groups?.get(group)
    const queue = queues?.get(queueId)
    const at = queue?.indexOf(waiting) ?? -1
    if (groups === undefined || queues === undefined || queue === undefined || at < 0) return false
    waiting.call?.cancel()
    queue.splice(at, 1)
    this.#size--
    if (queue.length === 0) queues.delete(queueId)
    if (queues.size === 0) groups.delete(group)
    if (groups.size === 0) this.#topics.delete(topic)
    return true
  }
}

/** Sorted by the end of their time; of the same time in the order of their coming. */
function insert(queue: Waiting[], waiting: Waiting): void {
  let at = queue.length
  while (at > 0 && (queue[at - 1] as Waiting).pop.expiresAt > waiting.pop.expiresAt) at--
  queue.splice(at, 0, waiting)
}
