import { checkedRange } from './checked-options'
import { RocketMQError } from '../errors'
import { checkOptions } from '../model/option-checks'
import type { TokenRate } from '../runtime/token-bucket'

/** How many messages a producer sends, or a consumer's listener is given. */
export interface RateLimit {
  /** Messages a second, 0.001 to 1000000. */
  readonly perSecond: number
  /** Messages that may go at once after a rest, 1 to 1000000; default those of one second, at least 1. */
  readonly burst?: number
}

const MIN_PER_SECOND = 0.001
const MAX = 1_000_000

/**
 * Undefined for no limit.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function checkedRateLimit(limit: RateLimit | undefined): TokenRate | undefined {
  if (limit === undefined) return undefined
  checkOptions(limit, { perSecond: true, burst: true }, 'rateLimit')
  const { perSecond, burst } = limit
  if (!(typeof perSecond === 'number' && perSecond >= MIN_PER_SECOND && perSecond <= MAX)) {
    const says = `rateLimit.perSecond is ${String(perSecond)}; it must be a number from ${MIN_PER_SECOND} to ${MAX}`
    throw new RocketMQError('INVALID_ARGUMENT', says)
  }
  return { perSecond, burst: checkedRange('rateLimit.burst', burst ?? Math.max(1, Math.floor(perSecond)), 1, MAX) }
}
