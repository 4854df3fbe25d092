import { ClientProxy, type MsPattern, type ReadPacket, type WritePacket } from '@nestjs/microservices'
import { checkedMs } from '../../client/checked-options'
import type { RocketMQError } from '../../errors'
import type { Message, MessageExt } from '../../model/message'
import { type OptionNames, checkOptions } from '../../model/option-checks'
import { Producer } from '../../producer/producer'
import type { ProducerEvents } from '../../producer/producer-stats'
import type { ProducerOptions } from '../../producer/producer-options'
import type { SendOptions } from '../../sending/send-options'
import { type Deserialize, ERROR_PROPERTY, type Serialize, fromBody, toBody } from './bodies'
import { RocketMQRecord } from './rocketmq-record'
import { routeKey, routeOf } from './route'

/** Options of a client. */
export interface RocketMQClientOptions {
  /** Of the producer that sends. */
  readonly producer: ProducerOptions
  /** How long `send` waits for a reply, ms; default 5000. */
  readonly requestTimeoutMs?: number
  /** Makes the body; default: JSON, bytes as they are. */
  readonly serialize?: Serialize
  /** Reads replies; default: JSON where it is JSON, else the text. */
  readonly deserialize?: Deserialize
}

const OPTIONS: OptionNames<RocketMQClientOptions> = {
  producer: true,
  requestTimeoutMs: true,
  serialize: true,
  deserialize: true,
}
const REQUEST_TIMEOUT_MS = 5000

/**
 * A Nest client (`ClientProxy`): `emit` resolves when a broker has stored the message, `send` when a reply has come. Patterns
 * are `'Topic'`, `'Topic:tag'` or `{ topic, tag }`; data may be a `RocketMQRecord`. It connects at its first use, or by
 * `connect()`; close it at the end.
 *
 * @example
 * const client = new RocketMQClient({ producer: { namesrvAddr: '127.0.0.1:9876', producerGroup: 'shop' } })
 * await lastValueFrom(client.emit('Orders:paid', { id: 1 }))
 * const price = await lastValueFrom(client.send('Prices', { id: 1 }))
 */
export class RocketMQClient extends ClientProxy<{ backgroundError: (error: RocketMQError) => void }> {
  readonly #options: Required<RocketMQClientOptions>
  readonly #listeners: ((error: RocketMQError) => void)[] = []
  #producer: Producer
  #started: Promise<void> | undefined
  #isClosed = false

  /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
  constructor(options: RocketMQClientOptions) {
    super()
    checkOptions(options, OPTIONS, 'the options of RocketMQClient')
    const { producer, requestTimeoutMs = REQUEST_TIMEOUT_MS, serialize = toBody, deserialize = fromBody } = options
    checkedMs('requestTimeoutMs', requestTimeoutMs)
    this.#producer = new Producer(producer)
    this.#options = { producer, requestTimeoutMs, serialize, deserialize }
  }

  /** Starts the producer, once; again where that has failed before. @throws RocketMQError as `Producer.start` */
  override connect(): Promise<void> {
    return (this.#started ??= this.#start())
  }

  /** Waits for what is in flight, and closes the connections. @throws RocketMQError SHUTDOWN_INCOMPLETE */
  override close(): Promise<void> {
    this.#isClosed = true
    return this.#producer.shutdown()
  }

  /** Has a listener told of the producer's events. */
  override on<E extends 'backgroundError'>(event: E, callback: (...args: ProducerEvents[E]) => void): void {
    this.#listeners.push(callback)
    this.#producer.on(event, callback)
  }

  /** The producer; another one after a start that failed. */
  override unwrap<T = Producer>(): T {
    return this.#producer as T
  }

  /** Asks, for `send`; the returned function gives the reply up. */
  protected override publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    const abort = new AbortController()
    this.#request(packet, abort.signal).then(
      reply => callback(this.#answer(reply)),
      (error: unknown) => callback({ err: error, isDisposed: true }),
    )
    // Whoever unsubscribes wants the reply no more.
    return () => abort.abort()
  }

  /** Sends, for `emit`; resolves with the result of the send. */
  protected override async dispatchEvent<T = unknown>(packet: ReadPacket): Promise<T> {
    const { message, options } = this.#messageOf(packet)
    return (await this.#producer.send(message, options)) as T
  }

  /** @internal */
  protected override normalizePattern(pattern: MsPattern): string {
    return routeKey(routeOf(pattern))
  }

  async #start(): Promise<void> {
    try {
      await this.#producer.start()
    } catch (error) {
      if (!this.#isClosed) this.#renew()
      throw error
    }
  }

  /** A producer whose start has failed cannot be started again. */
  #renew(): void {
    this.#producer = new Producer(this.#options.producer)
    for (const listener of this.#listeners) this.#producer.on('backgroundError', listener)
    this.#started = undefined
  }

  async #request(packet: ReadPacket, signal: AbortSignal): Promise<MessageExt> {
    const { message, options } = this.#messageOf(packet)
    return this.#producer.request(message, { timeoutMs: this.#options.requestTimeoutMs, signal, ...options })
  }

  #answer(reply: MessageExt): WritePacket {
    try {
      const data = this.#options.deserialize(reply)
      const isFailure = reply.properties[ERROR_PROPERTY] === 'true'
      return isFailure ? { err: data, isDisposed: true } : { response: data, isDisposed: true }
    } catch (error) {
      return { err: error, isDisposed: true }
    }
  }

  #messageOf({ pattern, data }: ReadPacket<unknown>): { message: Message; options: SendOptions } {
    const { topic, tag } = routeOf(pattern)
    const record = data instanceof RocketMQRecord ? data : new RocketMQRecord(data)
    const body = this.#options.serialize(record.data)
    const tags = tag === undefined ? {} : { tags: tag }
    return { message: { ...record.message, ...tags, topic, body }, options: record.options }
  }
}
