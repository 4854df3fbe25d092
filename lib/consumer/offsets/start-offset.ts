import type { QueueOffsets } from '../../client/queue-offsets'
import type { MessageQueue } from '../../model/message-queue'
import { isRetryTopic } from '../../model/names'
import type { ResolvedGroupOptions } from '../group-options'
import type { OffsetStore } from './offset-store'

interface StartOffsetInput {
  readonly options: Pick<ResolvedGroupOptions, 'consumeFromWhere' | 'consumeTimestamp'>
  readonly offsetStore: OffsetStore
  readonly offsets: QueueOffsets
  /** Wall time, ms. */
  readonly now: number
}

const HALF_AN_HOUR_MS = 1_800_000

/**
 * Where a queue's consumption begins: what the group has committed, else what `consumeFromWhere` says. Where that is the
 * end, a new group's retry topic is read from its beginning all the same, else a message that failed first of all would be
 * skipped; by a timestamp it begins at its end, as in Java: what is there already is of the group's time before that.
 *
 * Java begins at 0 for CONSUME_FROM_FIRST_OFFSET and has the broker correct it by a reset. To ask spares that, and does with
 * a slave alone; ends and times only a master tells, as slaves may lag behind.
 * @throws RocketMQError where the committed offset cannot be told: to guess then would lose or repeat messages
 */
export async function startOffset(
  queue: MessageQueue,
  { options, offsetStore, offsets, now }: StartOffsetInput,
): Promise<number> {
  const stored = await offsetStore.read(queue)
  if (stored !== undefined) return stored
  switch (options.consumeFromWhere) {
    case 'CONSUME_FROM_FIRST_OFFSET':
      return offsets.minOffset(queue)
    case 'CONSUME_FROM_LAST_OFFSET':
      return isRetryTopic(queue.topic) ? 0 : offsets.maxOffset(queue)
    case 'CONSUME_FROM_TIMESTAMP':
      if (isRetryTopic(queue.topic)) return offsets.maxOffset(queue)
      return offsets.offsetForTimestamp(queue, options.consumeTimestamp ?? now - HALF_AN_HOUR_MS)
  }
}
