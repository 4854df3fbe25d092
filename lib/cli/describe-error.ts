import { BrokerError, RocketMQError } from '../errors'

/** An error on one line, with what caused it. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = RocketMQError.is(error) ? `${error.code}: ` : ''
  const cause = error.cause instanceof Error ? error.cause.message : ''
  return cause === '' || error.message.includes(cause)
    ? `${code}${error.message}`
    : `${code}${error.message} (${cause})`
}

/** An error as a JSON line tells it. */
export function errorToJson(error: unknown): Record<string, unknown> {
  if (!RocketMQError.is(error)) return { message: describeError(error) }
  const { code, message, sent, retriable } = error
  return {
    code,
    ...(BrokerError.is(error) ? { responseCode: error.responseCode } : {}),
    message,
    sent,
    retriable,
  }
}
