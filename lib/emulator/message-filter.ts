import { decodeStoredMessages } from '../wire/stored-message-decoder'
import type { Sql92Condition } from './sql92/expression'
import { matchesSql92 } from './sql92/matches'
import type { CommitLog } from './store/commit-log'
import type { MessageFilter } from './store/read-messages'

/** By tags: brokers compare their hashes only. */
export function tagsFilter(codes: readonly number[]): MessageFilter {
  const wanted = new Set(codes)
  return (queue, offset) => wanted.has(queue.tagsCodeOf(offset))
}

/** By a condition over the properties of the stored message, those that RocketMQ sets among them. */
export function propertyFilter(log: CommitLog, condition: Sql92Condition): MessageFilter {
  return (queue, offset) => {
    const record = log.read(queue.positionOf(offset), queue.sizeOf(offset))
    const [message] = record === undefined ? [] : decodeStoredMessages(record, CONTEXT).messages
    return message !== undefined && matchesSql92(condition, name => message.properties[name])
  }
}

/** Nobody looks at what is not stored in the record. */
const CONTEXT = { brokerName: '', offsetDelta: 0 }
