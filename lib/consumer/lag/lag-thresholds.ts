import { checkedMs, checkedRange } from '../../client/checked-options'
import { checkOptions } from '../../model/option-checks'

/** Beyond which lag a consumer is to tell. */
export interface LagLimits {
  /** Messages, 1 to 9007199254740991; default: no such limit. */
  readonly messages?: number
  /** Age of the oldest message that is not done with, ms, 1 to 2147483647; default: no such limit. */
  readonly ageMs?: number
}

/** What the event `lag` is to tell of. */
export interface LagThresholds {
  /** Of all queues of the consumer together. */
  readonly total?: LagLimits
  /** Of each queue. */
  readonly perQueue?: LagLimits
  /** How often brokers are asked, ms, 1 to 2147483647; default 30000. */
  readonly checkIntervalMs?: number
}

/** `LagThresholds` that were checked. */
export type CheckedLagThresholds = Required<LagThresholds>

const DEFAULT_INTERVAL_MS = 30_000

/**
 * Undefined where nothing is to be told.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function checkedLagThresholds(given: LagThresholds | undefined): CheckedLagThresholds | undefined {
  if (given === undefined) return undefined
  checkOptions(given, { total: true, perQueue: true, checkIntervalMs: true }, 'lagThresholds')
  const checkIntervalMs = checkedMs('lagThresholds.checkIntervalMs', given.checkIntervalMs ?? DEFAULT_INTERVAL_MS)
  const total = checkedLimits('lagThresholds.total', given.total ?? {})
  const perQueue = checkedLimits('lagThresholds.perQueue', given.perQueue ?? {})
  return isEmpty(total) && isEmpty(perQueue) ? undefined : { total, perQueue, checkIntervalMs }
}

function checkedLimits(name: string, limits: LagLimits): LagLimits {
  checkOptions(limits, { messages: true, ageMs: true }, name)
  const { messages, ageMs } = limits
  return {
    ...(messages === undefined
      ? {}
      : { messages: checkedRange(`${name}.messages`, messages, 1, Number.MAX_SAFE_INTEGER) }),
    ...(ageMs === undefined ? {} : { ageMs: checkedMs(`${name}.ageMs`, ageMs) }),
  }
}

function isEmpty({ messages, ageMs }: LagLimits): boolean {
  return messages === undefined && ageMs === undefined
}
