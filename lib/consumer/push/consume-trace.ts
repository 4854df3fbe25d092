import type { ConsumeTracer } from '../consume-tracer'
import type { ConsumeInterceptor, ConsumeResult } from './consume-interceptor'

const GOOD: ReadonlySet<unknown> = new Set(['CONSUME_SUCCESS', 'SUCCESS', 'COMMIT'])

/** Traces every call of the listener: before it, and how it ended. */
export function traceConsumption(tracer: Pick<ConsumeTracer, 'begin'>): ConsumeInterceptor {
  return async ({ messages }, next) => {
    const end = tracer.begin(messages)
    let result: ConsumeResult
    try {
      result = await next()
    } catch (error) {
      end?.(false, 'EXCEPTION')
      throw error
    }
    const isGood = GOOD.has(result)
    end?.(isGood, isGood ? 'SUCCESS' : 'FAILED')
    return result
  }
}
