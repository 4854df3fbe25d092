import type { MessageExt, Producer } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import { type FaultReport, tellFault } from './fault-report'
import { Ledger } from './ledger'
import { RecoveryClock } from './recovery-clock'
import type { Site } from './site'

const MOST_FAILURES = 50
const PACE_MS = 5
const PACE_OF_FAILURES_MS = 50

/** Messages on their way while servers come and go: what was acknowledged, what failed, and what has arrived. */
export class Load {
  /** Of the bodies. */
  readonly ledger = new Ledger()
  readonly recovery = new RecoveryClock(systemClock)
  readonly failed: unknown[] = []
  /** How many messages each broker has acknowledged. */
  readonly #acknowledged = new Map<string, number>()
  readonly #site: Site
  #sent = 0
  #stopped = false
  #workers: Promise<unknown> = Promise.resolve()

  constructor(site: Site) {
    this.#site = site
  }

  /** A listener for `consumeEach`. */
  readonly take = (message: MessageExt): void => {
    this.ledger.consumed(message.text())
    this.recovery.consumed(message.bornTimestamp, message.brokerName)
    this.#site.changes.notify()
  }

  /** Begins to send, a few at a time, until `stop`, or until it seems useless, unless sends may fail. */
  start(producer: Producer, topic: string, { atATime = 8, mayFail = false, padding = 0 } = {}): void {
    const work = async (): Promise<void> => {
      while (!this.#stopped && (mayFail || this.failed.length < MOST_FAILURES)) {
        const failures = this.failed.length
        await this.#send(producer, topic, padding)
        // No condition is waited for: without a pace the load would take the processor from the servers that start.
        await systemClock.sleep(this.failed.length > failures ? PACE_OF_FAILURES_MS : PACE_MS)
      }
    }
    this.#workers = Promise.all(Array.from({ length: atATime }, work))
    // Before the producer is shut down, as that was made before.
    this.#site.onEnd(() => this.stop())
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#workers
  }

  /** Resolves when `count` more were acknowledged, by one broker where it is named. */
  async acknowledged(count: number, brokerName?: string, withinMs = 30_000): Promise<void> {
    const now = (): number => this.#acknowledgedBy(brokerName)
    const goal = now() + count
    const what = (): string => `${goal} acknowledged sends of ${brokerName ?? 'any broker'}, not ${now()}`
    await this.#site.until(() => now() >= goal, { what, withinMs })
  }

  /** Ends the load and resolves when all that was acknowledged has arrived. */
  async allArrived(withinMs?: number): Promise<void> {
    await this.stop()
    const { ledger } = this
    const what = (): string => `all acknowledged messages; ${ledger.lost.length} are missing`
    const isComplete = (): boolean => {
      const { consumed, acknowledged } = ledger.counts
      return consumed >= acknowledged && ledger.lost.length === 0
    }
    await this.#site.until(isComplete, { what, ...(withinMs !== undefined && { withinMs }) })
  }

  /** `allArrived`, and then the figures of a row of the fault matrix. */
  async tell(
    row: FaultReport['row'],
    fault: string,
    { arriveWithinMs, ...options }: { withinMs?: number; arriveWithinMs?: number; also?: string } = {},
  ): Promise<void> {
    await this.#site.until(() => this.recovery.recovery.consumeMs !== undefined, { what: 'a message since the fault' })
    await this.allArrived(arriveWithinMs)
    const { ledger, recovery } = this
    tellFault(this.#site, { row, fault, ledger, recovery: recovery.recovery, ...options })
  }

  #acknowledgedBy(brokerName: string | undefined): number {
    if (brokerName !== undefined) return this.#acknowledged.get(brokerName) ?? 0
    return this.ledger.counts.acknowledged
  }

  async #send(producer: Producer, topic: string, padding: number): Promise<void> {
    const body = `message ${this.#sent++}`
    this.ledger.sent(body)
    try {
      const message = { topic, body, ...(padding > 0 && { properties: { padding: 'x'.repeat(padding) } }) }
      const { brokerName } = (await producer.send(message)).messageQueue
      this.ledger.acknowledged(body)
      this.recovery.acknowledged(brokerName)
      this.#acknowledged.set(brokerName, this.#acknowledgedBy(brokerName) + 1)
    } catch (error) {
      this.failed.push(error)
    }
    this.#site.changes.notify()
  }
}
