import type { Clock } from '../../runtime/clock'
import type { Schedule, ScheduledCall } from '../schedule'

/** By what an acknowledgement finds the pop that it belongs to. */
export interface CheckpointKey {
  /** The topic that the messages are stored under. */
  readonly topic: string
  readonly group: string
  readonly queueId: number
  readonly startOffset: number
  readonly popTime: number
  readonly brokerName: string
}

/** Messages of one pop of one queue that nobody else sees until their time is over (Java `PopCheckPoint`). */
export interface Checkpoint extends CheckpointKey {
  readonly invisibleTime: number
  readonly offsets: readonly number[]
  /** They come again without counting as consumed. */
  readonly suspend: boolean
}

export interface CheckpointsOptions {
  readonly clock: Clock
  readonly schedule: Schedule
  /** Gives a message back that was not acknowledged in time. */
  readonly revive: (checkpoint: Checkpoint, offset: number) => void
}

interface Pending {
  readonly checkpoint: Checkpoint
  readonly open: Set<number>
  call: ScheduledCall | undefined
}

/** Real brokers wait so long for acknowledgements that were under way when the time was over. */
const REVIVE_BEHIND_MS = 2000
/** Real brokers keep so many in memory; with more the emulator's finds no messages for a pop. */
const MAX_CHECKPOINTS = 200_000

/** What was popped and not acknowledged as yet. */
export class Checkpoints {
  readonly #options: CheckpointsOptions
  readonly #pending = new Map<string, Pending>()
  readonly #overdue = new Set<Pending>()
  #running = false

  constructor(options: CheckpointsOptions) {
    this.#options = options
  }

  /** Pops of queues with messages that wait for their acknowledgement. */
  get size(): number {
    return this.#pending.size
  }

  get isFull(): boolean {
    return this.#pending.size >= MAX_CHECKPOINTS
  }

  /**
   * The pop time for a pop from here on: now, or a little later, as two of the same time would be taken for one. Real
   * brokers do not look, and can lose messages whose time is changed in the millisecond of their pop.
   */
  freePopTime(place: Omit<CheckpointKey, 'popTime'>): number {
    let popTime = this.#options.clock.now()
    while (this.#pending.has(keyOf({ ...place, popTime }))) popTime++
    return popTime
  }

  /** What is pending under the same key goes on with the new. */
  add(checkpoint: Checkpoint): void {
    const { clock, schedule } = this.#options
    const key = keyOf(checkpoint)
    const open = new Set([...(this.#pending.get(key)?.open ?? []), ...checkpoint.offsets])
    this.#forget(key)
    const pending: Pending = { checkpoint, open, call: undefined }
    this.#pending.set(key, pending)
    const due = checkpoint.popTime + checkpoint.invisibleTime + REVIVE_BEHIND_MS
    pending.call = schedule.after(due - clock.now(), () => this.#onDue(key, pending))
  }

  /** Takes messages out of a pop; what is not there, or came again by now, is passed over, as real brokers do. */
  ack(key: CheckpointKey, offsets: readonly number[]): void {
    const pending = this.#pending.get(keyOf(key))
    if (pending === undefined) return
    for (const offset of offsets) pending.open.delete(offset)
    if (pending.open.size === 0) this.#forget(keyOf(key))
  }

  /** What fell due meanwhile comes again now. */
  start(): void {
    this.#running = true
    for (const pending of [...this.#overdue]) this.#onDue(keyOf(pending.checkpoint), pending)
  }

  /** Nothing comes again until `start`. */
  stop(): void {
    this.#running = false
  }

  #onDue(key: string, pending: Pending): void {
    if (!this.#running) {
      this.#overdue.add(pending)
      return
    }
    this.#forget(key)
    for (const offset of pending.open) this.#options.revive(pending.checkpoint, offset)
  }

  #forget(key: string): void {
    const pending = this.#pending.get(key)
    if (pending === undefined) return
    pending.call?.cancel()
    this.#pending.delete(key)
    this.#overdue.delete(pending)
  }
}

function keyOf({ topic, group, queueId, startOffset, popTime, brokerName }: CheckpointKey): string {
  return `${topic}\n${group}\n${queueId}\n${startOffset}\n${popTime}\n${brokerName}`
}
