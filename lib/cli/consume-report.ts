import type { MessageExt } from '../model/message'
import { describeError, errorToJson } from './describe-error'
import type { Screen } from './screen'
import { Tally } from './tally'
import { visibleText } from './visible-text'

interface ReportOptions {
  readonly count?: number
  readonly encoding: string
  readonly json?: true
}

/** What a consume command prints: messages as they come, then the figures. */
export class ConsumeReport {
  /** Resolves when as many messages were received as are wanted. */
  readonly complete: Promise<void>
  readonly #screen: Screen
  readonly #options: ReportOptions
  readonly #tally = new Tally()
  #resolveComplete!: () => void

  constructor(screen: Screen, options: ReportOptions) {
    this.#screen = screen
    this.#options = options
    this.complete = new Promise(resolve => (this.#resolveComplete = resolve))
  }

  get failed(): number {
    return this.#tally.failed
  }

  /** Whether as many messages were received as are wanted. */
  hasAll(): boolean {
    return this.#tally.count >= (this.#options.count ?? Infinity)
  }

  /** Resolves when what was printed is written, or cannot be. */
  settled(): Promise<void> {
    return this.#screen.settled()
  }

  /**
   * Prints a message; what it returns resolves when it may be acknowledged. A message beyond those wanted, or that could
   * not be written, is never acknowledged, nor sent back: the group's next member gets it as if it had not been here.
   */
  received(message: MessageExt): Promise<void> {
    if (this.hasAll()) return new Promise(() => undefined)
    const { brokerName, queueId, queueOffset } = message
    const text = message.text(this.#options.encoding)
    this.#screen.line(
      this.#options.json ? JSON.stringify({ ...message.toJSON(), body: text }) : readable(message, text),
    )
    this.#tally.addTo(brokerName, queueId, { offset: queueOffset })
    if (this.hasAll()) this.#resolveComplete()
    return this.#screen.written()
  }

  /** Counts a message that could not be read or printed. */
  failedWith(error: unknown): void {
    this.#tally.failed++
    if (this.#options.json) this.#screen.line(JSON.stringify({ error: errorToJson(error) }))
    else this.#screen.line(`not readable: ${describeError(error)}`)
  }

  /** Prints the figures. */
  end(): void {
    const { count } = this.#tally
    const { failed, seconds, perSecond } = this.#tally.summary()
    this.#screen.status('')
    if (this.#options.json) this.#screen.line(JSON.stringify({ received: count, failed, seconds, perSecond }))
    else {
      if (this.#tally.hasQueues) this.#screen.line(this.#tally.queueTable())
      this.#screen.line(`${count} received, ${failed} failed in ${seconds} s (${perSecond} per second)`)
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
}

function readable(message: MessageExt, text: string): string {
  const { brokerName, queueId, queueOffset, tags, keys, reconsumeTimes } = message
  const details = [
    tags === undefined ? '' : `tag ${visibleText(tags)}`,
    keys.length === 0 ? '' : `key ${visibleText(keys.join(' '))}`,
    reconsumeTimes === 0 ? '' : `try ${reconsumeTimes + 1}`,
  ].filter(detail => detail !== '')
  const about = details.length === 0 ? '' : `  [${details.join(', ')}]`
  return `${brokerName}/${queueId} at ${queueOffset}${about}  ${visibleText(text)}`
}
