import { RocketMQError, asError } from '../errors'
import type { Message } from '../model/message'
import type { MessageQueue } from '../model/message-queue'
import type { Clock } from '../runtime/clock'
import { withDeadline } from '../runtime/deadline'
import { type Interceptor, runInterceptors } from '../runtime/interceptors'

/** What a check sees of a message that is about to go to a broker. */
export interface ForbiddenCheckContext {
  /** Tells these contexts from those of other operations. */
  readonly operation: 'checkForbidden'
  /** Name of the producer group, without its namespace. */
  readonly producerGroup: string
  /** Of a batch the first one; see `messages`. */
  readonly message: Message
  /** All messages of a batch. */
  readonly messages: readonly Message[] | undefined
  /** The queue that it would go to. */
  readonly messageQueue: MessageQueue
  /** Of the broker, `host:port`. */
  readonly brokerAddress: string
  /** Java's `unitMode` of the producer. */
  readonly unitMode: boolean
}

/** Runs before every try of a send (Java `CheckForbiddenHook`): one that throws, or does not call `next`, forbids it. */
export type ForbiddenCheck = Interceptor<ForbiddenCheckContext, void>

/** How long checks may take. */
interface CheckLimits {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/**
 * Resolves where all checks let a message pass; what one throws as a RocketMQError is passed on as it is.
 * @throws RocketMQError SEND_FORBIDDEN where one does not call `next`, or throws; SEND_TIMEOUT where one takes too long, ABORTED
 */
export async function runForbiddenChecks(
  checks: readonly ForbiddenCheck[],
  context: ForbiddenCheckContext,
  { clock, timeoutMs, signal }: CheckLimits,
): Promise<void> {
  const { topic } = context.message
  const verdict = { passed: false }
  const onTimeout = (): RocketMQError => {
    const says = `checks of what is forbidden took longer than the ${Math.round(timeoutMs)} ms that were left of the send`
    return new RocketMQError('SEND_TIMEOUT', says, { topic, sent: 'NO' })
  }
  const pass = async (): Promise<void> => {
    verdict.passed = true
  }
  try {
    await withDeadline(runInterceptors(checks, context, pass), { clock, timeoutMs, signal, onTimeout })
  } catch (error) {
    throw RocketMQError.is(error) ? error : forbidden(context, error)
  }
  if (!verdict.passed) throw forbidden(context)
}

function forbidden({ message: { topic }, messageQueue: { brokerName } }: ForbiddenCheckContext, cause?: unknown) {
  const why = cause === undefined ? '' : `: ${asError(cause).message}`
  const says = `a check forbade to send to topic ${topic} by broker ${brokerName}${why}`
  return new RocketMQError('SEND_FORBIDDEN', says, { topic, brokerName, sent: 'NO', cause })
}
