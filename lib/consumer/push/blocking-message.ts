import type { ProcessQueue } from './process-queue'

/** The message that holds the progress of a queue back. */
export interface BlockingMessage {
  /** Its offset in the queue. */
  readonly offset: number
  /** Its sharding key; undefined where it has none. */
  readonly shardingKey: string | undefined
  /** How often it has failed. */
  readonly reconsumeTimes: number
}

/**
 * The first message of a queue that is not handled, where it has failed before, or where nothing more is pulled until it
 * is handled since the limits of what may be in hand are reached.
 */
export function blockingMessage(queue: Pick<ProcessQueue, 'heads' | 'hasRoom'>): BlockingMessage | undefined {
  const [first] = queue.heads(1)
  if (first === undefined) return undefined
  const { shardingKey, reconsumeTimes } = first.message
  return reconsumeTimes === 0 && queue.hasRoom ? undefined : { offset: first.offset, shardingKey, reconsumeTimes }
}
