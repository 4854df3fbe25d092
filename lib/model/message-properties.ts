import { types } from 'node:util'
import type { Message } from './message'
import { KEY_SEPARATOR, PROPERTY } from './property-names'

/**
 * Hands over the properties with which a message goes out: the user's, then those that its fields stand for. Of equal
 * names the last one counts, so that a field wins. Ids, transaction and the like are the sender's to add.
 */
export function forEachProperty(message: Message, put: (name: string, value: string) => void): void {
  const { properties, keys, tags, delayTimeLevel, delayMs, shardingKey, priority, buyerId, liteTopic } = message
  for (const name in properties) put(name, properties[name] as string)
  if (keys !== undefined && keys.length > 0) put(PROPERTY.KEYS, joinKeys(keys))
  if (isGiven(tags)) put(PROPERTY.TAGS, tags)
  put(PROPERTY.WAIT, message.waitStoreMsgOK === false ? 'false' : 'true')
  if (delayTimeLevel !== undefined) put(PROPERTY.DELAY, String(delayTimeLevel))
  if (delayMs !== undefined) put(PROPERTY.TIMER_DELAY_MS, String(delayMs))
  const deliverAt = deliverAtMs(message)
  if (deliverAt !== undefined) put(PROPERTY.TIMER_DELIVER_MS, String(deliverAt))
  if (isGiven(shardingKey)) put(PROPERTY.SHARDING_KEY, shardingKey)
  if (priority !== undefined) put(PROPERTY.PRIORITY, String(priority))
  if (isGiven(buyerId)) put(PROPERTY.BUYER_ID, buyerId)
  if (isGiven(liteTopic)) put(PROPERTY.LITE_TOPIC, liteTopic)
}

/** Nothing of an empty property would arrive. */
function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}

/** The time from which a message may be delivered, ms since 1970 UTC, where it names one. */
export function deliverAtMs({ deliverAt }: Message): number | undefined {
  return types.isDate(deliverAt) ? deliverAt.getTime() : deliverAt
}

/** The KEYS property of one or more keys. */
export function joinKeys(keys: string | readonly string[]): string {
  return typeof keys === 'string' ? keys : keys.join(KEY_SEPARATOR)
}

/** Whether a WAIT property asks the broker to wait for flush and replication; without one it does. */
export function parseWaitStoreMsgOK(property: string | undefined): boolean {
  return property === undefined || property.toLowerCase() === 'true'
}
