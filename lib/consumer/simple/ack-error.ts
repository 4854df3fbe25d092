import { RocketMQError, type ErrorOptions } from '../../errors'
import type { MessageExt } from '../../model/message'

/** Why one message was not acknowledged. */
export interface AckFailure {
  /** The message, as it was given. */
  readonly message: MessageExt
  /** Why it was not acknowledged. */
  readonly error: RocketMQError
}

/** Some of several messages were not acknowledged; the others were. */
export class AckError extends RocketMQError {
  /** Name of the class, as stack traces show it. */
  override readonly name = 'AckError'
  /** In the order in which they were given; these messages come again. */
  readonly failures: readonly AckFailure[]

  constructor(message: string, failures: readonly AckFailure[], options: ErrorOptions) {
    super('ACK_INCOMPLETE', message, { ...options, retriable: failures.every(({ error }) => error.retriable) })
    this.failures = failures
  }
}
