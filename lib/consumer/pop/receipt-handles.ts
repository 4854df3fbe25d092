import { isLmq } from '../../model/names'
import { parseJavaInteger } from '../../model/java-text'
import { PROPERTY } from '../../model/property-names'
import { ExtraInfoParts, type RetryFlag, buildExtraInfo, retryFlagOf } from '../../wire/pop-extra-info'
import {
  type OffsetInfo,
  offsetInfoKey,
  orderCountKey,
  parseMsgOffsetInfo,
  parseOrderCountInfo,
  parseStartOffsetInfo,
} from '../../wire/pop-offset-info'
import type { StoredMessage } from '../../wire/stored-message'
import type { PopQuestion, PopReply } from './pop-reply'

/** Messages of light queues name all their queues in one property and the offsets there in another. */
const LMQ_SEPARATOR = ','

/** Where a popped message stands. */
interface Place {
  readonly retry: RetryFlag
  readonly queueId: number
  readonly queueOffset: number
}

/** Makes the receipt handles of the messages of one pop, as Java's client does. */
export class ReceiptHandles {
  readonly #header: PopReply['header']
  readonly #question: PopQuestion
  readonly #starts: OffsetInfo<number> | undefined
  readonly #offsets: OffsetInfo<readonly number[]> | undefined
  readonly #counts: OffsetInfo<number> | undefined

  /** @throws RocketMQError PROTOCOL_ERROR, UNSAFE_INTEGER where the header cannot be read */
  constructor(header: PopReply['header'], question: PopQuestion) {
    this.#header = header
    this.#question = question
    this.#starts = parseStartOffsetInfo(header.startOffsetInfo)
    this.#offsets = parseMsgOffsetInfo(header.msgOffsetInfo)
    this.#counts = question.order ? parseOrderCountInfo(header.orderCountInfo) : undefined
  }

  /** Gives each message its handle; those of queues that the header does not name are left out and counted in `without`. */
  attach(messages: readonly StoredMessage[]): { readonly withHandle: StoredMessage[]; readonly without: number } {
    const found = this.#foundOffsets(messages)
    const firsts = new Map<string, number>()
    const withHandle = messages.filter(message => {
      const handle = this.#starts === undefined ? this.#ofOldBroker(message, firsts) : this.#handle(message, found)
      if (handle === undefined) return false
      message.setProperty(PROPERTY.POP_CK, handle)
      if (message.property(PROPERTY.FIRST_POP_TIME) === undefined)
        message.setProperty(PROPERTY.FIRST_POP_TIME, String(this.#header.popTime))
      return true
    })
    return { withHandle, without: messages.length - withHandle.length }
  }

  /** The offsets of the messages by queue, in the order of the answer: that of the offsets in the header. */
  #foundOffsets(messages: readonly StoredMessage[]): OffsetInfo<readonly number[]> {
    const found = new Map<string, number[]>()
    for (const message of messages) {
      const { retry, queueId, queueOffset } = this.#placeOf(message)
      const key = offsetInfoKey(this.#flagInHandle(message) ?? retry, queueId)
      const offsets = found.get(key)
      if (offsets === undefined) found.set(key, [queueOffset])
      else offsets.push(queueOffset)
    }
    return found
  }

  /** Brokers give retried messages their handle themselves, as they show them under the topic that was popped. */
  #flagInHandle(message: StoredMessage): string | undefined {
    const handle = message.property(PROPERTY.POP_CK)
    return handle === undefined ? undefined : new ExtraInfoParts(handle).all[4]
  }

  #handle(message: StoredMessage, found: OffsetInfo<readonly number[]>): string | undefined {
    const given = message.property(PROPERTY.POP_CK)
    if (given !== undefined) return given
    const place = this.#placeOf(message)
    const key = offsetInfoKey(place.retry, place.queueId)
    const start = this.#starts?.get(key)
    if (start === undefined) return undefined
    const { retry, queueId, queueOffset } = place
    const count =
      this.#counts?.get(offsetInfoKey(retry, orderCountKey(queueId, queueOffset))) ?? this.#counts?.get(key) ?? 0
    if (count > 0) message.reconsumeTimes = count
    return this.#build({ ...place, queueOffset: this.#offsetOf(queueOffset, key, found) }, start)
  }

  /**
   * The offset by which the broker knows the message: in a static topic another than the one stored with it. The header says
   * one for a whole inner batch; then, and where messages are missing, each keeps its own.
   */
  #offsetOf(queueOffset: number, key: string, found: OffsetInfo<readonly number[]>): number {
    const told = this.#offsets?.get(key) ?? []
    const own = found.get(key) ?? []
    return (told.length === own.length ? told[own.indexOf(queueOffset)] : undefined) ?? queueOffset
  }

  /** A broker that does not say where its pop began: with the first message of each queue. */
  #ofOldBroker(message: StoredMessage, firsts: Map<string, number>): string {
    const place = { ...this.#placeOf(message), queueId: message.queueId, queueOffset: message.queueOffset }
    const key = `${message.storedTopic} ${place.queueId}`
    const first = firsts.get(key) ?? place.queueOffset
    firsts.set(key, first)
    return this.#build({ ...place, retry: retryFlagOf(message.storedTopic) }, first)
  }

  #build(place: Place, ckQueueOffset: number): string {
    const { popTime, invisibleTime, reviveQid } = this.#header
    const { brokerName } = this.#question
    return buildExtraInfo({ ckQueueOffset, popTime, invisibleTime, reviveQid, brokerName, ...place })
  }

  #placeOf(message: StoredMessage): Place {
    const lmqOffset = this.#lmqOffset(message)
    if (lmqOffset !== undefined) return { retry: '0', queueId: 0, queueOffset: lmqOffset }
    const { queueId, queueOffset } = message
    return { retry: retryFlagOf(message.storedTopic), queueId, queueOffset }
  }

  /** The offset in the light queue that was popped, for a message that was not retried; such a queue has the number 0. */
  #lmqOffset(message: StoredMessage): number | undefined {
    const { topic } = this.#question
    if (!isLmq(topic) || message.reconsumeTimes !== 0) return undefined
    const queues = message.property(PROPERTY.INNER_MULTI_DISPATCH)?.split(LMQ_SEPARATOR) ?? []
    const offsets = message.property(PROPERTY.INNER_MULTI_QUEUE_OFFSET)?.split(LMQ_SEPARATOR) ?? []
    const offset = parseJavaInteger(offsets[queues.indexOf(topic)] ?? '')
    return Number.isSafeInteger(offset) ? offset : undefined
  }
}
