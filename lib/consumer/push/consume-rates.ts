import type { ConsumeStatus } from '../../commands/consumer-status'
import { SlidingSums } from '../../runtime/sliding-sums'

const PULLS = 0
const PULL_MS = 1
const PULLED = 2
const CALLS = 3
const CALL_MS = 4
const CONSUMED = 5
const FAILED = 6
const MINUTE = { columns: 7, buckets: 6, bucketMs: 10_000 }
const HOUR = { columns: 1, buckets: 60, bucketMs: 60_000 }
const FAILED_IN_HOUR = 0

/** All calls of a listener so far. */
export interface CallTotals {
  calls: number
  /** How long they took together, ms. */
  callMs: number
}

/** Messages of one topic that were pulled, consumed and failed, and the time that took. Times are monotonic, ms. */
export class TopicRates {
  readonly #minute = new SlidingSums(MINUTE)
  readonly #hour = new SlidingSums(HOUR)
  readonly #totals: CallTotals

  /** @param totals counts the calls of all topics */
  constructor(totals: CallTotals = { calls: 0, callMs: 0 }) {
    this.#totals = totals
  }

  pulled(now: number, messages: number, tookMs: number): void {
    this.#minute.add(now, PULLS, 1)
    this.#minute.add(now, PULL_MS, tookMs)
    this.#minute.add(now, PULLED, messages)
  }

  /** A listener call for these entries has ended; the last `failed` of them come again. */
  called(now: number, entries: readonly { readonly startedAt: number }[], failed: number): void {
    const callMs = now - (entries[0]?.startedAt ?? now)
    this.#totals.calls++
    this.#totals.callMs += callMs
    this.#minute.add(now, CALLS, 1)
    this.#minute.add(now, CALL_MS, callMs)
    this.#minute.add(now, CONSUMED, entries.length - failed)
    if (failed === 0) return
    this.#minute.add(now, FAILED, failed)
    this.#hour.add(now, FAILED_IN_HOUR, failed)
  }

  status(now: number): ConsumeStatus {
    const sum = (column: number): number => this.#minute.sum(now, column)
    const seconds = this.#minute.spanMs / 1000
    const mean = (total: number, count: number): number => (count === 0 ? 0 : total / count)
    return {
      pullRT: mean(sum(PULL_MS), sum(PULLS)),
      pullTPS: sum(PULLED) / seconds,
      consumeRT: mean(sum(CALL_MS), sum(CALLS)),
      consumeOKTPS: sum(CONSUMED) / seconds,
      consumeFailedTPS: sum(FAILED) / seconds,
      consumeFailedMsgs: this.#hour.sum(now, FAILED_IN_HOUR),
    }
  }
}

/** Speed of consumption by topic, over the last minute (Java `ConsumerStatsManager`). */
export class ConsumeRates {
  /** Of all topics, those that are forgotten included. */
  readonly totals: CallTotals = { calls: 0, callMs: 0 }
  readonly #byTopic = new Map<string, TopicRates>()

  of(topic: string): TopicRates {
    let rates = this.#byTopic.get(topic)
    if (rates === undefined) this.#byTopic.set(topic, (rates = new TopicRates(this.totals)))
    return rates
  }

  /** Forgets topics that are not subscribed to any more. */
  keepOnly(topics: readonly string[]): void {
    for (const topic of this.#byTopic.keys()) if (!topics.includes(topic)) this.#byTopic.delete(topic)
  }
}
