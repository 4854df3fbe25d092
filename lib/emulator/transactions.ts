import type { CHECK_TRANSACTION_STATE, END_TRANSACTION } from '../commands/transaction'
import type { RequestOf } from '../commands/command'
import { PROPERTY } from '../model/property-names'
import { SYS_FLAG, withTransactionValue } from '../model/sys-flag'
import { TRANS_CHECK_MAX_TIME_TOPIC, TRANS_HALF_TOPIC, TRANS_OP_HALF_TOPIC } from '../model/system-topics'
import type { Clock } from '../runtime/clock'
import { hostBytes } from '../wire/host-address'
import type { StoredMessage } from '../wire/stored-message'
import { encodeStoredMessage } from '../wire/stored-message-encoder'
import type { Generation } from './generation'
import type { IncomingMessage, MessageWriter } from './message-writer'
import { JavaException, NO_REMARK, refusal } from './refusal'
import type { ConsumeQueue } from './store/consume-queue'
import type { MessageStore, StoredAt } from './store/message-store'
import type { Topics } from './topics'

/** Settings of the broker by the same names. */
export interface TransactionSettings {
  readonly transactionTimeOutMs: number
  readonly transactionCheckMax: number
}

export interface TransactionsOptions extends TransactionSettings {
  readonly clock: Clock
  readonly generation: Generation
  readonly store: MessageStore
  readonly writer: MessageWriter
  readonly topics: Topics
}

/** Hands a question to one of the producers of a group. */
export type AskProducer = (group: string, question: RequestOf<typeof CHECK_TRANSACTION_STATE>) => void

/** Half messages older than this are given up (`fileReservedTime`). */
const GIVEN_UP_AFTER_MS = 72 * 3_600_000
/** Tag of the records that mark half messages as done. */
const REMOVE_TAG = 'd'

/**
 * Half messages, and what becomes of them (Java `TransactionalMessageServiceImpl`): a check reads the half topic from
 * where the last one stopped, passes those that were ended, and stores every other one again before it asks its
 * producers, so that a half message has new offsets after each check.
 */
export class Transactions {
  readonly #options: TransactionsOptions
  /** Offset in the half topic that the next check begins at. */
  #next = 0
  /** Offsets of half messages that were ended and that no check has passed yet. */
  readonly #ended = new Set<number>()

  constructor(options: TransactionsOptions) {
    this.#options = options
  }

  /** Stores a message where consumers do not see it. */
  prepare(message: IncomingMessage): StoredAt {
    const { writer, generation } = this.#options
    const { properties, sysFlag, topic, queueId } = message
    const uniqueKey = properties[PROPERTY.UNIQ_KEY]
    if (generation.transactions.namesTransaction && uniqueKey !== undefined)
      properties[PROPERTY.TRANSACTION_ID] = uniqueKey
    properties[PROPERTY.REAL_TOPIC] = topic
    properties[PROPERTY.REAL_QID] = String(queueId)
    const flag = withTransactionValue(sysFlag, 0)
    return writer.put({ ...message, topic: TRANS_HALF_TOPIC, queueId: 0, sysFlag: flag, dropsWait: false })
  }

  /**
   * Commits or rolls back.
   * @throws BrokerError where there is no such half message, or it is not the producer's to end, or not any more
   */
  end(header: RequestOf<typeof END_TRANSACTION>['header']): void {
    const half = this.#options.writer.find(header.commitLogOffset)
    if (half === undefined) throw refusal('SYSTEM_ERROR', 'Find prepared transaction message failed')
    this.#checkTime(half, header)
    checkEnd(half, header)
    if (header.commitOrRollback === SYS_FLAG.TRANSACTION_COMMIT) this.#deliver(half)
    if (half.storedTopic === TRANS_HALF_TOPIC) this.#remove(half)
  }

  /** One round: asks about what has been open for too long. */
  check(ask: AskProducer): void {
    const queue = this.#options.store.findQueue(TRANS_HALF_TOPIC, 0)
    if (queue === undefined) return
    const startedAt = this.#options.clock.now()
    this.#next = Math.max(this.#next, queue.minOffset)
    for (const offset of this.#ended) if (offset < this.#next) this.#ended.delete(offset)
    // What is stored again meanwhile is for the next round.
    for (const end = queue.maxOffset; this.#next < end; this.#next++) {
      if (this.#ended.delete(this.#next)) continue
      if (!this.#checkOne(queue, { startedAt, ask })) return
    }
  }

  /** False where this one, and so all after it, are too young. */
  #checkOne(queue: ConsumeQueue, { startedAt, ask }: { startedAt: number; ask: AskProducer }): boolean {
    const { writer, transactionCheckMax } = this.#options
    const half = writer.find(queue.positionOf(this.#next))
    if (half === undefined) return true
    const times = Number(half.property(PROPERTY.TRANSACTION_CHECK_TIMES) ?? 0)
    const age = startedAt - half.bornTimestamp
    if (times >= transactionCheckMax || age > GIVEN_UP_AFTER_MS) {
      this.#giveUp(half)
      return true
    }
    const properties = { ...half.properties, [PROPERTY.TRANSACTION_CHECK_TIMES]: String(times + 1) }
    if (half.storeTimestamp >= startedAt) return false
    const immunity = half.property(PROPERTY.CHECK_IMMUNITY_TIME_IN_SECONDS)
    if (age >= 0 && age <= this.#immunityMs(immunity)) return immunity !== undefined && this.#postpone(half, properties)
    const stored = this.#storeAgain(half, properties)
    ask(half.property(PROPERTY.PGROUP) ?? '', this.#question(half, { properties, stored }))
    return true
  }

  /** Stores one that must not be asked about yet again, with the offset that its producer knows. */
  #postpone(half: StoredMessage, properties: Record<string, string>): true {
    const prepared = half.property(PROPERTY.TRAN_PREPARED_QUEUE_OFFSET)
    if (prepared !== undefined && this.#ended.delete(Number(prepared))) return true
    properties[PROPERTY.TRAN_PREPARED_QUEUE_OFFSET] = prepared ?? String(half.queueOffset)
    this.#storeAgain(half, properties)
    return true
  }

  #question(
    half: StoredMessage,
    { properties, stored }: { properties: Readonly<Record<string, string>>; stored: StoredAt },
  ): RequestOf<typeof CHECK_TRANSACTION_STATE> {
    const { writer, generation } = this.#options
    const { queueOffset, commitLogOffset } = stored
    const again = writer.find(commitLogOffset) ?? half
    const msgId = half.property(PROPERTY.UNIQ_KEY)
    const record = {
      ...recordOf(half),
      topic: half.property(PROPERTY.REAL_TOPIC) ?? '',
      queueId: Number(half.property(PROPERTY.REAL_QID) ?? 0),
      // The real one sets WAIT for its own sake on the way.
      properties: writer.propertiesText({ ...properties, [PROPERTY.WAIT]: 'false' }),
      queueOffset,
      commitLogOffset,
      storeTimestamp: half.storeTimestamp,
    }
    const ids = { msgId, transactionId: msgId, offsetMsgId: again.offsetMsgId }
    const offsets = { tranStateTableOffset: queueOffset, commitLogOffset }
    const place = generation.transactions.checkNamesTopic ? { topic: TRANS_HALF_TOPIC } : {}
    return { header: { ...offsets, ...ids, ...place }, body: encodeStoredMessage(record) }
  }

  #checkTime(half: StoredMessage, { fromTransactionCheck }: RequestOf<typeof END_TRANSACTION>['header']): void {
    const immunity = half.property(PROPERTY.CHECK_IMMUNITY_TIME_IN_SECONDS)
    const { generation, clock, transactionTimeOutMs } = this.#options
    if (!generation.transactions.refusesLateEnds || fromTransactionCheck === true || immunity === undefined) return
    const immunityMs = Math.max(this.#immunityMs(immunity), transactionTimeOutMs)
    if (clock.now() - half.bornTimestamp > immunityMs) throw refusal('ILLEGAL_OPERATION', NO_REMARK)
  }

  #immunityMs(seconds: string | undefined): number {
    const value = Number(seconds ?? -1)
    return Number.isSafeInteger(value) && value !== -1 ? value * 1000 : this.#options.transactionTimeOutMs
  }

  #deliver(half: StoredMessage): void {
    const { writer, generation } = this.#options
    const { storedTopic, sysFlag, commitLogOffset } = half
    const properties = { ...half.properties }
    const topic = properties[PROPERTY.REAL_TOPIC] ?? storedTopic
    const queueId = Number(properties[PROPERTY.REAL_QID] ?? 0)
    if (!generation.transactions.keepsPlace) {
      delete properties[PROPERTY.REAL_TOPIC]
      delete properties[PROPERTY.REAL_QID]
    }
    writer.put({
      ...recordOf(half),
      topic,
      queueId,
      properties,
      sysFlag: withTransactionValue(sysFlag, SYS_FLAG.TRANSACTION_COMMIT),
      preparedTransactionOffset: commitLogOffset,
    })
  }

  /** Marks a half message as done, for those who look at the topic of such marks, too. */
  #remove({ queueOffset, storeHost }: StoredMessage): void {
    const { writer, clock, topics, generation } = this.#options
    this.#ended.add(queueOffset)
    topics.ensure(TRANS_OP_HALF_TOPIC, 1)
    const host = hostBytes(storeHost)
    writer.put({
      topic: TRANS_OP_HALF_TOPIC,
      queueId: 0,
      flag: 0,
      body: Buffer.from(`${queueOffset}${generation.transactions.opSeparator}`),
      properties: { [PROPERTY.TAGS]: REMOVE_TAG },
      sysFlag: 0,
      bornTimestamp: clock.now(),
      bornHost: host,
      storeHost: host,
      reconsumeTimes: 0,
    })
  }

  /** The real one forgets the flag on the way, too. */
  #storeAgain(half: StoredMessage, properties: Record<string, string>): StoredAt {
    const forgotten = { flag: 0, reconsumeTimes: 0 }
    return this.#options.writer.put({
      ...recordOf(half),
      ...forgotten,
      properties,
      topic: TRANS_HALF_TOPIC,
      queueId: 0,
    })
  }

  #giveUp(half: StoredMessage): void {
    const { topicName } = this.#options.topics.ensure(TRANS_CHECK_MAX_TIME_TOPIC, 1)
    const properties = { ...half.properties }
    this.#options.writer.put({ ...recordOf(half), properties, topic: topicName, queueId: 0 })
  }
}

/** What all copies of a half message have in common. */
function recordOf(half: StoredMessage): Omit<IncomingMessage, 'topic' | 'queueId' | 'properties'> {
  const { flag, body, sysFlag, bornTimestamp, bornHost, reconsumeTimes } = half
  return { flag, body, sysFlag, bornTimestamp, bornHost, storeHost: hostBytes(half.storeHost), reconsumeTimes }
}

function checkEnd(half: StoredMessage, header: RequestOf<typeof END_TRANSACTION>['header']): void {
  const group = half.property(PROPERTY.PGROUP)
  if (group === undefined) throw new JavaException('java.lang.NullPointerException: "pgroupRead" is null')
  if (group !== header.producerGroup) throw refusal('SYSTEM_ERROR', 'The producer group wrong')
  if (half.queueOffset !== header.tranStateTableOffset)
    throw refusal('SYSTEM_ERROR', 'The transaction state table offset wrong')
}
