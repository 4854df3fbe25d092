import { CALL_OPTIONS, checkCallOptions, checkedMs } from '../client/checked-options'
import { RocketMQError } from '../errors'
import type { CallOptions } from '../remoting/remoting-client'
import { type Clock, abortReason } from '../runtime/clock'
import { withDeadline } from '../runtime/deadline'

/** What a call is about. */
export interface Call {
  readonly clock: Clock
  /** Names it in the error of a timeout. */
  readonly what: string
  /** The user's limits. */
  readonly options: CallOptions
}

const DEFAULT_CALL_MS = 10_000

/**
 * Runs a call within the user's limits, or 10 s. What heeds no limits, such as a store of the user's own, goes on behind it.
 * @throws RocketMQError REQUEST_TIMEOUT, ABORTED, INVALID_ARGUMENT for a wrong `timeoutMs`
 */
export async function within<T>({ clock, what, options }: Call, work: (call: CallOptions) => Promise<T>): Promise<T> {
  checkCallOptions(options, CALL_OPTIONS, `the options of ${what}`)
  const { signal } = options
  const timeoutMs = checkedMs('timeoutMs', options.timeoutMs ?? DEFAULT_CALL_MS)
  const onTimeout = (): RocketMQError =>
    new RocketMQError('REQUEST_TIMEOUT', `${what} did not end within ${timeoutMs} ms`)
  if (signal?.aborted) throw abortReason(signal)
  return withDeadline(work({ timeoutMs, signal }), { clock, timeoutMs, signal, onTimeout })
}
