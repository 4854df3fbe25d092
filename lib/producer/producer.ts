import type { ClientInstance } from '../client/client-instance'
import { CALL_OPTIONS, checkCallOptions } from '../client/checked-options'
import { ClientMember } from '../client/client-member'
import type { ProducerMember } from '../client/member'
import { resolveClientOptions } from '../client/resolve-client-options'
import type { StartOptions } from '../client/start-member'
import type { MetricReading } from '../client/telemetry/metrics'
import { RocketMQError, asError } from '../errors'
import type { Message, MessageExt } from '../model/message'
import type { MessageQueue } from '../model/message-queue'
import type { SendResult } from '../model/results'
import { checkTopic } from '../model/validators'
import type { CallOptions } from '../remoting/remoting-client'
import { withDeadline } from '../runtime/deadline'
import { InFlightLimit } from '../sending/in-flight-limit'
import { beforeSending } from '../sending/send-failure'
import { Replier, type ReplyMessage, type ReplyOptions } from '../sending/replier'
import type { SendOptions } from '../sending/send-options'
import { Sender } from '../sending/sender'
import { UniqueIds } from '../wire/unique-id'
import { type ProducerOptions, type ResolvedProducerOptions, resolveProducerOptions } from './producer-options'
import { type StartedOutbox, openOutbox } from './outbox/start-outbox'
import { Recalls } from './recalls'
import { Requests } from './request/requests'
import { type SendInterceptorContext, intercept, isBatch, sendIntercepted } from './send-interceptor'
import type { ProducerEvents, ProducerStats } from './producer-stats'
import { type SendAllOptions, type SendOutcome, sendAll } from './send-all'
import { type SendAsyncCallback, settleLater } from './send-async-callback'
import { type AdjustMessage, type SendManner, SendPipeline } from './send-pipeline'
import { type ProduceTracer, createProduceTracer } from './trace/produce-tracer'
import { TracedSender } from './trace/traced-sender'

const DEFAULT_SHUTDOWN_MS = 10_000

/**
 * Sends messages.
 *
 * @example
 * const producer = new Producer({ namesrvAddr: '127.0.0.1:9876', producerGroup: 'orders' })
 * await producer.start()
 * const result = await producer.send({ topic: 'Orders', tags: 'paid', body: 'hello' })
 * await producer.shutdown()
 */
export class Producer extends ClientMember<ProducerEvents> {
  /** Name of the producer group, without its namespace. */
  readonly producerGroup: string
  readonly #options: ResolvedProducerOptions
  readonly #inFlight: InFlightLimit
  #sender: Sender | undefined
  #pipeline: SendPipeline | undefined
  #requests: Requests | undefined
  #recalls: Recalls | undefined
  #replier: Replier | undefined
  #tracer: ProduceTracer | undefined
  #outbox: StartedOutbox | undefined
  #onEnd: () => void = () => undefined

  /** @throws RocketMQError INVALID_GROUP, INVALID_ARGUMENT, NO_NAME_SERVER, UNSUPPORTED_BY_RUNTIME */
  constructor(options: ProducerOptions) {
    const resolved = resolveProducerOptions(options)
    const clientOptions = resolveClientOptions(options)
    super(clientOptions, { kind: 'producer', group: options.producerGroup })
    this.#options = resolved
    this.producerGroup = options.producerGroup
    const { maxInFlight: maxMessages, maxInFlightBytes: maxBytes, rateLimit: rate } = this.#options
    this.#inFlight = new InFlightLimit({ maxMessages, maxBytes, rate }, this.clock)
  }

  /**
   * Reaches a name server and tells the brokers of this producer.
   * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, INVALID_STATE, ABORTED, OUTBOX_LOCKED, OUTBOX_FAILED
   */
  start(options: StartOptions = {}): Promise<void> {
    return this.startOrShutDown(
      () => this.#start(options),
      () => this.#end(),
    )
  }

  /**
   * Sends one message, or several of one topic as a batch, and resolves with the broker's answer. Failed tries are
   * repeated on other brokers within the time, as Java does. A batch above `maxMessageSize` is split into several, sent one
   * after another; the result then has `results`.
   * @throws RocketMQError INVALID_MESSAGE, INVALID_TOPIC, TOPIC_NOT_FOUND, NO_WRITABLE_QUEUE, SEND_TIMEOUT, CONNECT_FAILED,
   * CHANNEL_CLOSED, ABORTED, UNSUPPORTED_BY_BROKER, and with an `outbox` OUTBOX_FULL, OUTBOX_FAILED; its `sent` tells
   * whether the broker may have the message
   * @throws BrokerError where the broker refused the message
   * @throws BatchError where a split batch failed after some of its parts were sent
   */
  send(message: Message | readonly Message[], options: SendOptions = {}): Promise<SendResult> {
    try {
      return this.#send(message, options)
    } catch (error) {
      return Promise.reject(asError(error))
    }
  }

  /**
   * Java's callback form of `send`. Broker errors are not retried, and where too much is in flight it fails at once
   * with TOO_MANY_REQUESTS. Every failure, wrong messages included, goes to the callback, which is never called before
   * this has returned.
   * @throws RocketMQError INVALID_ARGUMENT where there is no callback
   */
  sendAsync(message: Message, options: SendOptions, callback: SendAsyncCallback): void
  /** The same with the producer's own limits, and a queue of its choice. */
  sendAsync(message: Message, callback: SendAsyncCallback): void
  sendAsync(message: Message, second: SendOptions | SendAsyncCallback, third?: SendAsyncCallback): void {
    const [options, callback] = typeof second === 'function' ? [{}, second] : [second, third]
    if (typeof callback !== 'function') throw new RocketMQError('INVALID_ARGUMENT', 'sendAsync needs a callback')
    const { settle, returned } = settleLater(callback, this.#report.bind(this))
    const fail = (error: unknown): void => settle(asError(error), undefined)
    try {
      const pipeline = this.#running()
      if (!this.#intercepts) pipeline.sendAsync(message, options, settle)
      else this.#intercepted('ASYNC', message, options).then(result => settle(undefined, result), fail)
    } catch (error) {
      fail(error)
    } finally {
      returned()
    }
  }

  /**
   * Sends messages, or batches, of an iterable or a stream, as they come, and tells what became of each as soon as that is
   * known. At most `concurrency` are under way; the next is taken when the outcome of one was read, and the limits of the
   * producer slow it down instead of failing sends. Nothing is sent before the outcomes are asked for; who stops asking
   * stops the sending, once what is under way has ended. Sends side by side may overtake each other where one is retried: in
   * order is `concurrency: 1`. What the source throws is thrown after the last outcome.
   * @example
   * for await (const { message, error } of producer.sendAll(messages)) if (error) console.error(message.keys, error)
   * @throws RocketMQError INVALID_ARGUMENT, INVALID_STATE; while outcomes are read ABORTED, and INVALID_STATE after a shutdown
   */
  sendAll<M extends Message | readonly Message[]>(
    messages: Iterable<M> | AsyncIterable<M>,
    options: SendAllOptions = {},
  ): AsyncIterableIterator<SendOutcome<M>> {
    this.lifecycle.mustRun()
    const send = (message: M, sendOptions: SendOptions): Promise<SendResult> =>
      this.#send(message, sendOptions, { isPatient: true })
    const check = (): void => this.lifecycle.mustRun()
    return sendAll(messages, options, { send, check, onBackgroundError: this.#report.bind(this) })
  }

  /**
   * Sends without an answer: resolves when the operating system has taken the bytes. Nothing tells whether the broker stored it.
   * @throws RocketMQError as `send`, where the message cannot leave
   */
  async sendOneway(message: Message, options: SendOptions = {}): Promise<void> {
    const pipeline = this.#running()
    if (this.#intercepts) await this.#intercepted('ONEWAY', message, options)
    else await pipeline.sendOneway(message, options)
  }

  /**
   * Sends a message and resolves with the reply to it, which a consumer of the topic sends with `reply`. A send that fails
   * is repeated as by `send`, so that a request may be handled twice; of several replies the first counts.
   * @param options as of `send`; `timeoutMs` limits the whole, the reply included, and is told to those who reply
   * @throws RocketMQError REQUEST_TIMEOUT where no reply came in time, INVALID_STATE where the producer is shut down
   * meanwhile, UNSUPPORTED_BY_BROKER behind a 5.x proxy; and as `send`
   */
  async request(message: Message, options: SendOptions = {}): Promise<MessageExt> {
    this.#running()
    const requests = this.#requests as Requests
    if (!this.telemetry.wants('request')) return requests.request(message, options)
    return this.telemetry.run('request', { operation: 'request', message }, () => requests.request(message, options))
  }

  /**
   * Replies to a message that was received, whose sender waits in `request`; any started producer can. Resolves when the
   * sender's client has the reply.
   * @param reply the body, or a message without a topic
   * @throws RocketMQError INVALID_MESSAGE where the message asks for no reply; and as `send`
   * @throws BrokerError SYSTEM_ERROR where no broker knows the client that asked any more
   */
  async reply(
    request: MessageExt,
    reply: ReplyMessage | ReplyMessage['body'],
    options: ReplyOptions = {},
  ): Promise<SendResult> {
    this.#running()
    return (this.#replier as Replier).reply(request, reply, options)
  }

  /**
   * Calls a timer message back that is not delivered yet; resolves with its `msgId`. Whether the broker still has it is not
   * told: it may be delivered already. Brokers from 5.3.2 with `recallMessageEnable=true`.
   * @param recallHandle of the result of its send
   * @throws RocketMQError INVALID_TOPIC, INVALID_ARGUMENT for what is no handle, UNSUPPORTED_BY_BROKER, BROKER_NOT_FOUND
   * @throws BrokerError ILLEGAL_OPERATION where the time of the message is over, or the handle is of another topic
   */
  async recall(topic: string, recallHandle: string, options: CallOptions = {}): Promise<string> {
    this.#running()
    const done = this.hold()
    try {
      return await (this.#recalls as Recalls).recall(topic, recallHandle, options)
    } finally {
      done()
    }
  }

  /**
   * The queues that a topic can be written to, as selectors get them.
   * @throws RocketMQError TOPIC_NOT_FOUND, NO_WRITABLE_QUEUE, NO_NAME_SERVER
   */
  async publishMessageQueues(topic: string, options: CallOptions = {}): Promise<MessageQueue[]> {
    checkTopic(topic)
    checkCallOptions(options, CALL_OPTIONS)
    this.lifecycle.mustRun()
    const { queues } = await (this.#sender as Sender).findRoute(topic, options)
    return [...queues]
  }

  /** What it is doing at the moment. */
  stats(): ProducerStats {
    const { messages: inFlight, bytes: inFlightBytes, waiting } = this.#inFlight
    const requests = this.#requests?.size ?? 0
    const { client } = this.membership
    const [lateReplies, strayReplies] = [client?.replies.late ?? 0, client?.remoting.strayReplies ?? 0]
    const replies = { requests, lateReplies, strayReplies }
    const avoidedBrokers = this.#sender?.avoidedBrokers ?? []
    const { state } = this.lifecycle
    const [trace, outbox] = [this.#tracer?.stats, this.#outbox?.outbox.stats]
    return { state, inFlight, inFlightBytes, waiting, ...replies, avoidedBrokers, trace, outbox }
  }

  /**
   * Takes no more messages, waits for the answers of those in flight, tells the brokers and closes connections that
   * nobody else uses. Further calls get the same promise.
   * @param options `timeoutMs`: limit of the wait for answers, default 10000; to close what is left
   * takes 3 s more at the most, where brokers do not answer
   * @throws RocketMQError SHUTDOWN_INCOMPLETE where answers were missing at the end of it: these sends fail, and all is closed
   * then, too
   * @throws RocketMQError INVALID_ARGUMENT for a wrong `timeoutMs`; nothing is shut down then
   */
  override shutdown(options: { timeoutMs?: number } = {}): Promise<void> {
    return this.stopWithin(options, DEFAULT_SHUTDOWN_MS, timeoutMs => this.#shutdown(timeoutMs))
  }

  /** @internal */
  protected override gauges(): MetricReading[] {
    const { messages, bytes } = this.#inFlight
    const own = [this.reading('inFlight', messages), this.reading('inFlightBytes', bytes)]
    const waiting = this.#outbox?.gauges() ?? []
    return [...super.gauges(), ...own, ...waiting.map(gauge => this.reading(...gauge))]
  }

  /** Limit of a send that brings none of its own, ms. @internal */
  protected get sendTimeoutMs(): number {
    return this.#options.sendTimeoutMs
  }

  /** Undefined where nothing is traced, and before `start`. @internal */
  protected get tracer(): ProduceTracer | undefined {
    return this.#tracer
  }

  /** Called at the start, before any broker hears of the producer; what it returns is called at the end. @internal */
  protected onAcquired(_client: ClientInstance): () => void {
    return () => undefined
  }

  /** A shutdown waits until the returned function is called. @internal */
  protected hold(): () => void {
    return this.#inFlight.hold()
  }

  /** Sends one message with more to it than the user can give; interceptors see a send like any other. @internal */
  protected sendAs(message: Message, options: SendOptions, adjust: AdjustMessage): Promise<SendResult> {
    try {
      return this.#send(message, options, { adjust })
    } catch (error) {
      return Promise.reject(asError(error))
    }
  }

  #send(message: Message | readonly Message[], options: SendOptions, manner?: SendManner): Promise<SendResult> {
    const pipeline = this.#running()
    if (this.#intercepts) return this.#intercepted('SYNC', message, options, manner) as Promise<SendResult>
    return isBatch(message) ? pipeline.sendBatch(message, options, manner) : pipeline.send(message, options, manner)
  }

  async #start(options: StartOptions): Promise<void> {
    const client = this.membership.acquire()
    const onBackgroundError = this.#report.bind(this)
    this.#tracer = createProduceTracer(client, { ...this.#options, onBackgroundError })
    this.#onEnd = this.onAcquired(client)
    const sender = new Sender(client, this.producerGroup, this.#options)
    this.#sender = sender
    const traced = this.#tracer === undefined ? sender : new TracedSender(sender, this.#tracer)
    const { clock } = client
    this.#outbox = await openOutbox(client, this.#options, {
      tracer: this.#tracer,
      onBackgroundError,
      patience: options,
    })
    const spooling = this.#outbox?.sender({ sender: traced, router: sender }) ?? traced
    const own = {
      sender: spooling,
      router: sender,
      uniqueIds: new UniqueIds({ clock }),
      inFlight: this.#inFlight,
      clock,
    }
    this.#pipeline = new SendPipeline({ ...this.#options, ...own })
    const { maxRequests, sendTimeoutMs: timeoutMs } = this.#options
    const send = this.sendAs.bind(this)
    this.#requests = new Requests({ client, sender, maxRequests, timeoutMs, send })
    this.#replier = new Replier({ clock: client.clock, sender, timeoutMs, send })
    const { recallInterceptors: interceptors, producerGroup } = this.#options
    this.#recalls = new Recalls({ client, sender, producerGroup, timeoutMs, interceptors, tracer: this.#tracer })
    const member: ProducerMember = {
      kind: 'producer',
      group: this.producerGroup,
      topics: () => this.#topics(sender),
      onBackgroundError,
    }
    await this.membership.start(member, options)
    this.#outbox?.outbox.start()
  }

  async #shutdown(timeoutMs: number): Promise<void> {
    const says = `producer ${this.producerGroup} was shut down before the reply came`
    this.#requests?.close(new RocketMQError('INVALID_STATE', says, { sent: 'UNKNOWN' }))
    const missing = (): RocketMQError => {
      const { messages, waiting, holders } = this.#inFlight
      const others = [
        waiting === 0 ? '' : `, ${waiting} waited for their turn`,
        holders === 0 ? '' : ` and ${holders} batches, transactions or checks had not ended`,
      ].join('')
      const says = `producer ${this.producerGroup}: ${messages} messages were not answered${others} within ${timeoutMs} ms`
      return new RocketMQError('SHUTDOWN_INCOMPLETE', says)
    }
    this.#pipeline?.flush()
    this.#outbox?.outbox.hurry()
    try {
      await withDeadline(this.#inFlight.whenIdle(), { clock: this.clock, timeoutMs, onTimeout: missing })
    } finally {
      this.#refuse()
      await this.#end(timeoutMs)
    }
  }

  /** Connections may be those of others too, so what has not ended must not go on by them. */
  #refuse(): void {
    const says = `producer ${this.producerGroup} was shut down`
    const reason = (): RocketMQError => new RocketMQError('INVALID_STATE', says, { sent: 'NO' })
    this.#inFlight.close(reason)
    this.#sender?.close(reason)
  }

  #topics(sender: Sender): string[] {
    const { createTopicKey, topics } = this.#options
    return [
      createTopicKey,
      ...topics,
      ...sender.topics,
      ...(this.#tracer?.topics ?? []),
      ...(this.#outbox?.topics ?? []),
    ]
  }

  async #end(timeoutMs = 0): Promise<void> {
    this.#onEnd()
    await this.#outbox?.outbox.close()
    await this.#tracer?.stop(timeoutMs)
    await this.membership.end()
  }

  /** Whether anybody stands around sends: interceptors, or those who hear of them. */
  get #intercepts(): boolean {
    return this.#options.interceptors.length > 0 || this.telemetry.wants('send')
  }

  #running(): SendPipeline {
    beforeSending(() => this.lifecycle.mustRun())
    return this.#pipeline as SendPipeline
  }

  #report(error: RocketMQError): void {
    this.emit('backgroundError', error)
  }

  #intercepted(
    mode: SendInterceptorContext['mode'],
    message: Message | readonly Message[],
    options: SendOptions,
    manner?: SendManner,
  ): Promise<SendResult | undefined> {
    const { producerGroup, clock, sendTimeoutMs } = this
    const [pipeline, hold] = [this.#running(), this.hold.bind(this)]
    const send = (message: Message | readonly Message[]): Promise<SendResult | undefined> => {
      const context: SendInterceptorContext = { operation: 'send', mode, producerGroup, message, options }
      const step = (options: SendOptions): Promise<SendResult | undefined> =>
        sendIntercepted(pipeline, { mode, message: context.message, options }, manner)
      return intercept(this.#options.interceptors, context, step, { clock, sendTimeoutMs, hold })
    }
    if (!this.telemetry.wants('send')) return send(message)
    return this.telemetry.run('send', { operation: 'send', mode, message }, event => send(event.message))
  }
}
