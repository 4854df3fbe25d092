import type { ConsumeService, ServiceOptions } from '../push/consume-service'
import type { PopEntry, PopProcessQueue } from './pop-process-queue'
import type { PopSettlement } from './pop-settlement'

/** Hands popped messages to the listener. */
export interface PopService extends Omit<ConsumeService, 'submit'> {
  /** A queue has got messages. */
  submit(queue: PopProcessQueue, entries: readonly PopEntry[]): void
}

/** What both kinds of service need. */
export interface PopServiceOptions extends ServiceOptions {
  readonly settlement: Pick<PopSettlement, 'isOver' | 'isSpent' | 'isLastTry' | 'done' | 'failed' | 'open'>
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
