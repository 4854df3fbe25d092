import type { ReplyOf, RequestOf } from '../../commands/command'
import type { END_TRANSACTION } from '../../commands/transaction'
import { SYS_FLAG } from '../../model/sys-flag'
import type { Broker } from '../broker'
import { NO_REMARK, refusal } from '../refusal'

/** Commits or rolls back a half message. A transaction whose end is not known stays as it is, and there is no answer. */
export function endTransaction(
  broker: Broker,
  { header }: RequestOf<typeof END_TRANSACTION>,
): ReplyOf<typeof END_TRANSACTION> | undefined {
  if (!broker.isMaster) throw refusal('SLAVE_NOT_AVAILABLE', NO_REMARK)
  const { TRANSACTION_COMMIT, TRANSACTION_ROLLBACK } = SYS_FLAG
  if (header.commitOrRollback !== TRANSACTION_COMMIT && header.commitOrRollback !== TRANSACTION_ROLLBACK)
    return undefined
  broker.state.transactions.end(header)
  return header.commitOrRollback === TRANSACTION_COMMIT ? { code: 'SUCCESS' } : { code: 'SUCCESS', remark: NO_REMARK }
}
