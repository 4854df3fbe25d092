import type { Timer } from '../../runtime/clock'
import type { ConsumeContext } from './message-listener'
import type { ProcessQueue, ProcessQueueEntry } from './process-queue'

/**
 * The messages in hand with one sharding key, in order. Without a key a message has a lane of its own.
 *
 * ready --next, begin--> busy --release--> ready, or forgotten when it is empty
 * busy --wait--> waiting --release--> ready
 */
export interface KeyLane {
  readonly key: string | undefined
  head: ProcessQueueEntry | undefined
  tail: ProcessQueueEntry | undefined
  nextReady: KeyLane | undefined
  /** So many of the first ones are with a listener, or on their way to the dead letters. */
  busy: number
  /** So many of the first ones have failed too often: they go to the dead letters before anything else of the key. */
  spent: number
  /** Times in a row that no broker accepted a dead letter of it. */
  refusals: number
}

/**
 * The messages in hand of one queue by their keys; only keys with messages in hand are remembered. Outlives the time that
 * the queue is ours: a key whose listener still runs when the queue was lost and comes back waits for it.
 */
export class KeyLanes {
  readonly #byKey = new Map<string, KeyLane>()
  readonly #timers = new Map<KeyLane, Timer>()
  #queue: ProcessQueue
  #context: ConsumeContext
  #firstReady: KeyLane | undefined
  #lastReady: KeyLane | undefined
  #ready = 0
  #busy = 0
  /** Nothing is handed out meanwhile. */
  isLocking = false

  constructor(queue: ProcessQueue, context: ConsumeContext) {
    this.#queue = queue
    this.#context = context
  }

  get queue(): ProcessQueue {
    return this.#queue
  }

  get context(): ConsumeContext {
    return this.#context
  }

  /** Keys that are remembered. */
  get keys(): number {
    return this.#byKey.size
  }

  /** True while nothing of it is with a listener. */
  get isIdle(): boolean {
    return this.#busy === 0
  }

  /** Lanes that may be handed out now. */
  get held(): number {
    return this.isLocking || this.#queue.sealed ? 0 : this.#ready
  }

  /** The queue has come to us anew. */
  attach(queue: ProcessQueue, context: ConsumeContext): void {
    this.detach()
    this.#queue = queue
    this.#context = context
  }

  /** Forgets what no listener has: the queue is no longer ours. */
  detach(): void {
    this.cancelWaits()
    this.#firstReady = undefined
    this.#lastReady = undefined
    this.#ready = 0
    for (const [key, lane] of this.#byKey) {
      if (lane.busy === 0) this.#byKey.delete(key)
      else cut(lane)
    }
  }

  /** Takes in what the queue has got since. */
  refill(): void {
    for (let entry = this.#queue.nextHeld(); entry !== undefined; entry = this.#queue.nextHeld()) this.#append(entry)
  }

  /** The lane whose turn it is; it is to be begun. */
  next(): KeyLane | undefined {
    const lane = this.#firstReady
    if (lane === undefined) return undefined
    this.#firstReady = lane.nextReady
    if (this.#firstReady === undefined) this.#lastReady = undefined
    lane.nextReady = undefined
    this.#ready--
    return lane
  }

  /** Takes up to `max` messages of a lane, the first ones. One that cannot be read comes alone. */
  begin(lane: KeyLane, max: number, startedAt: number): ProcessQueueEntry[] {
    const entries: ProcessQueueEntry[] = []
    for (let entry = lane.head; entry !== undefined && entries.length < max; entry = entry.nextOfKey) {
      const { unreadable } = entry.message
      if (unreadable !== undefined && entries.length > 0) break
      entries.push(entry)
      if (unreadable !== undefined) break
    }
    this.#queue.begin(entries, startedAt)
    lane.busy = entries.length
    this.#busy++
    return entries
  }

  /** The first `count` messages of a lane are done with. */
  passed(lane: KeyLane, count: number): void {
    for (let left = count; left > 0 && lane.head !== undefined; left--) {
      const entry = lane.head
      lane.head = entry.nextOfKey
      entry.nextOfKey = undefined
    }
    if (lane.head === undefined) lane.tail = undefined
    lane.busy = Math.max(0, lane.busy - count)
    lane.spent = Math.max(0, lane.spent - count)
  }

  /** No listener has messages of the lane any more: it may be handed out again, or is forgotten when it is empty. */
  release(lane: KeyLane): void {
    this.#busy--
    lane.busy = 0
    this.#queueUp(lane)
  }

  /** As `release`, when the timer tells so by `resume`; unless the queue is given away before. */
  wait(lane: KeyLane, timer: Timer): void {
    this.#busy--
    lane.busy = 0
    this.#timers.set(lane, timer)
  }

  /** The lane has waited. */
  resume(lane: KeyLane): void {
    if (this.#timers.delete(lane)) this.#queueUp(lane)
  }

  /** Lanes that wait do so for ever. */
  cancelWaits(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }

  #queueUp(lane: KeyLane): void {
    if (lane.head === undefined) {
      if (lane.key !== undefined) this.#byKey.delete(lane.key)
      return
    }
    if (this.#lastReady === undefined) this.#firstReady = lane
    else this.#lastReady.nextReady = lane
    this.#lastReady = lane
    this.#ready++
  }

  #append(entry: ProcessQueueEntry): void {
    const key = entry.message.shardingKey
    const lane = key === undefined ? undefined : this.#byKey.get(key)
    if (lane === undefined) {
      const fresh: KeyLane = { key, head: entry, tail: entry, nextReady: undefined, busy: 0, spent: 0, refusals: 0 }
      if (key !== undefined) this.#byKey.set(key, fresh)
      this.#queueUp(fresh)
    } else if (lane.tail !== undefined && lane.tail.offset < entry.offset) {
      lane.tail.nextOfKey = entry
      lane.tail = entry
    } else insert(lane, entry)
  }
}

/** Leaves a lane what a listener has. */
function cut(lane: KeyLane): void {
  const last = lastOf(lane, lane.busy)
  if (last !== undefined) last.nextOfKey = undefined
  lane.tail = last
  lane.spent = 0
}

/** A broker has gone back, or the queue came back while a listener had a message of the key: sorted behind what has begun. */
function insert(lane: KeyLane, entry: ProcessQueueEntry): void {
  let previous = lastOf(lane, Math.max(lane.busy, lane.spent))
  let next = previous === undefined ? lane.head : previous.nextOfKey
  while (next !== undefined && next.offset < entry.offset) {
    previous = next
    next = next.nextOfKey
  }
  entry.nextOfKey = next
  if (previous === undefined) lane.head = entry
  else previous.nextOfKey = entry
  if (next === undefined) lane.tail = entry
}

/** The last of the first `count` messages of a lane. */
function lastOf(lane: KeyLane, count: number): ProcessQueueEntry | undefined {
  let last: ProcessQueueEntry | undefined
  for (let left = count; left > 0; left--) last = last === undefined ? lane.head : (last.nextOfKey ?? last)
  return last
}
