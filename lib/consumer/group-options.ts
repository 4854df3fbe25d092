import { checkedMs } from '../client/checked-options'
import { RocketMQError } from '../errors'
import type { ConsumeFromWhere, MessageModel } from '../model/consumer-types'
import { type OptionNames, checkedPart, checkedText } from '../model/option-checks'
import { checkConsumerGroup } from '../model/validators'
import type { AllocateMessageQueueStrategy } from './allocate/allocate-strategy'
import { allocateAveragely } from './allocate/averagely'
import { type MessageFilter, checkedFilters } from './message-filter'
import { instanceOffsetGroup } from './offsets/instance-offsets'
import type { OffsetStore } from './offsets/offset-store'

/** What the options of all kinds of consumer say of their group; each of these says what its own users need to know. */
export interface GroupOptions {
  readonly consumerGroup: string
  readonly messageModel?: MessageModel
  readonly consumeFromWhere?: ConsumeFromWhere
  readonly consumeTimestamp?: Date | number | string
  readonly allocateStrategy?: AllocateMessageQueueStrategy
  readonly offsetStore?: OffsetStore
  readonly localOffsetStoreDir?: string
  readonly broadcastOffsetKey?: string
  readonly persistConsumerOffsetIntervalMs?: number
  readonly messageFilters?: readonly MessageFilter[]
}

/** Their names. */
export const GROUP_OPTIONS: OptionNames<GroupOptions> = {
  consumerGroup: true,
  messageModel: true,
  consumeFromWhere: true,
  consumeTimestamp: true,
  allocateStrategy: true,
  offsetStore: true,
  localOffsetStoreDir: true,
  broadcastOffsetKey: true,
  persistConsumerOffsetIntervalMs: true,
  messageFilters: true,
}

/** `GroupOptions` with every default filled in. */
export interface ResolvedGroupOptions {
  readonly consumerGroup: string
  readonly messageModel: MessageModel
  readonly consumeFromWhere: ConsumeFromWhere
  /** Milliseconds since 1970. */
  readonly consumeTimestamp: number | undefined
  readonly allocateStrategy: AllocateMessageQueueStrategy
  readonly offsetStore: OffsetStore | undefined
  readonly localOffsetStoreDir: string | undefined
  readonly broadcastOffsetKey: string | undefined
  readonly persistConsumerOffsetIntervalMs: number
  readonly messageFilters: readonly MessageFilter[]
}

/** How long a consumer that is shut down waits for what is under way, where its user does not say, ms. */
export const DEFAULT_SHUTDOWN_MS = 30_000

const MODELS: readonly MessageModel[] = ['CLUSTERING', 'BROADCASTING']
const STORE_METHODS = ['load', 'read', 'current', 'update', 'freeze', 'persist', 'remove'] as const
const FROM_WHERE: readonly ConsumeFromWhere[] = [
  'CONSUME_FROM_LAST_OFFSET',
  'CONSUME_FROM_FIRST_OFFSET',
  'CONSUME_FROM_TIMESTAMP',
]

/** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT */
export function resolveGroupOptions(options: GroupOptions): ResolvedGroupOptions {
  checkConsumerGroup(options.consumerGroup)
  const { consumeTimestamp, consumeFromWhere = 'CONSUME_FROM_LAST_OFFSET' } = options
  return {
    consumerGroup: options.consumerGroup,
    messageModel: checkedName('messageModel', options.messageModel ?? 'CLUSTERING', MODELS),
    consumeFromWhere: checkedName('consumeFromWhere', consumeFromWhere, FROM_WHERE),
    consumeTimestamp: consumeTimestamp === undefined ? undefined : parseConsumeTimestamp(consumeTimestamp),
    allocateStrategy: checkedPart('allocateStrategy', options.allocateStrategy, ['allocate']) ?? allocateAveragely,
    offsetStore: checkedPart('offsetStore', options.offsetStore, STORE_METHODS),
    localOffsetStoreDir: checkedText('localOffsetStoreDir', options.localOffsetStoreDir),
    broadcastOffsetKey: checkedOffsetKey(options),
    persistConsumerOffsetIntervalMs: checkedMs(
      'persistConsumerOffsetIntervalMs',
      options.persistConsumerOffsetIntervalMs ?? 5000,
    ),
    messageFilters: checkedFilters(options.messageFilters),
  }
}

/** @throws RocketMQError INVALID_ARGUMENT where there is a key, and nothing that it is for */
function checkedOffsetKey(options: GroupOptions): string | undefined {
  const { consumerGroup, broadcastOffsetKey, messageModel, offsetStore } = options
  if (broadcastOffsetKey === undefined) return undefined
  instanceOffsetGroup({ consumerGroup, broadcastOffsetKey })
  if (messageModel === 'BROADCASTING' && offsetStore === undefined) return broadcastOffsetKey
  const says =
    'broadcastOffsetKey is for messageModel BROADCASTING, and for consumers without an offsetStore of their own'
  throw new RocketMQError('INVALID_ARGUMENT', says)
}

/** @throws RocketMQError INVALID_ARGUMENT unless `value` is one of the names */
export function checkedName<T extends string>(option: string, value: T, names: readonly T[]): T {
  if (names.includes(value)) return value
  throw new RocketMQError('INVALID_ARGUMENT', `${option} is ${String(value)}; it must be one of ${names.join(', ')}`)
}

/** Milliseconds since 1970 of a Date, a number, or Java's `yyyyMMddHHmmss` in local time. */
function parseConsumeTimestamp(given: Date | number | string): number {
  const time = typeof given === 'string' ? localTimeOf(given) : Number(given)
  if (Number.isSafeInteger(time) && time >= 0) return time
  throw new RocketMQError(
    'INVALID_ARGUMENT',
    `consumeTimestamp ${String(given)} is no time: give a Date or yyyyMMddHHmmss`,
  )
}

function localTimeOf(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
  if (match === null) return NaN
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const date = new Date(year, month - 1, day, hour, minute, second)
  // 20240230 would be read as the first of March.
  const exists = date.getMonth() === month - 1 && date.getDate() === day && hour < 24 && minute < 60 && second < 60
  return exists ? date.getTime() : NaN
}
