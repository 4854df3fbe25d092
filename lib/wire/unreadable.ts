import { RocketMQError } from '../errors'

/** What a stored message that cannot be decoded fails with. */
export function unreadable(message: string, cause?: unknown): RocketMQError {
  return new RocketMQError('MESSAGE_UNREADABLE', message, cause === undefined ? {} : { cause })
}

/** What a compressed body fails with that would fill memory. */
export function tooLarge(maxBytes: number): RocketMQError {
  return unreadable(`a compressed body would inflate to more than ${maxBytes} bytes`)
}
