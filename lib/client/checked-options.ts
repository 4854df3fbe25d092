import { RocketMQError } from '../errors'
import { type OptionNames, checkOptions } from '../model/option-checks'
import type { CallOptions } from '../remoting/remoting-client'
import { toSafeInteger } from '../wire/int64'

const MAX_TIMER_MS = 0x7fffffff

/** What every call that waits takes. */
export const CALL_OPTIONS: OptionNames<CallOptions> = { timeoutMs: true, signal: true }

/** A duration that timers can take. */
export function checkedMs(name: string, ms: number): number {
  return checkedRange(name, ms, 1, MAX_TIMER_MS)
}

/** @throws RocketMQError INVALID_ARGUMENT unless `value` is an integer from `min` to `max` */
export function checkedRange(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new RocketMQError(
    'INVALID_ARGUMENT',
    `${name} is ${String(value)}; it must be an integer from ${min} to ${max}`,
  )
}

/**
 * Checks the options of a call, whose others are checked elsewhere.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function checkCallOptions<T extends CallOptions>(options: T, names: OptionNames<T>, what?: string): void {
  checkOptions(options, names, what)
  checkSignal(options.signal)
}

/** @throws RocketMQError INVALID_ARGUMENT unless it is left out, or an AbortSignal */
export function checkSignal(signal: AbortSignal | undefined): void {
  const given: unknown = signal
  if (given === undefined) return
  if (typeof given === 'object' && given !== null && typeof (given as AbortSignal).addEventListener === 'function')
    return
  throw new RocketMQError('INVALID_ARGUMENT', 'signal must be an AbortSignal')
}

/** @throws RocketMQError INVALID_ARGUMENT unless options are an object, of which `example` names one */
export function checkOptionsObject(options: unknown, example: string): void {
  if (typeof options === 'object' && options !== null) return
  throw new RocketMQError('INVALID_ARGUMENT', `options must be an object, such as { ${example}: … }`)
}

/** Milliseconds since 1970 of a point in time. Throws INVALID_ARGUMENT where it is none. */
export function checkedTime(name: string, time: number | Date): number {
  const ms = time instanceof Date ? time.getTime() : toSafeInteger(time, name)
  if (ms >= 0) return ms
  throw new RocketMQError(
    'INVALID_ARGUMENT',
    `${name} is ${String(time)}; it must be milliseconds since 1970 or a Date`,
  )
}
