import { inspect } from 'node:util'
import { RocketMQError } from '../../errors'
import type { ConsumeConcurrentlyContext, ConsumeOrderlyContext } from './message-listener'

/** What a concurrent listener's result means for `count` messages. */
export interface ConcurrentVerdict {
  /** Index of the first message that failed; `count` where none did. */
  readonly firstFailed: number
  readonly delayLevel: number
}

/** What a concurrent listener has set on its context. */
export type ConcurrentSettings = Pick<ConsumeConcurrentlyContext, 'ackIndex' | 'delayLevelWhenNextConsume'>

const NOTHING_SET: ConcurrentSettings = { ackIndex: undefined, delayLevelWhenNextConsume: 0 }

/**
 * What the result says goes before what was set on the context.
 * @throws RocketMQError INVALID_ARGUMENT for a result that is none
 */
export function concurrentVerdict(result: unknown, count: number, context = NOTHING_SET): ConcurrentVerdict {
  const { ackIndex, delayLevelWhenNextConsume: setLevel } = context
  if (result === undefined || result === 'CONSUME_SUCCESS') {
    return { firstFailed: ackIndex === undefined ? count : Math.min(ackIndex + 1, count), delayLevel: setLevel }
  }
  if (result === 'RECONSUME_LATER') return { firstFailed: 0, delayLevel: setLevel }
  if (hasStatus(result, 'RECONSUME_LATER')) {
    const { firstFailed = 0, delayLevel = setLevel } = result as { firstFailed?: unknown; delayLevel?: unknown }
    if (isInteger(firstFailed) && firstFailed >= 0 && firstFailed <= count && isInteger(delayLevel)) {
      return { firstFailed, delayLevel }
    }
  }
  throw noResult(
    result,
    'nothing, CONSUME_SUCCESS, RECONSUME_LATER or { status: RECONSUME_LATER, delayLevel, firstFailed }',
  )
}

/** What a result in order means for its messages. */
export type OrderlyVerdict =
  /** They count as handled, with all that was kept before. */
  | { readonly outcome: 'COMMIT' }
  /** They are kept until it is known whether they count. */
  | { readonly outcome: 'KEEP' }
  /** They come again after a while, in place. */
  | { readonly outcome: 'SUSPEND'; readonly pauseMs: number }
  /** They come again after a while, with all that was kept before. */
  | { readonly outcome: 'ROLLBACK'; readonly pauseMs: number }

/**
 * What a result means with `ordered: 'queue'`.
 * @throws RocketMQError INVALID_ARGUMENT for a result that is none; COMMIT and ROLLBACK are none where commits are automatic
 */
export function orderlyVerdict(
  result: unknown,
  { autoCommit, suspendCurrentQueueTimeMs }: Pick<ConsumeOrderlyContext, 'autoCommit' | 'suspendCurrentQueueTimeMs'>,
  defaultMs: number,
): OrderlyVerdict {
  const suspendMs = suspendCurrentQueueTimeMs ?? defaultMs
  if (!autoCommit && result === 'COMMIT') return { outcome: 'COMMIT' }
  if (!autoCommit && result === 'ROLLBACK') return { outcome: 'ROLLBACK', pauseMs: clampSuspension(suspendMs) }
  const pauseMs = suspensionMs(result, suspendMs)
  if (pauseMs !== undefined) return { outcome: 'SUSPEND', pauseMs }
  return { outcome: autoCommit ? 'COMMIT' : 'KEEP' }
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
    'nothing, SUCCESS, SUSPEND_CURRENT_QUEUE_A_MOMENT or { status: SUSPEND_CURRENT_QUEUE_A_MOMENT, suspendMs }; with context.autoCommit false also COMMIT and ROLLBACK',
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
