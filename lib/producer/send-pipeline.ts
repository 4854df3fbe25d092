import { RocketMQError, asError } from '../errors'
import type { Message } from '../model/message'
import type { SendResult } from '../model/results'
import type { Clock } from '../runtime/clock'
import { BatchError, checkOneShardingKey, joinResults, prepareBatch } from '../sending/batch'
import {
  AutoBatcher,
  type AutoBatcherOptions,
  type AutoBatchSettings,
  type BatchForm,
  mayShareBatch,
} from '../sending/auto-batcher'
import type { InFlightLimit, Patience } from '../sending/in-flight-limit'
import {
  type CompressionSettings,
  type PrepareOptions,
  type PreparedMessage,
  compressed,
  prepareMessage,
} from '../sending/prepared-message'
import { beforeSending, sendFailure } from '../sending/send-failure'
import { type SendOptions, checkSendOptions } from '../sending/send-options'
import type { SendCallback, Sender } from '../sending/sender'

export interface SendPipelineOptions extends PrepareOptions, CompressionSettings {
  readonly clock: Clock
  /** Set where single sends share batches. */
  readonly autoBatch?: AutoBatchSettings | undefined
  /** Tells where a message of a shared batch has to go. */
  readonly router: Pick<Sender, 'wantedQueue'>
  readonly sender: Pick<Sender, 'send' | 'sendAsync' | 'sendOneway' | 'now'>
  readonly inFlight: InFlightLimit
  /** Limit of a send that brings none of its own, ms. */
  readonly sendTimeoutMs: number
  /** Bodies of at least this many bytes are compressed. */
  readonly compressMsgBodyOverHowmuch: number
}

/** Makes of a message what travels instead of it. */
export type AdjustMessage = (prepared: PreparedMessage) => PreparedMessage

/** What a user cannot say of a send. */
export interface SendManner {
  readonly adjust?: AdjustMessage
  /** It waits its turn as long as that takes; its own time begins then. */
  readonly isPatient?: boolean
}

/** From the user's message to the sender: checks and encodes it, bounds what is in flight, compresses large bodies. */
export class SendPipeline {
  readonly #options: SendPipelineOptions

  readonly #batcher: AutoBatcher | undefined

  constructor(options: SendPipelineOptions) {
    this.#options = options
    if (options.autoBatch === undefined) return
    const send: AutoBatcherOptions['send'] = (prepared, target, { mode, settle }) => {
      if (mode === 'ASYNC') this.#sendPreparedAsync(prepared, target, settle)
      else this.#sendPrepared(prepared, target).then(result => settle(undefined, result), failing(settle))
    }
    this.#batcher = new AutoBatcher({ ...options, ...options.autoBatch, send })
  }

  /** Nothing is waited for where there is room, the body is small and the route is known. Throws for a wrong message. */
  send(message: Message, options: SendOptions, manner?: SendManner): Promise<SendResult> {
    const prepared = this.#prepare(message, options)
    if (manner?.adjust !== undefined) return this.#sendPrepared(manner.adjust(prepared), options, manner)
    if (this.#batcher !== undefined) return this.#sendShared(prepared, options, manner)
    return this.#sendPrepared(prepared, options, manner)
  }

  /** Sends the messages as one batch, or as several one after another where they are too large for one. */
  async sendBatch(messages: readonly Message[], options: SendOptions, manner?: SendManner): Promise<SendResult> {
    const parts = beforeSending(() => this.#prepareBatch(messages, options))
    // A shutdown between two parts waits for the rest.
    const done = this.#options.inFlight.hold()
    try {
      return await this.#sendParts(parts, options, manner)
    } finally {
      done()
    }
  }

  /** The callback form: where there is no room it fails at once. Every failure goes to the callback. */
  sendAsync(message: Message, options: SendOptions, callback: SendCallback): void {
    try {
      const prepared = this.#prepare(message, options)
      if (!this.#tryShare(prepared, options, { mode: 'ASYNC', settle: callback }))
        this.#sendPreparedAsync(prepared, options, callback)
    } catch (error) {
      callback(asError(error), undefined)
    }
  }

  /** Sends what waits for others to share its batch. */
  flush(): void {
    this.#batcher?.flush()
  }

  /** Resolves when the operating system has taken the bytes. */
  async sendOneway(message: Message, options: SendOptions): Promise<void> {
    const { sender, inFlight } = this.#options
    const prepared = this.#prepare(message, options)
    const bytes = prepared.body.length
    const rest = this.#rest(options)
    if (!inFlight.tryEnter(bytes)) await this.#enter(prepared, rest())
    try {
      const ready = this.#isLarge(prepared) ? await this.#compressed(prepared) : prepared
      if (options.signal?.aborted === true) throw options.signal.reason
      await sender.sendOneway(ready, rest())
    } catch (error) {
      // What happens when it leaves tells of itself.
      throw sendFailure(error, 'NO', options.signal)
    } finally {
      inFlight.leave(bytes)
    }
  }

  async #sendParts(
    parts: readonly PreparedMessage[],
    options: SendOptions,
    manner: SendManner | undefined,
  ): Promise<SendResult> {
    const results: SendResult[] = []
    for (const part of parts) {
      try {
        results.push(await this.#sendPrepared(part, options, manner))
      } catch (error) {
        if (results.length === 0) throw error
        throw partlySent(asError(error), results, parts.length)
      }
    }
    return joinResults(results)
  }

  #prepare(message: Message, options: SendOptions): PreparedMessage {
    try {
      checkSendOptions(options)
      return prepareMessage(withShardingKey(message, options), this.#options)
    } catch (error) {
      throw sendFailure(error, 'NO')
    }
  }

  #prepareBatch(messages: readonly Message[], options: SendOptions): PreparedMessage[] {
    checkSendOptions(options)
    const keyed = messages.map(message => withShardingKey(message, options))
    if (options.queue === undefined && options.selector === undefined) checkOneShardingKey(keyed)
    return prepareBatch(keyed, this.#options)
  }

  async #enter({ body, messages }: PreparedMessage, patience: Patience): Promise<void> {
    try {
      await this.#options.inFlight.enter(body.length, patience, messages?.length)
    } catch (error) {
      throw sendFailure(error, 'NO', patience.signal)
    }
  }

  #sendPrepared(prepared: PreparedMessage, options: SendOptions, manner?: SendManner): Promise<SendResult> {
    const { sender, inFlight } = this.#options
    const bytes = prepared.body.length
    if (this.#isLarge(prepared) || !inFlight.tryEnter(bytes, prepared.messages?.length))
      return this.#sendLater(prepared, options, manner)
    return sender.send(prepared, options, () => inFlight.leave(bytes))
  }

  #sendPreparedAsync(prepared: PreparedMessage, options: SendOptions, callback: SendCallback): void {
    const { sender, inFlight } = this.#options
    try {
      const bytes = prepared.body.length
      if (!inFlight.tryEnter(bytes, prepared.messages?.length)) throw inFlight.refusal(prepared.topic)
      const settle: SendCallback = (error, result) => {
        inFlight.leave(bytes)
        callback(error, result)
      }
      if (!this.#isLarge(prepared)) sender.sendAsync(prepared, options, settle)
      else {
        const rest = this.#rest(options)
        this.#compressed(prepared).then(
          ready => sender.sendAsync(ready, rest(), settle),
          (error: unknown) => settle(asError(error), undefined),
        )
      }
    } catch (error) {
      callback(asError(error), undefined)
    }
  }

  /** The result of this message alone, whose batch is sent when it is full or the time has come. */
  #sendShared(prepared: PreparedMessage, options: SendOptions, manner: SendManner | undefined): Promise<SendResult> {
    return new Promise((resolve, reject) => {
      const settle: SendCallback = (error, result) => (result === undefined ? reject(asError(error)) : resolve(result))
      if (!this.#tryShare(prepared, options, { mode: 'SYNC', settle }))
        this.#sendPrepared(prepared, options, manner).then(resolve, reject)
    })
  }

  #tryShare(prepared: PreparedMessage, options: SendOptions, form: BatchForm): boolean {
    const { message } = prepared
    if (this.#batcher === undefined || !mayShareBatch(message, options) || !this.#batcher.fits(prepared)) return false
    const queue = this.#options.router.wantedQueue(message, options)
    if (queue === 'UNKNOWN') return false
    const isByKey = options.queue === undefined && options.selector === undefined
    this.#batcher.add({ prepared, queue, isByKey, ...form })
    return true
  }

  async #sendLater(
    prepared: PreparedMessage,
    options: SendOptions,
    { isPatient = false }: SendManner = {},
  ): Promise<SendResult> {
    const { sender, inFlight } = this.#options
    const bytes = prepared.body.length
    const limited = isPatient ? undefined : this.#rest(options)
    await this.#enter(prepared, limited?.() ?? { timeoutMs: undefined, signal: options.signal })
    const rest = limited ?? this.#rest(options)
    try {
      const ready = this.#isLarge(prepared) ? await this.#compressed(prepared) : prepared
      return await sender.send(ready, rest())
    } finally {
      inFlight.leave(bytes)
    }
  }

  /** The options with the time that is left of the send, which begins now: waiting and compressing count. */
  #rest(options: SendOptions): () => SendOptions & { readonly timeoutMs: number } {
    const { sender, sendTimeoutMs } = this.#options
    const endsAt = sender.now() + (options.timeoutMs ?? sendTimeoutMs)
    return () => ({ ...options, timeoutMs: Math.max(0, endsAt - sender.now()) })
  }

  #isLarge({ body, isBatch }: PreparedMessage): boolean {
    return !isBatch && body.length >= this.#options.compressMsgBodyOverHowmuch
  }

  async #compressed(prepared: PreparedMessage): Promise<PreparedMessage> {
    try {
      return await compressed(prepared, this.#options)
    } catch (error) {
      throw sendFailure(error, 'NO')
    }
  }
}

function failing(settle: SendCallback): (error: unknown) => void {
  return error => settle(asError(error), undefined)
}

/** A sharding key given with the send is stored with the message, as if it had been one of its fields. */
function withShardingKey(message: Message, { shardingKey }: SendOptions): Message {
  return shardingKey === undefined ? message : { ...message, shardingKey }
}

function partlySent(cause: Error, results: readonly SendResult[], parts: number): BatchError {
  const sentMessages = results.reduce((sum, { msgId }) => sum + msgId.split(',').length, 0)
  const says = `${results.length} of ${parts} parts of the batch (${sentMessages} messages) were sent, then: ${cause.message}`
  const sent = RocketMQError.is(cause) ? cause.sent : undefined
  return new BatchError(says, results, sentMessages, { cause, ...(sent === undefined ? {} : { sent }) })
}
