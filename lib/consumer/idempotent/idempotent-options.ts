import { checkedRange } from '../../client/checked-options'
import { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import { type OptionNames, checkOptions } from '../../model/option-checks'
import { type Clock, systemClock } from '../../runtime/clock'
import { Log } from '../../runtime/log'
import type { IdempotencyStore } from './idempotency-store'

/** How the listener's messages are ordered, as in the options of `consume`. */
export type ListenerOrder = 'none' | 'queue' | 'key'

/** Options of `idempotent`. */
export interface IdempotentOptions<Order extends ListenerOrder = ListenerOrder> {
  /** Where handled messages are remembered; shared by all members of the group. */
  readonly store: IdempotencyStore
  /** The same as in the options of `consume`; default `'none'`. */
  readonly ordered?: Order
  /**
   * What makes two messages the same, 1 to 255 characters; unique within a topic and a consumer group. Default, also where it
   * returns undefined: the id that the producer gave the message, which all its retries share.
   */
  readonly keyOf?: (message: MessageExt) => string | undefined
  /** How long a handled message is remembered, ms, 1 to 315360000000; default 86400000 (a day). */
  readonly ttlMs?: number
  /** How long a message stays claimed by a consumer that has died, ms, 10 to 86400000; default 30000. */
  readonly leaseMs?: number
  /** How long a claim is prolonged while its listener works, ms, `leaseMs` and up; default 900000, at least `leaseMs`. */
  readonly maxLeaseMs?: number
  /** Limit of one call of the store, ms, 1 to half of `leaseMs`; default 5000, at most a third of `leaseMs`. */
  readonly storeTimeoutMs?: number
  /** Told of each message that is skipped, as it was handled before. */
  readonly onDuplicate?: (message: MessageExt) => void
  /** Told of failures that change no message's outcome: a claim that was not prolonged, lost, or not given back. */
  readonly onBackgroundError?: (error: RocketMQError) => void
  /** Source of time; default the system's. For tests. */
  readonly clock?: Clock
}

export interface ResolvedIdempotentOptions {
  readonly store: IdempotencyStore
  readonly ordered: ListenerOrder
  readonly keyOf: (message: MessageExt) => string | undefined
  readonly ttlMs: number
  readonly leaseMs: number
  readonly maxLeaseMs: number
  readonly storeTimeoutMs: number
  readonly onDuplicate: (message: MessageExt) => unknown
  readonly onBackgroundError: (error: RocketMQError) => void
  readonly clock: Clock
}

const IDEMPOTENT_OPTIONS: OptionNames<IdempotentOptions> = {
  store: true,
  ordered: true,
  keyOf: true,
  ttlMs: true,
  leaseMs: true,
  maxLeaseMs: true,
  storeTimeoutMs: true,
  onDuplicate: true,
  onBackgroundError: true,
  clock: true,
}
const STORE_METHODS = ['claim', 'done', 'release'] as const
const ORDERS: readonly ListenerOrder[] = ['none', 'queue', 'key']
const DAY_MS = 86_400_000
const TEN_YEARS_MS = 315_360_000_000

/** @throws RocketMQError INVALID_ARGUMENT */
export function resolveIdempotentOptions(options: IdempotentOptions): ResolvedIdempotentOptions {
  checkOptions(options, IDEMPOTENT_OPTIONS)
  const { ordered = 'none', clock = systemClock } = options
  if (!ORDERS.includes(ordered)) {
    throw new RocketMQError('INVALID_ARGUMENT', `ordered is ${String(ordered)}; it must be one of ${ORDERS.join(', ')}`)
  }
  return {
    store: checkedStore(options.store),
    ordered,
    keyOf: checkedFunction('keyOf', options.keyOf) ?? (() => undefined),
    onDuplicate: checkedFunction('onDuplicate', options.onDuplicate) ?? (() => undefined),
    onBackgroundError: reporter(checkedFunction('onBackgroundError', options.onBackgroundError), clock),
    clock,
    ...durationsOf(options),
  }
}

function durationsOf({ ttlMs = DAY_MS, leaseMs = 30_000, maxLeaseMs, storeTimeoutMs }: IdempotentOptions) {
  checkedRange('leaseMs', leaseMs, 10, DAY_MS)
  return {
    ttlMs: checkedRange('ttlMs', ttlMs, 1, TEN_YEARS_MS),
    leaseMs,
    maxLeaseMs: checkedRange('maxLeaseMs', maxLeaseMs ?? Math.max(900_000, leaseMs), leaseMs, 365 * DAY_MS),
    storeTimeoutMs: checkedRange(
      'storeTimeoutMs',
      storeTimeoutMs ?? Math.min(5000, Math.floor(leaseMs / 3)),
      1,
      Math.floor(leaseMs / 2),
    ),
  }
}

/** Logs as well, and never throws: what is told of is no reason for a message to fail. */
function reporter(tell: ((error: RocketMQError) => unknown) | undefined, clock: Clock) {
  const log = new Log('idempotent', undefined, clock)
  return (error: RocketMQError): void => {
    log.warn(error.message, { code: error.code })
    const told = async (): Promise<unknown> => tell?.(error)
    told().catch((cause: unknown) => log.error('onBackgroundError failed', { cause }))
  }
}

function checkedStore(store: unknown): IdempotencyStore {
  const has = (method: (typeof STORE_METHODS)[number]): boolean =>
    typeof (store as Partial<IdempotencyStore>)[method] === 'function'
  if (typeof store === 'object' && store !== null && STORE_METHODS.every(has)) return store as IdempotencyStore
  throw new RocketMQError(
    'INVALID_ARGUMENT',
    `store must be an object with ${STORE_METHODS.join(', ')}, such as new MemoryIdempotencyStore()`,
  )
}

function checkedFunction<T>(name: string, given: T | undefined): T | undefined {
  if (given === undefined || typeof given === 'function') return given
  throw new RocketMQError('INVALID_ARGUMENT', `${name} must be a function`)
}
