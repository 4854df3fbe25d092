import { types } from 'node:util'
import { RocketMQError } from '../errors'
import type { MessageQueue } from '../model/message-queue'
import { type Int64Input, toSafeInteger } from '../wire/int64'
import { checkedQueue, checkedQueues } from './checked-queue'

/**
 * Offsets that a user has named by their queues, or queues alone.
 * @throws RocketMQError INVALID_ARGUMENT, INVALID_TOPIC, UNSAFE_INTEGER
 */
export function checkedOffsets(
  given: readonly MessageQueue[] | ReadonlyMap<MessageQueue, Int64Input>,
): ReadonlyMap<MessageQueue, number | undefined> {
  if (isMap(given)) {
    return new Map(Array.from(given, ([queue, offset]) => [checkedQueue(queue), checkedOffset(offset)]))
  }
  return new Map(checkedQueues(given).map(queue => [queue, undefined]))
}

/**
 * An offset that a user has named.
 * @throws RocketMQError INVALID_ARGUMENT, UNSAFE_INTEGER
 */
export function checkedOffset(offset: Int64Input): number {
  const checked = toSafeInteger(offset, 'offset')
  if (checked >= 0) return checked
  throw new RocketMQError('INVALID_ARGUMENT', `offset is ${checked}; it must not be negative`)
}

/** A map of another realm is one, too. */
function isMap<T>(given: readonly unknown[] | ReadonlyMap<MessageQueue, T>): given is ReadonlyMap<MessageQueue, T> {
  return types.isMap(given)
}
