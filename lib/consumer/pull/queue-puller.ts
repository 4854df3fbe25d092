import type { ClientInstance } from '../../client/client-instance'
import type { ReplyOf, RequestOf } from '../../commands/command'
import { isMoved } from '../../commands/moved'
import { LITE_PULL_MESSAGE, PULL_MESSAGE } from '../../commands/pull'
import { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import { isLogicalBroker } from '../../model/logical-queues'
import type { MessageQueue } from '../../model/message-queue'
import { popOriginOf } from '../../model/names'
import { PROPERTY } from '../../model/property-names'
import { buildPullSysFlag } from '../../model/pull-sys-flag'
import type { PullStatus } from '../../model/results'
import { matchesTags } from '../../model/subscription'
import { MASTER_ID } from '../../model/topic-route'
import type { StoredMessage } from '../../wire/stored-message'
import type { FilterMessages } from '../message-filter'
import { AnswerReader, type ReadAnswer } from './answer-reader'

export type PullReply = ReplyOf<typeof PULL_MESSAGE>
type PullHeader = RequestOf<typeof PULL_MESSAGE>['header']

export interface QueuePullerOptions {
  readonly client: ClientInstance
  readonly consumerGroup: string
  readonly queue: MessageQueue
  /** The group's retry topic; messages of it, and of POP, are shown under the topic that they first had. Undefined: all as they are. */
  readonly retryTopic: string | undefined
  /** What the user's filters leave of the messages; default all. */
  readonly filter?: FilterMessages | undefined
  /** Pulls for a lite pull consumer: brokers from 5.0 have a request of its own for that. */
  readonly litePull: boolean
}

/** What is asked of a broker. */
export interface QueuePull {
  readonly offset: number
  readonly maxNums: number
  /** Of the bodies together; brokers from 5.0. */
  readonly maxBytes: number | undefined
  readonly subscription: SubscriptionData
  /** The request carries the subscription, so that the broker need not have it from a heartbeat. */
  readonly sendsSubscription: boolean
  /** The group's progress, which the master notes; 0: none. */
  readonly commitOffset: number
  /** How long the broker may hold the request while there is nothing new, ms; 0: not at all. */
  readonly suspendMs: number
  /** Limit of the wait for the answer, ms; brokers look at what they hold every 5 s only. */
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** A broker's answer, before its messages are opened. */
export interface PullAnswer {
  readonly reply: PullReply
  /** How long to wait before the next pull, ms: one that was answered at once and got nowhere would make a busy loop. */
  readonly restMs: number
}

/** What a pull has brought. */
export interface PulledMessages {
  readonly status: PullStatus
  readonly nextBeginOffset: number
  readonly minOffset: number
  readonly maxOffset: number
  readonly restMs: number
  readonly messages: readonly StoredMessage[]
  /** What cannot be read and so is missing from `messages`. */
  readonly problems: readonly RocketMQError[]
  /** The answer is damaged from `nextBeginOffset` on, where it is to be pulled again. */
  readonly damage: RocketMQError | undefined
  /** True where an administrator has set the offset: what was pulled before is not wanted any more. */
  readonly isReset: boolean
}

const REST_MS = 100
/** MQVersion of 5.0.0, the first that knows the request for lite pull. */
const V5_0_0 = 413
/** Remark of brokers from 5.2 whose administrator has set the group's offset. */
const RESET_REMARK = 'OFFSET_RESET'
const STATUS = {
  SUCCESS: 'FOUND',
  PULL_NOT_FOUND: 'NO_NEW_MSG',
  PULL_RETRY_IMMEDIATELY: 'NO_MATCHED_MSG',
  PULL_OFFSET_MOVED: 'OFFSET_ILLEGAL',
} as const satisfies Record<PullReply['code'], PullStatus>

/** The pulls of one queue: which broker, what is asked, what came. Push, lite pull and raw pull consumers have it in common. */
export class QueuePuller {
  readonly #options: QueuePullerOptions
  readonly #reader: AnswerReader
  /** Broker id that the last answer suggested to pull from. */
  #suggestedId = MASTER_ID

  constructor(options: QueuePullerOptions) {
    this.#options = options
    this.#reader = new AnswerReader(options.queue, options.client.log)
  }

  /**
   * One pull with all that belongs to it. What cannot be read is left out and told of.
   * @throws BrokerError where the broker refuses
   * @throws RocketMQError BROKER_NOT_FOUND, CONNECT_FAILED, CHANNEL_CLOSED, REQUEST_TIMEOUT, NO_NAME_SERVER
   */
  async pull(pull: QueuePull): Promise<PulledMessages> {
    const { reply, restMs } = await this.ask(pull)
    const { minOffset, maxOffset } = reply.header
    const answer = reply.code === 'SUCCESS' ? await this.open(reply, pull) : nothing(reply)
    const { nextBeginOffset, damage, passedOver } = answer
    const messages = answer.messages.filter(({ unreadable }) => unreadable === undefined)
    const unreadable = answer.messages.flatMap(message => message.unreadable ?? [])
    const problems = passedOver === undefined ? unreadable : [...unreadable, passedOver]
    // Brokers compare hashes of tags only: what is left of their finds may be nothing.
    const status = reply.code === 'SUCCESS' && messages.length === 0 ? 'NO_MATCHED_MSG' : STATUS[reply.code]
    const isReset = reply.code === 'PULL_OFFSET_MOVED' && reply.remark === RESET_REMARK
    return { status, nextBeginOffset, minOffset, maxOffset, restMs, messages, problems, damage, isReset }
  }

  /** Asks for messages; their bodies are not opened yet. Throws as `pull` does. */
  async ask(pull: QueuePull): Promise<PullAnswer> {
    const { client } = this.#options
    const { timeoutMs, signal } = pull
    try {
      const { address, brokerId } = this.#broker() ?? (await this.#findBroker(signal))
      const askedAt = client.clock.monotonic()
      const header = this.#header(pull, brokerId)
      const reply = await client.remoting.invoke(address, this.#command(address), { header }, { timeoutMs, signal })
      this.#suggestedId = reply.header.suggestWhichBrokerId
      const gotNowhere = reply.header.nextBeginOffset <= pull.offset && client.clock.monotonic() - askedAt < REST_MS
      return { reply, restMs: gotNowhere ? REST_MS : 0 }
    } catch (error) {
      this.#suggestedId = MASTER_ID
      // The queue of a static topic has moved.
      if (isMoved(error)) void client.routes.refresh(this.#options.queue.topic).catch(() => undefined)
      throw error
    }
  }

  /** The messages of an answer that are wanted, those that cannot be read included. Never rejects. */
  open(reply: PullReply, { offset, subscription }: QueuePull): ReadAnswer | Promise<ReadAnswer> {
    const { header, body } = reply
    const { nextBeginOffset, offsetDelta = 0 } = header
    const { brokerName, queueId } = this.#options.queue
    // What is stored of a static topic has the ids of the broker that hosts it.
    const context = { brokerName, offsetDelta, ...(isLogicalBroker(brokerName) ? { queueId } : {}) }
    const answer = this.#reader.read({ body: body as Buffer, from: offset, nextBeginOffset, context })
    return answer instanceof Promise
      ? answer.then(read => this.#wanted(read, subscription))
      : this.#wanted(answer, subscription)
  }

  #wanted(answer: ReadAnswer, subscription: SubscriptionData): ReadAnswer {
    const { queue, retryTopic, consumerGroup, client } = this.#options
    const isRetry = queue.topic === retryTopic
    const isPlain = isRetry || retryTopic === undefined
    const shown = isPlain ? queue.topic : client.names.user(popOriginOf(queue.topic, consumerGroup))
    const isWanted = (message: StoredMessage): boolean =>
      message.unreadable !== undefined || matchesTags(subscription, message.tags)
    const messages = subscription.tagsSet.length === 0 ? answer.messages : answer.messages.filter(isWanted)
    for (const message of messages) {
      const topic = isRetry ? message.property(PROPERTY.RETRY_TOPIC) : undefined
      message.topic = topic === undefined ? shown : client.names.user(topic)
    }
    const left = this.#options.filter?.(messages, queue) ?? messages
    return left === answer.messages ? answer : { ...answer, messages: left }
  }

  #header(pull: QueuePull, brokerId: number): PullHeader {
    const { queue, consumerGroup, litePull } = this.#options
    const { commitOffset, suspendMs, subscription, sendsSubscription } = pull
    return {
      consumerGroup,
      topic: queue.topic,
      queueId: queue.queueId,
      queueOffset: pull.offset,
      maxMsgNums: this.#reader.isRepeating ? 1 : pull.maxNums,
      sysFlag: buildPullSysFlag({
        // Of static topics brokers (5.5.0) would store it as if it were the offset of their own queue, which it is not.
        commitOffset: commitOffset > 0 && brokerId === MASTER_ID && !isLogicalBroker(queue.brokerName),
        suspend: suspendMs > 0,
        subscription: sendsSubscription,
        classFilter: subscription.classFilterMode,
        litePull,
      }),
      commitOffset,
      suspendTimeoutMillis: suspendMs,
      subscription: sendsSubscription ? subscription.subString : undefined,
      subVersion: subscription.subVersion,
      expressionType: subscription.expressionType,
      maxMsgBytes: pull.maxBytes,
      bname: queue.brokerName,
    }
  }

  /** A broker whose version is not known yet gets the request that all know. */
  #command(address: string): typeof PULL_MESSAGE {
    const { litePull, client } = this.#options
    const version = litePull ? (client.remoting.openChannel(address)?.peerVersion ?? 0) : 0
    return version >= V5_0_0 ? LITE_PULL_MESSAGE : PULL_MESSAGE
  }

  /** Where to pull from: the suggested broker id, else the master, else any. */
  #broker(): { address: string; brokerId: number } | undefined {
    const { client, queue } = this.#options
    const addresses = client.routes.brokerAddresses(client.routes.hostOf(queue))
    if (addresses === undefined) return undefined
    for (const brokerId of [this.#suggestedId, MASTER_ID, ...addresses.keys()]) {
      const address = addresses.get(brokerId)
      if (address !== undefined) return { address, brokerId }
    }
    return undefined
  }

  async #findBroker(signal: AbortSignal | undefined): Promise<{ address: string; brokerId: number }> {
    const { topic, brokerName } = this.#options.queue
    await this.#options.client.routes.refresh(topic, { signal })
    const broker = this.#broker()
    if (broker !== undefined) return broker
    const says = `no address of broker ${brokerName} is known from the route of ${topic}`
    throw new RocketMQError('BROKER_NOT_FOUND', says, { topic, brokerName })
  }
}

function nothing({ header: { nextBeginOffset } }: PullReply): ReadAnswer {
  return { messages: [], nextBeginOffset, damage: undefined, passedOver: undefined }
}
