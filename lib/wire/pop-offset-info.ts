import { RocketMQError } from '../errors'
import { javaSplit, parseJavaInt } from '../model/java-text'
import { parseInt64 } from './int64'
import type { RetryFlag } from './pop-extra-info'

/**
 * What the answer to a pop says of its queues (Java `ExtraInfoUtil`): a flag of the topic, a queue, and a value, joined by
 * spaces; one such entry after the other, joined by `;`. Read, the key of an entry is `flag@queue`.
 */
export type OffsetInfo<V> = ReadonlyMap<string, V>

/** One entry as it is written. */
export interface OffsetInfoEntry<V> {
  readonly retry: RetryFlag
  /** A number, or for the count of one message the `orderCountKey`. */
  readonly queue: number | string
  readonly value: V
}

/** Key of an entry of a queue. */
export function offsetInfoKey(retry: string, queue: number | string): string {
  return `${retry}@${queue}`
}

/** In the place of the queue where a count is that of one message. */
export function orderCountKey(queueId: number, queueOffset: number): string {
  return `qo${queueId}%${queueOffset}`
}

/** Writes startOffsetInfo, msgOffsetInfo (a list of offsets as the value) or orderCountInfo; empty for no entries. */
export function buildOffsetInfo(entries: readonly OffsetInfoEntry<number | readonly number[]>[]): string {
  return entries.map(({ retry, queue, value }) => `${retry} ${queue} ${String(value)}`).join(';')
}

/**
 * The offset of the first message of each queue; undefined where the broker says none.
 * @throws RocketMQError PROTOCOL_ERROR, UNSAFE_INTEGER
 */
export function parseStartOffsetInfo(text: string | undefined): OffsetInfo<number> | undefined {
  return parsed(text, 'startOffsetInfo', parseInt64)
}

/**
 * The offsets of the messages of each queue; undefined where the broker says none.
 * @throws RocketMQError PROTOCOL_ERROR, UNSAFE_INTEGER
 */
export function parseMsgOffsetInfo(text: string | undefined): OffsetInfo<readonly number[]> | undefined {
  return parsed(text, 'msgOffsetInfo', value => javaSplit(value, ',').map(parseInt64))
}

/**
 * How often what an orderly pop gave was consumed before, by queue or by message; undefined where the broker says none.
 * @throws RocketMQError PROTOCOL_ERROR
 */
export function parseOrderCountInfo(text: string | undefined): OffsetInfo<number> | undefined {
  return parsed(text, 'orderCountInfo', value => {
    const count = parseJavaInt(value)
    if (count === undefined) throw wrong('orderCountInfo', `${JSON.stringify(value.slice(0, 40))} is no count`)
    return count
  })
}

function parsed<V>(text: string | undefined, what: string, read: (value: string) => V): OffsetInfo<V> | undefined {
  if (text === undefined || text === '') return undefined
  const info = new Map<string, V>()
  for (const entry of javaSplit(text, ';')) {
    const [retry, queue, value, more] = javaSplit(entry, ' ')
    if (retry === undefined || queue === undefined || value === undefined || more !== undefined)
      throw wrong(what, `${JSON.stringify(entry.slice(0, 40))} has not 3 parts`)
    const key = offsetInfoKey(retry, queue)
    if (info.has(key)) throw wrong(what, `queue ${queue.slice(0, 40)} stands there twice`)
    info.set(key, read(value))
  }
  return info
}

function wrong(what: string, why: string): RocketMQError {
  return new RocketMQError('PROTOCOL_ERROR', `the ${what} of a pop cannot be read: ${why}`)
}
