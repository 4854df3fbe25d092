import { checkedRange } from '../../client/checked-options'
import { RocketMQError } from '../../errors'
import { checkOptions } from '../../model/option-checks'

/** Between what the number of listener calls at a time may move. */
export interface ConcurrencyRange {
  /** Calls at a time at least, 1 to `max`. */
  readonly min: number
  /** Calls at a time at most, 1 to 1000. */
  readonly max: number
}

const DEFAULT = 20
const MAX = 1000

/**
 * A number stands for a range of that number alone.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function checkedConcurrency(given: number | ConcurrencyRange = DEFAULT): ConcurrencyRange {
  if (typeof given !== 'object' || (given as ConcurrencyRange | null) === null) {
    const fixed = checkedRange('concurrency', given as number, 1, MAX)
    return { min: fixed, max: fixed }
  }
  checkOptions(given, { min: true, max: true }, 'concurrency')
  const max = checkedRange('concurrency.max', given.max, 1, MAX)
  const min = checkedRange('concurrency.min', given.min, 1, MAX)
  if (min <= max) return { min, max }
  throw new RocketMQError('INVALID_ARGUMENT', `concurrency.min is ${min}; it must not be above concurrency.max, ${max}`)
}
