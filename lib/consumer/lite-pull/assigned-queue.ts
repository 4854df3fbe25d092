import type { MessageQueue } from '../../model/message-queue'
import { Gate } from '../../runtime/gate'
import type { StoredMessage } from '../../wire/stored-message'
import type { CacheRoom } from './cache-room'

/** Where a queue is pulled from. A seek begins a new course: what an old one had asked for is known by it, and not wanted. */
export interface PullCourse {
  /** Offset of the next pull. */
  readonly offset: number
  /** Aborted by a seek, and when the queue is given away. */
  readonly signal: AbortSignal
}

/** How much a queue may have in hand. */
export interface AssignedQueueLimits {
  readonly maxMessages: number
  readonly maxBytes: number
  /** Distance from the first offset in hand to the last. */
  readonly maxSpan: number
}

/** What one pull brought. */
interface Batch {
  readonly messages: StoredMessage[]
  readonly bytes: number
  /** Where the queue goes on after it. */
  nextOffset: number
}

class Course implements PullCourse {
  readonly abort = new AbortController()
  readonly signal = this.abort.signal
  offset: number

  constructor(offset: number) {
    this.offset = offset
  }
}

/**
 * A queue of a lite pull consumer: its batches in hand, and its three positions.
 *
 * consumed <= polled <= pulled: up to `consumed` the user is done, up to `polled` was handed out, what is between that and
 * `pulled` is in hand.
 */
export class AssignedQueue {
  readonly queue: MessageQueue
  /** Shut while the user has paused the queue. */
  readonly pause = new Gate()
  /** Shut while too much is in hand. */
  readonly room = new Gate()
  readonly #limits: AssignedQueueLimits
  readonly #roomOfAll: CacheRoom
  #batches: Batch[] = []
  #course: Course
  #count = 0
  #bytes = 0
  #polled: number
  #consumed: number
  #lastPolledAt: number | undefined
  #dropped = false

  /** @param startOffset offset of the first message to pull */
  constructor(queue: MessageQueue, startOffset: number, parts: { limits: AssignedQueueLimits; roomOfAll: CacheRoom }) {
    this.queue = queue
    this.#limits = parts.limits
    this.#roomOfAll = parts.roomOfAll
    this.#course = new Course(startOffset)
    this.#polled = startOffset
    this.#consumed = startOffset
  }

  get course(): PullCourse {
    return this.#course
  }

  /** True after `drop`. */
  get dropped(): boolean {
    return this.#dropped
  }

  /** Messages in hand, and the bytes of their bodies. */
  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Batches that may be handed out: none while the queue is paused. */
  get held(): number {
    return this.pause.isOpen ? this.#batches.length : 0
  }

  /** Offset of the last message in hand; 0 where there is none. */
  get lastOffset(): number {
    return this.#batches.at(-1)?.messages.at(-1)?.queueOffset ?? 0
  }

  /** When the first message in hand was stored, ms since 1970; undefined where there is none. */
  get firstStoredAt(): number | undefined {
    return this.#batches[0]?.messages[0]?.storeTimestamp
  }

  /** When messages of it were last handed out, monotonic ms. */
  get lastPolledAt(): number | undefined {
    return this.#lastPolledAt
  }

  /** Offset after the last message that was handed out. */
  get polled(): number {
    return this.#polled
  }

  /** Offset after the last message that the user is done with. */
  get consumed(): number {
    return this.#consumed
  }

  /**
   * Takes in what a pull has brought; messages before the offset that was asked for, which come along where a batch is
   * stored as one record, are left out. Where nothing is in hand, what was filtered away counts as handed out.
   * @returns false where the pull is of a course that has ended
   */
  put(course: PullCourse, messages: readonly StoredMessage[], nextOffset: number): boolean {
    if (course !== this.#course || this.#dropped) return false
    const wanted = messages.filter(({ queueOffset }) => queueOffset >= course.offset)
    this.#course.offset = nextOffset
    if (wanted.length === 0) this.#passOver(nextOffset)
    else {
      const bytes = wanted.reduce((sum, { bodyLength }) => sum + bodyLength, 0)
      this.#batches.push({ messages: wanted, bytes, nextOffset })
      this.#count += wanted.length
      this.#bytes += bytes
      this.#roomOfAll.add(wanted.length)
      this.#checkRoom()
    }
    return true
  }

  /** The oldest batch in hand, which counts as handed out from now on. `now`: monotonic, ms. */
  take(now: number): StoredMessage[] {
    const batch = this.#batches.shift()
    if (batch === undefined) return []
    this.#polled = batch.nextOffset
    this.#lastPolledAt = now
    this.#count -= batch.messages.length
    this.#bytes -= batch.bytes
    this.#roomOfAll.add(-batch.messages.length)
    this.#checkRoom()
    return batch.messages
  }

  /** The user is done with all that was handed out, or with what is before an offset. */
  finish(offset = this.#polled): void {
    this.#consumed = offset
  }

  /** Goes on at another offset: drops what is in hand, and what is under way. */
  seek(offset: number): void {
    if (this.#dropped) return
    const { abort } = this.#course
    this.#course = new Course(offset)
    this.#polled = offset
    this.#consumed = offset
    this.#clear()
    abort.abort()
  }

  /** Goes on where it is, with what is in hand; what is under way is dropped. */
  restart(): void {
    if (this.#dropped) return
    const { abort, offset } = this.#course
    this.#course = new Course(offset)
    abort.abort()
  }

  /** The queue is not ours any more: nothing is taken in or handed out. Its positions stay. */
  drop(): void {
    this.#dropped = true
    this.#clear()
    this.#course.abort.abort()
  }

  #passOver(nextOffset: number): void {
    const last = this.#batches.at(-1)
    if (last !== undefined) {
      last.nextOffset = nextOffset
      return
    }
    // Nothing is with the user who could be done with it later.
    if (this.#consumed === this.#polled) this.#consumed = nextOffset
    this.#polled = nextOffset
  }

  #clear(): void {
    this.#roomOfAll.add(-this.#count)
    this.#batches = []
    this.#count = 0
    this.#bytes = 0
    this.#checkRoom()
  }

  #checkRoom(): void {
    const { maxMessages, maxBytes, maxSpan } = this.#limits
    const isFull = this.#count > maxMessages || this.#bytes > maxBytes || this.#span > maxSpan
    if (isFull) this.room.shut()
    else if (!this.room.isOpen) this.room.open()
  }

  get #span(): number {
    const first = this.#batches[0]?.messages[0]?.queueOffset
    return first === undefined ? 0 : this.lastOffset - first
  }
}
