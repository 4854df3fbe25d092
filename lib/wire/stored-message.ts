import { inspect } from 'node:util'
import type { RocketMQError } from '../errors'
import type { MessageExt, MessageProperties } from '../model/message'
import { KEY_SEPARATOR, PROPERTY } from '../model/property-names'
import { SYS_FLAG } from '../model/sys-flag'
import { decodeText } from './charset'
import { hostText, readInt64 } from './int64'
import { createOffsetMsgId } from './message-id'
import { decodeProperties, findProperty } from './properties'

/** What all messages of one pull share and the records do not say. */
export interface MessageContext {
  readonly brokerName: string
  /** Added to every queue offset; not 0 for static topics only. */
  readonly offsetDelta: number
}

/**
 * Positions in a stored record (Java `MessageDecoder`); `b` and `s` are the lengths of born host and store host, 8 or 20:
 * 0 totalSize, 4 magic, 8 bodyCRC, 12 queueId, 16 flag, 20 queueOffset, 28 commitLogOffset, 36 sysFlag, 40 bornTimestamp,
 * 48 bornHost, 48+b storeTimestamp, 56+b storeHost, 56+b+s reconsumeTimes, 60+b+s preparedTransactionOffset,
 * 68+b+s bodyLength, 72+b+s body, then topic and properties.
 */
export const RECORD = {
  MAGIC: 4,
  BODY_CRC: 8,
  QUEUE_ID: 12,
  FLAG: 16,
  QUEUE_OFFSET: 20,
  COMMIT_LOG_OFFSET: 28,
  SYS_FLAG: 36,
  BORN_TIMESTAMP: 40,
  BORN_HOST: 48,
  /** Bytes before the body when both hosts are IPv4. */
  HEAD_V4: 88,
} as const

const V4_HOST_BYTES = 8
const V6_HOST_BYTES = 20

export const bornHostBytes = (sysFlag: number): number =>
  (sysFlag & SYS_FLAG.BORN_HOST_V6) === 0 ? V4_HOST_BYTES : V6_HOST_BYTES
export const storeHostBytes = (sysFlag: number): number =>
  (sysFlag & SYS_FLAG.STORE_HOST_V6) === 0 ? V4_HOST_BYTES : V6_HOST_BYTES

/** Where the variable parts of a record stand; the decoder has checked that all of them lie inside it. */
export interface RecordLayout {
  readonly start: number
  readonly end: number
  readonly bodyStart: number
  readonly bodyEnd: number
  readonly topicStart: number
  readonly topicEnd: number
}

/** A stored record as a message: a view, read where it is asked. */
export class StoredMessage implements MessageExt {
  readonly queueOffset: number
  /** Without the compressed bit once the body was inflated. */
  sysFlag: number
  reconsumeTimes: number
  /** Set where the record or its body cannot be read; the message must not reach a listener. */
  unreadable: RocketMQError | undefined
  readonly #source: Buffer
  readonly #layout: RecordLayout
  readonly #context: MessageContext
  #topic: string | undefined
  #body: Buffer | undefined
  #properties: MessageProperties | undefined
  #bornHostBytes: number
  #storeHostBytes: number

  constructor(source: Buffer, layout: RecordLayout, context: MessageContext) {
    const { start } = layout
    this.#source = source
    this.#layout = layout
    this.#context = context
    this.sysFlag = source.readInt32BE(start + RECORD.SYS_FLAG)
    this.#bornHostBytes = bornHostBytes(this.sysFlag)
    this.#storeHostBytes = storeHostBytes(this.sysFlag)
    this.queueOffset = readInt64(source, start + RECORD.QUEUE_OFFSET) + context.offsetDelta
    this.reconsumeTimes = source.readInt32BE(this.#afterHosts)
  }

  /** The topic that the listener sees: for retried messages the first one. */
  get topic(): string {
    return (this.#topic ??= this.storedTopic)
  }

  set topic(topic: string) {
    this.#topic = topic
  }

  /** The topic that the record is stored under. */
  get storedTopic(): string {
    return this.#source.toString('utf8', this.#layout.topicStart, this.#layout.topicEnd)
  }

  get body(): Buffer {
    return (this.#body ??= this.#source.subarray(this.#layout.bodyStart, this.#layout.bodyEnd))
  }

  /** Replaces the stored body by the inflated one. */
  inflated(body: Buffer): void {
    this.#body = body
    this.sysFlag &= ~SYS_FLAG.COMPRESSED
  }

  get properties(): MessageProperties {
    return (this.#properties ??= decodeProperties(
      this.#source.toString('utf8', this.#propertiesStart, this.#layout.end),
    ))
  }

  /** One property, without parsing the others. */
  property(name: string): string | undefined {
    if (this.#properties !== undefined) return this.#properties[name]
    return findProperty(this.#source, this.#propertiesStart, this.#layout.end, name)
  }

  get tags(): string | undefined {
    return this.property(PROPERTY.TAGS)
  }

  get keys(): readonly string[] {
    return (this.property(PROPERTY.KEYS) ?? '').split(KEY_SEPARATOR).filter(key => key !== '')
  }

  get msgId(): string {
    return this.property(PROPERTY.UNIQ_KEY) ?? this.offsetMsgId
  }

  get offsetMsgId(): string {
    const { start } = this.#layout
    const hostStart = start + RECORD.BORN_HOST + this.#bornHostBytes + 8
    const host = this.#source.subarray(hostStart, hostStart + this.#storeHostBytes)
    return createOffsetMsgId(
      host,
      this.#source.subarray(start + RECORD.COMMIT_LOG_OFFSET, start + RECORD.COMMIT_LOG_OFFSET + 8),
    )
  }

  get brokerName(): string {
    return this.#context.brokerName
  }

  get queueId(): number {
    return this.#source.readInt32BE(this.#layout.start + RECORD.QUEUE_ID)
  }

  get commitLogOffset(): number {
    return readInt64(this.#source, this.#layout.start + RECORD.COMMIT_LOG_OFFSET)
  }

  get bornTimestamp(): number {
    return readInt64(this.#source, this.#layout.start + RECORD.BORN_TIMESTAMP)
  }

  get bornHost(): string {
    return hostText(this.#source, this.#layout.start + RECORD.BORN_HOST, this.#bornHostBytes)
  }

  get storeTimestamp(): number {
    return readInt64(this.#source, this.#layout.start + RECORD.BORN_HOST + this.#bornHostBytes)
  }

  get storeHost(): string {
    return hostText(this.#source, this.#layout.start + RECORD.BORN_HOST + this.#bornHostBytes + 8, this.#storeHostBytes)
  }

  get flag(): number {
    return this.#source.readInt32BE(this.#layout.start + RECORD.FLAG)
  }

  get bodyCRC(): number {
    return this.#source.readInt32BE(this.#layout.start + RECORD.BODY_CRC)
  }

  get preparedTransactionOffset(): number {
    return readInt64(this.#source, this.#afterHosts + 4)
  }

  get transactionId(): string | undefined {
    return (
      this.property(PROPERTY.TRANSACTION_ID) ?? (this.property(PROPERTY.TRAN_MSG) === 'true' ? this.msgId : undefined)
    )
  }

  get delayTimeLevel(): number {
    const level = Number.parseInt(this.property(PROPERTY.DELAY) ?? '0', 10)
    return Number.isNaN(level) ? 0 : level
  }

  get shardingKey(): string | undefined {
    return this.property(PROPERTY.SHARDING_KEY)
  }

  get storeSize(): number {
    return this.#layout.end - this.#layout.start
  }

  text(encoding?: string): string {
    return decodeText(this.body, encoding)
  }

  json<T = unknown>(): T {
    return JSON.parse(this.text()) as T
  }

  copy(): StoredMessage {
    const { start, end, bodyStart, bodyEnd, topicStart, topicEnd } = this.#layout
    const layout = {
      start: 0,
      end: end - start,
      bodyStart: bodyStart - start,
      bodyEnd: bodyEnd - start,
      topicStart: topicStart - start,
      topicEnd: topicEnd - start,
    }
    const copy = new StoredMessage(Buffer.from(this.#source.subarray(start, end)), layout, this.#context)
    copy.#topic = this.#topic
    if (this.sysFlag !== copy.sysFlag) copy.inflated(Buffer.from(this.body))
    copy.reconsumeTimes = this.reconsumeTimes
    copy.unreadable = this.unreadable
    return copy
  }

  toJSON(): Record<string, unknown> {
    return { ...this.#plain(), body: this.body.toString('base64') }
  }

  [inspect.custom](): Record<string, unknown> {
    return { ...this.#plain(), body: this.body }
  }

  #plain(): Record<string, unknown> {
    const {
      topic,
      tags,
      keys,
      msgId,
      offsetMsgId,
      brokerName,
      queueId,
      queueOffset,
      commitLogOffset,
      bornTimestamp,
      bornHost,
    } = this
    const { storeTimestamp, storeHost, reconsumeTimes, flag, sysFlag, bodyCRC, preparedTransactionOffset, properties } =
      this
    return {
      topic,
      tags,
      keys,
      msgId,
      offsetMsgId,
      brokerName,
      queueId,
      queueOffset,
      commitLogOffset,
      bornTimestamp,
      bornHost,
      storeTimestamp,
      storeHost,
      reconsumeTimes,
      flag,
      sysFlag,
      bodyCRC,
      preparedTransactionOffset,
      properties: { ...properties },
    }
  }

  get #afterHosts(): number {
    return this.#layout.start + RECORD.BORN_HOST + this.#bornHostBytes + 8 + this.#storeHostBytes
  }

  get #propertiesStart(): number {
    return this.#layout.topicEnd + 2
  }
}
