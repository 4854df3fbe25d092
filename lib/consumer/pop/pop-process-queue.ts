import type { MessageQueue } from '../../model/message-queue'
import { onAbort } from '../../runtime/on-abort'
import type { StoredMessage } from '../../wire/stored-message'

/** A popped message in hand. */
export interface PopEntry {
  readonly message: StoredMessage
  isRunning: boolean
  /** When its listener began, monotonic ms; of no meaning while it waits for one. */
  startedAt: number
  /** A change of its invisible time under way: until it has ended, no receipt is good. */
  renewal: Promise<void> | undefined
  /** Its listener has taken too long, so its invisible time is not renewed any more. */
  isOverdue: boolean
}

/** Messages in hand that were popped at one place (Java `PopProcessQueue`): those that wait, and those with a listener. */
export class PopProcessQueue {
  /** Queue -1 stands for all of a broker. */
  readonly queue: MessageQueue
  readonly #threshold: number
  readonly #held = new Set<PopEntry>()
  readonly #running = new Set<PopEntry>()
  readonly #abort = new AbortController()
  /** Told of queues of which nothing is in hand any more. */
  onFree: ((queueId: number) => void) | undefined
  #wakeRoom: (() => void) | undefined

  /** @param threshold messages in hand beyond which nothing more is popped */
  constructor(queue: MessageQueue, threshold: number) {
    this.queue = queue
    this.#threshold = threshold
  }

  /** Aborted when the queue is given away or the consumer ends. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get dropped(): boolean {
    return this.#abort.signal.aborted
  }

  /** Messages that wait for a listener. */
  get held(): number {
    return this.#held.size
  }

  /** Messages that a listener has, or that brokers are being told of. */
  get running(): number {
    return this.#running.size
  }

  get count(): number {
    return this.held + this.running
  }

  get entries(): PopEntry[] {
    return [...this.#running, ...this.#held]
  }

  /** True for one that waits here for a listener. */
  holds(entry: PopEntry): boolean {
    return this.#held.has(entry)
  }

  get hasRoom(): boolean {
    return this.count <= this.#threshold
  }

  /** Resolves when there is room for another pop, or the signal is aborted; for one who waits. */
  whenRoom(signal: AbortSignal): Promise<void> {
    if (this.hasRoom || signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        this.#wakeRoom = undefined
        resolve()
      }
      this.#wakeRoom = wake
      onAbort(signal, wake)
    })
  }

  /** Takes messages that were popped. */
  put(messages: readonly StoredMessage[]): PopEntry[] {
    const entries = messages.map(message => ({
      message,
      isRunning: false,
      startedAt: 0,
      renewal: undefined,
      isOverdue: false,
    }))
    for (const entry of entries) this.#held.add(entry)
    return entries
  }

  /** Gives the first that wait to a listener. */
  take(most: number, now: number): PopEntry[] {
    const taken: PopEntry[] = []
    for (const entry of this.#held) {
      if (taken.length === most) break
      taken.push(entry)
    }
    this.begin(taken, now)
    return taken
  }

  /** Gives some that wait to a listener. */
  begin(entries: readonly PopEntry[], now: number): void {
    for (const entry of entries) {
      if (!this.#held.delete(entry)) continue
      entry.isRunning = true
      entry.startedAt = now
      this.#running.add(entry)
    }
  }

  /** Their listener has ended, and they wait for another call. */
  putBack(entries: readonly PopEntry[]): void {
    for (const entry of entries) {
      if (!this.#running.delete(entry)) continue
      entry.isRunning = false
      this.#held.add(entry)
    }
  }

  /** They are in hand no more. */
  finish(entries: readonly PopEntry[]): void {
    for (const entry of entries) if (!this.#running.delete(entry)) this.#held.delete(entry)
    if (this.hasRoom) this.#wakeRoom?.()
    if (this.onFree === undefined) return
    const free = new Set(entries.map(({ message }) => message.queueId))
    for (const { message } of this.entries) free.delete(message.queueId)
    for (const queueId of free) this.onFree(queueId)
  }

  /** Takes out all that wait, for others. */
  takeHeld(): PopEntry[] {
    const held = [...this.#held]
    this.finish(held)
    return held
  }

  /** The queue is given away: listeners are told by their signal. */
  drop(): void {
    this.#abort.abort()
  }
}
