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

/** @throws RocketMQError INVALID_ARGUMENT unless options are an object, of which `example` names one */
export function checkOptionsObject(options: unknown, example: string): void {
  if (typeof options === 'object' && options !== null) return
  throw new RocketMQError('INVALID_ARGUMENT', `options must be an object, such as { ${example}: … }`)
}
