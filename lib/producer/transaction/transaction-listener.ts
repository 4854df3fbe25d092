import type { Message, MessageExt } from '../../model/message'
import type { SendResult } from '../../model/results'

/** What became of a local transaction; the third one is spelled as in Java. `UNKNOW` has the broker ask later. */
export type LocalTransactionState = 'COMMIT_MESSAGE' | 'ROLLBACK_MESSAGE' | 'UNKNOW'

/** What a local transaction is told besides its message. */
export interface TransactionContext {
  /** The message's unique id, the same in every check: write it down together with what the transaction changes. */
  readonly transactionId: string
  /** The broker's answer to the half message. */
  readonly sendResult: SendResult
}

/** The two sides of a transaction. Whatever one throws, or returns besides a state, stands for `UNKNOW`. */
export interface TransactionListener<S extends LocalTransactionState = LocalTransactionState> {
  /** Does the local transaction; called once the broker has the half message, which no consumer sees yet. */
  executeLocalTransaction(message: Message, arg: unknown, context: TransactionContext): S | Promise<S>

  /**
   * Tells what became of a local transaction whose end the broker has not heard of. Brokers ask any producer of the group,
   * so each must be able to tell of the transactions of all. The message is a view over its frame: keep `copy()`.
   */
  checkLocalTransaction(message: MessageExt): S | Promise<S>
}

/** The broker's answer to the half message, and how the transaction ended. */
export interface TransactionSendResult extends SendResult {
  /** How the local transaction ended. */
  readonly localTransactionState: LocalTransactionState
  /** What `executeLocalTransaction` threw. */
  readonly localError?: Error
  /** Why the broker could not be told of the end, or refused it: it will ask. */
  readonly endError?: Error
}
