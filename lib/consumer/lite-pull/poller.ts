import { type Clock, abortReason } from '../../runtime/clock'
import { onAbort } from '../../runtime/on-abort'
import type { StoredMessage } from '../../wire/stored-message'
import { ReadyQueues } from '../push/ready-queues'
import type { AssignedQueue } from './assigned-queue'

/** How long to wait for messages. */
export interface PollWait {
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** A batch and the queue that it is from. */
interface Polled {
  readonly assigned: AssignedQueue
  readonly messages: StoredMessage[]
}

/** Hands out batches, of one queue after the other, and has those who ask wait while there are none. */
export class Poller {
  readonly #clock: Clock
  readonly #ready = new ReadyQueues<AssignedQueue>()
  readonly #waiters = new Set<() => void>()
  #stopped = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The queue may have batches to hand out. */
  offer(assigned: AssignedQueue): void {
    this.#ready.add(assigned)
    this.#wake()
  }

  /** Nobody waits any more, from now on. */
  stop(): void {
    this.#stopped = true
    this.#wake()
  }

  /** The next batch; undefined where none came in time, or the consumer has ended. Rejects where the signal is aborted. */
  async next({ timeoutMs, signal }: PollWait): Promise<Polled | undefined> {
    const deadline = this.#clock.monotonic() + timeoutMs
    for (;;) {
      if (signal?.aborted) throw abortReason(signal)
      const assigned = this.#stopped ? undefined : this.#ready.next()
      if (assigned !== undefined) return { assigned, messages: assigned.take(this.#clock.monotonic()) }
      const leftMs = deadline - this.#clock.monotonic()
      if (leftMs <= 0 || this.#stopped) return undefined
      await this.#woken(leftMs, signal)
    }
  }

  #woken(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise(resolve => {
      const wake = (): void => {
        timer.cancel()
        signal?.removeEventListener('abort', wake)
        this.#waiters.delete(wake)
        resolve()
      }
      const timer = this.#clock.after(timeoutMs, wake)
      this.#waiters.add(wake)
      if (signal !== undefined) onAbort(signal, wake)
    })
  }

  #wake(): void {
    for (const wake of [...this.#waiters]) wake()
  }
}
