import { isRetryTopic } from '../../model/names'
import type { BrokerState } from '../broker-state'
import type { GroupQueue } from './order-infos'

/** `initMode` of a pop that begins with the oldest message where its group is new. */
const INIT_MIN = 0

/**
 * Where a pop of a queue goes on. A group that is new there begins at the start of a young queue, whatever it wants; else
 * with the last message or the oldest. That is committed, and so is what an administrator has set.
 */
export function popOffset(state: BrokerState, queue: GroupQueue, initMode: number): number {
  const { topic, group, queueId } = queue
  const { offsets, pops } = state
  const reset = offsets.takeReset(group, topic, queueId)
  if (reset !== undefined) {
    pops.orders.clear(queue)
    offsets.commit(group, topic, { queueId, offset: reset })
    return reset
  }
  const known = offsets.query(group, topic, queueId)
  if (known !== undefined) return known
  const offset = initOffset(state, queue, initMode)
  offsets.commit(group, topic, { queueId, offset })
  return offset
}

function initOffset({ store }: BrokerState, { topic, queueId }: GroupQueue, initMode: number): number {
  const { minOffset = 0, maxOffset = 0 } = store.findQueue(topic, queueId) ?? {}
  if (initMode === INIT_MIN || isRetryTopic(topic) || minOffset <= 0) return minOffset
  return Math.max(0, maxOffset - 1)
}
