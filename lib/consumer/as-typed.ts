import { type ErrorDetails, RocketMQError, asError } from '../errors'

/**
 * What an event tells: what went wrong, why, and what happens next. A typed error keeps its code and all that it tells; any
 * other becomes the cause of one.
 */
export function asTyped(error: unknown, says: string, details: ErrorDetails = {}): RocketMQError {
  if (RocketMQError.is(error)) return error
  return new RocketMQError('INVALID_STATE', `${says}: ${asError(error).message}`, { ...details, cause: error })
}
