import { inspect } from 'node:util'
import { RocketMQError } from '../../errors'

/** What a concurrent listener's result means for `count` messages. */
export interface ConcurrentVerdict {
  /** Index of the first message that failed; `count` where none did. */
  readonly firstFailed: number
  readonly delayLevel: number
}

/** @throws RocketMQError INVALID_ARGUMENT for a result that is none */
export function concurrentVerdict(result: unknown, count: number): ConcurrentVerdict {
  if (result === undefined || result === 'CONSUME_SUCCESS') return { firstFailed: count, delayLevel: 0 }
  if (result === 'RECONSUME_LATER') return { firstFailed: 0, delayLevel: 0 }
  if (hasStatus(result, 'RECONSUME_LATER')) {
    const { firstFailed = 0, delayLevel = 0 } = result as { firstFailed?: unknown; delayLevel?: unknown }
    if (isInteger(firstFailed) && firstFailed >= 0 && firstFailed <= count && isInteger(delayLevel)) {
      return { firstFailed, delayLevel }
    }
  }
  throw noResult(
    result,
    'nothing, CONSUME_SUCCESS, RECONSUME_LATER or { status: RECONSUME_LATER, delayLevel, firstFailed }',
  )
}

const MIN_SUSPEND_MS = 10
const MAX_SUSPEND_MS = 30_000

/**
 * How long an orderly listener wants its queue to stand still; undefined where it succeeded.
 * @throws RocketMQError INVALID_ARGUMENT for a result that is none
 */
export function suspensionMs(result: unknown, defaultMs: number): number | undefined {
  if (result === undefined || result === 'SUCCESS') return undefined
  if (result === 'SUSPEND_CURRENT_QUEUE_A_MOMENT') return clampSuspension(defaultMs)
  if (hasStatus(result, 'SUSPEND_CURRENT_QUEUE_A_MOMENT')) {
    const { suspendMs = defaultMs } = result as { suspendMs?: unknown }
    if (typeof suspendMs === 'number' && suspendMs >= 0) return clampSuspension(suspendMs)
  }
  throw noResult(
    result,
    'nothing, SUCCESS, SUSPEND_CURRENT_QUEUE_A_MOMENT or { status: SUSPEND_CURRENT_QUEUE_A_MOMENT, suspendMs }',
  )
}

/** Java's bounds of a suspension. */
export function clampSuspension(ms: number): number {
  return Math.min(MAX_SUSPEND_MS, Math.max(MIN_SUSPEND_MS, ms))
}

function hasStatus(result: unknown, status: string): boolean {
  return typeof result === 'object' && result !== null && (result as { status?: unknown }).status === status
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value)
}

function noResult(result: unknown, allowed: string): RocketMQError {
  const shown = inspect(result, { depth: 0, breakLength: Infinity }).slice(0, 80)
  return new RocketMQError('INVALID_ARGUMENT', `the listener returned ${shown}; it may return ${allowed}`)
}
