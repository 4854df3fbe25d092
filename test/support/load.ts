import type { MessageExt, Producer } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'
import type { Site } from './site'

const MOST_FAILURES = 50
const PACE_MS = 5

/** Messages on their way while servers come and go: what was acknowledged, what failed, and what has arrived. */
export class Load {
  /** Acknowledged bodies, and the broker that has each. */
  readonly acked = new Map<string, string>()
  readonly failed: unknown[] = []
  /** How often each body has arrived. */
  readonly arrived = new Map<string, number>()
  readonly #site: Site
  #sent = 0
  #stopped = false
  #workers: Promise<unknown> = Promise.resolve()

  constructor(site: Site) {
    this.#site = site
  }

  /** A listener for `consumeEach`. */
  readonly take = (message: MessageExt): void => {
    const body = message.text()
    this.arrived.set(body, (this.arrived.get(body) ?? 0) + 1)
    this.#site.changes.notify()
  }

  /** Begins to send, a few at a time, until `stop`. */
  start(producer: Producer, topic: string, atATime = 8): void {
    const work = async (): Promise<void> => {
      while (!this.#stopped && this.failed.length < MOST_FAILURES) {
        await this.#send(producer, topic)
        // No condition is waited for: without a pace the load would take the processor from the servers that start.
        await systemClock.sleep(PACE_MS)
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
  async acknowledged(count: number, brokerName?: string): Promise<void> {
    const now = (): number => (brokerName === undefined ? this.acked.size : this.#ackedBy(brokerName))
    const goal = now() + count
    const what = (): string => `${goal} acknowledged sends of ${brokerName ?? 'any broker'}, not ${now()}`
    await this.#site.until(() => now() >= goal, { what })
  }

  /** Ends the load and resolves when all that was acknowledged has arrived. */
  async allArrived(): Promise<void> {
    await this.stop()
    const missing = (): string[] => [...this.acked.keys()].filter(body => !this.arrived.has(body))
    const what = (): string => `all acknowledged messages; ${missing().length} of ${this.acked.size} are missing`
    await this.#site.until(() => this.arrived.size >= this.acked.size && missing().length === 0, { what })
  }

  #ackedBy(brokerName: string): number {
    let count = 0
    for (const name of this.acked.values()) if (name === brokerName) count++
    return count
  }

  async #send(producer: Producer, topic: string): Promise<void> {
    const body = `message ${this.#sent++}`
    try {
      const { messageQueue } = await producer.send({ topic, body })
      this.acked.set(body, messageQueue.brokerName)
    } catch (error) {
      this.failed.push(error)
    }
    this.#site.changes.notify()
  }
}
