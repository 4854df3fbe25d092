import Long from 'long'
import type { MessageQueue } from '../model/message-queue'
import { malformed } from './command'

/** Readers of parsed JSON, which is untrusted: each gives a value of its kind or throws PROTOCOL_ERROR. */

/** Fields of an object that nothing is known of. */
export type Fields = Readonly<Record<string, unknown>>

/** Fields of an object; none for null, as Fastjson leaves empty things out. */
export function fieldsOf(value: unknown, what: string): Fields {
  if (value === null || value === undefined) return {}
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof Map || Long.isLong(value))
    throw malformed(what)
  return value as Fields
}

/** A text, which may not be missing. */
export function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw malformed(what)
  return value
}

/** A text, undefined for null. */
export function optionalTextOf(value: unknown, what: string): string | undefined {
  return value === null || value === undefined ? undefined : textOf(value, what)
}

/** A number, or `missing` where there is none; a 64-bit integer that is not safe as a number is refused. */
export function numberOf(value: unknown, what: string, missing = 0): number {
  if (value === null || value === undefined) return missing
  if (typeof value !== 'number') throw malformed(what)
  return value
}

/**
 * As `numberOf` for integers that only tell which of two is later or larger: what a number cannot hold is cut to what it
 * can.
 */
export function boundOf(value: unknown, what: string): number {
  if (!Long.isLong(value)) return numberOf(value, what)
  return value.isNegative() ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER
}

/** A boolean, or `missing` where there is none. */
export function booleanOf(value: unknown, what: string, missing = false): boolean {
  if (value === null || value === undefined) return missing
  if (typeof value !== 'boolean') throw malformed(what)
  return value
}

/** The members of a list; none for null. */
export function listOf<T>(value: unknown, what: string, member: (value: unknown, what: string) => T): T[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) throw malformed(what)
  return value.map(each => member(each, what))
}

/** Keys and values of an object or of a map with object keys; none for null. */
export function entriesOf<K, V>(
  value: unknown,
  what: string,
  entry: { key: (key: unknown, what: string) => K; value: (value: unknown, what: string) => V },
): [K, V][] {
  const pairs: Iterable<[unknown, unknown]> = value instanceof Map ? value : Object.entries(fieldsOf(value, what))
  return Array.from(pairs, ([key, each]) => [entry.key(key, what), entry.value(each, what)])
}

/** A queue with topic and broker; the number is 0 where it is left out. */
export function messageQueueOf(value: unknown, what: string): MessageQueue {
  const fields = fieldsOf(value, what)
  return {
    topic: textOf(fields['topic'], `the topic in ${what}`),
    brokerName: textOf(fields['brokerName'], `the brokerName in ${what}`),
    queueId: numberOf(fields['queueId'], `the queueId in ${what}`),
  }
}

/**
 * One of the names of a string union. `missing` where there is none, and for a name that is not known, as newer peers may
 * write: Java reads null for those.
 */
export function oneOf<const T extends string>(names: readonly T[], missing: T): (value: unknown, what: string) => T {
  return (value, what) => {
    const text = optionalTextOf(value, what)
    return names.find(name => name === text) ?? missing
  }
}
