import { types } from 'node:util'
import type { ClientInstance } from '../client/client-instance'
import type { FrameContent } from '../commands/command'
import type { WireNames } from '../client/wire-names'
import { RocketMQError, asError } from '../errors'
import type { Message } from '../model/message'
import { type MessageQueue, compareMessageQueues, sameMessageQueue } from '../model/message-queue'
import { PROPERTY } from '../model/property-names'
import type { SendResult } from '../model/results'
import type { CallOptions } from '../remoting/remoting-client'
import type { TopicPublishInfo } from '../routing/publish-info'
import { appendProperty } from '../wire/properties'
import { OpenAttempts } from './open-attempts'
import { type AvoidedBroker, BrokerFaults, type TryOutcome } from './broker-faults'
import type { PreparedMessage } from './prepared-message'
import { type ForbiddenCheck, runForbiddenChecks } from './forbidden-check'
import {
  type CheckForbidden,
  type CheckedTry,
  SendAttempt,
  type SendAttemptOptions,
  type SendContext,
} from './send-attempt'
import { QueueTurns } from './queue-turns'
import { startDetector } from './reachability-detector'
import type { SendOptions, SenderSettings, Target } from './send-options'
import { selectByHash } from './selectors'
import { checkTimerSupport } from './timer-support'

/** Between two questions for the route of a queue whose old broker has it no more and whose new one is not known yet. */
const MOVING_MS = 200

/** Gets the outcome of a send. */
export type SendCallback = (error: Error | undefined, result: SendResult | undefined) => void

/** The one way to a broker: finds the route, picks the queue, and makes the one promise of a send. The only place that retries. */
export class Sender implements SendContext {
  /** Topics that had to be asked for, whose routes are to be kept fresh. */
  readonly topics = new Set<string>()
  readonly open = new OpenAttempts()
  /** Undefined where nothing is checked. */
  readonly checkForbidden: CheckForbidden | undefined
  readonly #client: ClientInstance
  readonly #group: string
  readonly #settings: SenderSettings
  readonly #turns = new QueueTurns()
  readonly #faults: BrokerFaults | undefined
  readonly #stopDetector: (() => Promise<void>) | undefined
  #closed: (() => RocketMQError) | undefined

  /** @param group the producer group that brokers are told */
  constructor(client: ClientInstance, group: string, settings: SenderSettings) {
    this.#client = client
    this.#group = group
    this.#settings = settings
    const { forbiddenChecks: checks = [] } = settings
    this.checkForbidden = checks.length === 0 ? undefined : (prepared, to) => this.#check(checks, prepared, to)
    if (settings.latencyFault === undefined) return
    const { detector } = settings.latencyFault
    this.#faults = new BrokerFaults(settings.latencyFault)
    if (detector !== undefined) this.#stopDetector = startDetector(client, this.#faults, detector.timeoutMs)
  }

  /** Brokers that sends avoid now; none unless `sendLatencyFaultEnable` is set. */
  get avoidedBrokers(): readonly AvoidedBroker[] {
    return this.#faults?.avoided(this.now()) ?? []
  }

  /**
   * Resolves with the broker's answer.
   * @param settled called when the outcome is known, before anything that awaits it runs
   */
  send(prepared: PreparedMessage, options: SendOptions, settled?: () => void): Promise<SendResult> {
    return new Promise((resolve, reject) => this.#begin(prepared, options, { mode: 'SYNC', resolve, reject, settled }))
  }

  /** As `send` with Java's rules for the callback form: broker errors are not retried. */
  sendAsync(prepared: PreparedMessage, options: SendOptions, callback: SendCallback): void {
    this.#begin(prepared, options, {
      mode: 'ASYNC',
      resolve: result => callback(undefined, result),
      reject: error => callback(error, undefined),
      settled: undefined,
    })
  }

  /** One try; resolves when the operating system has taken the frame. Nothing tells whether it was stored. */
  async sendOneway(prepared: PreparedMessage, options: SendOptions): Promise<void> {
    const { timeoutMs = this.#settings.sendTimeoutMs, signal } = options
    const endsAt = this.now() + timeoutMs
    const info = await this.#findWritable(prepared, { leftMs: () => endsAt - this.now(), signal })
    const queue = pick(info, prepared, targetOf(prepared, options)) ?? this.#nextQueue(info, prepared.topic, undefined)
    const address = this.masterAddress(queue)
    if (address === undefined) {
      const says = `no address of the master of broker ${queue.brokerName} is known`
      throw new RocketMQError('BROKER_NOT_FOUND', says, { topic: queue.topic, sent: 'NO' })
    }
    if (this.#closed !== undefined) throw this.#closed()
    await this.checkForbidden?.(prepared, { queue, address, timeoutMs: Math.max(0, endsAt - this.now()), signal })
    const { header, body } = this.#requestOf(prepared, queue)
    const call = { timeoutMs: Math.max(0, endsAt - this.now()), signal }
    await this.#client.remoting.invokeOneway(address, prepared.command, { header, body }, call)
  }

  /**
   * Where a topic can be written to, asking for its route where that is not known.
   * @throws RocketMQError TOPIC_NOT_FOUND, NO_WRITABLE_QUEUE, NO_NAME_SERVER
   */
  async findRoute(topic: string, call: CallOptions): Promise<TopicPublishInfo> {
    const { routes } = this.#client
    this.topics.add(topic)
    try {
      return await routes.findPublishInfo(topic, this.#settings, call)
    } catch (error) {
      // Names that users mistyped would be asked for ever and ever.
      if (routes.get(topic) === undefined) this.topics.delete(topic)
      throw error
    }
  }

  /** Ends all sends that have no outcome yet, and lets no other begin. */
  close(reason: () => RocketMQError): void {
    this.#closed = reason
    this.open.close(reason)
    void this.#stopDetector?.()
  }

  /**
   * The queue that the caller wants, undefined where any will do, or `UNKNOWN` where its choice needs the topic's route first.
   * @throws RocketMQError INVALID_ARGUMENT where it chose none of the topic, SELECTOR_FAILED
   */
  wantedQueue(message: Message, options: SendOptions): MessageQueue | 'UNKNOWN' | undefined {
    const { topic } = message
    const target = targetOf({ message }, options)
    if (target === undefined) return undefined
    const info = this.#client.routes.publishInfo(topic)
    return info === undefined || info.queues.length === 0 ? 'UNKNOWN' : pick(info, { message, topic }, target)
  }

  now(): number {
    return this.#client.clock.monotonic()
  }

  chooseQueue(attempt: SendAttempt, lastBroker: string | undefined): MessageQueue {
    const { prepared, target } = attempt.options
    const info = this.#client.routes.publishInfo(prepared.topic)
    if (info === undefined || info.queues.length === 0) {
      const says = `topic ${prepared.topic} has no queue to write any more`
      throw new RocketMQError('NO_WRITABLE_QUEUE', says, { topic: prepared.topic, sent: 'NO' })
    }
    return pick(info, prepared, target) ?? this.#nextQueue(info, prepared.topic, lastBroker)
  }

  contentFor(prepared: PreparedMessage, queue: MessageQueue): FrameContent {
    const { command } = prepared
    const { header, body } = this.#requestOf(prepared, queue, this.#client.names)
    return { code: command.code, extFields: command.requestHeader.encode(header), body }
  }

  masterAddress(queue: MessageQueue): string | undefined {
    const { routes } = this.#client
    const address = routes.masterAddress(routes.hostOf(queue))
    return address === undefined ? undefined : this.#client.vipAddress(address)
  }

  async findAgain(queue: MessageQueue, call: CallOptions): Promise<void> {
    const { routes, clock } = this.#client
    const before = routes.hostOf(queue)
    try {
      await routes.refresh(queue.topic, call)
      if (routes.hostOf(queue) === before) await clock.sleep(Math.min(MOVING_MS, call.timeoutMs ?? 0), call.signal)
    } catch {
      // The next try, or the end of the send's time, tells what is wrong.
    }
  }

  tried(queue: MessageQueue, since: number, outcome: TryOutcome): void {
    if (this.#faults === undefined) return
    const now = this.now()
    const { topic } = queue
    this.#faults.record(this.#client.routes.hostOf(queue), { topic, latencyMs: now - since, outcome, now })
  }

  request(address: string, attempt: SendAttempt, timeoutMs: number): void {
    this.#client.remoting.request(address, attempt, timeoutMs)
  }

  #begin(
    prepared: PreparedMessage,
    options: SendOptions,
    { mode, resolve, reject, settled }: Pick<SendAttemptOptions, 'mode' | 'resolve' | 'reject' | 'settled'>,
  ): void {
    const { timeoutMs = this.#settings.sendTimeoutMs, signal } = options
    const { retryTimesWhenSendFailed, retryTimesWhenSendAsyncFailed, retryAnotherBrokerWhenNotStoreOK } = this.#settings
    const attempt = new SendAttempt(this, {
      prepared,
      mode,
      resolve,
      reject,
      settled,
      retries: mode === 'SYNC' ? retryTimesWhenSendFailed : retryTimesWhenSendAsyncFailed,
      target: targetOf(prepared, options),
      retryWhenNotStoreOK: retryAnotherBrokerWhenNotStoreOK,
      retryCodes: this.#settings.retryResponseCodes,
      maxTryMs: this.#settings.sendMsgMaxTimeoutPerRequestMs,
      timeoutMs,
      signal,
    })
    if (this.#closed !== undefined) {
      attempt.close(this.#closed())
      return
    }
    try {
      const info = this.#client.routes.publishInfo(prepared.topic)
      if (info !== undefined && info.queues.length > 0 && !prepared.isTimer) attempt.try()
      else void this.#beginLater(attempt)
    } catch (error) {
      // A route that cannot be meant.
      attempt.fail(error)
    }
  }

  #check(
    checks: readonly ForbiddenCheck[],
    { message, messages }: PreparedMessage,
    { queue: messageQueue, address: brokerAddress, timeoutMs, signal }: CheckedTry,
  ): Promise<void> {
    const { clock, options } = this.#client
    const { unitMode } = options
    const place = { operation: 'checkForbidden', producerGroup: this.#group, messageQueue, brokerAddress } as const
    return runForbiddenChecks(checks, { ...place, message, messages, unitMode }, { clock, timeoutMs, signal })
  }

  /** The slow branch: the route is not known yet, or the broker's version matters. */
  async #beginLater(attempt: SendAttempt): Promise<void> {
    const { prepared, signal } = attempt.options
    try {
      await this.#findWritable(prepared, { leftMs: () => attempt.leftMs, signal })
    } catch (error) {
      attempt.fail(error)
      return
    }
    attempt.try()
  }

  async #findWritable(prepared: PreparedMessage, { leftMs, signal }: Rest): Promise<TopicPublishInfo> {
    const info = await this.findRoute(prepared.topic, { timeoutMs: leftMs(), signal })
    if (!prepared.isTimer) return info
    const call = { timeoutMs: leftMs(), signal }
    await checkTimerSupport(this.#client, { info, mode: this.#settings.timerOnOldBrokers, call })
    return info
  }

  #nextQueue({ queues }: TopicPublishInfo, topic: string, lastBroker: string | undefined): MessageQueue {
    if (this.#faults === undefined) return this.#turns.next(queues, topic, lastBroker)
    const { routes } = this.#client
    const view = { faults: this.#faults, now: this.now(), hostOf: (queue: MessageQueue) => routes.hostOf(queue) }
    return this.#turns.nextOfGood(queues, lastBroker, view)
  }

  /** Where the frame is made here, and not by the client, names have to be what brokers know. */
  #requestOf(prepared: PreparedMessage, queue: MessageQueue, names?: WireNames) {
    const { createTopicKey, defaultTopicQueueNums } = this.#settings
    const { namespace } = this.#client.names
    const { topic, properties } = prepared
    const header = {
      producerGroup: names?.wire(this.#group) ?? this.#group,
      topic: names?.wire(topic) ?? topic,
      defaultTopic: createTopicKey,
      defaultTopicQueueNums,
      queueId: queue.queueId,
      sysFlag: prepared.sysFlag,
      bornTimestamp: this.#client.clock.now(),
      flag: prepared.flag,
      properties: namespace === '' ? properties : appendProperty(properties, PROPERTY.INSTANCE_ID, namespace),
      reconsumeTimes: prepared.reconsumeTimes,
      unitMode: this.#client.options.unitMode,
      maxReconsumeTimes: prepared.maxReconsumeTimes,
      batch: prepared.isBatch,
      brokerName: this.#client.routes.hostOf(queue),
    }
    return { header, body: prepared.body }
  }
}

/** What is left of a send. */
interface Rest {
  readonly leftMs: () => number
  readonly signal: AbortSignal | undefined
}

/** What the caller said of the queue, if anything. */
function targetOf({ message }: Pick<PreparedMessage, 'message'>, options: SendOptions): Target | undefined {
  if (options.queue !== undefined) return { queue: options.queue }
  if (options.selector !== undefined) return { selector: options.selector, arg: options.arg }
  const shardingKey = options.shardingKey ?? message.shardingKey
  return shardingKey === undefined || shardingKey === '' ? undefined : { selector: selectByHash, arg: shardingKey }
}

/** The queue that the caller wants, if it wants one; what a selector chooses must be one of the topic's. */
function pick(
  info: TopicPublishInfo,
  { message, topic }: Pick<PreparedMessage, 'message' | 'topic'>,
  target: Target | undefined,
): MessageQueue | undefined {
  if (target?.queue !== undefined) {
    if (target.queue.topic === topic) return target.queue
    throw wrongChoice(
      `the queue that was given is one of ${target.queue.topic}, the message is for topic ${topic}`,
      topic,
    )
  }
  if (target?.selector === undefined) return undefined
  // A copy: what selectors do to it stays theirs.
  const queues = info.orderTopic ? [...info.queues] : [...info.queues].sort(compareMessageQueues)
  const chosen = chosenBy(target, queues, message)
  const found = info.queues.find(queue => chosen && sameMessageQueue(queue, chosen))
  if (found !== undefined) return found
  throw wrongChoice(`the selector chose no queue of topic ${topic}`, topic)
}

/** What a user's selector chooses, which may be anything. */
function chosenBy(
  { selector, arg }: Target,
  queues: readonly MessageQueue[],
  message: Message,
): MessageQueue | null | undefined {
  const { topic } = message
  let chosen: unknown
  try {
    chosen = selector?.(queues, message, arg)
  } catch (error) {
    if (RocketMQError.is(error)) throw error
    const says = `the selector of a queue of topic ${topic} threw: ${asError(error).message}`
    throw new RocketMQError('SELECTOR_FAILED', says, { topic, sent: 'NO', cause: error })
  }
  if (!types.isPromise(chosen)) return chosen as MessageQueue | null | undefined
  chosen.catch(() => undefined)
  throw wrongChoice(`the selector returned a promise, it must return a queue of topic ${topic} at once`, topic)
}

function wrongChoice(says: string, topic: string): RocketMQError {
  return new RocketMQError('INVALID_ARGUMENT', says, { topic, sent: 'NO' })
}
