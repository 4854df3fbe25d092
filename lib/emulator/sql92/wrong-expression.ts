import { RocketMQError } from '../../errors'

/** What a SQL92 expression that cannot be read, or cannot be evaluated for a message, is refused with. */
export function wrongExpression(says: string): RocketMQError {
  return new RocketMQError('INVALID_EXPRESSION', says)
}
