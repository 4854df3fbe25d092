import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import type { ConsumerLag } from './consumer-lag'
import type { CheckedLagThresholds, LagLimits } from './lag-thresholds'

/** What the event `lag` tells: a threshold was passed, or is kept again. */
export interface LagAlarm {
  /** RECOVERED: what was EXCEEDED has fallen to four fifths of its threshold, or less. */
  readonly status: 'EXCEEDED' | 'RECOVERED'
  /** What has passed its threshold: the number of messages, or the age of the oldest, ms. */
  readonly measure: 'messages' | 'ageMs'
  /** Undefined for all queues of the consumer together. */
  readonly queue: MessageQueue | undefined
  /** In messages, or ms. */
  readonly value: number
  /** In messages, or ms. */
  readonly threshold: number
  /** All that was measured. */
  readonly lag: ConsumerLag
}

/** So that a lag about its threshold is not told of again and again. */
const RECOVERED_AT = 0.8
const MEASURES = ['messages', 'ageMs'] as const

/** Compares lags with thresholds, and tells each passing once. A queue that is given away is forgotten. */
export class LagAlarms {
  readonly #thresholds: Pick<CheckedLagThresholds, 'total' | 'perQueue'>
  #exceeded = new Set<string>()

  constructor(thresholds: Pick<CheckedLagThresholds, 'total' | 'perQueue'>) {
    this.#thresholds = thresholds
  }

  /** What is to be told of a lag that was measured. */
  look(lag: ConsumerLag): LagAlarm[] {
    const { total, perQueue } = this.#thresholds
    const before = this.#exceeded
    this.#exceeded = new Set()
    const alarms = this.#compare(lag, total, { before, queue: undefined, lag })
    for (const each of lag.queues) alarms.push(...this.#compare(each, perQueue, { before, queue: each.queue, lag }))
    return alarms
  }

  #compare(
    values: Readonly<Required<LagLimits>>,
    limits: LagLimits,
    { before, queue, lag }: { before: ReadonlySet<string>; queue: MessageQueue | undefined; lag: ConsumerLag },
  ): LagAlarm[] {
    const alarms: LagAlarm[] = []
    for (const measure of MEASURES) {
      const threshold = limits[measure]
      if (threshold === undefined) continue
      const value = values[measure]
      const key = `${measure} ${queue === undefined ? '' : messageQueueKey(queue)}`
      const was = before.has(key)
      const is = value > (was ? threshold * RECOVERED_AT : threshold)
      if (is) this.#exceeded.add(key)
      if (is !== was) alarms.push({ status: is ? 'EXCEEDED' : 'RECOVERED', measure, queue, value, threshold, lag })
    }
    return alarms
  }
}
