import { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import { buildSubscriptionData } from '../../model/subscription'
import { checkTopic } from '../../model/validators'
import type { Clock } from '../../runtime/clock'

/** What a group wants, by topic. */
export class Subscriptions {
  readonly #clock: Clock
  readonly #byTopic = new Map<string, SubscriptionData>()
  #lastVersion = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get topics(): string[] {
    return [...this.#byTopic.keys()]
  }

  get all(): SubscriptionData[] {
    return [...this.#byTopic.values()]
  }

  get(topic: string): SubscriptionData | undefined {
    return this.#byTopic.get(topic)
  }

  /** @throws RocketMQError INVALID_TOPIC, INVALID_EXPRESSION */
  add(topic: string, expression: string | undefined): void {
    checkTopic(topic)
    const given: unknown = expression
    if (given !== undefined && typeof given !== 'string') {
      throw new RocketMQError(
        'INVALID_EXPRESSION',
        `the expression for topic ${topic} must be text: tagA || tagB, or *`,
        { topic },
      )
    }
    this.#byTopic.set(topic, buildSubscriptionData(topic, expression, this.#nextVersion()))
  }

  remove(topic: string): void {
    this.#byTopic.delete(topic)
  }

  /** Brokers keep the newest version: after a change of queues they are told anew. */
  touch(topic: string): void {
    const subscription = this.#byTopic.get(topic)
    if (subscription !== undefined) this.#byTopic.set(topic, { ...subscription, subVersion: this.#nextVersion() })
  }

  /** The time in ms, but always more than before. */
  #nextVersion(): number {
    this.#lastVersion = Math.max(this.#lastVersion + 1, this.#clock.now())
    return this.#lastVersion
  }
}
