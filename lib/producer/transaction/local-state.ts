import { RocketMQError, asError } from '../../errors'
import type { LocalTransactionState } from './transaction-listener'

/** What a call of the listener came to. */
export interface LocalOutcome {
  readonly state: LocalTransactionState
  /** Why the state is not known. */
  readonly error?: Error
}

const STATES: ReadonlySet<unknown> = new Set<LocalTransactionState>(['COMMIT_MESSAGE', 'ROLLBACK_MESSAGE', 'UNKNOW'])

/** The state that the listener tells; where it throws or tells none it is not known. Never rejects. */
export async function localState(
  call: () => LocalTransactionState | Promise<LocalTransactionState>,
): Promise<LocalOutcome> {
  try {
    const state = await call()
    if (STATES.has(state)) return { state }
    const says = `the transaction listener returned ${String(state)}, which is none of ${[...STATES].join(', ')}`
    return { state: 'UNKNOW', error: new RocketMQError('INVALID_ARGUMENT', says) }
  } catch (thrown) {
    return { state: 'UNKNOW', error: asError(thrown) }
  }
}
