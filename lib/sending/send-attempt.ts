import type { FrameContent } from '../commands/command'
import { denialOf } from '../commands/denial'
import { RESPONSE_CODES, brokerError, responseCodeName } from '../commands/response-code'
import { BrokerError, type ErrorOptions, RocketMQError, asError } from '../errors'
import type { MessageQueue } from '../model/message-queue'
import type { SendResult } from '../model/results'
import { type PendingRequest, UNSENT } from '../remoting/pending-request'
import type { CallOptions } from '../remoting/remoting-client'
import { onAbort } from '../runtime/on-abort'
import type { RemotingCommand } from '../wire/remoting-command'
import type { OpenAttempt, OpenAttempts } from './open-attempts'
import type { TryOutcome } from './broker-faults'
import type { PreparedMessage } from './prepared-message'
import { sendAborted } from './send-failure'
import type { SendMode, Target } from './send-options'
import { storedAnswer } from './stored-answer'

/** What an attempt needs of its sender. */
export interface SendContext {
  /** Where it is to be found until it is settled. */
  readonly open: OpenAttempts
  /** Monotonic time, ms. */
  now(): number
  /** The queue for the next try, preferably not on `lastBroker`. */
  chooseQueue(attempt: SendAttempt, lastBroker: string | undefined): MessageQueue
  contentFor(prepared: PreparedMessage, queue: MessageQueue): FrameContent
  masterAddress(queue: MessageQueue): string | undefined
  /**
   * A queue's broker has it no more: resolves when its route was asked for, and after a while where that knows no better.
   * Never rejects.
   */
  findAgain(queue: MessageQueue, call: CallOptions): Promise<void>
  /** Rejects where a try must not be made; undefined where nothing is ever checked. */
  readonly checkForbidden?: CheckForbidden | undefined
  request(address: string, attempt: SendAttempt, timeoutMs: number): void
  /** A try that began at `since`, monotonic, has ended. */
  tried(queue: MessageQueue, since: number, outcome: TryOutcome): void
}

/** Where a try would go, and how long it may wait. */
export interface CheckedTry {
  readonly queue: MessageQueue
  readonly address: string
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** Has a say in whether a try is made. */
export type CheckForbidden = (prepared: PreparedMessage, to: CheckedTry) => Promise<void>

export interface SendAttemptOptions {
  readonly prepared: PreparedMessage
  readonly mode: SendMode
  /** Tries beyond the first one. */
  readonly retries: number
  /** The caller's choice of the queue, if there is one: it is made once, and all tries go there. */
  readonly target: Target | undefined
  readonly retryWhenNotStoreOK: boolean
  /** Codes of answers beside Java's after which another broker is tried. */
  readonly retryCodes?: ReadonlySet<number> | undefined
  /** Limit of a try that is not the last one, ms. */
  readonly maxTryMs?: number | undefined
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly resolve: (result: SendResult) => void
  readonly reject: (error: Error) => void
  readonly settled: (() => void) | undefined
}

/** Answers after which the blocking form of a send tries another broker (Java `retryResponseCodes`). */
const RETRY_CODES: ReadonlySet<number> = new Set(
  (
    [
      'TOPIC_NOT_EXIST',
      'SERVICE_NOT_AVAILABLE',
      'SYSTEM_ERROR',
      'SYSTEM_BUSY',
      'NO_PERMISSION',
      'NO_BUYER_ID',
      'NOT_IN_CURRENT_UNIT',
      'GO_AWAY',
    ] as const
  ).map(name => RESPONSE_CODES[name].code),
)

/** Failures of a try after which its broker is better avoided. */
const SPEAKS_AGAINST_BROKER: ReadonlySet<RocketMQError['code']> = new Set([
  'CONNECT_FAILED',
  'CHANNEL_CLOSED',
  'REQUEST_TIMEOUT',
  'PROTOCOL_ERROR',
])

/** One send with its retries: the entry in the channel's pending table itself. Retrying is its method, not a loop. */
export class SendAttempt implements PendingRequest, OpenAttempt {
  opaque = UNSENT.opaque
  sentAt = UNSENT.sentAt
  channel: PendingRequest['channel'] = UNSENT.channel
  redirected: boolean = UNSENT.redirected
  deadlineAt = UNSENT.deadlineAt
  deadlineSlot = UNSENT.deadlineSlot
  previousDeadline: PendingRequest['previousDeadline'] = UNSENT.previousDeadline
  nextDeadline: PendingRequest['nextDeadline'] = UNSENT.nextDeadline
  previousOpen: OpenAttempt | undefined = undefined
  nextOpen: OpenAttempt | undefined = undefined
  settled = false
  content: FrameContent = { code: 0 }
  readonly options: SendAttemptOptions
  readonly #context: SendContext
  readonly #endsAt: number
  #tries = 0
  #triedAt = 0
  #queue: MessageQueue | undefined
  #brokersTried: string[] | undefined
  /** Whether a broker may have stored the message by one of the tries so far. */
  #maybeSent = false
  /** The last answer of a broker that stored the message with a status other than SEND_OK, while a better one was tried for. */
  #stored: SendResult | undefined
  #onAbort: (() => void) | undefined

  constructor(context: SendContext, options: SendAttemptOptions) {
    this.#context = context
    this.options = options
    this.#endsAt = context.now() + options.timeoutMs
    context.open.add(this)
    const { signal } = options
    if (signal === undefined) return
    this.#onAbort = () => this.#abort(signal)
    onAbort(signal, this.#onAbort)
    if (signal.aborted) this.#abort(signal)
  }

  get command(): PreparedMessage['command'] {
    return this.options.prepared.command
  }

  /** Milliseconds left for the whole send. */
  get leftMs(): number {
    return this.#endsAt - this.#context.now()
  }

  /** Sends once more. */
  try(): void {
    if (this.settled) return
    const leftMs = this.leftMs
    if (leftMs <= 0) {
      this.#fail('SEND_TIMEOUT', 'the time of the send is used up')
      return
    }
    try {
      this.#sendOnce(leftMs)
    } catch (error) {
      this.fail(error)
    }
  }

  onReply(frame: RemotingCommand): void {
    if (this.settled) return
    const queue = this.#queue as MessageQueue
    let answer: SendResult | undefined
    try {
      answer = storedAnswer(frame, this.options.prepared, queue)
    } catch (error) {
      this.#maybeSent = true
      this.fail(error)
      return
    }
    if (answer === undefined) {
      this.#refused(frame)
      return
    }
    this.#context.tried(queue, this.#triedAt, 'ANSWERED')
    if (this.#shouldStoreAgain(answer)) this.try()
    else this.#succeed(answer)
  }

  onFailure(error: RocketMQError): void {
    if (this.settled) return
    // A frame that is too large is not sent, and stays too large.
    if (error.sent !== 'NO' && error.code !== 'INVALID_MESSAGE') this.#maybeSent = true
    if (SPEAKS_AGAINST_BROKER.has(error.code)) this.#context.tried(this.#queue as MessageQueue, this.#triedAt, 'FAILED')
    if (!error.retriable || !this.#mayRetry()) this.fail(error)
    else this.try()
  }

  /** Ends the send with an error, which is told how often and where it was tried. */
  fail(error: unknown): void {
    if (this.settled) return
    const cause = asError(error)
    if (!RocketMQError.is(cause)) {
      this.#reject(cause)
    } else if (BrokerError.is(cause) || this.#tries === 0) {
      this.#reject(Object.assign(cause, this.#outcome()))
    } else {
      const timedOut = cause.code === 'REQUEST_TIMEOUT' && this.leftMs <= 0
      this.#fail(timedOut ? 'SEND_TIMEOUT' : cause.code, cause.message, cause)
    }
  }

  /** Ends the send as its producer is shut down; a try that was made may have arrived. */
  close(reason: RocketMQError): void {
    if (this.settled) return
    this.channel?.forget(this)
    this.#reject(Object.assign(reason, this.#outcome(), this.#tries > 0 ? { sent: 'UNKNOWN' } : {}))
  }

  #sendOnce(leftMs: number): void {
    const chosen = this.options.target === undefined ? undefined : this.#queue
    const queue = chosen ?? this.#context.chooseQueue(this, this.#queue?.brokerName)
    this.#tries++
    this.#triedAt = this.#endsAt - leftMs
    this.#queue = queue
    ;(this.#brokersTried ??= []).push(queue.brokerName)
    const address = this.#context.masterAddress(queue)
    if (address === undefined) {
      const says = `no address of the master of broker ${queue.brokerName} is known`
      this.onFailure(new RocketMQError('BROKER_NOT_FOUND', says, { topic: queue.topic, sent: 'NO' }))
      return
    }
    const { checkForbidden } = this.#context
    if (checkForbidden === undefined) this.#request(address, queue, leftMs)
    else {
      const { prepared, signal } = this.options
      const checked = checkForbidden(prepared, { queue, address, timeoutMs: leftMs, signal })
      void this.#requestChecked(checked, { address, queue })
    }
  }

  /** The slow branch: the application has a say. */
  async #requestChecked(
    checked: Promise<void>,
    { address, queue }: { address: string; queue: MessageQueue },
  ): Promise<void> {
    try {
      await checked
      if (!this.settled) this.#request(address, queue, Math.max(0, this.leftMs))
    } catch (error) {
      this.fail(error)
    }
  }

  #request(address: string, queue: MessageQueue, leftMs: number): void {
    this.content = this.#context.contentFor(this.options.prepared, queue)
    this.redirected = false
    const { maxTryMs } = this.options
    const isCapped = maxTryMs !== undefined && maxTryMs < leftMs && this.#mayRetry()
    this.#context.request(address, this, isCapped ? maxTryMs : leftMs)
  }

  #refused(frame: RemotingCommand): void {
    const { mode } = this.options
    // Who may not send here may not anywhere: the brokers of a cluster are told the same.
    const isDenied = denialOf(frame.code, frame.remark) !== undefined
    // Of codes that are not known it cannot be told either.
    const isRefusal =
      isDenied || (frame.code !== RESPONSE_CODES.SYSTEM_ERROR.code && responseCodeName(frame.code) !== undefined)
    if (!isRefusal) this.#maybeSent = true
    if (frame.code === RESPONSE_CODES.NOT_LEADER_FOR_QUEUE.code && this.leftMs > 0) {
      void this.#follow(frame)
      return
    }
    const isRetried = !isDenied && (RETRY_CODES.has(frame.code) || this.options.retryCodes?.has(frame.code) === true)
    const speaksAgainst = isRetried || !isRefusal
    this.#context.tried(this.#queue as MessageQueue, this.#triedAt, speaksAgainst ? 'REFUSED' : 'ANSWERED')
    if (mode === 'SYNC' && isRetried && this.#mayRetry()) {
      this.try()
      return
    }
    this.#failRefused(frame)
  }

  /** To where a queue of a static topic is now. Nothing was stored, so neither form of sending nor the caller's choice forbids it. */
  async #follow(frame: RemotingCommand): Promise<void> {
    await this.#context.findAgain(this.#queue as MessageQueue, { timeoutMs: this.leftMs, signal: this.options.signal })
    if (this.leftMs > 0) this.try()
    else this.#failRefused(frame)
  }

  #failRefused(frame: RemotingCommand): void {
    const { topic, command } = this.options.prepared
    const brokerName = this.#queue?.brokerName ?? ''
    this.fail(brokerError(frame.code, frame.remark, { command: `${command.name} to ${brokerName}`, topic, brokerName }))
  }

  #shouldStoreAgain(answer: SendResult): boolean {
    const { retryWhenNotStoreOK, mode } = this.options
    if (answer.sendStatus === 'SEND_OK' || !retryWhenNotStoreOK || mode === 'ASYNC' || !this.#mayRetry()) return false
    this.#maybeSent = true
    this.#stored = answer
    return true
  }

  /** The blocking form never retries where the caller chose the queue; the callback form retries there on the same broker. */
  #mayRetry(): boolean {
    const { mode, target, retries } = this.options
    return this.#tries <= retries && this.leftMs > 0 && !(mode === 'SYNC' && target !== undefined)
  }

  #abort(signal: AbortSignal): void {
    if (this.settled) return
    this.channel?.forget(this)
    this.#settle()
    // A try that was made may have arrived.
    const sent = this.#tries > 0 ? 'UNKNOWN' : 'NO'
    this.options.reject(sendAborted(signal, { topic: this.options.prepared.topic, ...this.#outcome(), sent }))
  }

  #succeed(result: SendResult): void {
    this.#settle()
    this.options.resolve(result)
  }

  #fail(code: RocketMQError['code'], reason: string, cause?: RocketMQError): void {
    const { topic } = this.options.prepared
    const tries = this.#tries === 1 ? 'one try' : `${this.#tries} tries`
    const says = `the message for topic ${topic} was not acknowledged after ${tries}: ${reason}`
    this.#reject(new RocketMQError(code, says, { topic, cause, ...this.#outcome() }))
  }

  /** A message that some broker has stored was sent, whatever became of the tries to store it better. */
  #reject(error: Error): void {
    if (this.#stored !== undefined) {
      this.#succeed(this.#stored)
      return
    }
    this.#settle()
    this.options.reject(error)
  }

  #outcome(): ErrorOptions {
    return { sent: this.#maybeSent ? 'UNKNOWN' : 'NO', attempts: this.#tries, brokersTried: this.#brokersTried ?? [] }
  }

  #settle(): void {
    this.settled = true
    this.#context.open.delete(this)
    this.options.settled?.()
    if (this.#onAbort !== undefined) this.options.signal?.removeEventListener('abort', this.#onAbort)
  }
}
