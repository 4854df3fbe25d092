import { type CustomTransportStrategy, type MessageHandler, type MsPattern, Server } from '@nestjs/microservices'
import { type Observable, lastValueFrom } from 'rxjs'
import { type RocketMQError, asError } from '../../errors'
import type { ConsumeContext } from '../../consumer/push/message-listener'
import { PushConsumer } from '../../consumer/push/push-consumer'
import type { ConsumeOptions, PushConsumerOptions } from '../../consumer/push/push-consumer-options'
import type { MessageExt } from '../../model/message'
import { type OptionNames, checkOptions } from '../../model/option-checks'
import { PROPERTY } from '../../model/property-names'
import { Producer } from '../../producer/producer'
import type { ProducerOptions } from '../../producer/producer-options'
import type { ReplyMessage } from '../../sending/replier'
import { type Deserialize, ERROR_PROPERTY, type Serialize, fromBody, plainError, toBody } from './bodies'
import { RocketMQContext } from './rocketmq-context'
import { routeKey, routeOf, subscriptionsOf } from './route'

/** Options of a server. */
export interface RocketMQServerOptions {
  /** Of the consumer: all instances of a service have the same group. */
  readonly consumer: PushConsumerOptions
  /** How handlers are called; default: in any order, 20 at a time. */
  readonly consume?: Omit<ConsumeOptions, 'batchSize'>
  /** Of the producer that replies; default: as the consumer's, with the group's name and `-replies`. */
  readonly producer?: ProducerOptions
  /** What handlers get as their payload; default: JSON where the body is JSON, else its text. */
  readonly deserialize?: Deserialize
  /** Makes the bodies of replies; default: JSON, bytes as they are. */
  readonly serialize?: Serialize
}

const OPTIONS: OptionNames<RocketMQServerOptions> = {
  consumer: true,
  consume: true,
  producer: true,
  deserialize: true,
  serialize: true,
}

/** Names this transport in decorators: `@EventPattern('Orders', ROCKETMQ_TRANSPORT)`. */
export const ROCKETMQ_TRANSPORT = Symbol('ROCKETMQ')

/**
 * Serves the handlers of a Nest application. Patterns are `'Topic'`, `'Topic:tag'` or `{ topic, tag }`; of both that fit, the
 * one with the tag is called. An event handler that fails has its message delivered again, as by a push consumer. A message
 * handler's result, or its error, is the reply to a request; of an observable the last value.
 *
 * @example
 * const strategy = new RocketMQServer({ consumer: { namesrvAddr: '127.0.0.1:9876', consumerGroup: 'billing' } })
 * const app = await NestFactory.createMicroservice(AppModule, { strategy })
 * await app.listen()
 */
export class RocketMQServer
  extends Server<{ backgroundError: (error: RocketMQError) => void }>
  implements CustomTransportStrategy
{
  /** Tells handlers of this transport from those of others. */
  override readonly transportId: symbol = ROCKETMQ_TRANSPORT
  readonly #consumer: PushConsumer
  readonly #producer: Producer
  readonly #consume: Omit<ConsumeOptions, 'batchSize'>
  readonly #deserialize: Deserialize
  readonly #serialize: Serialize

  /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER */
  constructor(options: RocketMQServerOptions) {
    super()
    checkOptions(options, OPTIONS, 'the options of RocketMQServer')
    const { consumer, consume = {}, producer, deserialize = fromBody, serialize = toBody } = options
    this.#consumer = new PushConsumer(consumer)
    this.#producer = new Producer(producer ?? replyingAs(consumer))
    this.#consume = consume
    this.#deserialize = deserialize
    this.#serialize = serialize
    // Nest sets another one where it wants to know.
    this.onProcessingEndHook = () => undefined
  }

  /** Subscribes to what the handlers want, and starts; `callback` gets the error where that fails. */
  override listen(callback: (error?: unknown) => void): void {
    this.#start().then(() => callback(), callback)
  }

  /** Waits for the handlers that run, and closes the connections. @throws RocketMQError SHUTDOWN_INCOMPLETE */
  override async close(): Promise<void> {
    try {
      await this.#consumer.shutdown()
    } finally {
      await this.#producer.shutdown()
    }
  }

  /** Has a listener told of the consumer's failures in the background. */
  override on<E extends 'backgroundError'>(event: E, callback: (error: RocketMQError) => void): void {
    this.#consumer.on(event, callback)
  }

  /** The consumer, such as for its `health()` and `stats()`. */
  override unwrap<T = PushConsumer>(): T {
    return this.#consumer as T
  }

  /** @internal */
  protected override normalizePattern(pattern: MsPattern): string {
    return routeKey(routeOf(pattern))
  }

  async #start(): Promise<void> {
    const handlers = this.getHandlers()
    const routes = Array.from(handlers.keys(), routeOf)
    for (const [topic, expression] of subscriptionsOf(routes)) this.#consumer.subscribe(topic, expression)
    const take = (message: MessageExt, context: ConsumeContext): Promise<void> => this.#take(message, context)
    const { ordered = 'none' } = this.#consume
    if (ordered === 'none') this.#consumer.consumeEach({ ...this.#consume, ordered }, take)
    else this.#consumer.consumeEach({ ...this.#consume, ordered }, take)
    if (Array.from(handlers.values()).some(({ isEventHandler }) => isEventHandler !== true))
      await this.#producer.start()
    await this.#consumer.start()
  }

  /** Ends when the handler has ended; what it rejects with fails the message. */
  async #take(message: MessageExt, consumed: ConsumeContext): Promise<void> {
    const { topic, tags: tag } = message
    const handlers = this.getHandlers()
    const handler = handlers.get(routeKey({ topic, tag })) ?? handlers.get(topic)
    if (handler === undefined) {
      this.logger.error(`no handler for tag ${tag ?? '(none)'} of topic ${topic}: the message is passed over`)
      return
    }
    const context = new RocketMQContext([message, consumed])
    await new Promise<void>((resolve, reject) => {
      const done = (): Promise<void> => this.#handle(handler, message, context).then(resolve, reject)
      this.onProcessingStartHook(this.transportId, context, done)
    })
  }

  async #handle(handler: MessageHandler, message: MessageExt, context: RocketMQContext): Promise<void> {
    const isRequest = handler.isEventHandler !== true && message.properties[PROPERTY.REPLY_TO_CLIENT] !== undefined
    try {
      const result = await this.#run(handler, message, context).then(
        value => ({ data: value, isFailure: false }),
        (error: unknown) => {
          if (!isRequest) throw failureOf(error)
          return { data: plainError(error), isFailure: true }
        },
      )
      if (isRequest) await this.#reply(message, result)
    } finally {
      this.onProcessingEndHook(this.transportId, context)
    }
  }

  async #run(handler: MessageHandler, message: MessageExt, context: RocketMQContext): Promise<unknown> {
    const result: unknown = await handler(this.#deserialize(message), context)
    const values: Observable<unknown> = this.transformToObservable(result)
    return lastValueFrom(values, { defaultValue: undefined })
  }

  /** Whoever asked may be gone: to handle the request again would not help. */
  async #reply(request: MessageExt, outcome: Outcome): Promise<void> {
    try {
      await this.#producer.reply(request, this.#replyOf(outcome))
    } catch (error) {
      this.logger.error(`the reply to message ${request.msgId} of ${request.topic} failed: ${asError(error).message}`)
    }
  }

  /** A result that cannot be told is a failure that can: whoever asked would wait in vain. */
  #replyOf({ data, isFailure }: Outcome): ReplyMessage {
    if (isFailure) return { body: this.#serialize(data), properties: { [ERROR_PROPERTY]: 'true' } }
    try {
      return { body: this.#serialize(data) }
    } catch (error) {
      return this.#replyOf({ data: plainError(error), isFailure: true })
    }
  }
}

/** What a handler gave, or why it failed. */
interface Outcome {
  readonly data: unknown
  readonly isFailure: boolean
}

/** Filters of Nest make plain objects of errors. */
function failureOf(error: unknown): Error {
  const { message } = (error ?? {}) as { message?: unknown }
  return typeof message === 'string' && !(error instanceof Error)
    ? new Error(message, { cause: error })
    : asError(error)
}

/** The same servers and credentials; what is special of consumers says nothing to a producer. */
function replyingAs({ consumerGroup, ...options }: PushConsumerOptions): ProducerOptions {
  const { namesrvAddr, namespace, namespaceV2, requestTimeoutMs, connectTimeoutMs, ...rest } = options
  const { pollNameServerIntervalMs, heartbeatBrokerIntervalMs, credentials, tls, vipChannelEnabled } = rest
  const servers = { namesrvAddr, namespace, namespaceV2, requestTimeoutMs, connectTimeoutMs }
  const times = { pollNameServerIntervalMs, heartbeatBrokerIntervalMs }
  const { logger, metrics, rpcInterceptors, advanced } = rest
  const own = { logger, metrics, rpcInterceptors, advanced }
  const all = { ...servers, ...times, credentials, tls, vipChannelEnabled, ...own }
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  return { ...given, producerGroup: `${consumerGroup}-replies` }
}
