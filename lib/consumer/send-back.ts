import type { ClientInstance } from '../client/client-instance'
import { CONSUMER_SEND_MSG_BACK, SEND_MESSAGE_V2 } from '../commands/send'
import { BrokerError, RocketMQError } from '../errors'
import { isLogicalBroker } from '../model/logical-queues'
import { CLIENT_INNER_PRODUCER, retryTopic } from '../model/names'
import { PROPERTY } from '../model/property-names'
import { COMPRESSION_MASK, SYS_FLAG, needsUnwrap } from '../model/sys-flag'
import { type PreparedMessage, compressed } from '../sending/prepared-message'
import { Sender } from '../sending/sender'
import { appendProperty } from '../wire/properties'
import type { StoredMessage } from '../wire/stored-message'
import type { Settle } from './settling'

export interface SendBackOptions {
  readonly client: ClientInstance
  readonly consumerGroup: string
  /** Tries after which a message goes to the dead letters. */
  readonly maxReconsumeTimes: number
  /** Sends as the producer that every client has for itself. */
  readonly sender: Pick<Sender, 'send'>
  readonly onBackgroundError: (error: RocketMQError) => void
  /** Undefined where whoever calls tells of it. */
  readonly settle?: Settle
}

/** Delay level of messages that are to go to the dead letters at once. */
export const TO_DEAD_LETTERS = -1

const SEND_BACK_TIMEOUT_MS = 5000
/** Level of the first retry where the broker does not decide: 10 s. */
const FIRST_RETRY_LEVEL = 3

/** Answers of brokers that refuse an unreadable message after which it is passed over: it would hold its queue up for ever. */
const MAX_REFUSALS = 16

/** Java's producer compresses bodies from this size on; the inflated body may be too large for brokers. */
const COMPRESS_FROM_BYTES = 4096
const COMPRESSION_FLAGS = SYS_FLAG.COMPRESSED | COMPRESSION_MASK

/** Properties that belong to the copy the message was received as. */
const NOT_CARRIED_ON: ReadonlySet<string> = new Set([
  PROPERTY.TRAN_MSG,
  PROPERTY.DELAY,
  PROPERTY.RETRY_TOPIC,
  PROPERTY.ORIGIN_MESSAGE_ID,
  PROPERTY.RECONSUME_TIME,
  PROPERTY.MAX_RECONSUME_TIMES,
  // Whoever pops the copy would take its first receipt for that of the copy.
  PROPERTY.POP_CK,
  PROPERTY.FIRST_POP_TIME,
])

/** Java's defaults of the producer that every client has for itself; it is used for retry copies only. */
const INNER_SENDER = {
  createTopicKey: 'TBW102',
  defaultTopicQueueNums: 4,
  sendTimeoutMs: 3000,
  retryTimesWhenSendFailed: 2,
  retryTimesWhenSendAsyncFailed: 2,
  retryAnotherBrokerWhenNotStoreOK: false,
  timerOnOldBrokers: 'reject',
} as const

/** The way back of a group's messages, over the producer that every client has for itself. */
export function createSendBack(client: ClientInstance, group: Omit<SendBackOptions, 'client' | 'sender'>): SendBack {
  return new SendBack({ client, ...group, sender: new Sender(client, CLIENT_INNER_PRODUCER, INNER_SENDER) })
}

/** The way of a failed message back to its broker, which delivers it again or puts it to the dead letters. */
export class SendBack {
  readonly #options: SendBackOptions
  /** How often brokers have refused unreadable messages. */
  readonly #refusals = new WeakMap<StoredMessage, number>()

  constructor(options: SendBackOptions) {
    this.#options = options
  }

  /**
   * Hands a message back: by request, and where that fails as a message to the group's retry topic. One that cannot be read
   * is passed over, with an event, where brokers refuse it again and again.
   * @param delayLevel 0: the broker decides by the number of tries; negative: to the dead letters at once
   * @throws RocketMQError where no broker accepted it
   */
  sendBack(message: StoredMessage, delayLevel: number): Promise<void> {
    return this.#told(message, () => this.#sendBack(message, delayLevel))
  }

  async #sendBack(message: StoredMessage, delayLevel: number): Promise<void> {
    try {
      await this.#handBack(message, delayLevel)
    } catch (error) {
      if (!this.#isHopeless(message, error)) throw error
      const { queueOffset, queueId, topic, brokerName } = message
      const says = `the message at offset ${queueOffset} of queue ${queueId} of ${topic} on ${brokerName} is passed over: it cannot be read, and was not accepted back for the ${MAX_REFUSALS}th time`
      this.#options.client.log.error(says, { error })
      this.#options.onBackgroundError(
        new RocketMQError('MESSAGE_UNREADABLE', says, { topic, brokerName, cause: error }),
      )
    }
  }

  /** Brokers that answer, and refuse, are not just away. What can be read is tried for ever. */
  #isHopeless(message: StoredMessage, error: unknown): boolean {
    if (message.unreadable === undefined || !BrokerError.is(error)) return false
    const refusals = (this.#refusals.get(message) ?? 0) + 1
    this.#refusals.set(message, refusals)
    return refusals >= MAX_REFUSALS
  }

  async #handBack(message: StoredMessage, delayLevel: number): Promise<void> {
    const maxReconsumeTimes = delayLevel < 0 ? 0 : this.#options.maxReconsumeTimes
    // The broker would deliver the whole record again, with all its other messages.
    // Of static topics it would look for the message in a log that is not its own.
    if (message.isOfInnerBatch || isLogicalBroker(message.brokerName)) return this.#sendCopy(message, maxReconsumeTimes)
    try {
      await this.#request(message, delayLevel)
    } catch (error) {
      // What has no readable body would be copied into another message.
      if (!isCopyable(message)) throw error
      this.#options.client.log.warn('a message could not be sent back, sending it to the retry topic', {
        msgId: message.msgId,
        error,
      })
      await this.#sendCopy(message, maxReconsumeTimes)
    }
  }

  /** Sends a copy of the message to the group's retry topic; brokers put it to the dead letters when it was tried too often. */
  sendToRetryTopic(message: StoredMessage): Promise<void> {
    return this.#told(message, () => this.#sendCopy(message, this.#options.maxReconsumeTimes))
  }

  #told(message: StoredMessage, work: () => Promise<void>): Promise<void> {
    const { settle } = this.#options
    return settle === undefined ? work() : settle('sendMessageBack', [message], work)
  }

  async #sendCopy(message: StoredMessage, maxReconsumeTimes: number): Promise<void> {
    const copy = this.#retryCopy(message, maxReconsumeTimes)
    const isLarge = copy.sysFlag === 0 && copy.body.length >= COMPRESS_FROM_BYTES
    await this.#options.sender.send(isLarge ? await compressed(copy) : copy, {})
  }

  async #request(message: StoredMessage, delayLevel: number): Promise<void> {
    const { client, consumerGroup, maxReconsumeTimes } = this.#options
    const address = client.routes.masterAddress(message.brokerName)
    if (address === undefined) {
      throw new RocketMQError('BROKER_NOT_FOUND', `no address of the master of broker ${message.brokerName} is known`)
    }
    const header = {
      offset: message.commitLogOffset,
      group: consumerGroup,
      delayLevel,
      originMsgId: message.msgId,
      originTopic: message.topic,
      unitMode: false,
      maxReconsumeTimes,
      bname: message.brokerName,
    }
    await client.remoting.invoke(address, CONSUMER_SEND_MSG_BACK, { header }, { timeoutMs: SEND_BACK_TIMEOUT_MS })
  }

  #retryCopy(message: StoredMessage, maxReconsumeTimes: number): PreparedMessage {
    const { consumerGroup, client } = this.#options
    const topic = retryTopic(consumerGroup)
    let properties = ''
    for (const [name, value] of Object.entries(message.properties)) {
      if (!NOT_CARRIED_ON.has(name)) properties = appendProperty(properties, name, value)
    }
    properties = appendProperty(
      properties,
      PROPERTY.RETRY_TOPIC,
      message.property(PROPERTY.RETRY_TOPIC) ?? client.names.wire(message.topic),
    )
    const origin = message.property(PROPERTY.ORIGIN_MESSAGE_ID) ?? message.msgId
    properties = appendProperty(properties, PROPERTY.ORIGIN_MESSAGE_ID, origin)
    // 4.9 would hold a message that goes to the dead letters back as well, for up to 2 hours.
    if (message.reconsumeTimes < maxReconsumeTimes)
      properties = appendProperty(properties, PROPERTY.DELAY, String(FIRST_RETRY_LEVEL + message.reconsumeTimes))
    return {
      command: SEND_MESSAGE_V2,
      message: { topic, body: message.body },
      topic,
      body: message.body,
      properties,
      flag: message.flag,
      // A body that could not be inflated stays as it was, and says so.
      sysFlag: message.unreadable === undefined ? 0 : message.sysFlag & COMPRESSION_FLAGS,
      msgId: message.msgId,
      isBatch: false,
      isTimer: false,
      reconsumeTimes: message.reconsumeTimes + 1,
      maxReconsumeTimes,
    }
  }
}

/** True for what a copy can carry: a readable message, or the bytes of a body that could not be inflated. */
function isCopyable({ unreadable, sysFlag, bodyLength }: StoredMessage): boolean {
  if (unreadable === undefined) return true
  return bodyLength > 0 && (sysFlag & SYS_FLAG.COMPRESSED) !== 0 && !needsUnwrap(sysFlag)
}
