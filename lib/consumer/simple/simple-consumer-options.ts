import { checkCallOptions, checkedRange } from '../../client/checked-options'
import type { ClientOptions } from '../../client/client-options'
import { CLIENT_OPTIONS } from '../../client/resolve-client-options'
import { RocketMQError } from '../../errors'
import type { ConsumeFromWhere } from '../../model/consumer-types'
import type { SubscriptionExpression } from '../../model/message-selector'
import { type OptionNames, checkOptions } from '../../model/option-checks'
import { checkConsumerGroup } from '../../model/validators'
import type { CallOptions } from '../../remoting/remoting-client'
import { checkedName } from '../group-options'
import { type MessageFilter, checkedFilters } from '../message-filter'

/** Where a new group of a simple consumer begins. */
export type SimpleConsumeFromWhere = Exclude<ConsumeFromWhere, 'CONSUME_FROM_TIMESTAMP'>

/** Options of a simple consumer. */
export interface SimpleConsumerOptions extends ClientOptions {
  /** Name of the group; its members share the messages and must subscribe to the same. */
  readonly consumerGroup: string
  /** Topics and what is wanted of them, as for `subscribe`. */
  readonly subscriptions?: Readonly<Record<string, SubscriptionExpression>>
  /** How long `receive` waits for a message, ms, 0 to 2147483647; default 30000. */
  readonly awaitDurationMs?: number
  /** For how long nobody else sees a received message, ms, 1000 to 43200000; default 15000. */
  readonly invisibleDurationMs?: number
  /** Where a group begins that is new; default CONSUME_FROM_LAST_OFFSET. */
  readonly consumeFromWhere?: SimpleConsumeFromWhere
  /** Drop messages that were popped before `receive` returns them, and acknowledge them; see `MessageFilter`. */
  readonly messageFilters?: readonly MessageFilter[]
}

export interface ResolvedSimpleConsumerOptions {
  readonly consumerGroup: string
  readonly subscriptions: readonly (readonly [topic: string, expression: SubscriptionExpression])[]
  readonly awaitDurationMs: number
  readonly invisibleDurationMs: number
  readonly consumeFromWhere: SimpleConsumeFromWhere
  readonly messageFilters: readonly MessageFilter[]
}

/** What `receive` is asked for. `timeoutMs` has no meaning here: `awaitDurationMs` is the limit. */
export interface ReceiveOptions extends Pick<CallOptions, 'signal'> {
  /** Most messages, 1 to 32; default 32. */
  readonly maxMessages?: number
  /** Default is that of the consumer. */
  readonly invisibleDurationMs?: number
  /** Default is that of the consumer. With 0 `receive` looks once and does not wait. */
  readonly awaitDurationMs?: number
}

/** `ReceiveOptions` with every default filled in. */
export interface ResolvedReceiveOptions {
  readonly maxMessages: number
  readonly invisibleDurationMs: number
  readonly awaitDurationMs: number
}

const SIMPLE_CONSUMER_OPTIONS: OptionNames<SimpleConsumerOptions> = {
  ...CLIENT_OPTIONS,
  consumerGroup: true,
  subscriptions: true,
  awaitDurationMs: true,
  invisibleDurationMs: true,
  consumeFromWhere: true,
  messageFilters: true,
}
const RECEIVE_OPTIONS: OptionNames<ReceiveOptions> = {
  signal: true,
  maxMessages: true,
  invisibleDurationMs: true,
  awaitDurationMs: true,
}
const DEFAULT_AWAIT_MS = 30_000
const DEFAULT_INVISIBLE_MS = 15_000
const MIN_INVISIBLE_MS = 1000
const MAX_INVISIBLE_MS = 43_200_000
const MAX_TIMER_MS = 0x7fffffff
/** Brokers refuse more. */
const MOST_MESSAGES = 32
const FROM_WHERE: readonly SimpleConsumeFromWhere[] = ['CONSUME_FROM_LAST_OFFSET', 'CONSUME_FROM_FIRST_OFFSET']

/** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT */
export function resolveSimpleConsumerOptions(options: SimpleConsumerOptions): ResolvedSimpleConsumerOptions {
  checkOptions(options, SIMPLE_CONSUMER_OPTIONS)
  checkConsumerGroup(options.consumerGroup)
  const { consumerGroup, consumeFromWhere = 'CONSUME_FROM_LAST_OFFSET' } = options
  return {
    consumerGroup,
    subscriptions: checkedSubscriptions(options.subscriptions ?? {}),
    awaitDurationMs: checkedAwait(options.awaitDurationMs ?? DEFAULT_AWAIT_MS),
    invisibleDurationMs: checkedInvisible(options.invisibleDurationMs ?? DEFAULT_INVISIBLE_MS),
    consumeFromWhere: checkedName('consumeFromWhere', consumeFromWhere, FROM_WHERE),
    messageFilters: checkedFilters(options.messageFilters),
  }
}

/** @throws RocketMQError INVALID_ARGUMENT */
export function resolveReceiveOptions(
  options: ReceiveOptions,
  defaults: Pick<ResolvedSimpleConsumerOptions, 'awaitDurationMs' | 'invisibleDurationMs'>,
): ResolvedReceiveOptions {
  checkCallOptions(options, RECEIVE_OPTIONS, 'the options of receive')
  return {
    maxMessages: checkedRange('maxMessages', options.maxMessages ?? MOST_MESSAGES, 1, MOST_MESSAGES),
    invisibleDurationMs: checkedInvisible(options.invisibleDurationMs ?? defaults.invisibleDurationMs),
    awaitDurationMs: checkedAwait(options.awaitDurationMs ?? defaults.awaitDurationMs),
  }
}

/** @throws RocketMQError INVALID_ARGUMENT */
export function checkedInvisible(ms: number): number {
  return checkedRange('invisibleDurationMs', ms, MIN_INVISIBLE_MS, MAX_INVISIBLE_MS)
}

function checkedAwait(ms: number): number {
  return checkedRange('awaitDurationMs', ms, 0, MAX_TIMER_MS)
}

function checkedSubscriptions(given: unknown): ResolvedSimpleConsumerOptions['subscriptions'] {
  if (typeof given === 'object' && given !== null && !Array.isArray(given))
    return Object.entries(given as Record<string, SubscriptionExpression>)
  const says = "subscriptions must be an object of topics and expressions, such as { Orders: 'paid' }"
  throw new RocketMQError('INVALID_ARGUMENT', says)
}
