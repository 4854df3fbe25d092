import type { SubscriptionData } from '../../model/consumer-types'
import { type SubscriptionExpression, typedExpressionOf } from '../../model/message-selector'
import { SUB_ALL, buildSubscriptionData, buildTypedSubscriptionData } from '../../model/subscription'
import { checkTopic } from '../../model/validators'
import type { Clock } from '../../runtime/clock'

/** A subscription that was checked and is to be made. */
export interface SubscriptionChange {
  readonly subscription: SubscriptionData
  /** Makes it; false where the topic was subscribed to or unsubscribed from anew meanwhile, and nothing was done. */
  readonly apply: () => boolean
}

/** What a group wants, by topic. */
export class Subscriptions {
  readonly #clock: Clock
  readonly #byTopic = new Map<string, SubscriptionData>()
  /** The last change that was asked for. */
  readonly #changes = new Map<string, SubscriptionChange>()
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
  add(topic: string, expression: SubscriptionExpression | undefined): void {
    this.prepare(topic, expression).apply()
  }

  /** Wants all of a retry topic, whose name need not be one that users may choose. */
  addRetryTopic(topic: string): void {
    const subscription = buildSubscriptionData(topic, SUB_ALL, this.#nextVersion())
    this.#byTopic.set(topic, subscription)
  }

  /** Checks a subscription, for brokers to be asked about it before it is made. @throws RocketMQError as `add` */
  prepare(topic: string, expression: SubscriptionExpression | undefined): SubscriptionChange {
    checkTopic(topic)
    const typed = typedExpressionOf(topic, expression)
    const subscription = buildTypedSubscriptionData(topic, typed, this.#clock.now())
    const apply = (): boolean => {
      if (this.#changes.get(topic) !== change) return false
      this.#byTopic.set(topic, { ...subscription, subVersion: this.#nextVersion() })
      return true
    }
    const change = { subscription, apply }
    this.#changes.set(topic, change)
    return change
  }

  remove(topic: string): void {
    this.#changes.delete(topic)
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
