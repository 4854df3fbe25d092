import { RocketMQError } from '../../errors'
import { DEFAULT_DELAY_LEVELS, parseDelayLevels } from '../../model/delay-level'
import { clampSuspension, concurrentVerdict, suspensionMs } from '../push/listener-result'
import type {
  ConsumeConcurrentlyContext,
  ConsumeConcurrentlyResult,
  ConsumeContext,
  ConsumeOrderlyContext,
  ConsumeOrderlyResult,
} from '../push/message-listener'
import type { BatchOutcome } from './batch-plan'
import type { ListenerOrder } from './idempotent-options'

/** What a listener of an order may return. */
export type ListenerResult<Order extends ListenerOrder> = Order extends 'none'
  ? ConsumeConcurrentlyResult
  : ConsumeOrderlyResult

/** What a listener of an order is told. */
export type ListenerContext<Order extends ListenerOrder> = Order extends 'none'
  ? ConsumeConcurrentlyContext
  : ConsumeOrderlyContext

/** Either kind of context; the one that brings neither kind's settings has none set. */
export type SettableContext = ConsumeContext & Partial<ConsumeConcurrentlyContext & ConsumeOrderlyContext>

/** What a listener's result says: how many of its messages it has handled, and what to return where not all are. */
export interface Judgement {
  readonly succeeded: number
  /** The result for a batch of which this outcome is left. */
  readonly failure: (outcome: BatchOutcome) => ConsumeConcurrentlyResult | ConsumeOrderlyResult
}

/** What differs between listeners that are ordered and those that are not. */
export interface ListenerKind {
  /**
   * What was set on the context to tell which messages failed is taken from it, since it was said of those that were handed out.
   * @throws RocketMQError INVALID_ARGUMENT for a result that is none
   */
  judge(result: unknown, count: number, context: SettableContext): Judgement
}

const { delaysMs } = parseDelayLevels(DEFAULT_DELAY_LEVELS)
const MANUAL_COMMIT =
  'an idempotent listener has set context.autoCommit to false: what is kept uncommitted would be marked as handled'
/** Only tells failures from success. */
const ANY_MS = 1000

/** `leaseMs`: a message that somebody else has in hand comes again when a claim would have run out, so that it takes one try. */
export function listenerKind(ordered: ListenerOrder, leaseMs: number): ListenerKind {
  return ordered === 'none' ? concurrentKind(leaseMs) : orderlyKind(leaseMs)
}

function concurrentKind(leaseMs: number): ListenerKind {
  const longEnough = delaysMs.findIndex(ms => ms >= leaseMs)
  const busyLevel = longEnough === -1 ? delaysMs.length : longEnough + 1
  return {
    judge(result, count, context) {
      const { ackIndex, delayLevelWhenNextConsume = 0 } = context
      const verdict = concurrentVerdict(result, count, { ackIndex, delayLevelWhenNextConsume })
      if (ackIndex !== undefined) context.ackIndex = undefined
      const level = verdict.firstFailed === count ? busyLevel : verdict.delayLevel
      return {
        succeeded: verdict.firstFailed,
        failure: ({ firstFailed, unjudged }) => {
          // What the listener has not seen is not for the dead letters.
          const delayLevel = unjudged && level < 0 ? 0 : level
          return { status: 'RECONSUME_LATER', firstFailed, delayLevel }
        },
      }
    },
  }
}

function orderlyKind(leaseMs: number): ListenerKind {
  const status = 'SUSPEND_CURRENT_QUEUE_A_MOMENT'
  const whileBusy = { status, suspendMs: clampSuspension(leaseMs) } as const
  return {
    judge(result, count, { autoCommit = true }) {
      if (!autoCommit) throw new RocketMQError('INVALID_ARGUMENT', MANUAL_COMMIT)
      const isSuccess = suspensionMs(result, ANY_MS) === undefined
      const failure = isSuccess ? whileBusy : (result as ConsumeOrderlyResult)
      return { succeeded: isSuccess ? count : 0, failure: () => failure }
    },
  }
}
