import { RocketMQError } from '../errors'
import { type DelayLevelTable, delayMsOf } from '../model/delay-level'
import { parseJavaInteger } from '../model/java-text'
import { isRetryTopic } from '../model/names'
import { PROPERTY } from '../model/property-names'
import { tagsCode } from '../model/subscription'
import { SYS_FLAG, transactionValue } from '../model/sys-flag'
import { SCHEDULE_TOPIC } from '../model/system-topics'
import { MAX_TOPIC_LENGTH } from '../model/validators'
import type { Clock } from '../runtime/clock'
import type { StoredMessage } from '../wire/stored-message'
import { decodeStoredMessages } from '../wire/stored-message-decoder'
import { encodeProperties } from '../wire/properties'
import { hostBytes } from '../wire/host-address'
import { DelayedDelivery } from './delayed-delivery'
import type { Generation } from './generation'
import { JavaException, refusal } from './refusal'
import type { Schedule } from './schedule'
import type { MessageStore, MessageToStore, StoredAt } from './store/message-store'
import { timerOutAt } from './timer'

/** A message on its way into the store; its properties may still change. */
export interface IncomingMessage {
  readonly topic: string
  readonly queueId: number
  readonly flag: number
  readonly body: Uint8Array
  readonly properties: Record<string, string>
  readonly sysFlag: number
  readonly bornTimestamp: number
  readonly bornHost: string | Buffer
  readonly storeHost: Buffer
  readonly reconsumeTimes: number
  /** A WAIT property is not stored, unless the message has a delay. */
  readonly dropsWait?: boolean
  /** Of a committed message: where its half message is in the log. */
  readonly preparedTransactionOffset?: number
}

export interface MessageWriterOptions {
  readonly clock: Clock
  readonly schedule: Schedule
  readonly generation: Generation
  readonly store: MessageStore
  readonly delayLevels: DelayLevelTable
  /** Largest body, bytes. */
  readonly maxMessageSize: number
}

const TIMER_TOPIC = 'rmq_sys_wheel_timer'
/** The timer wheel delivers what is in a slot of a second when that second is over. */
const TIMER_SLOT_MS = 1000
const CONTEXT = { brokerName: '', offsetDelta: 0 } as const

/** Puts messages into the store, and those with a delay first into the topic where they wait for their time. */
export class MessageWriter {
  readonly delayed: DelayedDelivery
  readonly #options: MessageWriterOptions
  /** Unique keys of timer messages that are not to be delivered. */
  readonly #recalled = new Set<string>()

  constructor(options: MessageWriterOptions) {
    this.#options = options
    const { clock, schedule } = options
    this.delayed = new DelayedDelivery({ clock, schedule, deliver: offset => this.#deliver(offset) })
  }

  /** @throws BrokerError MESSAGE_ILLEGAL where it or the name of its topic is too large, or its timer is wrong */
  put(message: IncomingMessage): StoredAt {
    const { generation, clock } = this.#options
    this.checkBody(message.body)
    if (message.topic.length > MAX_TOPIC_LENGTH && !isRetryTopic(message.topic)) throw this.illegal()
    const plain = transactionValue(message.sysFlag)
    const mayWait = plain === 0 || plain === SYS_FLAG.TRANSACTION_COMMIT
    if (!mayWait) return this.#storeNow(message)
    if (generation.sends.timers) {
      const dueAt = timerOutAt(message.properties, clock.now())
      if (dueAt !== undefined) return this.#parkTimer(message, dueAt)
    }
    const level = delayLevelOf(message)
    if (level <= 0) return this.#storeNow(message)
    return this.#parkAtLevel(message, level)
  }

  /** Stores the messages of a batch, which have no delay, all or none. @throws BrokerError MESSAGE_ILLEGAL */
  putBatch(messages: readonly MessageToStore[]): StoredAt[] {
    try {
      return this.#options.store.appendAll(messages, this.#options.clock.now())
    } catch (error) {
      throw this.#asRefusal(error)
    }
  }

  /** @throws BrokerError MESSAGE_ILLEGAL */
  checkBody(body: Uint8Array): void {
    if (this.isTooLarge(body)) throw this.illegal()
  }

  isTooLarge(body: Uint8Array): boolean {
    return body.length > this.#options.maxMessageSize
  }

  /** The answer to what is too large or otherwise against the rules. */
  illegal(): Error {
    return refusal(
      'MESSAGE_ILLEGAL',
      `the message is illegal, maybe msg body or properties length not matched. msg body length limit ${this.#options.maxMessageSize}B, msg properties length limit 32KB.`,
    )
  }

  /** Text of properties in the manner of the generation. */
  propertiesText(properties: Readonly<Record<string, string>>): string {
    const text = encodeProperties(properties)
    return this.#options.generation.properties.lastSeparator || text === '' ? text : text.slice(0, -1)
  }

  /** The stored message at a commit-log offset, its body as it was sent. */
  find(commitLogOffset: number): StoredMessage | undefined {
    const record = this.#options.store.log.readRecord(commitLogOffset)
    return record === undefined ? undefined : decodeStoredMessages(record, CONTEXT).messages[0]
  }

  /** A recall stays for longer than what it recalls. */
  #parkTimer(message: IncomingMessage, dueAt: number): StoredAt {
    const recalled = message.properties[PROPERTY.TIMER_DEL_UNIQKEY]
    if (recalled !== undefined) this.#recalled.add(recalled)
    const slots = recalled === undefined ? 1 : 2
    return this.#park(message, { topic: TIMER_TOPIC, queueId: 0 }, dueAt + slots * TIMER_SLOT_MS)
  }

  #parkAtLevel(message: IncomingMessage, wanted: number): StoredAt {
    const { delayLevels, clock } = this.#options
    const level = Math.min(wanted, delayLevels.maxLevel)
    message.properties[PROPERTY.DELAY] = String(level)
    const place = { topic: SCHEDULE_TOPIC, queueId: level - 1 }
    return this.#park(message, place, clock.now() + delayMsOf(delayLevels, level))
  }

  #park(message: IncomingMessage, place: { topic: string; queueId: number }, dueAt: number): StoredAt {
    message.properties[PROPERTY.REAL_TOPIC] = message.topic
    message.properties[PROPERTY.REAL_QID] = String(message.queueId)
    const stored = this.#store({ ...message, ...place }, message.properties)
    this.delayed.add(stored.commitLogOffset, dueAt)
    return stored
  }

  #storeNow(message: IncomingMessage): StoredAt {
    const { properties, dropsWait = false } = message
    return this.#store(message, dropsWait ? withoutWait(properties) : properties)
  }

  #store(message: IncomingMessage, properties: Readonly<Record<string, string>>): StoredAt {
    return this.#append({
      topic: message.topic,
      queueId: message.queueId,
      flag: message.flag,
      body: message.body,
      properties: this.propertiesText(properties),
      tagsCode: tagsCode(properties[PROPERTY.TAGS]),
      sysFlag: message.sysFlag,
      bornTimestamp: message.bornTimestamp,
      bornHost: message.bornHost,
      storeHost: message.storeHost,
      reconsumeTimes: message.reconsumeTimes,
      preparedTransactionOffset: message.preparedTransactionOffset,
    })
  }

  #append(message: MessageToStore): StoredAt {
    try {
      return this.#options.store.append(message, this.#options.clock.now())
    } catch (error) {
      throw this.#asRefusal(error)
    }
  }

  /** What the record's encoder refuses is illegal in the broker's words. */
  #asRefusal(error: unknown): unknown {
    return RocketMQError.is(error) && error.code === 'INVALID_MESSAGE' ? this.illegal() : error
  }

  /** Whether a timer message was recalled, or is the recall itself, which waits until that would have been delivered. */
  #isRecalled(waiting: StoredMessage): boolean {
    const key = waiting.property(PROPERTY.TIMER_DEL_UNIQKEY)
    if (key !== undefined) {
      this.#recalled.delete(key)
      return true
    }
    return waiting.storedTopic === TIMER_TOPIC && this.#recalled.has(waiting.property(PROPERTY.UNIQ_KEY) ?? '')
  }

  /** Moves a message that has waited long enough to where it was meant to go, with all its properties. */
  #deliver(commitLogOffset: number): void {
    const waiting = this.find(commitLogOffset)
    const topic = waiting?.property(PROPERTY.REAL_TOPIC)
    if (waiting === undefined || topic === undefined || this.#isRecalled(waiting)) return
    const { generation, clock } = this.#options
    const properties = { ...waiting.properties }
    if (waiting.storedTopic === TIMER_TOPIC && generation.sends.timers) {
      properties[PROPERTY.TIMER_ENQUEUE_MS] = String(waiting.storeTimestamp)
      properties[PROPERTY.TIMER_DEQUEUE_MS] = String(clock.now())
    }
    const { flag, body, sysFlag, bornTimestamp, bornHost, reconsumeTimes } = waiting
    this.#append({
      topic,
      queueId: Number(waiting.property(PROPERTY.REAL_QID) ?? 0),
      flag,
      body,
      properties: this.propertiesText(properties),
      tagsCode: tagsCode(properties[PROPERTY.TAGS]),
      sysFlag,
      bornTimestamp,
      bornHost,
      storeHost: hostBytes(waiting.storeHost),
      reconsumeTimes,
    })
  }
}

function withoutWait(properties: Readonly<Record<string, string>>): Record<string, string> {
  const kept = { ...properties }
  delete kept[PROPERTY.WAIT]
  return kept
}

/** Java throws where it is no number; so does this. */
function delayLevelOf({ properties }: IncomingMessage): number {
  const text = properties[PROPERTY.DELAY]
  if (text === undefined) return 0
  const level = parseJavaInteger(text)
  if (level === undefined) throw new JavaException(`java.lang.NumberFormatException: For input string: "${text}"`)
  return level
}
