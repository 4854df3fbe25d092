import type { MessageQueue } from '../../model/message-queue'
import type { LifecycleState } from '../../runtime/lifecycle'
import type { TraceStats } from '../../sending/trace-writer'
import type { AssignedQueue } from './assigned-queue'

/** Progress of one queue. */
export interface LitePullQueueStats {
  /** The queue. */
  readonly queue: MessageQueue
  /** Whether `pause` holds it back. */
  readonly paused: boolean
  /** Messages in hand that `poll` has not returned yet, and the bytes of their bodies. */
  readonly cached: number
  /** Bytes of their bodies. */
  readonly cachedBytes: number
  /** Offset after the last message that `poll` has returned. */
  readonly polledOffset: number
  /** Offset after the last message that counts as consumed. */
  readonly consumedOffset: number
  /** The queue's end as the last pull told it. */
  readonly maxOffset: number
  /** Messages from `polledOffset` to `maxOffset`. */
  readonly lag: number
}

/** A snapshot of what a lite pull consumer is doing. */
export interface LitePullConsumerStats {
  /** Where in its life it is, from `created` to `stopped` or `failed`. */
  readonly state: LifecycleState
  /** The queues that are its own at present. */
  readonly queues: readonly LitePullQueueStats[]
  /** Sums over the queues. */
  readonly cached: number
  /** As of the last pulls: `lag()` asks the brokers. */
  readonly lag: number
  /** Undefined where nothing is traced, and before `start`. */
  readonly trace: TraceStats | undefined
}

interface PulledQueue {
  readonly assigned: AssignedQueue
  readonly loop: { readonly maxOffset: number }
}

/** All that queues tell. */
export function litePullStats(
  state: LifecycleState,
  all: readonly PulledQueue[],
): Omit<LitePullConsumerStats, 'trace'> {
  const queues = all.map(statsOf)
  const sum = (of: 'cached' | 'lag'): number => queues.reduce((total, stats) => total + stats[of], 0)
  return { state, queues, cached: sum('cached'), lag: sum('lag') }
}

function statsOf({ assigned, loop }: PulledQueue): LitePullQueueStats {
  const { queue, count, bytes, polled, consumed } = assigned
  const maxOffset = Math.max(loop.maxOffset, polled)
  return {
    queue,
    paused: !assigned.pause.isOpen,
    cached: count,
    cachedBytes: bytes,
    polledOffset: polled,
    consumedOffset: consumed,
    maxOffset,
    lag: maxOffset - polled,
  }
}
