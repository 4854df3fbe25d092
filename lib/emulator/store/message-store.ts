import { type StoredRecord, encodeStoredMessage } from '../../wire/stored-message-encoder'
import { CommitLog } from './commit-log'
import { ConsumeQueue } from './consume-queue'
import { KeyIndex } from './key-index'

/** A message that has a queue but no place in it yet. */
export interface MessageToStore {
  readonly topic: string
  readonly queueId: number
  readonly flag: number
  readonly body: Uint8Array
  /** The text of all its properties. */
  readonly properties: string
  /** Java hash of its tags, 0 without. */
  readonly tagsCode: number
  readonly sysFlag: number
  readonly bornTimestamp: number
  readonly bornHost: string | Buffer
  readonly storeHost: Buffer
  readonly reconsumeTimes: number
  /** Of a committed message: where its half message is in the log. */
  readonly preparedTransactionOffset?: number | undefined
}

/** Where a message, or the first of a batch, was stored. */
export interface StoredAt {
  readonly queueOffset: number
  readonly commitLogOffset: number
  /** Bytes of the record. */
  readonly size: number
  readonly storeTimestamp: number
}

export interface MessageStoreOptions {
  readonly maxBytes: number
  readonly indexesTags: boolean
  readonly slabBytes?: number
}

/** The messages of one broker name: a log of records, and an index of it for every queue. */
export class MessageStore {
  readonly log: CommitLog
  readonly keys: KeyIndex
  readonly #queues = new Map<string, ConsumeQueue[]>()
  readonly #listeners = new Set<(queue: ConsumeQueue) => void>()

  constructor({ maxBytes, indexesTags, slabBytes }: MessageStoreOptions) {
    this.log = new CommitLog({
      maxBytes,
      onDropped: () => this.#dropIndexes(),
      ...(slabBytes === undefined ? {} : { slabBytes }),
    })
    this.keys = new KeyIndex(this.log, indexesTags)
  }

  /** Calls back after each append, with the queue; the returned function ends it. */
  onAppended(listener: (queue: ConsumeQueue) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A queue that has been written or waited for. */
  findQueue(topic: string, queueId: number): ConsumeQueue | undefined {
    return this.#queues.get(topic)?.[queueId]
  }

  /** A queue that its topic's settings allow. */
  queue(topic: string, queueId: number): ConsumeQueue {
    let queues = this.#queues.get(topic)
    if (queues === undefined) this.#queues.set(topic, (queues = []))
    return (queues[queueId] ??= new ConsumeQueue(topic, queueId))
  }

  /** Messages of all queues so far, also those that are gone. */
  get messageCount(): number {
    return this.#written().reduce((sum, { maxOffset }) => sum + maxOffset, 0)
  }

  /** When the oldest message that is still there was stored, ms since 1970. */
  get earliestStoreTime(): number | undefined {
    const filled = this.#written().filter(({ minOffset, maxOffset }) => maxOffset > minOffset)
    const oldest = filled.reduce((least, queue) => Math.min(least, queue.storeTimeOf(queue.minOffset)), Infinity)
    return filled.length === 0 ? undefined : oldest
  }

  /** Stores a message at the end of its queue. @throws RocketMQError INVALID_MESSAGE where its properties are too long */
  append(message: MessageToStore, storeTimestamp: number): StoredAt {
    const queue = this.queue(message.topic, message.queueId)
    const queueOffset = queue.maxOffset
    const commitLogOffset = this.log.endOffset
    const record = encodeStoredMessage(recordOf(message, { queueOffset, commitLogOffset, storeTimestamp }))
    this.log.append(record)
    const { tagsCode } = message
    queue.append(commitLogOffset, { size: record.length, tagsCode, storeTime: storeTimestamp })
    for (const listener of this.#listeners) listener(queue)
    return { queueOffset, commitLogOffset, size: record.length, storeTimestamp }
  }

  /** Stores messages of one queue, all or, where one cannot be encoded, none. */
  appendAll(messages: readonly MessageToStore[], storeTimestamp: number): StoredAt[] {
    const [first] = messages
    if (first === undefined) return []
    const queue = this.queue(first.topic, first.queueId)
    const records: Buffer[] = []
    const places: StoredAt[] = []
    let commitLogOffset = this.log.endOffset
    for (const message of messages) {
      const queueOffset = queue.maxOffset + places.length
      const record = encodeStoredMessage(recordOf(message, { queueOffset, commitLogOffset, storeTimestamp }))
      records.push(record)
      places.push({ queueOffset, commitLogOffset, size: record.length, storeTimestamp })
      commitLogOffset += record.length
    }
    this.log.append(Buffer.concat(records))
    places.forEach((place, i) => {
      const { tagsCode } = messages[i] as MessageToStore
      queue.append(place.commitLogOffset, { size: place.size, tagsCode, storeTime: storeTimestamp })
    })
    for (const listener of this.#listeners) listener(queue)
    return places
  }

  /** Forgets the queues of a deleted topic; a new one of that name begins at 0. The records stay in the log. */
  deleteTopic(topic: string): void {
    this.#queues.delete(topic)
  }

  #dropIndexes(): void {
    for (const queue of this.#written()) queue.dropBefore(this.log.minOffset)
  }

  /** Without the holes that lists of queues have where one was never used. */
  #written(): ConsumeQueue[] {
    return [...this.#queues.values()].flat()
  }
}

type Place = Pick<StoredRecord, 'queueOffset' | 'commitLogOffset' | 'storeTimestamp'>

/** Written out, since this runs once per message and a spread costs a microsecond. */
function recordOf(message: MessageToStore, { queueOffset, commitLogOffset, storeTimestamp }: Place): StoredRecord {
  return {
    topic: message.topic,
    body: message.body,
    properties: message.properties,
    queueId: message.queueId,
    queueOffset,
    commitLogOffset,
    sysFlag: message.sysFlag,
    bornTimestamp: message.bornTimestamp,
    bornHost: message.bornHost,
    storeTimestamp,
    storeHost: message.storeHost,
    flag: message.flag,
    reconsumeTimes: message.reconsumeTimes,
    preparedTransactionOffset: message.preparedTransactionOffset ?? 0,
  }
}
