import type { RequestOf } from '../../commands/command'
import { END_TRANSACTION } from '../../commands/transaction'
import { SYS_FLAG } from '../../model/sys-flag'
import type { RemotingClient } from '../../remoting/remoting-client'
import type { LocalOutcome } from './local-state'
import type { LocalTransactionState } from './transaction-listener'

/** All but how it has ended. */
export type EndHeader = Omit<RequestOf<typeof END_TRANSACTION>['header'], 'commitOrRollback'>

/** How brokers are told. */
export interface EndTransactionOptions {
  readonly remoting: Pick<RemotingClient, 'invoke' | 'invokeOneway'>
  readonly address: string
  /** Wait for the broker's answer. */
  readonly confirm: boolean
  readonly timeoutMs: number
}

const BITS: Readonly<Record<LocalTransactionState, number>> = {
  COMMIT_MESSAGE: SYS_FLAG.TRANSACTION_COMMIT,
  ROLLBACK_MESSAGE: SYS_FLAG.TRANSACTION_ROLLBACK,
  UNKNOW: 0,
}

/**
 * Tells a broker how a transaction has ended. Never repeated: a broker that is told of a commit twice delivers the message
 * twice, and one that was not told asks.
 * @throws RocketMQError where the request cannot leave or, with `confirm`, is not answered
 * @throws BrokerError with `confirm`, where the broker refuses
 */
export async function endTransaction(
  header: EndHeader,
  { state, error }: LocalOutcome,
  { remoting, address, confirm, timeoutMs }: EndTransactionOptions,
): Promise<void> {
  const remark = error === undefined ? undefined : `the transaction listener failed: ${error.message}`
  const request = { header: { ...header, commitOrRollback: BITS[state] }, remark }
  // What is not known is not answered.
  if (confirm && state !== 'UNKNOW') await remoting.invoke(address, END_TRANSACTION, request, { timeoutMs })
  else await remoting.invokeOneway(address, END_TRANSACTION, request, { timeoutMs })
}
