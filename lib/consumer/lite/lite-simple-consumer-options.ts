import { checkedRange } from '../../client/checked-options'
import type { ClientOptions } from '../../client/client-options'
import { CLIENT_OPTIONS } from '../../client/resolve-client-options'
import type { LiteOffsetOption } from '../../commands/lite'
import { RocketMQError } from '../../errors'
import { type OptionNames, checkOptions } from '../../model/option-checks'
import { checkConsumerGroup, checkTopic } from '../../model/validators'

/** Options of a lite consumer. */
export interface LiteSimpleConsumerOptions extends ClientOptions {
  /** Name of the group, which an administrator has bound to the topic (`lite.bind.topic`). */
  readonly consumerGroup: string
  /** The parent of the lite topics: a topic of type LITE. */
  readonly topic: string
  /** For how long nobody else sees a received message, ms, 1000 to 43200000; default 15000. */
  readonly invisibleDurationMs?: number
  /** How long `receive` waits for a message, ms, 0 to 2147483647; default 30000. */
  readonly awaitDurationMs?: number
}

/** Where the group begins with a lite topic; Java's `OffsetOption`. */
export type LiteStart =
  /** Where it was; a new one at the end. The default. */
  | 'CONTINUE'
  | 'FIRST_OFFSET'
  | 'LAST_OFFSET'
  /** At an offset. */
  | { readonly offset: number }
  /** So many messages before where it was. */
  | { readonly back: number }

export interface ResolvedLiteSimpleConsumerOptions {
  readonly consumerGroup: string
  readonly topic: string
  readonly invisibleDurationMs: number
  readonly awaitDurationMs: number
}

const LITE_SIMPLE_CONSUMER_OPTIONS: OptionNames<LiteSimpleConsumerOptions> = {
  ...CLIENT_OPTIONS,
  consumerGroup: true,
  topic: true,
  invisibleDurationMs: true,
  awaitDurationMs: true,
}
const MAX_INT = 0x7fffffff
const MAX_LITE_TOPIC_LENGTH = 64

/** @throws RocketMQError INVALID_GROUP, INVALID_TOPIC, INVALID_ARGUMENT */
export function resolveLiteSimpleConsumerOptions(
  options: LiteSimpleConsumerOptions,
): ResolvedLiteSimpleConsumerOptions {
  checkOptions(options, LITE_SIMPLE_CONSUMER_OPTIONS)
  checkConsumerGroup(options.consumerGroup)
  checkTopic(options.topic)
  return {
    consumerGroup: options.consumerGroup,
    topic: options.topic,
    invisibleDurationMs: checkedInvisibleMs(options.invisibleDurationMs ?? 15_000),
    awaitDurationMs: checkedRange('awaitDurationMs', options.awaitDurationMs ?? 30_000, 0, MAX_INT),
  }
}

export function checkedInvisibleMs(ms: number): number {
  return checkedRange('invisibleDurationMs', ms, 1000, 43_200_000)
}

/** @throws RocketMQError INVALID_TOPIC unless all are names of lite topics */
export function checkedLiteTopics(liteTopics: readonly string[]): readonly string[] {
  const given: unknown = liteTopics
  const isName = (name: unknown): boolean =>
    typeof name === 'string' && name.length <= MAX_LITE_TOPIC_LENGTH && /^[\w%|-]+$/.test(name)
  if (Array.isArray(given) && given.every(isName)) return [...new Set(liteTopics)]
  const says = `lite topics are a list of names of 1 to ${MAX_LITE_TOPIC_LENGTH} letters, digits, _, -, % and |`
  throw new RocketMQError('INVALID_TOPIC', says)
}

/** @throws RocketMQError INVALID_ARGUMENT */
export function offsetOptionOf(start: LiteStart): LiteOffsetOption | undefined {
  if (start === 'CONTINUE') return undefined
  if (start === 'FIRST_OFFSET') return { type: 'POLICY', value: 1 }
  if (start === 'LAST_OFFSET') return { type: 'POLICY', value: 2 }
  if ('offset' in start) return { type: 'OFFSET', value: checkedStart('offset', start.offset) }
  return { type: 'TAIL_N', value: checkedStart('back', start.back) }
}

function checkedStart(name: string, value: number): number {
  return checkedRange(name, value, 0, Number.MAX_SAFE_INTEGER)
}
