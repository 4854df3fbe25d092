import { RocketMQError } from '../errors'

const MAX_TIMER_MS = 0x7fffffff

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
