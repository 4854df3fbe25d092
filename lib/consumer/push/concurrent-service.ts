import { RocketMQError, asError } from '../../errors'
import { withAnySignal } from '../../runtime/any-signal'
import { asTyped } from '../as-typed'
import { ConcurrentContext } from './concurrent-context'
import { type ConsumeService, type ConsumeServiceOptions, messagesOf } from './consume-service'
import { callListener } from './listener-call'
import { type ConcurrentVerdict, concurrentVerdict } from './listener-result'
import type { ConsumeConcurrentlyContext, ConsumeContext, MessageListenerConcurrently } from './message-listener'
import type { ProcessQueue, ProcessQueueEntry } from './process-queue'
import { Pump } from './pump'
import { ReadyQueues } from './ready-queues'

export interface ConcurrentServiceOptions extends ConsumeServiceOptions {
  readonly listener: MessageListenerConcurrently
  /** A message whose listener takes longer is sent back, ms. */
  readonly consumeTimeoutMs: number
}

/** A call of the listener. */
interface ConcurrentCall {
  readonly queue: ProcessQueue
  readonly entries: readonly ProcessQueueEntry[]
  readonly context: ConsumeConcurrentlyContext
}

/** After the ways back failed a message is handed out again in place. */
const AGAIN_MS = 5000
/** Listeners that run too long are looked for among this many first messages of a queue, as in Java. */
const TIMEOUT_HEADS = 16
/** A message that took too long comes again after 10 s. */
const TIMEOUT_DELAY_LEVEL = 3

/** A pump: hands messages out as long as there are places, and attaches to a result only where it is a promise. */
export class ConcurrentService implements ConsumeService {
  readonly #options: ConcurrentServiceOptions
  readonly #ready = new ReadyQueues()
  readonly #pump: Pump
  readonly #wake: () => void
  readonly #contexts = new WeakMap<ProcessQueue, ConsumeContext>()
  readonly #stop = new AbortController()
  readonly #returns = new Set<Promise<void>>()
  /** Entries whose listener ended while they were on their way back, since it had taken too long. */
  readonly #ended = new WeakSet<ProcessQueueEntry>()
  #concurrency: number
  #running = 0
  /** Requests under way that hand messages back; they take places, too, so that a listener that always fails floods no broker. */
  #handingBack = 0
  #onIdle: (() => void) | undefined

  constructor(options: ConcurrentServiceOptions) {
    this.#options = options
    this.#concurrency = options.concurrency
    this.#pump = new Pump(options.clock, now => this.#step(now))
    this.#wake = () => this.#pump.run()
  }

  get running(): number {
    return this.#running
  }

  submit(queue: ProcessQueue): void {
    this.#ready.add(queue)
    this.#pump.run()
  }

  updateConcurrency(concurrency: number): void {
    this.#concurrency = concurrency
    this.#pump.run()
  }

  async drain(): Promise<void> {
    this.#stop.abort()
    if (this.#running > 0) await new Promise<void>(resolve => (this.#onIdle = resolve))
    await Promise.all(this.#returns)
  }

  /**
   * Sends messages back whose listener runs too long. The listener keeps its place until it ends, so that there are never
   * more at work than allowed; its result counts no more.
   */
  sweepTimeouts(queues: Iterable<ProcessQueue>): void {
    const now = this.#options.clock.monotonic()
    const since = now - this.#options.consumeTimeoutMs
    for (const queue of queues) {
      const late = queue
        .heads(TIMEOUT_HEADS)
        .filter(({ state, startedAt }) => state === 'running' && startedAt <= since)
      for (const entry of late) this.#track(this.#timedOut(queue, entry))
    }
  }

  /** Hands out once; false where there is nothing to do, or no place. */
  #step(now: number): boolean {
    if (this.#running + this.#handingBack >= this.#concurrency || this.#stop.signal.aborted) return false
    if (!this.#options.rate.isOpen(this.#wake)) return false
    const queue = this.#ready.next()
    if (queue === undefined) return false
    this.#handOut(queue, now)
    return true
  }

  #handOut(queue: ProcessQueue, now: number): void {
    const { batchSize, listener, rate } = this.#options
    const entries = queue.take(batchSize, now)
    if (entries.some(({ message }) => message.unreadable !== undefined)) {
      this.#handOutReadable(queue, entries)
      return
    }
    rate.passed(entries.length)
    this.#running++
    const context = new ConcurrentContext(this.#contextOf(queue))
    const call: ConcurrentCall = { queue, entries, context }
    callListener(
      () => listener(messagesOf(entries), context),
      result => this.#end(() => this.#settle(call, result)),
      (error: unknown) => this.#end(() => this.#fail(call, error)),
    )
  }

  /** What cannot be read goes back without the listener having seen it, and ends among the dead letters. */
  #handOutReadable(queue: ProcessQueue, entries: readonly ProcessQueueEntry[]): void {
    for (const entry of entries) {
      const error = entry.message.unreadable
      if (error === undefined) queue.giveBack([entry])
      else {
        this.#options.onBackgroundError(error)
        this.#handBack(queue, [entry], 0)
      }
    }
    this.submit(queue)
  }

  /** A listener call has ended; whatever comes of it, its place is free. */
  #end(settle: () => void): void {
    this.#running--
    try {
      settle()
    } catch (error) {
      this.#options.onBackgroundError(asTyped(error, 'the result of a listener could not be noted'))
    }
    if (this.#running === 0) this.#onIdle?.()
    this.#pump.run()
  }

  #settle(call: ConcurrentCall, result: unknown): void {
    const { queue, entries, context } = call
    if (result === undefined && context.ackIndex === undefined) {
      this.#noteCall(queue, entries, 0)
      this.#finish(queue, entries)
      return
    }
    let verdict: ConcurrentVerdict
    try {
      verdict = concurrentVerdict(result, entries.length, context)
    } catch (error) {
      this.#fail(call, error)
      return
    }
    const { firstFailed, delayLevel } = verdict
    this.#noteCall(queue, entries, entries.length - firstFailed)
    if (firstFailed > 0) this.#finish(queue, entries.slice(0, firstFailed))
    if (firstFailed < entries.length) this.#handBack(queue, entries.slice(firstFailed), delayLevel)
  }

  #fail({ queue, entries, context }: ConcurrentCall, error: unknown): void {
    this.#noteCall(queue, entries, entries.length)
    this.#options.onListenerError(asError(error), messagesOf(entries))
    this.#handBack(queue, entries, context.delayLevelWhenNextConsume)
  }

  #noteCall({ queue }: ProcessQueue, entries: readonly ProcessQueueEntry[], failed: number): void {
    const { rates, clock } = this.#options
    rates.of(queue.topic).called(clock.monotonic(), entries, failed)
  }

  #handBack(queue: ProcessQueue, entries: readonly ProcessQueueEntry[], delayLevel: number): void {
    for (const entry of entries) if (entry.state === 'returning') this.#ended.add(entry)
    const claimed = queue.returning(entries)
    if (this.#options.sendBack === undefined) this.#finish(queue, claimed)
    // The queue's next owner gets them; whoever waits for the listeners of this one need wait no more.
    else if (queue.dropped) queue.giveBack(claimed)
    else for (const entry of claimed) this.#track(this.#return(queue, entry, delayLevel))
  }

  async #return(queue: ProcessQueue, entry: ProcessQueueEntry, delayLevel: number): Promise<void> {
    this.#handingBack++
    const isAccepted = await this.#sendBack(entry, delayLevel)
    this.#handingBack--
    if (isAccepted) this.#finish(queue, [entry])
    this.#pump.run()
    if (!isAccepted) await this.#again(queue, entry)
  }

  /** False where no broker took the message; that is reported. */
  async #sendBack({ message }: ProcessQueueEntry, delayLevel: number): Promise<boolean> {
    const { sendBack, consumerGroup, onBackgroundError } = this.#options
    try {
      await sendBack?.sendBack(message, delayLevel)
      return true
    } catch (error) {
      const says = `a message of group ${consumerGroup} could not be handed back; it is handed out again in ${AGAIN_MS} ms`
      onBackgroundError(asTyped(error, says))
      return false
    }
  }

  /** Hands a message out again in place, after a while. */
  async #again(queue: ProcessQueue, entry: ProcessQueueEntry): Promise<void> {
    const { clock } = this.#options
    entry.message.reconsumeTimes++
    await withAnySignal([queue.signal, this.#stop.signal], any => clock.sleep(AGAIN_MS, any)).catch(() => undefined)
    queue.giveBack([entry])
    this.submit(queue)
  }

  async #timedOut(queue: ProcessQueue, entry: ProcessQueueEntry): Promise<void> {
    const { consumeTimeoutMs, clock, consumerGroup, onBackgroundError } = this.#options
    const { msgId, topic } = entry.message
    const says = `the listener has message ${msgId} of ${topic} for more than ${consumeTimeoutMs} ms: its place stays taken until it ends`
    onBackgroundError(new RocketMQError('LISTENER_TIMEOUT', says, { topic, group: consumerGroup }))
    const claimed = queue.returning([entry])
    if (await this.#sendBack(entry, TIMEOUT_DELAY_LEVEL)) this.#finish(queue, claimed)
    // Without its listener nothing would end it, so it comes again by itself.
    else if (this.#ended.has(entry)) await this.#again(queue, entry)
    else queue.resume(claimed, clock.monotonic())
  }

  #finish(queue: ProcessQueue, entries: readonly ProcessQueueEntry[]): void {
    const offset = queue.finish(entries)
    if (offset !== undefined) this.#options.onCommit(queue, offset)
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) =>
        this.#options.onBackgroundError(asTyped(error, 'what was handed back could not be noted')),
      )
      .finally(() => this.#returns.delete(tracked))
    this.#returns.add(tracked)
  }

  #contextOf(queue: ProcessQueue): ConsumeContext {
    let context = this.#contexts.get(queue)
    if (context === undefined) {
      context = { consumerGroup: this.#options.consumerGroup, messageQueue: queue.queue, signal: queue.signal }
      this.#contexts.set(queue, context)
    }
    return context
  }
}
