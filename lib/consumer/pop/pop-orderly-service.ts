import { asError } from '../../errors'
import { withAnySignal } from '../../runtime/any-signal'
import { asTyped } from '../as-typed'
import { type OrderlyVerdict, clampSuspension, orderlyVerdict } from '../push/listener-result'
import type { MessageListenerOrderly } from '../push/message-listener'
import { OrderlyContext } from '../push/orderly-context'
import { ReadyQueues } from '../push/ready-queues'
import type { PopEntry, PopProcessQueue } from './pop-process-queue'
import { type PopService, type PopServiceOptions, isFit } from './pop-service'

export interface PopOrderlyServiceOptions extends PopServiceOptions {
  readonly listener: MessageListenerOrderly
  /** How long a queue stands still after a failure, ms. */
  readonly suspendMs: number
}

const TO_DEAD_LETTERS = -1

/** What was popped of one queue, in order. */
interface Lane {
  readonly queue: PopProcessQueue
  readonly queueId: number
  readonly entries: PopEntry[]
  /** Messages that the listener has handled and not committed. */
  readonly kept: PopEntry[]
  /** Messages that may be handed out: none while there is a run, or a pause. */
  readonly held: number
  isBusy: boolean
}

/**
 * Hands popped messages out in order: one call at a time for each queue. The broker gives nobody more of a queue until what
 * was popped of it is acknowledged, so a failure is tried again in place, after a pause.
 */
export class PopOrderlyService implements PopService {
  readonly #options: PopOrderlyServiceOptions
  readonly #lanes = new WeakMap<PopProcessQueue, Map<number, Lane>>()
  readonly #ready = new ReadyQueues<Lane>()
  readonly #stop = new AbortController()
  readonly #runs = new Set<Promise<void>>()
  readonly #wake = (): void => this.#fill()
  #concurrency: number
  #running = 0

  constructor(options: PopOrderlyServiceOptions) {
    this.#options = options
    this.#concurrency = options.concurrency
  }

  get running(): number {
    return this.#running
  }

  submit(queue: PopProcessQueue, entries: readonly PopEntry[]): void {
    for (const entry of entries) {
      const lane = this.#laneOf(queue, entry.message.queueId)
      // The broker gives again what it had given before: those are not ours any more.
      const { queueOffset } = entry.message
      const stale = lane.entries.filter(({ message, isRunning }) => message.queueOffset >= queueOffset && !isRunning)
      this.#takeOut(lane, stale)
      queue.finish(stale)
      lane.entries.push(entry)
      if (!lane.isBusy) this.#ready.add(lane)
    }
    this.#fill()
  }

  updateConcurrency(concurrency: number): void {
    this.#concurrency = concurrency
    this.#fill()
  }

  async drain(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#runs)
  }

  #fill(): void {
    while (this.#running < this.#concurrency && !this.#stop.signal.aborted) {
      if (!this.#options.rate.isOpen(this.#wake)) return
      const lane = this.#ready.take()
      if (lane === undefined) return
      const run = this.#run(lane)
      this.#runs.add(run)
      void run.finally(() => this.#runs.delete(run))
    }
  }

  /** One call, and the pause that it asked for: the lane is busy for both, its place is taken by the call alone. */
  async #run(lane: Lane): Promise<void> {
    lane.isBusy = true
    this.#running++
    let pauseMs = 0
    try {
      pauseMs = await this.#call(lane)
    } catch (error) {
      this.#options.onBackgroundError(asTyped(error, 'the result of a listener could not be noted'))
    }
    this.#running--
    this.#fill()
    if (pauseMs > 0) await this.#pause(lane, pauseMs)
    lane.isBusy = false
    if (lane.held > 0) this.#ready.add(lane)
    else if (lane.entries.length === 0) this.#lanes.get(lane.queue)?.delete(lane.queueId)
    this.#fill()
  }

  async #pause({ queue }: Lane, ms: number): Promise<void> {
    const signals = [queue.signal, this.#stop.signal]
    await withAnySignal(signals, signal => this.#options.clock.sleep(ms, signal)).catch(() => undefined)
  }

  /** Resolves with the pause, ms; 0 for none. */
  async #call(lane: Lane): Promise<number> {
    const { batchSize, clock, listener, suspendMs, rate } = this.#options
    const entries = this.#next(lane, batchSize)
    if (entries.length === 0) return 0
    const { queue } = lane
    queue.begin(entries, clock.monotonic())
    const messages = entries.map(({ message }) => message)
    const context = this.#contextOf(lane)
    rate.passed(entries.length)
    let verdict: OrderlyVerdict
    try {
      verdict = orderlyVerdict(await listener(messages, context), context, suspendMs)
    } catch (error) {
      this.#options.onListenerError(asError(error), messages)
      verdict = { outcome: 'SUSPEND', pauseMs: clampSuspension(context.suspendCurrentQueueTimeMs ?? suspendMs) }
    }
    const failed = verdict.outcome === 'SUSPEND' || verdict.outcome === 'ROLLBACK' ? entries.length : 0
    this.#options.rates.of(queue.queue.topic).called(clock.monotonic(), entries, failed)
    return this.#settle(lane, entries, verdict)
  }

  #settle(lane: Lane, entries: readonly PopEntry[], verdict: OrderlyVerdict): number {
    const { queue, kept } = lane
    switch (verdict.outcome) {
      case 'COMMIT':
        this.#takeOut(lane, entries)
        for (const entry of [...kept.splice(0), ...entries]) this.#options.settlement.done(queue, entry)
        return 0
      case 'KEEP':
        this.#takeOut(lane, entries)
        kept.push(...entries)
        return 0
      case 'SUSPEND':
        this.#again(lane, entries)
        return verdict.pauseMs
      case 'ROLLBACK': {
        const before = kept.splice(0)
        lane.entries.unshift(...before)
        queue.putBack([...before, ...entries])
        return verdict.pauseMs
      }
    }
  }

  /** The first messages of a lane that a listener may have. */
  #next(lane: Lane, most: number): PopEntry[] {
    const fit: PopEntry[] = []
    for (const entry of [...lane.entries]) {
      if (fit.length === most) break
      // What was given to others meanwhile is here no more; what cannot be read would hold the queue up for ever.
      if (lane.queue.holds(entry) && isFit(this.#options, lane.queue, entry, TO_DEAD_LETTERS)) fit.push(entry)
      else this.#takeOut(lane, [entry])
    }
    return fit
  }

  /** They stay first; those that failed too often leave for the dead letters. */
  #again(lane: Lane, entries: readonly PopEntry[]): void {
    const { settlement } = this.#options
    for (const entry of entries) {
      if (settlement.isLastTry(entry) || lane.queue.dropped) {
        this.#takeOut(lane, [entry])
        settlement.failed(lane.queue, entry, 0)
      } else {
        entry.message.reconsumeTimes++
        lane.queue.putBack([entry])
      }
    }
  }

  #laneOf(queue: PopProcessQueue, queueId: number): Lane {
    const lanes = this.#lanes.get(queue) ?? new Map<number, Lane>()
    this.#lanes.set(queue, lanes)
    const lane = lanes.get(queueId) ?? newLane(queue, queueId)
    lanes.set(queueId, lane)
    return lane
  }

  #takeOut({ entries }: Lane, gone: readonly PopEntry[]): void {
    for (const entry of gone) {
      const index = entries.indexOf(entry)
      if (index >= 0) entries.splice(index, 1)
    }
  }

  #contextOf({ queue: { queue, signal }, queueId }: Lane): OrderlyContext {
    const { topic, brokerName } = queue
    const { consumerGroup } = this.#options
    return new OrderlyContext({ consumerGroup, messageQueue: { topic, brokerName, queueId }, signal }, 'queue')
  }
}

function newLane(queue: PopProcessQueue, queueId: number): Lane {
  const entries: PopEntry[] = []
  return {
    queue,
    queueId,
    entries,
    kept: [],
    isBusy: false,
    get held() {
      return this.isBusy ? 0 : entries.length
    },
  }
}
