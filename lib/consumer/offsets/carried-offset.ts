import type { MessageQueue } from '../../model/message-queue'
import { BrokerOffsetStore } from './broker-offset-store'
import type { OffsetStore } from './offset-store'

/** The offset that a pull may tell the broker along, as a commit; 0 where there is none, or it could get lost. */
export function carriedOffset(offsetStore: Pick<OffsetStore, 'current'>, queue: MessageQueue): number {
  if (offsetStore instanceof BrokerOffsetStore && !offsetStore.hasPlace(queue)) return 0
  return offsetStore.current(queue) ?? 0
}
