import { RocketMQError, asError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import type { SendResult } from '../../model/results'
import { withAnySignal } from '../../runtime/any-signal'
import type { Clock } from '../../runtime/clock'
import { onAbort } from '../../runtime/on-abort'
import { backoffMs } from '../../runtime/random'
import type { PreparedMessage } from '../../sending/prepared-message'
import { sendAborted } from '../../sending/send-failure'
import type { SendOptions } from '../../sending/send-options'
import type { SendCallback, Sender } from '../../sending/sender'
import type { Outbox } from './outbox'
import { markedAsPossibleDuplicate } from './possible-duplicate'
import { orderedLane } from './spool-entry'
import { maySpool, spooledMessages, spooledResult } from './spooled-messages'
import { maybeStored, mayBeTakenLater } from './try-again'
import { type Turn, Turns } from './turns'

/** What a pipeline needs of a sender. */
type PipelineSender = Pick<Sender, 'send' | 'sendAsync' | 'sendOneway' | 'now'>

export interface OutboxSenderOptions {
  readonly sender: PipelineSender
  /** Tells where a selector wants a message. */
  readonly router: Pick<Sender, 'wantedQueue'>
  readonly outbox: Pick<Outbox, 'afterMs' | 'hurrySignal' | 'mustSpool' | 'spool' | 'taken'>
  readonly clock: Clock
}

/** A send that may be spooled. */
interface Spoolable {
  readonly prepared: PreparedMessage
  readonly options: SendOptions
  readonly queue: MessageQueue | undefined
  readonly lanes: readonly string[]
  /** Monotonic, ms. */
  readonly begin: number
  /** What the last try failed with. */
  failure: Error | undefined
  /** A broker may have stored it by one of the tries. */
  maybeSent: boolean
}

type FirstTry = (prepared: PreparedMessage, options: SendOptions) => Promise<SendResult>

/** Between tries of a send while no broker takes it, ms. */
const AGAIN_MS = { first: 50, most: 1000 }

/** A sender whose sends go into the outbox where no broker takes them in time. */
export class OutboxSender implements PipelineSender {
  readonly #options: OutboxSenderOptions
  readonly #turns = new Turns()

  constructor(options: OutboxSenderOptions) {
    this.#options = options
  }

  now(): number {
    return this.#options.sender.now()
  }

  async send(prepared: PreparedMessage, options: SendOptions, settled?: () => void): Promise<SendResult> {
    const { sender } = this.#options
    try {
      return await this.#send(prepared, options, (...args) => sender.send(...args))
    } finally {
      settled?.()
    }
  }

  sendAsync(prepared: PreparedMessage, options: SendOptions, callback: SendCallback): void {
    const first: FirstTry = (...args) =>
      new Promise((resolve, reject) => {
        this.#options.sender.sendAsync(...args, (error, result) =>
          result === undefined ? reject(asError(error)) : resolve(result),
        )
      })
    void this.#send(prepared, options, first).then(
      result => callback(undefined, result),
      (error: unknown) => callback(asError(error), undefined),
    )
  }

  /** Nobody waits for what becomes of it: it is not spooled. */
  sendOneway(prepared: PreparedMessage, options: SendOptions): Promise<void> {
    return this.#options.sender.sendOneway(prepared, options)
  }

  async #send(prepared: PreparedMessage, options: SendOptions, first: FirstTry): Promise<SendResult> {
    const send = this.#spoolable(prepared, options)
    if (send === undefined) return first(prepared, options)
    const { outbox } = this.#options
    const turn = this.#turns.enter(send.lanes)
    try {
      if (!turn.isHeldUp && !outbox.mustSpool(prepared.topic, send.lanes)) return await this.#try(send, first)
      // Also what is to be spooled without a try: sends before it, of its lanes, may have to come before it there.
      return await this.#waitAndTry(send, turn)
    } catch (error) {
      if (send.failure !== error || options.signal?.aborted === true) throw error
      return await this.#waitAndTry(send, turn)
    } finally {
      turn.leave()
    }
  }

  /** Undefined where it cannot be: what a selector wants is not known before the topic's route. */
  #spoolable(prepared: PreparedMessage, options: SendOptions): Spoolable | undefined {
    if (!maySpool(prepared)) return undefined
    const queue = this.#queueOf(prepared, options)
    if (queue === 'UNKNOWN') return undefined
    const { topic, message, messages = [message] } = prepared
    const lanes = new Set(messages.map(({ shardingKey }) => orderedLane({ topic, shardingKey, queue })))
    lanes.delete(undefined)
    const { timeoutMs, signal } = options
    const limits = { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(signal === undefined ? {} : { signal }) }
    return {
      prepared,
      // A selector is asked once.
      options: queue === undefined ? limits : { ...limits, queue },
      queue,
      lanes: [...lanes] as string[],
      begin: this.now(),
      failure: undefined,
      maybeSent: false,
    }
  }

  /** The caller's own choice: the queue of a sharding key may be another one when it is sent. */
  #queueOf(
    { message, topic }: PreparedMessage,
    { queue, selector, arg }: SendOptions,
  ): ReturnType<Sender['wantedQueue']> {
    if (selector !== undefined) return this.#options.router.wantedQueue(message, { selector, arg })
    // One of another topic is refused by whom it is given to.
    return queue === undefined || queue.topic === topic ? queue : 'UNKNOWN'
  }

  async #try(send: Spoolable, attempt: FirstTry, timeoutMs?: number): Promise<SendResult> {
    const { prepared, options, maybeSent } = send
    try {
      const limited = timeoutMs === undefined ? options : { ...options, timeoutMs }
      const result = await attempt(maybeSent ? markedAsPossibleDuplicate(prepared) : prepared, limited)
      this.#options.outbox.taken(prepared.topic)
      return result
    } catch (error) {
      if (mayBeTakenLater(error)) {
        send.failure = asError(error)
        send.maybeSent ||= maybeStored(error)
      }
      throw error
    }
  }

  /** Tries until `afterMs` have passed since the send began; then it is spooled. */
  async #waitAndTry(send: Spoolable, turn: Turn): Promise<SendResult> {
    await this.#first(send, turn)
    const { outbox, sender } = this.#options
    const { prepared, lanes } = send
    const endsAt = send.begin + outbox.afterMs
    for (let tries = 0; !outbox.mustSpool(prepared.topic, lanes); tries++) {
      if (send.failure !== undefined)
        await this.#rest(send, Math.min(backoffMs(tries, AGAIN_MS.first, AGAIN_MS.most), endsAt - this.now()))
      const leftMs = endsAt - this.now()
      // The messages of a batch can be marked only one by one.
      if (leftMs <= 0 || outbox.hurrySignal.aborted || (send.maybeSent && prepared.isBatch)) break
      try {
        return await this.#try(send, (...args) => sender.send(...args), Math.ceil(leftMs))
      } catch (error) {
        if (send.failure !== error) throw error
      }
    }
    return this.#spool(send)
  }

  /** Waits until it is the first of its lanes, as long as its caller does. */
  async #first(send: Spoolable, turn: Turn): Promise<void> {
    const { signal } = send.options
    if (signal === undefined) return turn.first()
    await new Promise<void>(resolve => {
      const done = (): void => {
        signal.removeEventListener('abort', done)
        resolve()
      }
      onAbort(signal, done)
      if (signal.aborted) done()
      void turn.first().then(done)
    })
    mustBeWanted(send)
  }

  async #rest(send: Spoolable, ms: number): Promise<void> {
    const { clock, outbox } = this.#options
    const { signal } = send.options
    if (ms > 0) {
      await withAnySignal([outbox.hurrySignal, signal], either => clock.sleep(ms, either)).catch(() => undefined)
    }
    mustBeWanted(send)
  }

  async #spool({ prepared, queue, maybeSent, failure, begin }: Spoolable): Promise<SendResult> {
    const { outbox, clock } = this.#options
    const { topic } = prepared
    try {
      const messages = spooledMessages(prepared, { queue, maybeSent, spooledAt: clock.now() })
      await outbox.spool(messages, failure === undefined ? undefined : begin)
      return spooledResult(prepared, queue)
    } catch (error) {
      if (!RocketMQError.is(error)) throw error
      const why = failure === undefined ? '' : `; the send had failed: ${failure.message}`
      const says = `the message for topic ${topic} was neither sent nor spooled: ${error.message}${why}`
      const details = { topic, sent: maybeSent ? 'UNKNOWN' : 'NO' } as const
      throw new RocketMQError(error.code, says, { ...details, cause: error.cause ?? failure ?? error })
    }
  }
}

/** Throws where its caller has aborted it. */
function mustBeWanted({ options: { signal }, maybeSent }: Spoolable): void {
  if (signal?.aborted === true) throw sendAborted(signal, { sent: maybeSent ? 'UNKNOWN' : 'NO' })
}
