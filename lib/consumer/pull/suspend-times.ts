import { checkedMs } from '../../client/checked-options'
import { RocketMQError } from '../../errors'

/** The times of a pull that a broker may hold. */
export interface SuspendTimes {
  /** How long it may hold it while there is nothing new, ms. */
  readonly brokerSuspendMaxTimeMs: number
  /** Limit of the wait for its answer, ms. */
  readonly consumerTimeoutWhenSuspendMs: number
}

/** Brokers look at what they hold every 5 s only, so their answers come late by that. */
const GRACE_MS = 10_000

/** Fills in defaults. Throws INVALID_ARGUMENT where the wait would end before the broker answers. */
export function suspendTimes(options: Partial<SuspendTimes>): SuspendTimes {
  const brokerSuspendMaxTimeMs = checkedMs('brokerSuspendMaxTimeMs', options.brokerSuspendMaxTimeMs ?? 20_000)
  const missing = Math.max(30_000, brokerSuspendMaxTimeMs + GRACE_MS)
  const given = options.consumerTimeoutWhenSuspendMs ?? missing
  const consumerTimeoutWhenSuspendMs = checkedMs('consumerTimeoutWhenSuspendMs', given)
  if (consumerTimeoutWhenSuspendMs >= brokerSuspendMaxTimeMs)
    return { brokerSuspendMaxTimeMs, consumerTimeoutWhenSuspendMs }
  const says = `consumerTimeoutWhenSuspendMs is ${given}; it must be at least brokerSuspendMaxTimeMs, which is ${brokerSuspendMaxTimeMs}`
  throw new RocketMQError('INVALID_ARGUMENT', says)
}
