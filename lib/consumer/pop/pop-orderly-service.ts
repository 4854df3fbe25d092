import { messageQueueKey } from '../../model/message-queue'
import { onAbort } from '../../runtime/on-abort'
import { asTyped } from '../as-typed'
import type { OrderlyVerdict } from '../push/listener-result'
import type { MessageListenerOrderly } from '../push/message-listener'
import { callInOrder } from '../push/orderly-call'
import { OrderlyContext } from '../push/orderly-context'
import { QueueRuns } from '../push/queue-runs'
import { TO_DEAD_LETTERS } from '../send-back'
import type { PopEntry, PopProcessQueue } from './pop-process-queue'
import { type PopService, type PopServiceOptions, isFit } from './pop-service'

export interface PopOrderlyServiceOptions extends PopServiceOptions {
  readonly listener: MessageListenerOrderly
  /** How long a queue stands still after a failure, ms. */
  readonly suspendMs: number
}

/** What was popped of one queue, in order. */
interface Lane {
  readonly queue: PopProcessQueue
  readonly queueId: number
  readonly entries: PopEntry[]
  /** Messages that the listener has handled and not committed. */
  readonly kept: PopEntry[]
  /** How many entries there are. */
  readonly held: number
}

/**
 * Hands popped messages out in order: one call at a time for each queue. The broker gives nobody more of a queue until what
 * was popped of it is acknowledged, so a failure is tried again in place, after a pause.
 */
export class PopOrderlyService implements PopService {
  readonly #options: PopOrderlyServiceOptions
  readonly #lanes = new Map<PopProcessQueue, Map<number, Lane>>()
  readonly #runs: QueueRuns<Lane>

  constructor(options: PopOrderlyServiceOptions) {
    this.#options = options
    this.#runs = new QueueRuns({
      ...options,
      run: lane => this.#call(lane),
      brokeOff: error => {
        options.onBackgroundError(asTyped(error, 'the result of a listener could not be noted'))
        return 0
      },
      signal: ({ queue }) => queue.signal,
      nameOf: ({ queue: { queue }, queueId }) => messageQueueKey({ ...queue, queueId }),
      onFree: lane => this.#forgetEmpty(lane),
    })
  }

  get running(): number {
    return this.#runs.places.running
  }

  submit(queue: PopProcessQueue, entries: readonly PopEntry[]): void {
    for (const entry of entries) {
      const lane = this.#laneOf(queue, entry.message.queueId)
      // The broker gives again what it had given before: those are not ours any more.
      const { queueOffset } = entry.message
      const waiting = lane.entries.filter(({ isRunning }) => !isRunning)
      const stale = [...waiting, ...lane.kept].filter(({ message }) => message.queueOffset >= queueOffset)
      this.#takeOut(lane, stale)
      queue.finish(stale)
      lane.entries.push(entry)
      this.#runs.add(lane)
    }
    this.#runs.places.look()
  }

  updateConcurrency(concurrency: number): void {
    this.#runs.places.updateConcurrency(concurrency)
  }

  /** What is not handled then, or not committed, is given to others. */
  async drain(): Promise<void> {
    await this.#runs.places.drain()
    for (const lanes of [...this.#lanes.values()]) {
      for (const lane of [...lanes.values()]) this.#giveBack(lane, [...lane.kept, ...lane.entries])
    }
  }

  /** Resolves with the pause, ms; 0 for none. */
  async #call(lane: Lane): Promise<number> {
    const { batchSize, clock } = this.#options
    const { queue } = lane
    const entries = this.#next(lane, batchSize)
    if (entries.length === 0) return 0
    queue.begin(entries, clock.monotonic())
    const verdict = await callInOrder(this.#options, { queue, entries, context: this.#contextOf(lane) })
    return this.#settle(lane, entries, verdict)
  }

  #settle(lane: Lane, entries: readonly PopEntry[], verdict: OrderlyVerdict): number {
    const { queue, kept } = lane
    // Of what was given away nothing may be kept: it would stay hidden, and hold its queue up, until its listener's time is over.
    if (queue.dropped && verdict.outcome !== 'COMMIT') {
      if (verdict.outcome === 'SUSPEND') this.#again(lane, entries)
      this.#giveBack(lane, [...kept, ...entries])
      return 0
    }
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
    const lanes = this.#lanes.get(queue) ?? this.#newLanes(queue)
    const lane = lanes.get(queueId) ?? newLane(queue, queueId)
    lanes.set(queueId, lane)
    return lane
  }

  #newLanes(queue: PopProcessQueue): Map<number, Lane> {
    const lanes = new Map<number, Lane>()
    this.#lanes.set(queue, lanes)
    // What a call that runs has kept before it may still commit.
    const isIdle = ({ entries }: Lane): boolean => !entries.some(({ isRunning }) => isRunning)
    onAbort(queue.signal, () => {
      for (const lane of [...lanes.values()].filter(isIdle)) this.#giveBack(lane, [...lane.kept])
      if (lanes.size === 0) this.#lanes.delete(queue)
    })
    return lanes
  }

  /** Lets others have what is here still. */
  #giveBack(lane: Lane, entries: readonly PopEntry[]): void {
    const { kept, queue } = lane
    for (const entry of entries) {
      const isRunning = entry.isRunning && lane.entries.includes(entry)
      const isHere = kept.includes(entry) || isRunning || queue.holds(entry)
      this.#takeOut(lane, [entry])
      // In hand, but not to be given to anybody, until the broker knows.
      queue.begin([entry], entry.startedAt)
      if (isHere) this.#options.settlement.open(queue, entry)
    }
    this.#forgetEmpty(lane)
  }

  #forgetEmpty({ queue, queueId, entries, kept }: Lane): void {
    const lanes = this.#lanes.get(queue)
    if (entries.length + kept.length === 0) lanes?.delete(queueId)
    if (queue.dropped && lanes?.size === 0) this.#lanes.delete(queue)
  }

  #takeOut({ entries, kept }: Lane, gone: readonly PopEntry[]): void {
    for (const entry of gone) {
      for (const list of [entries, kept]) {
        const index = list.indexOf(entry)
        if (index >= 0) list.splice(index, 1)
      }
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
    get held() {
      return entries.length
    },
  }
}
