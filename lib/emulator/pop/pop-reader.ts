import { isRetryTopic } from '../../model/names'
import { PROPERTY } from '../../model/property-names'
import { hostBytes } from '../../wire/host-address'
import { buildExtraInfo, retryFlagOf } from '../../wire/pop-extra-info'
import { type OffsetInfoEntry, orderCountKey } from '../../wire/pop-offset-info'
import type { StoredMessage } from '../../wire/stored-message'
import { decodeStoredMessages } from '../../wire/stored-message-decoder'
import { encodeStoredMessage } from '../../wire/stored-message-encoder'
import type { BrokerState } from '../broker-state'
import type { ConsumeQueue } from '../store/consume-queue'
import { type MessageFilter, type ReadResult, readMessages } from '../store/read-messages'
import { popOffset } from './pop-offset'

/** What is to be popped, and on what terms. */
export interface PopTerms {
  /** The topic whose name the messages have in the answer. */
  readonly topic: string
  readonly group: string
  readonly maxMsgNums: number
  readonly invisibleTime: number
  readonly initMode: number
  readonly order: boolean
  readonly attemptId: string | undefined
  readonly filter: MessageFilter | undefined
  readonly popTime: number
  readonly reviveQid: number
}

/** Takes messages out of queues for one pop (Java `PopMessageProcessor.popMsgFromQueue`), and keeps what its answer tells. */
export class PopReader {
  readonly records: Uint8Array[] = []
  readonly starts: OffsetInfoEntry<number>[] = []
  readonly offsets: OffsetInfoEntry<readonly number[]>[] = []
  readonly counts: OffsetInfoEntry<number>[] = []
  /** How many messages are left in the queues that were looked at. */
  restNum = 0
  /** True where messages were passed over that the filter does not want: there may be wanted ones behind them. */
  hasSkipped = false
  readonly #state: BrokerState
  readonly #terms: PopTerms
  #count = 0

  constructor(state: BrokerState, terms: PopTerms) {
    this.#state = state
    this.#terms = terms
  }

  get isFull(): boolean {
    return this.#count >= this.#terms.maxMsgNums
  }

  /** The same of all queues of a topic, where it exists, beginning with one that `random` tells. */
  takeTopic(topic: string, random: number): void {
    const queues = this.#state.topics.get(topic)?.readQueueNums ?? 0
    for (let i = 0; i < queues; i++) this.take(topic, (queues - 1 - i + random) % queues)
  }

  /** Takes what the queue of this topic has, as long as there is room. */
  take(topic: string, queueId: number): void {
    const { group, initMode, order, attemptId } = this.#terms
    const { pops, offsets, store } = this.#state
    const queue = store.queue(topic, queueId)
    if (pops.checkpoints.isFull && !order) return
    const from = popOffset(this.#state, { topic, group, queueId }, initMode)
    if (order && pops.orders.isBlocked({ topic, group, queueId }, attemptId)) return
    if (this.isFull) {
      this.restNum += queue.maxOffset - from
      return
    }
    let result = this.#read(queue, from)
    if (result.status === 'OFFSET_TOO_SMALL' || result.status === 'OFFSET_OVERFLOW_BADLY') {
      offsets.commit(group, topic, { queueId, offset: result.nextBeginOffset })
      result = this.#read(queue, result.nextBeginOffset)
    }
    this.restNum += result.maxOffset - result.nextBeginOffset
    if (result.body !== undefined) this.#found(queue, from, result)
    else if (result.status === 'NO_MATCHED_MESSAGE') this.#skipped(queue, result)
  }

  #read(queue: ConsumeQueue, offset: number): ReadResult {
    const { maxMsgNums, filter } = this.#terms
    return readMessages(this.#state.store.log, queue, { offset, maxMsgNums: maxMsgNums - this.#count, filter })
  }

  #skipped({ topic, queueId }: ConsumeQueue, { nextBeginOffset }: ReadResult): void {
    this.hasSkipped = true
    this.#state.offsets.commit(this.#terms.group, topic, { queueId, offset: nextBeginOffset })
  }

  #found({ topic, queueId }: ConsumeQueue, from: number, { body, nextBeginOffset }: ReadResult): void {
    const context = { brokerName: this.#state.brokerName, offsetDelta: 0 }
    const { messages } = decodeStoredMessages(Buffer.from(body as Uint8Array), context)
    const found = messages.map(({ queueOffset }) => queueOffset)
    this.#count += found.length
    if (this.#terms.order) this.#lock({ topic, queueId }, from, found)
    else this.#hide({ topic, queueId }, { from, nextBeginOffset }, found)
    const retry = retryFlagOf(topic)
    this.starts.push({ retry, queue: queueId, value: from })
    this.offsets.push({ retry, queue: queueId, value: found })
    if (isRetryTopic(topic)) for (const message of messages) this.records.push(this.#underItsTopic(message, from))
    else this.records.push(body as Uint8Array)
  }

  #hide(
    { topic, queueId }: { topic: string; queueId: number },
    { from, nextBeginOffset }: { from: number; nextBeginOffset: number },
    offsets: readonly number[],
  ): void {
    const { group, popTime, invisibleTime } = this.#terms
    const { brokerName } = this.#state
    const place = { topic, group, queueId, startOffset: from, popTime, brokerName }
    this.#state.pops.checkpoints.add({ ...place, invisibleTime, offsets, suspend: false })
    this.#state.offsets.commit(group, topic, { queueId, offset: nextBeginOffset })
  }

  #lock({ topic, queueId }: { topic: string; queueId: number }, from: number, offsets: readonly number[]): void {
    const { group, attemptId, popTime, invisibleTime } = this.#terms
    const info = this.#state.pops.orders.update(
      { topic, group, queueId },
      { attemptId, popTime, invisibleTime, offsets },
    )
    const retry = retryFlagOf(topic)
    for (const [offset, value] of info.consumedCounts)
      this.counts.push({ retry, queue: orderCountKey(queueId, offset), value })
    this.counts.push({ retry, queue: queueId, value: info.leastCount })
    this.#state.offsets.commit(group, topic, { queueId, offset: from })
  }

  /** Brokers show a retried message under its first topic, and give it its receipt handle, which then nobody could make. */
  #underItsTopic(message: StoredMessage, ckQueueOffset: number): Uint8Array {
    const { topic, popTime, invisibleTime, reviveQid } = this.#terms
    const { brokerName, writer } = this.#state
    const { queueId, queueOffset } = message
    const retry = retryFlagOf(message.storedTopic)
    const place = { ckQueueOffset, popTime, invisibleTime, reviveQid, retry, brokerName, queueId, queueOffset }
    const properties = { [PROPERTY.POP_CK]: buildExtraInfo(place), ...message.properties }
    return encodeStoredMessage({
      topic,
      body: message.body,
      properties: writer.propertiesText(properties),
      queueId,
      queueOffset,
      commitLogOffset: message.commitLogOffset,
      sysFlag: message.sysFlag,
      bornTimestamp: message.bornTimestamp,
      bornHost: hostBytes(message.bornHost),
      storeTimestamp: message.storeTimestamp,
      storeHost: hostBytes(message.storeHost),
      flag: message.flag,
      reconsumeTimes: message.reconsumeTimes,
      preparedTransactionOffset: message.preparedTransactionOffset,
      bodyCRC: message.bodyCRC,
    })
  }
}
