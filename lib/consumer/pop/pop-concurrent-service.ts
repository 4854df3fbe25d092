import { asError } from '../../errors'
import { asTyped } from '../as-typed'
import { callListener } from '../push/listener-call'
import { concurrentVerdict } from '../push/listener-result'
import { ConcurrentContext } from '../push/concurrent-context'
import type { ConsumeConcurrentlyContext, MessageListenerConcurrently } from '../push/message-listener'
import { Pump } from '../push/pump'
import { ReadyQueues } from '../push/ready-queues'
import type { PopEntry, PopProcessQueue } from './pop-process-queue'
import { type PopService, type PopServiceOptions, isFit } from './pop-service'

export interface PopConcurrentServiceOptions extends PopServiceOptions {
  readonly listener: MessageListenerConcurrently
}

/** A call of the listener. */
interface Call {
  readonly queue: PopProcessQueue
  readonly entries: readonly PopEntry[]
  readonly context: ConsumeConcurrentlyContext
}

/** Hands popped messages out as long as there are places (Java `ConsumeMessagePopConcurrentlyService`). */
export class PopConcurrentService implements PopService {
  readonly #options: PopConcurrentServiceOptions
  readonly #ready = new ReadyQueues<PopProcessQueue>()
  readonly #pump: Pump
  readonly #wake: () => void
  #concurrency: number
  #running = 0
  #isStopped = false
  /** Those who wait for the end of all calls. */
  readonly #waiters: (() => void)[] = []

  constructor(options: PopConcurrentServiceOptions) {
    this.#options = options
    this.#concurrency = options.concurrency
    this.#pump = new Pump(options.clock, now => this.#step(now))
    this.#wake = () => this.#pump.run()
  }

  get running(): number {
    return this.#running
  }

  submit(queue: PopProcessQueue): void {
    this.#ready.add(queue)
    this.#pump.run()
  }

  updateConcurrency(concurrency: number): void {
    this.#concurrency = concurrency
    this.#pump.run()
  }

  async drain(): Promise<void> {
    this.#isStopped = true
    if (this.#running > 0) await new Promise<void>(resolve => this.#waiters.push(resolve))
  }

  /** Hands out once; false where there is nothing to do, or no place. */
  #step(now: number): boolean {
    if (this.#running >= this.#concurrency || this.#isStopped) return false
    if (!this.#options.rate.isOpen(this.#wake)) return false
    const queue = this.#ready.next()
    if (queue === undefined) return false
    const entries = queue.take(this.#options.batchSize, now).filter(entry => isFit(this.#options, queue, entry, 0))
    if (entries.length > 0) this.#call(queue, entries)
    return true
  }

  #call(queue: PopProcessQueue, entries: readonly PopEntry[]): void {
    const messages = entries.map(({ message }) => message)
    const { queue: messageQueue, signal } = queue
    const { consumerGroup, listener, rate } = this.#options
    rate.passed(entries.length)
    const context = new ConcurrentContext({ consumerGroup, messageQueue, signal })
    const call: Call = { queue, entries, context }
    this.#running++
    callListener(
      () => listener(messages, context),
      result => this.#end(() => this.#settle(call, result)),
      (error: unknown) => this.#end(() => this.#fail(call, error)),
    )
  }

  /** A listener call has ended; whatever comes of it, its place is free. */
  #end(settle: () => void): void {
    this.#running--
    try {
      settle()
    } catch (error) {
      this.#options.onBackgroundError(asTyped(error, 'the result of a listener could not be noted'))
    }
    if (this.#running === 0) for (const resolve of this.#waiters.splice(0)) resolve()
    this.#pump.run()
  }

  #settle(call: Call, result: unknown): void {
    const { queue, entries, context } = call
    let verdict: ReturnType<typeof concurrentVerdict>
    try {
      verdict = concurrentVerdict(result, entries.length, context)
    } catch (error) {
      this.#fail(call, error)
      return
    }
    const { firstFailed, delayLevel } = verdict
    const { settlement } = this.#options
    this.#noteCall(queue, entries, entries.length - firstFailed)
    for (const entry of entries.slice(0, firstFailed)) settlement.done(queue, entry)
    for (const entry of entries.slice(firstFailed)) settlement.failed(queue, entry, delayLevel)
  }

  #fail({ queue, entries, context }: Call, error: unknown): void {
    const { settlement, onListenerError } = this.#options
    this.#noteCall(queue, entries, entries.length)
    for (const entry of entries) settlement.failed(queue, entry, context.delayLevelWhenNextConsume)
    const messages = entries.map(({ message }) => message)
    onListenerError(asError(error), messages)
  }

  #noteCall({ queue }: PopProcessQueue, entries: readonly PopEntry[], failed: number): void {
    const { rates, clock } = this.#options
    rates.of(queue.topic).called(clock.monotonic(), entries, failed)
  }
}
