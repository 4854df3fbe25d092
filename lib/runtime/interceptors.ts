import { RocketMQError } from '../errors'

/**
 * Runs around a step: `next` goes on with those after it and the step itself, and resolves with the outcome. It may be called
 * once: a second call rejects with INVALID_STATE.
 */
export type Interceptor<Context, Result> = (context: Context, next: () => Promise<Result>) => Promise<Result>

/** @throws RocketMQError INVALID_ARGUMENT unless it is a list of functions */
export function checkedInterceptors<T>(interceptors: readonly T[] | undefined, name = 'interceptors'): readonly T[] {
  const given: unknown = interceptors ?? []
  if (Array.isArray(given) && given.every(each => typeof each === 'function')) return [...(given as T[])]
  throw new RocketMQError('INVALID_ARGUMENT', `${name} must be a list of functions (context, next) => next()`)
}

/** Runs the interceptors around `step`, the first one outermost. Never throws at once: what throws makes it reject. */
export async function runInterceptors<Context, Result>(
  interceptors: readonly Interceptor<Context, Result>[],
  context: Context,
  step: () => Promise<Result>,
): Promise<Result> {
  // An async function: one that throws, or forgets to return a promise, is no surprise to the caller.
  const run = async (index: number): Promise<Result> => {
    const interceptor = interceptors[index]
    return interceptor === undefined
      ? step()
      : interceptor(
          context,
          once(() => run(index + 1)),
        )
  }
  return run(0)
}

/** The step would run again, such as a send that stores its message twice. */
function once<T>(next: () => Promise<T>): () => Promise<T> {
  let isCalled = false
  return async () => {
    if (isCalled) throw new RocketMQError('INVALID_STATE', 'an interceptor called next() again; it may be called once')
    isCalled = true
    return next()
  }
}
