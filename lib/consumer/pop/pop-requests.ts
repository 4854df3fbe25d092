import type { ClientInstance } from '../../client/client-instance'
import { NOTIFICATION, POP_MESSAGE } from '../../commands/pop'
import type { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import type { MessageQueue } from '../../model/message-queue'
import { matchesTags } from '../../model/subscription'
import type { CallOptions } from '../../remoting/remoting-client'
import type { StoredMessage } from '../../wire/stored-message'
import type { BrokerClocks } from './broker-clocks'
import { readPopAnswer } from './pop-answer'
import { asPopError, masterOf } from './pop-broker'

/** Where messages are popped. */
export interface PopPlace {
  /** Queue -1 stands for all that the broker has of the topic. */
  readonly queue: MessageQueue
  readonly subscription: SubscriptionData
  /** Each queue in order: nobody gets more of one until what was popped of it is acknowledged, or visible again. */
  readonly order: boolean
}

/** What is asked of a broker. */
export interface PopWish extends PopPlace {
  /** Most messages, up to 32. */
  readonly maxNums: number
  /** For how long nobody else sees them, ms. */
  readonly invisibleMs: number
  /** A group that is new begins with the oldest message, not with the next one. */
  readonly fromFirst: boolean
}

/** What a pop has brought. */
export interface Popped {
  /** Those that are wanted, with their receipt handles. */
  readonly messages: readonly StoredMessage[]
  /** Those that brokers, which compare hashes of tags, took for wanted: to be acknowledged, and not shown. */
  readonly unwanted: readonly StoredMessage[]
  /** Messages of the answer that could not be told; they come again. */
  readonly damage: RocketMQError | undefined
}

export interface PopRequestsOptions {
  readonly client: Pick<ClientInstance, 'clock' | 'remoting' | 'routes'>
  readonly consumerGroup: string
  readonly clocks: BrokerClocks
}

/** The broker fills in its own time: ours may differ, and requests that seem old are refused. */
const BORN_AT_THE_BROKER = 0
const FROM_FIRST = 0
const FROM_LAST = 1
/** A pop that is not held is answered at once. */
const POP_TIMEOUT_MS = 10_000
/** Over the time for which a broker may hold a question. */
const ANSWER_MS = 10_000

/** The questions of POP consumption. Rejections are those of `RemotingClient.invoke`, UNSUPPORTED_BY_BROKER and BROKER_NOT_FOUND. */
export class PopRequests {
  readonly #options: PopRequestsOptions

  constructor(options: PopRequestsOptions) {
    this.#options = options
  }

  /**
   * Takes what is there; never held by the broker. A pop that is held would take messages also after nobody waits for them
   * any more, and hide them; `hasMessages` waits instead.
   */
  async pop(wish: PopWish, { timeoutMs = POP_TIMEOUT_MS }: CallOptions = {}): Promise<Popped> {
    const { clock } = this.#options.client
    const { queue, subscription, order } = wish
    const address = await this.#masterOf(queue, { timeoutMs })
    const askedAt = clock.monotonic()
    const header = {
      ...this.#place(wish, 0),
      maxMsgNums: wish.maxNums,
      invisibleTime: wish.invisibleMs,
      initMode: wish.fromFirst ? FROM_FIRST : FROM_LAST,
    }
    const reply = await this.#refusing(address, () =>
      this.#options.client.remoting.invoke(address, POP_MESSAGE, { header }, { timeoutMs }),
    )
    const { brokerName, topic } = queue
    const { consumerGroup } = this.#options
    this.#options.clocks.learn(brokerName, reply.header.popTime, askedAt)
    const { messages, damage } = await readPopAnswer(reply, { consumerGroup, brokerName, topic, order })
    const isWanted = (message: StoredMessage): boolean =>
      message.unreadable !== undefined || matchesTags(subscription, message.tags)
    return {
      messages: messages.filter(isWanted),
      unwanted: messages.filter(message => !isWanted(message)),
      damage,
    }
  }

  /** Whether a pop may find something; the broker answers as soon as it may, and after `pollMs` in any case. */
  async hasMessages(place: PopPlace, pollMs: number, signal: AbortSignal): Promise<boolean> {
    const address = await this.#masterOf(place.queue, { signal })
    const header = this.#place(place, pollMs)
    const call = { timeoutMs: pollMs + ANSWER_MS, signal }
    const reply = await this.#refusing(address, () =>
      this.#options.client.remoting.invoke(address, NOTIFICATION, { header }, call),
    )
    return reply.header.hasMsg
  }

  #place({ queue, subscription, order }: PopPlace, pollTime: number) {
    const { topic, queueId, brokerName } = queue
    return {
      consumerGroup: this.#options.consumerGroup,
      topic,
      queueId,
      pollTime,
      bornTime: BORN_AT_THE_BROKER,
      expType: subscription.expressionType,
      exp: subscription.subString,
      order,
      bname: brokerName,
    }
  }

  #masterOf(queue: MessageQueue, call: CallOptions): Promise<string> {
    return masterOf(this.#options.client, queue, call)
  }

  async #refusing<T>(address: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      throw asPopError(error, address)
    }
  }
}
