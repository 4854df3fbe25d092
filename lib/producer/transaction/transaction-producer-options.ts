import { checkedRange } from '../../client/checked-options'
import { checkedInterceptors } from '../../runtime/interceptors'
import { RocketMQError } from '../../errors'
import { checkedFlag, isRecord, without } from '../../model/option-checks'
import type { SendOptions } from '../../sending/send-options'
import type { ProducerOptions } from '../producer-options'
import type { EndTransactionInterceptor } from './transaction-ends'
import type { LocalTransactionState, TransactionListener } from './transaction-listener'

/** Options of a producer of transactions, besides those of a producer. */
export interface TransactionProducerOptions<
  S extends LocalTransactionState = LocalTransactionState,
> extends ProducerOptions {
  /** Does local transactions, and tells brokers what became of them. */
  readonly transactionListener: TransactionListener<S>
  /** Wait for the broker's answer to the end of a transaction, which it otherwise gets oneway, as in Java; default false. */
  readonly confirmEnd?: boolean
  /** Checks that the listener answers at a time; default 16 (Java `checkThreadPoolMaxSize`, 1). */
  readonly checkConcurrency?: number
  /** Checks that may wait for their turn; further ones are dropped, and asked again. Default 2000. */
  readonly checkRequestHoldMax?: number
  /** Run around the telling of every end, the first one outermost (Java `EndTransactionHook`). None means no step at all. */
  readonly endTransactionInterceptors?: readonly EndTransactionInterceptor[]
}

/** What can be said of one send in a transaction. */
export interface TransactionSendOptions extends SendOptions {
  /**
   * Whole seconds in which the broker does not ask about the transaction (RocketMQ `CHECK_IMMUNITY_TIME_IN_SECONDS`);
   * default: the broker's `transactionTimeOut`. Brokers of 5.x refuse an end that is told after both times, and ask.
   */
  readonly checkImmunityTimeInSeconds?: number
}

export interface ResolvedTransactionOptions {
  readonly listener: TransactionListener
  readonly confirm: boolean
  readonly concurrency: number
  readonly maxWaiting: number
  readonly interceptors: readonly EndTransactionInterceptor[]
}

const MAX_CHECKS = 65_535
const MAX_SECONDS = 0x7fffffff

/** @throws RocketMQError INVALID_ARGUMENT */
export function resolveTransactionOptions(options: TransactionProducerOptions): ResolvedTransactionOptions {
  const given: unknown = options
  const listener = (given as Partial<TransactionProducerOptions> | undefined)?.transactionListener
  if (!hasMethod(listener, 'executeLocalTransaction') || !hasMethod(listener, 'checkLocalTransaction')) {
    const says = 'transactionListener must have the methods executeLocalTransaction and checkLocalTransaction'
    throw new RocketMQError('INVALID_ARGUMENT', says)
  }
  const { transactionListener, confirmEnd = false, checkConcurrency = 16, checkRequestHoldMax = 2000 } = options
  return {
    listener: transactionListener,
    confirm: checkedFlag('confirmEnd', confirmEnd, false),
    concurrency: checkedRange('checkConcurrency', checkConcurrency, 1, MAX_CHECKS),
    maxWaiting: checkedRange('checkRequestHoldMax', checkRequestHoldMax, 0, MAX_CHECKS),
    interceptors: checkedInterceptors(options.endTransactionInterceptors, 'endTransactionInterceptors'),
  }
}

/** The rest of the options, which are those of a producer. */
export function producerOptionsOf(options: TransactionProducerOptions): ProducerOptions {
  return without(options, [
    'transactionListener',
    'confirmEnd',
    'checkConcurrency',
    'checkRequestHoldMax',
    'endTransactionInterceptors',
  ])
}

/** The rest of the options of a send in a transaction, which are those of a send. */
export function sendOptionsOf(options: TransactionSendOptions): SendOptions {
  return isRecord(options) && 'checkImmunityTimeInSeconds' in options
    ? without(options, ['checkImmunityTimeInSeconds'])
    : options
}

/** The immunity time of a send. @throws RocketMQError INVALID_ARGUMENT where it is no whole number of seconds */
export function immunitySecondsOf(options: TransactionSendOptions): number | undefined {
  const given: unknown = options
  if (typeof given !== 'object' || given === null) return undefined
  const { checkImmunityTimeInSeconds: seconds } = options
  return seconds === undefined ? undefined : checkedRange('checkImmunityTimeInSeconds', seconds, 0, MAX_SECONDS)
}

function hasMethod(value: unknown, name: keyof TransactionListener): boolean {
  return typeof (value as Partial<TransactionListener> | null | undefined)?.[name] === 'function'
}
