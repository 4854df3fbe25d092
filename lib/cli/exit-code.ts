import { CommanderError } from 'commander'
import { RocketMQError } from '../errors'

/** What the process ends with; after a signal it is 128 and the signal's number. */
export const EXIT = { done: 0, failed: 1, wrongUse: 2 } as const

/** Codes of errors that the command line itself causes. */
const WRONG_USE: ReadonlySet<string> = new Set([
  'INVALID_ARGUMENT',
  'INVALID_TOPIC',
  'INVALID_GROUP',
  'INVALID_EXPRESSION',
  'INVALID_MESSAGE',
])

/** The exit code for a command that ended with this error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse
  return RocketMQError.is(error) && WRONG_USE.has(error.code) ? EXIT.wrongUse : EXIT.failed
}
