import { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import type { SubscriptionExpression } from '../../model/message-selector'
import type { MessageQueue } from '../../model/message-queue'
import type { Clock } from '../../runtime/clock'
import { type SubscriptionChange, Subscriptions } from '../rebalance/subscriptions'

/** Queues of the user's own choice, and what is wanted of them. */
interface Choice {
  readonly queues: readonly MessageQueue[]
  readonly subscriptions: Subscriptions
}

/** What a lite pull consumer wants: topics that it shares with its group, or queues of the user's own choice, never both. */
export class Interest {
  /** Topics that are shared with the group. */
  readonly subscriptions: Subscriptions
  readonly #clock: Clock
  readonly #consumerGroup: string
  #mode: 'subscribe' | 'assign' | undefined
  #choice: Choice

  constructor(clock: Clock, consumerGroup: string) {
    this.#clock = clock
    this.#consumerGroup = consumerGroup
    this.subscriptions = new Subscriptions(clock)
    this.#choice = { queues: [], subscriptions: new Subscriptions(clock) }
  }

  /** True where queues are shared among the group. */
  get isShared(): boolean {
    return this.#mode === 'subscribe'
  }

  /** Queues that the user has chosen. */
  get queues(): readonly MessageQueue[] {
    return this.#choice.queues
  }

  /** What is wanted of the queues that the user has chosen. */
  get chosen(): readonly SubscriptionData[] {
    return this.#choice.subscriptions.all
  }

  get topics(): string[] {
    return [...this.subscriptions.topics, ...this.#choice.subscriptions.topics]
  }

  /** What is wanted of a topic. */
  subscription(topic: string): SubscriptionData | undefined {
    return this.isShared ? this.subscriptions.get(topic) : this.#choice.subscriptions.get(topic)
  }

  /** Shares a topic once the returned change is made. @throws RocketMQError INVALID_STATE after `choose`, INVALID_TOPIC, INVALID_EXPRESSION */
  subscribe(topic: string, expression: SubscriptionExpression | undefined): SubscriptionChange {
    this.#mustNotBe('assign')
    const change = this.subscriptions.prepare(topic, expression)
    this.#mode = 'subscribe'
    return change
  }

  unsubscribe(topic: string): void {
    this.subscriptions.remove(topic)
  }

  /**
   * Wants these queues, and no others. The returned function takes that back.
   * @throws RocketMQError INVALID_STATE after `subscribe`, INVALID_EXPRESSION
   */
  choose(queues: readonly MessageQueue[], expression: SubscriptionExpression | undefined): () => void {
    this.#mustNotBe('subscribe')
    const subscriptions = new Subscriptions(this.#clock)
    for (const { topic } of queues) subscriptions.add(topic, expression)
    const before = this.#choice
    this.#choice = { queues, subscriptions }
    this.#mode = 'assign'
    return () => {
      this.#choice = before
    }
  }

  #mustNotBe(mode: 'subscribe' | 'assign'): void {
    if (this.#mode !== mode) return
    const says = `consumer ${this.#consumerGroup}: subscribe() and assign() exclude each other; use two consumers`
    throw new RocketMQError('INVALID_STATE', says, { group: this.#consumerGroup })
  }
}
