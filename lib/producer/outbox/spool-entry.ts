import type { Segment } from './segment'
import type { SpooledMessage } from './spool-record'

/** A message that waits in the spool: where it lies, and what has to be known of it without reading it. */
export interface SpoolEntry {
  readonly segment: Segment
  readonly offset: number
  readonly size: number
  readonly topic: string
  /** Messages of one lane are sent one after another, in their order. */
  readonly lane: string
  /** Milliseconds since 1970 UTC. */
  readonly spooledAt: number
  /** A broker may have it already. */
  maybeSent: boolean
  /** How often brokers refused it. */
  refusals: number
}

/** Messages without order are sent side by side, in so many lanes of a topic. */
const STRIPES = 16

/**
 * The lane of messages that keep their order, undefined where they have none. Neither topics nor names of brokers hold the
 * separator.
 */
export function orderedLane({
  topic,
  shardingKey,
  queue,
}: Pick<SpooledMessage, 'topic' | 'shardingKey' | 'queue'>): string | undefined {
  if (shardingKey !== undefined && shardingKey !== '') return `${topic}\u0001key\u0001${shardingKey}`
  return queue === undefined ? undefined : `${topic}\u0001queue\u0001${queue.brokerName}\u0001${queue.queueId}`
}

/** The entry of a record. */
export function entryOf(
  segment: Segment,
  { offset, size }: { offset: number; size: number },
  message: SpooledMessage,
): SpoolEntry {
  const { topic, spooledAt, maybeSent } = message
  const lane = orderedLane(message) ?? `${topic}\u0001any\u0001${offset % STRIPES}`
  return { segment, offset, size, topic, lane, spooledAt, maybeSent, refusals: 0 }
}
