import type { MessageQueue } from '../../model/message-queue'
import { Fifo } from '../../runtime/fifo'
import { onAbort } from '../../runtime/on-abort'
import type { StoredMessage } from '../../wire/stored-message'

/**
 * held --take--> running --finish--> done
 * running --giveBack--> held
 * running --keep--> kept --finish--> done, or --giveBack--> held
 * running --returning--> returning --finish--> done, or --giveBack--> held, or --resume--> running
 *
 * An entry that is done never changes again.
 */
export type EntryState = 'held' | 'running' | 'kept' | 'returning' | 'done'

/** One message in hand. */
export interface ProcessQueueEntry {
  readonly message: StoredMessage
  readonly offset: number
  readonly bytes: number
  state: EntryState
  /** Monotonic time at which its listener began, ms. */
  startedAt: number
  previous: ProcessQueueEntry | undefined
  next: ProcessQueueEntry | undefined
  /** The next one with the same key, where keys are kept in order. */
  nextOfKey: ProcessQueueEntry | undefined
}

/** How much a queue may have in hand. */
export interface ProcessQueueLimits {
  readonly maxMessages: number
  readonly maxBytes: number
  /**
   * Largest distance from the first offset in hand to the last one that was put, handled or not: what comes again after a
   * crash. Undefined for orderly consumption, where it is no more than what is in hand.
   */
  readonly maxSpan: number | undefined
}

/**
 * Messages in hand of one queue, as a linked list in the order of offsets. Knows its own room and its commit offset: that
 * of the first message that is not done, or where the next pull begins when there is none.
 */
export class ProcessQueue {
  readonly queue: MessageQueue
  readonly #limits: ProcessQueueLimits
  readonly #abort = new AbortController()
  #head: ProcessQueueEntry | undefined
  #tail: ProcessQueueEntry | undefined
  /** The first entry that was never taken. */
  #fresh: ProcessQueueEntry | undefined
  /** Entries that were taken and given back, in the order of giving; they go first. */
  #again = new Fifo<ProcessQueueEntry>()
  /** Of the message that was put last. */
  #lastOffset = 0
  #lastBeganAt: number | undefined
  #count = 0
  #bytes = 0
  #held = 0
  #running = 0
  #sealed = false
  #dropped = false
  #nextBeginOffset: number
  #lastCommit: number
  #roomWaiters: (() => void)[] = []
  #idleWaiters: (() => void)[] = []

  /** @param startOffset offset of the first message to pull */
  constructor(queue: MessageQueue, startOffset: number, limits: ProcessQueueLimits) {
    this.queue = queue
    this.#nextBeginOffset = startOffset
    this.#lastCommit = startOffset
    this.#limits = limits
  }

  /** Aborted when the queue is given away or the consumer ends. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** True after `seal` or `drop`. */
  get sealed(): boolean {
    return this.#sealed
  }

  get dropped(): boolean {
    return this.#dropped
  }

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Messages that wait for a listener. */
  get held(): number {
    return this.#held
  }

  /** Messages that a listener has, or that are on their way back to the broker. */
  get running(): number {
    return this.#running
  }

  get nextBeginOffset(): number {
    return this.#nextBeginOffset
  }

  /** The highest offset that was in hand. */
  get lastOffset(): number {
    return this.#lastOffset
  }

  /** When a listener was last given messages of it, monotonic ms. */
  get lastBeganAt(): number | undefined {
    return this.#lastBeganAt
  }

  /** The lowest offset that is not yet handled or handed back. */
  get commitOffset(): number {
    return this.#head?.offset ?? this.#nextBeginOffset
  }

  get hasRoom(): boolean {
    const { maxMessages, maxBytes, maxSpan } = this.#limits
    if (this.#count > maxMessages || this.#bytes > maxBytes) return false
    return maxSpan === undefined || this.#head === undefined || this.#lastOffset - this.#head.offset <= maxSpan
  }

  /** To be called when the limits have changed: there may be room now. */
  limitsChanged(): void {
    if (this.hasRoom) this.#wakeRoom()
  }

  /** Resolves when there is room for another pull, the queue is dropped or the signal aborted. */
  whenRoom(signal: AbortSignal): Promise<void> {
    if (this.hasRoom || this.dropped || signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        resolve()
      }
      onAbort(signal, wake)
      this.#roomWaiters.push(wake)
    })
  }

  /** Resolves when no listener has a message of it. */
  whenIdle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve()
    return new Promise(resolve => this.#idleWaiters.push(resolve))
  }

  /**
   * Takes pulled messages in, in the order of their offsets, and notes where the next pull begins. Those before the
   * position that was asked for, which come along where a batch is stored as one record, and those in hand are left out.
   */
  put(messages: readonly StoredMessage[], nextBeginOffset: number): void {
    if (this.#sealed) return
    for (const message of messages) if (message.queueOffset >= this.#nextBeginOffset) this.#insert(message)
    this.#nextBeginOffset = nextBeginOffset
  }

  /** Up to `max` messages for a listener; those that were given back come first. */
  take(max: number, startedAt: number): ProcessQueueEntry[] {
    const taken: ProcessQueueEntry[] = []
    while (taken.length < max) {
      const entry = this.nextHeld()
      if (entry === undefined) break
      taken.push(entry)
    }
    this.begin(taken, startedAt)
    return taken
  }

  /**
   * An entry that was not offered before, or was given back; it stays held. For a service that decides by itself what is
   * handed out when, and says so by `begin` and `hold`.
   */
  nextHeld(): ProcessQueueEntry | undefined {
    if (this.#again.size > 0) return this.#again.shift()
    const entry = this.#fresh
    this.#fresh = entry?.next
    return entry
  }

  /** Held entries that were offered by `nextHeld` go to a listener. Not of a queue that is sealed. */
  begin(entries: readonly ProcessQueueEntry[], startedAt: number): void {
    for (const entry of entries) {
      entry.state = 'running'
      entry.startedAt = startedAt
    }
    this.#held -= entries.length
    this.#running += entries.length
    this.#lastBeganAt = startedAt
  }

  /** As `giveBack`, and leaves it to the service to begin them again. */
  hold(entries: readonly ProcessQueueEntry[]): void {
    for (const entry of entries) this.#hold(entry)
    this.#wakeIdle()
  }

  /** Claims running entries for their way back to the broker: they are not claimed twice. */
  returning(entries: readonly ProcessQueueEntry[]): ProcessQueueEntry[] {
    const claimed = entries.filter(({ state }) => state === 'running')
    for (const entry of claimed) entry.state = 'returning'
    return claimed
  }

  /** The way back failed while the listener still runs: its result counts again. */
  resume(entries: readonly ProcessQueueEntry[], startedAt: number): void {
    for (const entry of entries) {
      if (entry.state !== 'returning') continue
      entry.state = 'running'
      entry.startedAt = startedAt
    }
  }

  /** Has entries handed out again, after those that were given back before. */
  giveBack(entries: readonly ProcessQueueEntry[]): void {
    for (const entry of entries) if (this.#hold(entry)) this.#again.push(entry)
    this.#wakeIdle()
  }

  /** Has entries handed out again, before all others: for a queue that is kept in order, of which they are the first. */
  putBack(entries: readonly ProcessQueueEntry[]): void {
    const later = this.#again
    this.#again = new Fifo()
    for (const entry of entries) if (this.#hold(entry)) this.#again.push(entry)
    for (let entry = later.shift(); entry !== undefined; entry = later.shift()) this.#again.push(entry)
    this.#wakeIdle()
  }

  /** No listener has them any more, but it is not known yet whether they count as handled. */
  keep(entries: readonly ProcessQueueEntry[]): void {
    for (const entry of entries) entry.state = 'kept'
    this.#running -= entries.length
    this.#wakeIdle()
  }

  /**
   * Ends the handling of entries, once for each; late results do nothing.
   * @returns the offset to commit, where it has moved and the queue is still ours
   */
  finish(entries: readonly ProcessQueueEntry[]): number | undefined {
    for (const entry of entries) this.#unlink(entry)
    if (this.#roomWaiters.length > 0 && this.hasRoom) this.#wakeRoom()
    this.#wakeIdle()
    return this.takeCommit()
  }

  /** The commit offset, where it has risen since it was last taken and the queue is still ours. */
  takeCommit(): number | undefined {
    const { commitOffset } = this
    if (this.dropped || commitOffset <= this.#lastCommit) return undefined
    this.#lastCommit = commitOffset
    return commitOffset
  }

  /** The first `max` entries in hand, for the search for those that run too long. */
  heads(max: number): ProcessQueueEntry[] {
    const heads: ProcessQueueEntry[] = []
    for (let entry = this.#head; entry !== undefined && heads.length < max; entry = entry.next) heads.push(entry)
    return heads
  }

  /** Hands out nothing more; results of what runs still count. */
  seal(): void {
    this.#sealed = true
    this.#again = new Fifo()
    this.#fresh = undefined
    this.#held = 0
  }

  /** The queue is no longer ours: nothing more is handed out or committed. */
  drop(): void {
    this.seal()
    this.#dropped = true
    this.#abort.abort()
    this.#wakeRoom()
  }

  /** Offsets rise, so this is an append; only a broker that goes back makes it search. */
  #insert(message: StoredMessage): void {
    const offset = message.queueOffset
    let previous = this.#tail
    while (previous !== undefined && previous.offset > offset) previous = previous.previous
    if (previous?.offset === offset) return
    const next = previous === undefined ? this.#head : previous.next
    const entry: ProcessQueueEntry = {
      message,
      offset,
      bytes: message.bodyLength,
      state: 'held',
      startedAt: 0,
      previous,
      next,
      nextOfKey: undefined,
    }
    if (previous === undefined) this.#head = entry
    else previous.next = entry
    if (next === undefined) {
      this.#tail = entry
      this.#lastOffset = offset
    } else next.previous = entry
    // All from the first fresh entry on are fresh. One that comes before entries that were taken is handed out at once.
    if (next === this.#fresh) this.#fresh = entry
    else if (this.#fresh === undefined || offset < this.#fresh.offset) this.#again.push(entry)
    this.#count++
    this.#held++
    this.#bytes += entry.bytes
  }

  /** True where the entry may be handed out again. */
  #hold(entry: ProcessQueueEntry): boolean {
    if (entry.state === 'held' || entry.state === 'done') return false
    if (entry.state !== 'kept') this.#running--
    entry.state = 'held'
    if (this.#sealed) return false
    this.#held++
    return true
  }

  #unlink(entry: ProcessQueueEntry): void {
    if (entry.state === 'held' || entry.state === 'done') return
    if (entry.state !== 'kept') this.#running--
    entry.state = 'done'
    const { previous, next } = entry
    if (previous === undefined) this.#head = next
    else previous.next = next
    if (next === undefined) this.#tail = previous
    else next.previous = previous
    entry.previous = undefined
    entry.next = undefined
    this.#count--
    this.#bytes -= entry.bytes
  }

  #wakeRoom(): void {
    for (const waiter of this.#roomWaiters.splice(0)) waiter()
  }

  #wakeIdle(): void {
    if (this.#running > 0 || this.#idleWaiters.length === 0) return
    for (const waiter of this.#idleWaiters.splice(0)) waiter()
  }
}
