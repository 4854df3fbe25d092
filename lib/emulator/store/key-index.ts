import { KEY_SEPARATOR, PROPERTY } from '../../model/property-names'
import { decodeStoredMessages } from '../../wire/stored-message-decoder'
import type { StoredMessage } from '../../wire/stored-message'
import type { CommitLog } from './commit-log'

/** What of a message a key is: the index keeps tags apart from keys and unique keys. */
export type IndexKind = 'KEY' | 'TAG'

export interface IndexQuery {
  readonly topic: string
  readonly key: string
  readonly kind: IndexKind
  /** Store times, ms since 1970 UTC, both included. */
  readonly begin: number
  readonly end: number
  /** The newest so many are found. */
  readonly maxNum: number
}

interface Posting {
  readonly offset: number
  readonly storeTime: number
}

const CONTEXT = { brokerName: '', offsetDelta: 0 } as const

/** Where the messages of a key are. Built when it is first asked for, and brought up to date at each question. */
export class KeyIndex {
  readonly #log: CommitLog
  readonly #indexesTags: boolean
  #postings = new Map<string, Posting[]>()
  /** The log is indexed from here... */
  #startOffset = 0
  /** ...up to here. */
  #nextOffset = 0
  #firstTime = 0
  /** Commit-log offset and store time of the last message that has a key. */
  last: Posting = { offset: 0, storeTime: 0 }

  constructor(log: CommitLog, indexesTags: boolean) {
    this.#log = log
    this.#indexesTags = indexesTags
  }

  /** Commit-log offsets of the newest matches, in their order. */
  find({ topic, key, kind, begin, end, maxNum }: IndexQuery): number[] {
    this.#catchUp()
    const postings = this.#postings.get(indexKey(topic, key, kind)) ?? []
    const found: number[] = []
    for (let i = postings.length - 1; i >= 0 && found.length < maxNum; i--) {
      const { offset, storeTime } = postings[i] as Posting
      const time = this.#roundedTime(storeTime)
      if (offset >= this.#log.minOffset && time >= begin && time <= end) found.push(offset)
      if (time < begin) break
    }
    return found.reverse()
  }

  /** Brokers keep times as whole seconds since the first message of the index. */
  #roundedTime(storeTime: number): number {
    return this.#firstTime + Math.floor((storeTime - this.#firstTime) / 1000) * 1000
  }

  #catchUp(): void {
    this.#forgetDropped()
    for (;;) {
      const records = this.#log.readSlab(this.#nextOffset)
      if (records === undefined || records.length === 0) return
      for (const message of decodeStoredMessages(records, CONTEXT).messages) this.#add(message)
      this.#nextOffset += records.length
    }
  }

  /** Begins anew where most of what was indexed is no longer in the log. */
  #forgetDropped(): void {
    const { minOffset, endOffset } = this.#log
    if (minOffset - this.#startOffset <= endOffset - minOffset && minOffset <= this.#nextOffset) return
    this.#postings = new Map()
    this.#startOffset = this.#nextOffset = minOffset
  }

  #add(message: StoredMessage): void {
    const { storedTopic } = message
    const uniqueKey = message.property(PROPERTY.UNIQ_KEY)
    if (uniqueKey !== undefined) this.#put(indexKey(storedTopic, uniqueKey, 'KEY'), message)
    for (const key of (message.property(PROPERTY.KEYS) ?? '').split(KEY_SEPARATOR)) {
      if (key !== '') this.#put(indexKey(storedTopic, key, 'KEY'), message)
    }
    const tags = this.#indexesTags ? message.property(PROPERTY.TAGS) : undefined
    if (tags !== undefined) this.#put(indexKey(storedTopic, tags, 'TAG'), message)
  }

  #put(key: string, message: StoredMessage): void {
    const posting = { offset: message.commitLogOffset, storeTime: message.storeTimestamp }
    if (this.#firstTime === 0) this.#firstTime = posting.storeTime
    const postings = this.#postings.get(key)
    if (postings === undefined) this.#postings.set(key, [posting])
    else postings.push(posting)
    this.last = posting
  }
}

function indexKey(topic: string, key: string, kind: IndexKind): string {
  return kind === 'TAG' ? `${topic}#T#${key}` : `${topic}#${key}`
}
