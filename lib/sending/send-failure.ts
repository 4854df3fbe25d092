import { type ErrorDetails, RocketMQError, asError } from '../errors'

/**
 * What a send rejects with, that did not tell by itself whether the broker may have the message. An aborted send rejects with
 * ABORTED, which tells that, too; its cause is the signal's reason, which is the caller's own.
 */
export function sendFailure(thrown: unknown, sent: 'NO' | 'UNKNOWN', signal?: AbortSignal): Error {
  if (signal?.aborted === true && isOfSignal(thrown, signal)) return sendAborted(signal, { sent })
  const error = asError(thrown)
  if (RocketMQError.is(error) && error.sent === undefined) Object.assign(error, { sent })
  return error
}

/** The error of an aborted send. */
export function sendAborted(signal: AbortSignal, details: ErrorDetails): RocketMQError {
  const says =
    details.sent === 'NO' ? 'the message was not sent' : 'whether the broker has stored the message is not known'
  const cause: unknown = signal.reason
  const why = asError(cause).message
  return new RocketMQError('ABORTED', `the send was aborted (${why}): ${says}`, { ...details, cause })
}

/** Runs what comes before a message leaves: no broker has it where that throws. */
export function beforeSending<T>(prepare: () => T): T {
  try {
    return prepare()
  } catch (error) {
    throw sendFailure(error, 'NO')
  }
}

/** Waits end with an error that has the reason as its cause, checks with the reason itself. */
function isOfSignal(thrown: unknown, signal: AbortSignal): boolean {
  if (thrown === signal.reason) return true
  return RocketMQError.is(thrown) && thrown.code === 'ABORTED' && thrown.sent === undefined
}
