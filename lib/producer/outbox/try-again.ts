import { BrokerError, type ErrorCode, RocketMQError } from '../../errors'

/** No broker took the message, and one may later. */
const NOBODY_TAKES: ReadonlySet<ErrorCode> = new Set([
  'NO_NAME_SERVER',
  'TOPIC_NOT_FOUND',
  'NO_WRITABLE_QUEUE',
  'BROKER_NOT_FOUND',
  'CONNECT_FAILED',
  'CHANNEL_CLOSED',
  'PROTOCOL_ERROR',
  'REQUEST_TIMEOUT',
  'SEND_TIMEOUT',
  'CREDENTIALS_FAILED',
])

/** Answers of name servers, which may come of an outage, or of a topic, or the broker of a queue, that is gone. */
const NO_ROUTE: ReadonlySet<ErrorCode> = new Set(['TOPIC_NOT_FOUND', 'NO_WRITABLE_QUEUE', 'BROKER_NOT_FOUND'])

/** Whether the same message may be taken later: wrong messages, refusals for good and what the caller ended are not. */
export function mayBeTakenLater(error: unknown): boolean {
  if (!RocketMQError.is(error)) return false
  return BrokerError.is(error) ? error.retriable : NOBODY_TAKES.has(error.code)
}

/** Whether a broker may have stored the message by a send that failed so. */
export function maybeStored(error: unknown): boolean {
  return !RocketMQError.is(error) || error.sent !== 'NO'
}

/** What says nothing of a message: its own end, or a client that is not let in at all. */
const NOT_OF_THE_MESSAGE: ReadonlySet<ErrorCode> = new Set(['ABORTED', 'INVALID_STATE', 'AUTHENTICATION_FAILED'])

/** Whether a failed try of a spooled message speaks against the message. */
export function isRefusal(error: unknown): boolean {
  return !mayBeTakenLater(error) && !(RocketMQError.is(error) && NOT_OF_THE_MESSAGE.has(error.code))
}

/** Whether name servers have answered that the topic, or the queue that was chosen, cannot be written to. */
export function hasNoRoute(error: unknown): boolean {
  return RocketMQError.is(error) && NO_ROUTE.has(error.code)
}
