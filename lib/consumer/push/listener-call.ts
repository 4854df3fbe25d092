import { isThenable } from './consume-service'

/**
 * Calls a listener and tells its outcome: at once where it returned no promise, so that such calls cost none. Promises of
 * another make may call back twice, or throw, and are taken into one of ours. `ended` and `failed` must not throw.
 */
export function callListener(
  call: () => unknown,
  ended: (result: unknown) => void,
  failed: (error: unknown) => void,
): void {
  let result: unknown
  try {
    result = call()
    if (isThenable(result) && !(result instanceof Promise)) result = Promise.resolve(result)
  } catch (error) {
    failed(error)
    return
  }
  if (result instanceof Promise) result.then(ended, failed)
  else ended(result)
}
