import { type ErrorDetails, RocketMQError } from '../errors'

/** What an event tells: a typed error as it is, any other as the cause of one that says what went wrong. */
export function asTyped(error: unknown, says: string, details: ErrorDetails = {}): RocketMQError {
  return RocketMQError.is(error) ? error : new RocketMQError('INVALID_STATE', says, { ...details, cause: error })
}
