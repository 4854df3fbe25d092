import { RocketMQError } from '../errors'
import type { SendResult } from '../model/results'

/** Called with either an error or a result. */
export type SendAsyncCallback = (error: RocketMQError | Error | undefined, result: SendResult | undefined) => void

/**
 * A callback that is not called before `returned` was: one that sends again would fill the stack, and not let in what it
 * waits for. What it throws or rejects with is told to `onBackgroundError`.
 */
export function settleLater(
  callback: SendAsyncCallback,
  onBackgroundError: (error: RocketMQError) => void,
): { settle: SendAsyncCallback; returned: () => void } {
  let hasReturned = false
  const onThrown = (cause: unknown): void =>
    onBackgroundError(new RocketMQError('INVALID_STATE', 'the callback of a sendAsync threw', { cause }))
  const settle: SendAsyncCallback = (error, result) => {
    if (!hasReturned) {
      setImmediate(settle, error, result)
      return
    }
    try {
      const given: unknown = callback(error, result)
      if (given instanceof Promise) given.catch(onThrown)
    } catch (thrown) {
      onThrown(thrown)
    }
  }
  return { settle, returned: () => (hasReturned = true) }
}
