import type { Message } from '../model/message'
import type { MessageQueue } from '../model/message-queue'
import { isRetryTopic } from '../model/names'
import type { SendResult } from '../model/results'
import type { Clock, Timer } from '../runtime/clock'
import { MAX_PROPERTIES_BYTES, batchEntryBytes } from '../wire/batch-body'
import { batchOf } from './batch'
import type { InFlightLimit } from './in-flight-limit'
import type { PreparedMessage } from './prepared-message'
import type { SendMode, SendOptions } from './send-options'
import type { SendCallback } from './sender'

/**
 * Brokers add properties of their own to those of each message, and refuse the whole batch where those of one become too
 * long: a message that may be too much for them must not take others along.
 */
const ADDED_PROPERTIES_BYTES = 1024

/** Bounds of what is gathered; names as Java's. */
export interface AutoBatchSettings {
  readonly batchMaxDelayMs: number
  readonly batchMaxBytes: number
  readonly totalBatchMaxBytes: number
}

export interface AutoBatcherOptions extends AutoBatchSettings {
  readonly clock: Clock
  readonly inFlight: Pick<InFlightLimit, 'hold'>
  /** Larger ones go alone: a batch has to fit a message. */
  readonly maxMessageSize: number
  /** Bodies that would be compressed go alone: batches never are. */
  readonly compressMsgBodyOverHowmuch: number
  /** Sends one message or a batch. */
  readonly send: (prepared: PreparedMessage, options: SendOptions, form: BatchForm) => void
}

/** How what was gathered is sent. */
export interface BatchForm {
  readonly mode: SendMode
  readonly settle: SendCallback
}

/** One message that may wait for others. */
export interface BatchedSend extends BatchForm {
  readonly prepared: PreparedMessage
  /** The queue that its sender wants, if it wants one. */
  readonly queue: MessageQueue | undefined
  /** That is the one of its sharding key, which may be another one when the batch is sent. */
  readonly isByKey: boolean
}

interface OpenBatch {
  readonly key: string
  readonly mode: SendMode
  /** Undefined also where the sharding key of its messages tells it. */
  readonly queue: MessageQueue | undefined
  readonly messages: PreparedMessage[]
  readonly settlers: SendCallback[]
  readonly timer: Timer
  /** Bytes of the bodies, and of all entries as they travel. */
  bodyBytes: number
  entryBytes: number
  /** Tells that a shutdown need not wait for it any more. */
  readonly done: () => void
}

/**
 * True where a message may share a batch as far as it and its options tell: what has a delay, a priority, a limit of its
 * own or a retry topic goes alone.
 */
export function mayShareBatch(message: Message, { timeoutMs, signal }: SendOptions): boolean {
  const { delayTimeLevel = 0, delayMs = 0, deliverAt, priority } = message
  const isOrdinary = delayTimeLevel <= 0 && delayMs <= 0 && deliverAt === undefined && priority === undefined
  return isOrdinary && timeoutMs === undefined && signal === undefined && !isRetryTopic(message.topic)
}

/** Gathers messages of single sends into batches of the same topic, queue, tag, `waitStoreMsgOK` and form (Java `ProduceAccumulator`). */
export class AutoBatcher {
  readonly #options: AutoBatcherOptions
  readonly #open = new Map<string, OpenBatch>()
  /** Bytes of bodies that were taken and not been answered. */
  #heldBytes = 0

  constructor(options: AutoBatcherOptions) {
    this.#options = options
  }

  /** Whether a message is small enough, and there is room for it; it has to go alone else. */
  fits(prepared: PreparedMessage): boolean {
    const { totalBatchMaxBytes, compressMsgBodyOverHowmuch, maxMessageSize } = this.#options
    if (Buffer.byteLength(prepared.properties) > MAX_PROPERTIES_BYTES - ADDED_PROPERTIES_BYTES) return false
    if (prepared.body.length >= compressMsgBodyOverHowmuch || batchEntryBytes(prepared) > maxMessageSize) return false
    return this.#heldBytes < totalBatchMaxBytes
  }

  /** Takes a message that fits, which waits for others. */
  add(send: BatchedSend): void {
    const { prepared, queue, isByKey, mode, settle } = send
    const { batchMaxBytes, maxMessageSize } = this.#options
    const bytes = prepared.body.length
    const entryBytes = batchEntryBytes(prepared)
    const key = keyOf(send)
    let batch = this.#open.get(key)
    if (batch !== undefined && batch.entryBytes + entryBytes > maxMessageSize) {
      this.#close(batch)
      batch = undefined
    }
    batch ??= this.#openBatch(key, isByKey ? undefined : queue, mode)
    batch.messages.push(prepared)
    batch.settlers.push(settle)
    batch.bodyBytes += bytes
    batch.entryBytes += entryBytes
    this.#heldBytes += bytes
    if (batch.bodyBytes > batchMaxBytes) this.#close(batch)
  }

  /** Sends what was gathered so far. */
  flush(): void {
    for (const batch of [...this.#open.values()]) this.#close(batch)
  }

  #openBatch(key: string, queue: MessageQueue | undefined, mode: SendMode): OpenBatch {
    const { clock, batchMaxDelayMs, inFlight } = this.#options
    const batch: OpenBatch = {
      key,
      mode,
      queue,
      messages: [],
      settlers: [],
      timer: clock.after(batchMaxDelayMs, () => this.#close(batch)),
      bodyBytes: 0,
      entryBytes: 0,
      done: inFlight.hold(),
    }
    this.#open.set(key, batch)
    return batch
  }

  #close(batch: OpenBatch): void {
    const { key, messages, queue, mode, timer, done } = batch
    timer.cancel()
    this.#open.delete(key)
    const settle: SendCallback = (error, result) => {
      this.#heldBytes -= batch.bodyBytes
      tellEach(batch, error, result)
      done()
    }
    const [first] = messages as [PreparedMessage]
    const prepared = messages.length === 1 ? first : batchOf(messages)
    this.#options.send(prepared, queue === undefined ? {} : { queue }, { mode, settle })
  }
}

/** Neither topics, tags nor names of brokers hold the separator. */
function keyOf({ prepared: { message }, queue, isByKey, mode }: BatchedSend): string {
  const { topic, tags = '', waitStoreMsgOK = true } = message
  const place = queue === undefined ? '' : `${queue.brokerName}\u0001${queue.queueId}\u0001${isByKey}`
  return `${mode}\u0001${topic}\u0001${waitStoreMsgOK}\u0001${place}\u0001${tags}`
}

function tellEach({ messages, settlers }: OpenBatch, error: Error | undefined, result: SendResult | undefined): void {
  const results = result === undefined ? [] : resultsOf(result, messages)
  settlers.forEach((settle, i) => settle(error, results[i]))
}

/** Brokers answer a batch once: the ids of all, and where the first one stands. */
function resultsOf(result: SendResult, messages: readonly PreparedMessage[]): SendResult[] {
  const offsetMsgIds = result.offsetMsgId.split(',')
  const isEach = offsetMsgIds.length === messages.length
  return messages.map(({ msgId }, i) => ({
    ...result,
    msgId,
    offsetMsgId: isEach ? (offsetMsgIds[i] as string) : result.offsetMsgId,
    // A queue that stores a batch whole has one id for it, and counts its messages all the same.
    // Of messages of an outbox none is known.
    queueOffset: result.sendStatus === 'SPOOLED' ? result.queueOffset : result.queueOffset + i,
  }))
}
