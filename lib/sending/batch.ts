import { SEND_BATCH_MESSAGE } from '../commands/send'
import { RocketMQError, type ErrorOptions } from '../errors'
import type { Message } from '../model/message'
import { checkBatch, checkBodySize, checkMessage } from '../model/message-rules'
import { PROPERTY } from '../model/property-names'
import type { SendResult, SendStatus } from '../model/results'
import { type BatchEntry, batchEntryBytes, encodeBatchBody } from '../wire/batch-body'
import { appendProperty } from '../wire/properties'
import { type PrepareOptions, type PreparedMessage, encodeBody, propertiesText } from './prepared-message'

/** A split batch failed after some of its parts were sent. */
export class BatchError extends RocketMQError {
  /** Name of the class, as stack traces show it. */
  override readonly name = 'BatchError'
  /** Results of the parts that were sent, in order; the messages after them were not sent, or their fate is unknown. */
  readonly results: readonly SendResult[]
  /** How many messages the sent parts held. */
  readonly sentMessages: number

  constructor(message: string, results: readonly SendResult[], sentMessages: number, options: ErrorOptions) {
    super('BATCH_PARTLY_SENT', message, options)
    this.results = results
    this.sentMessages = sentMessages
  }
}

/** A message of a batch. */
export interface Entry extends BatchEntry {
  readonly message: Message
  readonly msgId: string
}

/**
 * Checks and encodes messages of one topic as one batch, or as several where one would be larger than `maxMessageSize`.
 * @throws RocketMQError INVALID_MESSAGE, INVALID_TOPIC
 */
export function prepareBatch(messages: readonly Message[], options: PrepareOptions): PreparedMessage[] {
  for (const message of messages) checkMessage(message)
  checkBatch(messages)
  const parts: PreparedMessage[] = []
  let entries: Entry[] = []
  let bytes = 0
  for (const message of messages) {
    const entry = entryOf(message, options)
    const size = batchEntryBytes(entry)
    checkBodySize(message.topic, size, options.maxMessageSize)
    if (bytes + size > options.maxMessageSize) {
      parts.push(batchOf(entries))
      entries = []
      bytes = 0
    }
    entries.push(entry)
    bytes += size
  }
  parts.push(batchOf(entries))
  return parts
}

/**
 * Refuses messages of several sharding keys: a batch goes to one queue, so all but one of the keys would lose their order.
 * @throws RocketMQError INVALID_MESSAGE
 */
export function checkOneShardingKey(messages: readonly Message[]): void {
  const keys = new Set(messages.map(message => (message as Message | undefined)?.shardingKey ?? ''))
  if (keys.size < 2) return
  const says =
    'the batch cannot be sent, its messages have several sharding keys: make a batch of each, or give a queue'
  throw new RocketMQError('INVALID_MESSAGE', says, { sent: 'NO' })
}

function entryOf(message: Message, options: PrepareOptions): Entry {
  const body = encodeBody(message)
  checkBodySize(message.topic, body.length, options.maxMessageSize)
  const msgId = options.uniqueIds.next()
  return { message, flag: message.flag ?? 0, body, properties: propertiesText(message, msgId), msgId }
}

/** Messages of one topic, which must be small enough, as one batch; prepared ones fit. */
export function batchOf(entries: readonly Entry[]): PreparedMessage {
  const messages = entries.map(entry => entry.message)
  const message = messages[0] as Message
  return {
    command: SEND_BATCH_MESSAGE,
    message,
    messages,
    topic: message.topic,
    body: encodeBatchBody(entries),
    // No UNIQ_KEY here: brokers of 4.9 give the properties of the batch to each of its messages.
    properties: appendProperty('', PROPERTY.WAIT, String(message.waitStoreMsgOK ?? true)),
    flag: 0,
    sysFlag: 0,
    msgId: entries.map(({ msgId }) => msgId).join(','),
    isBatch: true,
    isTimer: false,
    reconsumeTimes: 0,
  }
}

/** From weak to strong: a split batch is as durable as its weakest part. */
const WEAKEST_FIRST: readonly SendStatus[] = [
  'SPOOLED',
  'SLAVE_NOT_AVAILABLE',
  'FLUSH_SLAVE_TIMEOUT',
  'FLUSH_DISK_TIMEOUT',
  'SEND_OK',
]

/** One result for a batch that was split: the parts' ids joined, the first part's place, the weakest status. */
export function joinResults(results: readonly SendResult[]): SendResult {
  const [first] = results
  if (first === undefined) throw new RocketMQError('INVALID_MESSAGE', 'the batch is empty')
  if (results.length === 1) return first
  return {
    ...first,
    sendStatus: WEAKEST_FIRST.find(status => results.some(result => result.sendStatus === status)) ?? first.sendStatus,
    msgId: results.map(result => result.msgId).join(','),
    offsetMsgId: results.map(result => result.offsetMsgId).join(','),
    results,
  }
}
