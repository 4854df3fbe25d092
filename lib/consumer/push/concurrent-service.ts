import { RocketMQError } from '../../errors'
import { asTyped } from '../as-typed'
import { ConcurrentContext } from './concurrent-context'
import type { ConsumeService, ConsumeServiceOptions } from './consume-service'
import { ListenerCalls } from './listener-calls'
import { ListenerPlaces } from './listener-places'
import { type ConcurrentVerdict, concurrentVerdict } from './listener-result'
import type { ConsumeConcurrentlyContext, ConsumeContext, MessageListenerConcurrently } from './message-listener'
import type { ProcessQueue, ProcessQueueEntry } from './process-queue'
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

/** Hands messages out as long as there are places, and attaches to a result only where it is a promise. */
export class ConcurrentService implements ConsumeService {
  readonly #options: ConcurrentServiceOptions
  readonly #ready = new ReadyQueues()
  readonly #places: ListenerPlaces
  readonly #calls: ListenerCalls<ConcurrentCall, ConcurrentVerdict | undefined>
  readonly #contexts = new WeakMap<ProcessQueue, ConsumeContext>()
  /** Entries whose listener ended while they were on their way back, since it had taken too long. */
  readonly #ended = new WeakSet<ProcessQueueEntry>()

  constructor(options: ConcurrentServiceOptions) {
    this.#options = options
    this.#places = new ListenerPlaces({ ...options, handOut: now => this.#handOut(now) })
    this.#calls = new ListenerCalls({
      ...options,
      places: this.#places,
      judge,
      settle: (call, verdict) => this.#settle(call, verdict),
      failed: ({ queue, entries, context }) => this.#handBack(queue, entries, context.delayLevelWhenNextConsume),
    })
  }

  get running(): number {
    return this.#places.running
  }

  submit(queue: ProcessQueue): void {
    this.#ready.add(queue)
    this.#places.look()
  }

  updateConcurrency(concurrency: number): void {
    this.#places.updateConcurrency(concurrency)
  }

  drain(): Promise<void> {
    return this.#places.drain()
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

  /** False where there is nothing to do. */
  #handOut(now: number): boolean {
    const queue = this.#ready.next()
    if (queue === undefined) return false
    const entries = queue.take(this.#options.batchSize, now)
    if (entries.some(({ message }) => message.unreadable !== undefined)) this.#handOutReadable(queue, entries)
    else this.#calls.begin({ queue, entries, context: new ConcurrentContext(this.#contextOf(queue)) })
    return true
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

  #settle(call: ConcurrentCall, verdict: ConcurrentVerdict | undefined): void {
    const { queue, entries } = call
    if (verdict === undefined) {
      this.#calls.note(call, 0)
      this.#finish(queue, entries)
      return
    }
    const { firstFailed, delayLevel } = verdict
    this.#calls.note(call, entries.length - firstFailed)
    if (firstFailed > 0) this.#finish(queue, entries.slice(0, firstFailed))
    if (firstFailed < entries.length) this.#handBack(queue, entries.slice(firstFailed), delayLevel)
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
    this.#places.beginBesides()
    const isAccepted = await this.#sendBack(entry, delayLevel)
    this.#places.endBesides()
    if (isAccepted) this.#finish(queue, [entry])
    this.#places.look()
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
    entry.message.reconsumeTimes++
    await this.#places.pause(AGAIN_MS, queue.signal)
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
    this.#places.track(work, 'what was handed back could not be noted')
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

/** Undefined where nothing was said: all are done, which needs no verdict to be made. */
function judge(result: unknown, { entries, context }: ConcurrentCall): ConcurrentVerdict | undefined {
  if (result === undefined && context.ackIndex === undefined) return undefined
  return concurrentVerdict(result, entries.length, context)
}
