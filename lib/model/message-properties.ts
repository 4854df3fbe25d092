import type { Message } from './message'
import { KEY_SEPARATOR, PROPERTY } from './property-names'

/**
 * The properties with which a message goes out: the user's, and those that its fields stand for. Ids, transaction and
 * compression are added by the sender. A field wins over a property of the same name; empty fields write nothing.
 */
export function messageProperties(message: Message): Map<string, string> {
  const properties = new Map(Object.entries(message.properties ?? {}))
  const put = (name: string, value: string | number | undefined): void => {
    if (value !== undefined && value !== '') properties.set(name, String(value))
  }
  put(PROPERTY.KEYS, joinKeys(message.keys ?? ''))
  put(PROPERTY.TAGS, message.tags)
  put(PROPERTY.WAIT, String(message.waitStoreMsgOK ?? true))
  put(PROPERTY.DELAY, message.delayTimeLevel)
  put(PROPERTY.TIMER_DELAY_MS, message.delayMs)
  put(PROPERTY.TIMER_DELIVER_MS, deliverAtMs(message))
  put(PROPERTY.SHARDING_KEY, message.shardingKey)
  put(PROPERTY.PRIORITY, message.priority)
  put(PROPERTY.BUYER_ID, message.buyerId)
  return properties
}

/** The time from which a message may be delivered, ms since 1970 UTC, where it names one. */
export function deliverAtMs({ deliverAt }: Message): number | undefined {
  return typeof deliverAt === 'object' ? deliverAt.getTime() : deliverAt
}

/** The KEYS property of one or more keys. */
export function joinKeys(keys: string | readonly string[]): string {
  return typeof keys === 'string' ? keys : keys.join(KEY_SEPARATOR)
}

/** Whether a WAIT property asks the broker to wait for flush and replication; without one it does. */
export function parseWaitStoreMsgOK(property: string | undefined): boolean {
  return property === undefined || property.toLowerCase() === 'true'
}
