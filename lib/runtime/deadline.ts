import { asError } from '../errors'
import { type Clock, abortReason } from './clock'
import { onAbort } from './on-abort'

/** How long a wait may take. */
export interface DeadlineOptions {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** What the wait rejects with when its time is up. */
  readonly onTimeout: () => Error
}

/**
 * The promise's outcome, unless the time runs out or the signal is aborted first. For promises that settle soon by
 * themselves: the handlers stay attached until then.
 */
export function withDeadline<T>(promise: Promise<T>, options: DeadlineOptions): Promise<T> {
  const { clock, timeoutMs, signal, onTimeout } = options
  return new Promise<T>((resolve, reject) => {
    const finish = (settle: () => void): void => {
      timer.cancel()
      signal?.removeEventListener('abort', aborted)
      settle()
    }
    const aborted = (): void => finish(() => reject(abortReason(signal as AbortSignal)))
    const timer = clock.after(timeoutMs, () => finish(() => reject(onTimeout())))
    if (signal !== undefined) onAbort(signal, aborted)
    if (signal?.aborted) aborted()
    promise.then(
      value => finish(() => resolve(value)),
      (error: unknown) => finish(() => reject(asError(error))),
    )
  })
}
