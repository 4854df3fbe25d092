import { BatchError } from '../sending/batch'
import type { SendResult } from '../model/results'
import type { Clock } from '../runtime/clock'
import { describeError, errorToJson } from './describe-error'
import type { Screen } from './screen'
import { Tally } from './tally'

interface ReportOptions {
  readonly json: boolean
  readonly clock: Clock
}

/** Results are printed one by one up to this many; beyond it the figures tell more. */
const SHOWN_RESULTS = 20
const STATUS_EVERY_MS = 100

/** What a produce command prints: results as they come, then the figures. */
export class ProduceReport {
  readonly #screen: Screen
  readonly #options: ReportOptions
  readonly #tally = new Tally()
  #shown = 0
  #statusAt = -Infinity

  constructor(screen: Screen, options: ReportOptions) {
    this.#screen = screen
    this.#options = options
  }

  get failed(): number {
    return this.#tally.failed
  }

  /** The time of the figures counts from here on: connecting is no part of sending. */
  begin(): void {
    this.#tally.begin()
  }

  /** Resolves when the output takes more; undefined where it does already. */
  room(): Promise<void> | undefined {
    return this.#screen.room()
  }

  /** @param result undefined for a oneway send, which is not answered */
  sent(count: number, result: SendResult | undefined): void {
    if (result === undefined) this.#tally.add(count)
    else for (const part of result.results ?? [result]) this.#count(part)
    if (this.#options.json) this.#screen.line(JSON.stringify(result ?? { oneway: true }))
    else this.#show(result)
  }

  /** Counts messages that were not sent, or not all of them. */
  notSent(count: number, error: unknown): void {
    const results = error instanceof BatchError ? error.results : []
    for (const part of results) this.#count(part)
    this.#tally.failed += count - results.reduce((sum, part) => sum + messagesIn(part), 0)
    if (this.#options.json) this.#screen.line(JSON.stringify({ error: errorToJson(error) }))
    else this.#screen.line(`not sent: ${describeError(error)}`)
  }

  /** Prints the figures. */
  end(): void {
    const { count } = this.#tally
    const { failed, seconds, perSecond } = this.#tally.summary()
    this.#screen.status('')
    if (this.#options.json) this.#screen.line(JSON.stringify({ sent: count, failed, seconds, perSecond }))
    else {
      if (this.#tally.hasQueues) this.#screen.line(this.#tally.queueTable())
      this.#screen.line(`${count} sent, ${failed} failed in ${seconds} s (${perSecond} per second)`)
    }
    this.#screen.flush()
  }

  /**
   * Prints what an unfinished command has done. JSON lines always end with the figures, so that whoever reads them need not
   * tell a failure from a cut output; on a terminal the figures are left out where nothing was done.
   *
   * @param error what ended it; undefined for an interruption
   */
  endEarly(error: unknown): void {
    if (this.#options.json && error !== undefined) this.#screen.line(JSON.stringify({ error: errorToJson(error) }))
    if (this.#options.json || this.#tally.count + this.#tally.failed > 0) this.end()
    else this.#screen.status('')
  }

  #count(part: SendResult): void {
    const { brokerName, queueId } = part.messageQueue
    this.#tally.addTo(brokerName, queueId, { offset: part.queueOffset, count: messagesIn(part) })
  }

  #show(result: SendResult | undefined): void {
    if (result !== undefined && this.#shown < SHOWN_RESULTS) {
      this.#shown++
      const { sendStatus, messageQueue, queueOffset, msgId } = result
      this.#screen.line(`${sendStatus}  ${messageQueue.brokerName}/${messageQueue.queueId} at ${queueOffset}  ${msgId}`)
      if (this.#shown === SHOWN_RESULTS) this.#screen.line('further results are only counted')
    }
    const now = this.#options.clock.monotonic()
    if (now - this.#statusAt < STATUS_EVERY_MS) return
    this.#statusAt = now
    this.#screen.status(`${this.#tally.count} sent, ${this.#tally.summary().perSecond} per second`)
  }
}

/** Of a batch the ids are joined by commas. */
function messagesIn(part: SendResult): number {
  return part.msgId.split(',').length
}
