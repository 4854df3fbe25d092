import { inspect } from 'node:util'
import type { RocketMQError } from '../errors'
import type { MessageExt, MessageProperties } from '../model/message'
import { KEY_SEPARATOR, PROPERTY } from '../model/property-names'
import { SYS_FLAG } from '../model/sys-flag'
import { decodeText } from './charset'
import { hostText } from './host-address'
import { int32At } from './int32'
import { readInt64, readLong } from './int64'
import { createOffsetMsgId } from './message-id'
import { decodeProperties, findProperty } from './properties'
import { BEFORE_BODY, bornHostBytes, layoutFromZero, RECORD, type RecordLayout, storeHostBytes } from './record-layout'

/** What all messages of one pull share and the records do not say. */
export interface MessageContext {
  readonly brokerName: string
  /** Added to every queue offset; not 0 for static topics only. */
  readonly offsetDelta: number
  /** In place of the stored one; for static topics only. */
  readonly queueId?: number
  /** The group that popped them: to any other one their receipt handles are of no use. */
  readonly poppedBy?: string
  /** True for messages out of an inner batch, which are not stored each by itself. */
  readonly inner?: boolean
}

/** A stored record as a message: a view, read where it is asked. */
export class StoredMessage implements MessageExt {
  /** Of a message of a lite topic that in the queue of the lite topic. */
  queueOffset: number
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
  /** Properties that the record does not hold. */
  #added: Readonly<Record<string, string>> | undefined

  constructor(source: Buffer, layout: RecordLayout, context: MessageContext) {
    const { start } = layout
    this.#source = source
    this.#layout = layout
    this.#context = context
    this.sysFlag = int32At(source, start + RECORD.SYS_FLAG)
    this.queueOffset = readInt64(source, start + RECORD.QUEUE_OFFSET) + context.offsetDelta
    this.reconsumeTimes = int32At(source, layout.bodyStart - BEFORE_BODY.RECONSUME_TIMES)
  }

  /** The topic that the listener sees: for retried messages the first one. */
  get topic(): string {
    return (this.#topic ??= this.storedTopic)
  }

  set topic(topic: string) {
    this.#topic = topic
  }

  /** The group that popped it; undefined where it was pulled. */
  get poppedBy(): string | undefined {
    return this.#context.poppedBy
  }

  /** The topic that the record is stored under. */
  get storedTopic(): string {
    return this.#source.toString('utf8', this.#layout.topicStart, this.#layout.topicEnd)
  }

  get body(): Buffer {
    return (this.#body ??= this.#source.subarray(this.#layout.bodyStart, this.#layout.bodyEnd))
  }

  /** Bytes of the body, without making a view of it. */
  get bodyLength(): number {
    return this.#body?.length ?? this.#layout.bodyEnd - this.#layout.bodyStart
  }

  /** Replaces the stored body by the inflated one. */
  inflated(body: Buffer): void {
    this.#body = body
    this.sysFlag &= ~SYS_FLAG.COMPRESSED
  }

  get properties(): MessageProperties {
    return (this.#properties ??= Object.assign(decodeProperties(this.#propertiesText), this.#added))
  }

  /** Gives the message a property that is not in its record, or another value than is. */
  setProperty(name: string, value: string): void {
    this.#added = { ...this.#added, [name]: value }
    this.#properties = undefined
  }

  /** One property, without parsing the others. */
  property(name: string): string | undefined {
    if (this.#properties !== undefined) return this.#properties[name]
    if (this.#added !== undefined && Object.hasOwn(this.#added, name)) return this.#added[name]
    return findProperty(this.#source, this.#layout.propertiesStart, this.#layout.propertiesEnd, name)
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
    const offsetStart = this.#layout.start + RECORD.COMMIT_LOG_OFFSET
    const host = this.#source.subarray(this.#storeHostStart, this.#layout.bodyStart - BEFORE_BODY.RECONSUME_TIMES)
    return createOffsetMsgId(host, this.#source.subarray(offsetStart, offsetStart + 8))
  }

  get brokerName(): string {
    return this.#context.brokerName
  }

  get queueId(): number {
    return this.#context.queueId ?? this.#source.readInt32BE(this.#layout.start + RECORD.QUEUE_ID)
  }

  get commitLogOffset(): number {
    return readInt64(this.#source, this.#layout.start + RECORD.COMMIT_LOG_OFFSET)
  }

  get bornTimestamp(): number {
    return readInt64(this.#source, this.#layout.start + RECORD.BORN_TIMESTAMP)
  }

  get bornHost(): string {
    return hostText(this.#source, this.#layout.start + RECORD.BORN_HOST, bornHostBytes(this.sysFlag))
  }

  get storeTimestamp(): number {
    return readInt64(this.#source, this.#storeHostStart - 8)
  }

  get storeHost(): string {
    return hostText(this.#source, this.#storeHostStart, storeHostBytes(this.sysFlag))
  }

  get flag(): number {
    return this.#source.readInt32BE(this.#layout.start + RECORD.FLAG)
  }

  get bodyCRC(): number {
    return this.#source.readInt32BE(this.#layout.start + RECORD.BODY_CRC)
  }

  get preparedTransactionOffset(): number {
    return readInt64(this.#source, this.#layout.bodyStart - BEFORE_BODY.PREPARED_TRANSACTION_OFFSET)
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

  /** True for one of several messages that are stored as one record. */
  get isOfInnerBatch(): boolean {
    return this.#context.inner === true
  }

  get storeSize(): number {
    return this.isOfInnerBatch ? 0 : this.#layout.end - this.#layout.start
  }

  text(encoding?: string): string {
    return decodeText(this.body, encoding)
  }

  json<T = unknown>(): T {
    return JSON.parse(this.text()) as T
  }

  copy(): StoredMessage {
    const { start, end } = this.#layout
    const copy = new StoredMessage(
      Buffer.from(this.#source.subarray(start, end)),
      layoutFromZero(this.#layout),
      this.#context,
    )
    copy.#topic = this.#topic
    copy.#added = this.#added
    copy.queueOffset = this.queueOffset
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
    const { topic, tags, keys, msgId, offsetMsgId, brokerName, queueId, queueOffset, bornHost } = this
    const { storeHost, reconsumeTimes, flag, sysFlag, bodyCRC, properties } = this
    return {
      topic,
      tags,
      keys,
      msgId,
      offsetMsgId,
      brokerName,
      queueId,
      queueOffset,
      commitLogOffset: this.#plainInt64(this.#layout.start + RECORD.COMMIT_LOG_OFFSET),
      bornTimestamp: this.#plainInt64(this.#layout.start + RECORD.BORN_TIMESTAMP),
      bornHost,
      storeTimestamp: this.#plainInt64(this.#storeHostStart - 8),
      storeHost,
      reconsumeTimes,
      flag,
      sysFlag,
      bodyCRC,
      preparedTransactionOffset: this.#plainInt64(this.#layout.bodyStart - BEFORE_BODY.PREPARED_TRANSACTION_OFFSET),
      properties: { ...properties },
    }
  }

  /** Text where a number cannot hold it: to look at an unreadable message must not fail. */
  #plainInt64(at: number): number | string {
    const value = readLong(this.#source, at)
    return Number.isSafeInteger(value.toNumber()) ? value.toNumber() : value.toString()
  }

  get #storeHostStart(): number {
    return this.#layout.bodyStart - BEFORE_BODY.RECONSUME_TIMES - storeHostBytes(this.sysFlag)
  }

  get #propertiesText(): string {
    return this.#source.toString('utf8', this.#layout.propertiesStart, this.#layout.propertiesEnd)
  }
}
