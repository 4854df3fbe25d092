import { CALL_OPTIONS, checkedRange } from '../../client/checked-options'
import { checkSubscription } from '../../client/check-subscription'
import type { ClientInstance } from '../../client/client-instance'
import { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import type { SubscriptionExpression } from '../../model/message-selector'
import type { OptionNames } from '../../model/option-checks'
import type { PullResult } from '../../model/results'
import { isTagType } from '../../model/subscription'
import type { CallOptions } from '../../remoting/remoting-client'
import type { Int64Input } from '../../wire/int64'
import { withAnySignal } from '../../runtime/any-signal'
import { checkedOffset } from '../checked-offsets'
import { type MessageFilter, filterMessages } from '../message-filter'
import { Subscriptions } from '../rebalance/subscriptions'
import { within } from '../within'
import { QueuePuller } from './queue-puller'

/** What a pull asks for. Its default `timeoutMs` is `consumerPullTimeoutMs` or `consumerTimeoutWhenSuspendMs`. */
export interface PullOptions extends CallOptions {
  /** Offset of the first message. */
  readonly offset: Int64Input
  /** Most messages, 1 to 2147483647; default 32. Brokers have a limit of their own. */
  readonly maxNums?: number
  /** Most bytes, 1 to 2147483647; brokers from 5.0. */
  readonly maxBytes?: number
  /** As for `subscribe` of other consumers; default all messages. */
  readonly expression?: SubscriptionExpression
}

/** Their names. */
export const PULL_OPTIONS: OptionNames<PullOptions> = {
  ...CALL_OPTIONS,
  offset: true,
  maxNums: true,
  maxBytes: true,
  expression: true,
}

export interface RawPullsOptions {
  readonly client: ClientInstance
  readonly consumerGroup: string
  readonly messageFilters: readonly MessageFilter[]
  readonly onBackgroundError: (error: RocketMQError) => void
}

const DEFAULT_MAX_NUMS = 32
const MAX_INT = 0x7fffffff
/** Of conditions that are remembered as good. */
const MOST_CONDITIONS = 1000

/** Single pulls of queues that nobody has assigned. */
export class RawPulls {
  readonly #options: RawPullsOptions
  readonly #pullers = new Map<string, QueuePuller>()
  /** Conditions that brokers have agreed to. */
  readonly #conditions = new Set<string>()
  readonly #closing = new AbortController()

  constructor(options: RawPullsOptions) {
    this.#options = options
  }

  /**
   * One pull.
   * @param suspendMs how long the broker may hold it, ms
   * @param timeoutMs its limit where the user gives none, ms
   */
  async pull(
    queue: MessageQueue,
    options: PullOptions,
    { suspendMs, timeoutMs }: { suspendMs: number; timeoutMs: number },
  ): Promise<PullResult> {
    const { client, onBackgroundError } = this.#options
    const { maxNums = DEFAULT_MAX_NUMS, maxBytes } = options
    const wanted = {
      offset: checkedOffset(options.offset),
      maxNums: checkedRange('maxNums', maxNums, 1, MAX_INT),
      maxBytes: maxBytes === undefined ? undefined : checkedRange('maxBytes', maxBytes, 1, MAX_INT),
      sendsSubscription: true,
      commitOffset: 0,
      suspendMs,
    }
    const call = { clock: client.clock, what: `the pull of queue ${queue.queueId} of ${queue.topic}` }
    const subscription = this.#subscription(queue.topic, options.expression)
    const pulled = await withAnySignal([this.#closing.signal, options.signal], any => {
      const limits = { timeoutMs: options.timeoutMs ?? timeoutMs, signal: any }
      return within({ ...call, options: limits }, async ({ timeoutMs: leftMs = timeoutMs, signal }) => {
        await this.#checked(subscription, { timeoutMs: leftMs, signal })
        return this.#puller(queue).pull({ ...wanted, subscription, timeoutMs: leftMs, signal })
      })
    })
    for (const problem of pulled.problems) onBackgroundError(problem)
    const { status, nextBeginOffset, minOffset, maxOffset, messages, damage } = pulled
    // What stands before the damage is of use; without it nothing is.
    if (damage !== undefined && messages.length === 0) throw damage
    return { status, nextBeginOffset, minOffset, maxOffset, messages }
  }

  /** Pulls under way, and later ones, reject with ABORTED. */
  end(): void {
    const says = `consumer ${this.#options.consumerGroup} was shut down`
    this.#closing.abort(new RocketMQError('ABORTED', says, { group: this.#options.consumerGroup }))
  }

  #subscription(topic: string, expression: PullOptions['expression']): SubscriptionData {
    const subscriptions = new Subscriptions(this.#options.client.clock)
    subscriptions.add(topic, expression)
    return subscriptions.get(topic) as SubscriptionData
  }

  /** Brokers would deliver every message for a condition that they cannot read. */
  async #checked(subscription: SubscriptionData, call: CallOptions): Promise<void> {
    const { topic, subString, expressionType } = subscription
    const key = `${topic} ${subString}`
    if (isTagType(expressionType) || this.#conditions.has(key)) return
    const { client, consumerGroup: group, onBackgroundError } = this.#options
    await checkSubscription(client, { group, subscription, onBackgroundError }, call)
    if (this.#conditions.size >= MOST_CONDITIONS) this.#conditions.clear()
    this.#conditions.add(key)
  }

  #puller(queue: MessageQueue): QueuePuller {
    const key = messageQueueKey(queue)
    const known = this.#pullers.get(key)
    if (known !== undefined) return known
    const { client, consumerGroup, messageFilters } = this.#options
    const filter = filterMessages(messageFilters, this.#options)
    const puller = new QueuePuller({ client, consumerGroup, queue, retryTopic: undefined, filter, litePull: false })
    this.#pullers.set(key, puller)
    return puller
  }
}
