import { parseJavaInteger } from '../../model/java-text'
import { PROPERTY } from '../../model/property-names'
import { orderCountKey } from '../../wire/pop-offset-info'
import type { StoredMessage } from '../../wire/stored-message'

/** One count of the answer: `3`, or of a message that was popped before `0 qo0%17 3`, which names its offset. */
interface Tries {
  readonly key: string | undefined
  readonly count: number
}

/** The offset of a message in its lite topic; undefined where it does not tell a safe one. */
export function offsetInLiteTopic(message: StoredMessage): number | undefined {
  return wholeNumber(message.property(PROPERTY.INNER_MULTI_QUEUE_OFFSET))
}

/**
 * How often each message was popped before: one count for each message, as Java reads it. Where a broker tells counts of
 * those alone that were popped before, they are found by their offsets, which only messages of one lite topic allow.
 */
export function liteTries(orderCountInfo: string | undefined, messages: readonly StoredMessage[]): readonly number[] {
  const all = (orderCountInfo ?? '').split(';').map(triesOf)
  const liteTopics = new Set(messages.map(message => message.property(PROPERTY.LITE_TOPIC)))
  if (liteTopics.size === 1 && all.every(({ key }) => key !== undefined)) {
    const counts = new Map(all.map(({ key, count }) => [key, count]))
    return messages.map(message => counts.get(orderCountKey(0, offsetInLiteTopic(message) ?? -1)) ?? 0)
  }
  return all.length === messages.length ? all.map(({ count }) => count) : messages.map(() => 0)
}

function triesOf(text: string): Tries {
  const parts = text.split(' ')
  return { key: parts.length === 3 ? parts[1] : undefined, count: wholeNumber(parts.at(-1)) ?? 0 }
}

function wholeNumber(text = ''): number | undefined {
  const value = parseJavaInteger(text)
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
