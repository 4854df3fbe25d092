import type { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { Clock } from '../../runtime/clock'
import type { ConsumeRates } from '../push/consume-rates'
import type { RateGate } from '../push/rate-gate'
import type { PopEntry, PopProcessQueue } from './pop-process-queue'
import type { PopSettlement } from './pop-settlement'

/** Hands popped messages to the listener. */
export interface PopService {
  /** Listener calls under way. */
  readonly running: number
  /** A queue has got messages. */
  submit(queue: PopProcessQueue, entries: readonly PopEntry[]): void
  /** How many listener calls may run at a time. */
  updateConcurrency(concurrency: number): void
  /** Begins no more listener calls; resolves when those under way have ended. */
  drain(): Promise<void>
}

/** What both kinds of service need. */
export interface PopServiceOptions {
  readonly consumerGroup: string
  readonly batchSize: number
  readonly concurrency: number
  readonly clock: Clock
  /** How many messages a second the listener is given. */
  readonly rate: Pick<RateGate, 'isOpen' | 'passed'>
  /** Hears of every listener call. */
  readonly rates: Pick<ConsumeRates, 'of'>
  readonly settlement: Pick<PopSettlement, 'isOver' | 'isSpent' | 'isLastTry' | 'done' | 'failed'>
  readonly onListenerError: (error: Error, messages: readonly MessageExt[]) => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

/**
 * True for a message that a listener may have; others are seen to.
 * @param delayLevel for those that cannot be read
 */
export function isFit(
  { settlement, onBackgroundError }: Pick<PopServiceOptions, 'settlement' | 'onBackgroundError'>,
  queue: PopProcessQueue,
  entry: PopEntry,
  delayLevel: number,
): boolean {
  const { unreadable } = entry.message
  if (settlement.isOver(entry)) {
    // The broker gives it to whoever asks next.
    queue.finish([entry])
    return false
  }
  if (unreadable === undefined && !settlement.isSpent(entry)) return true
  if (unreadable !== undefined) onBackgroundError(unreadable)
  settlement.failed(queue, entry, delayLevel)
  return false
}
