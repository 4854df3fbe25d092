import type { Clock } from '../../runtime/clock'
import type { Interceptor } from '../../runtime/interceptors'
import { runIntercepted } from '../../sending/intercepted-call'
import type { Telemetry } from '../../client/telemetry/telemetry'
import type { Message, MessageExt } from '../../model/message'
import { joinKeys } from '../../model/message-properties'
import { PROPERTY } from '../../model/property-names'
import { DEFAULT_REGION } from '../../model/trace'
import type { ProduceTracer } from '../trace/produce-tracer'
import { type EndHeader, type EndTransactionOptions, endTransaction } from './end-transaction'
import type { LocalOutcome } from './local-state'
import type { LocalTransactionState } from './transaction-listener'

/** What an interceptor sees of the end of a transaction. */
export interface EndTransactionContext {
  /** Tells these contexts from those of other operations. */
  readonly operation: 'endTransaction'
  /** Name of the producer group, without its namespace. */
  readonly producerGroup: string
  /** What was sent; where a broker asked, the half message that it sent along: keep `copy()` of that. */
  readonly message: Message | MessageExt
  /** The message's unique id. */
  readonly msgId: string
  /** Id of the transaction, the same in every check. */
  readonly transactionId: string
  /** Name of the broker that has the half message; undefined where that is not known. */
  readonly brokerName: string | undefined
  /** Of the broker that is told, `host:port`. */
  readonly brokerAddress: string
  /** How the local transaction ended. */
  readonly state: LocalTransactionState
  /** Why the state is not known. */
  readonly error: Error | undefined
  /** True where a broker asked. */
  readonly fromTransactionCheck: boolean
}

/**
 * Runs around the telling of how a transaction ended, which `next` does. Where one throws, or does not call `next`, the
 * broker is not told, and asks.
 */
export type EndTransactionInterceptor = Interceptor<EndTransactionContext, void>

export interface TransactionEndsOptions extends Omit<EndTransactionOptions, 'address'> {
  readonly interceptors: readonly EndTransactionInterceptor[]
  /** Undefined where nothing is traced. */
  readonly tracer: Pick<ProduceTracer, 'ended'> | undefined
  readonly telemetry: Pick<Telemetry, 'wants' | 'run'>
  readonly clock: Clock
}

/** A transaction that has ended. */
export interface TransactionEnd {
  readonly header: EndHeader
  readonly outcome: LocalOutcome
  /** Of the broker that is told. */
  readonly address: string
  readonly message: Message | MessageExt
  readonly msgId: string
  readonly regionId: string | undefined
  /** False where the broker wants none. */
  readonly traceOn: boolean
}

/** Tells brokers how transactions ended, through the user's interceptors, and traces it. */
export class TransactionEnds {
  readonly #options: TransactionEndsOptions

  constructor(options: TransactionEndsOptions) {
    this.#options = options
  }

  /**
   * Rejects as `endTransaction` does.
   * @throws RocketMQError INTERCEPTOR_FAILED, REQUEST_TIMEOUT where an interceptor takes too long
   */
  tell(end: TransactionEnd): Promise<void> {
    const { telemetry } = this.#options
    if (!telemetry.wants('settle')) return this.#around(end)
    const { transactionId, message, msgId, state, fromTransactionCheck } = contextOf(end)
    const transaction = { transactionId, message, msgId, state, fromTransactionCheck }
    const own = { operation: 'endTransaction', messages: [], messageQueues: [], transaction } as const
    return telemetry.run('settle', own, () => this.#around(end))
  }

  #around(end: TransactionEnd): Promise<void> {
    const { interceptors, clock, timeoutMs } = this.#options
    if (interceptors.length === 0) return this.#tell(end)
    return runIntercepted({
      interceptors,
      context: contextOf(end),
      step: () => this.#tell(end),
      name: 'the end of a transaction',
      topic: end.message.topic,
      clock,
      timeoutMs,
      timeoutCode: 'REQUEST_TIMEOUT',
    })
  }

  #tell(end: TransactionEnd): Promise<void> {
    const { header, outcome, address } = end
    if (end.traceOn) this.#options.tracer?.ended(traceOf(end))
    return endTransaction(header, outcome, { ...this.#options, address })
  }
}

function contextOf({ header, outcome, address, message, msgId }: TransactionEnd): EndTransactionContext {
  return {
    operation: 'endTransaction',
    producerGroup: header.producerGroup,
    message,
    msgId,
    transactionId: header.transactionId ?? msgId,
    brokerName: header.bname,
    brokerAddress: address,
    state: outcome.state,
    error: outcome.error,
    fromTransactionCheck: header.fromTransactionCheck ?? false,
  }
}

function traceOf({ header, outcome, address, message, msgId, regionId = DEFAULT_REGION }: TransactionEnd) {
  const { topic, tags, keys = [] } = message
  const joined = joinKeys(keys)
  return {
    regionId,
    topic,
    msgId,
    tags: tags === '' ? undefined : tags,
    keys: joined === '' ? undefined : joined,
    storeHost: address,
    // As in Java, not the broker's.
    transactionId: msgId,
    transactionState: outcome.state,
    fromTransactionCheck: header.fromTransactionCheck ?? false,
  }
}

/** What a half message that a broker sends along says of traces. */
export function traceFactsOf({ properties }: MessageExt): Pick<TransactionEnd, 'regionId' | 'traceOn'> {
  return { regionId: properties[PROPERTY.MSG_REGION], traceOn: properties[PROPERTY.TRACE_ON] !== 'false' }
}
