import type { ServiceOptions } from './consume-service'
import { ListenerPlaces } from './listener-places'
import { type Holder, ReadyQueues } from './ready-queues'

export interface QueueRunsOptions<Queue> extends Pick<
  ServiceOptions,
  'clock' | 'concurrency' | 'rate' | 'onBackgroundError'
> {
  /** Hands out messages of a queue, one call after the other. Resolves with how long it is to stand still after it, ms. */
  readonly run: (queue: Queue) => Promise<number>
  /** A run was broken off by an error; tells how long the queue is to stand still, ms. */
  readonly brokeOff: (error: unknown, queue: Queue) => number
  /** Aborted when the queue is given away. */
  readonly signal: (queue: Queue) => AbortSignal
  /** The same for a queue that was given away and has come again as another object: its runs wait for those of the first. */
  readonly nameOf: (queue: Queue) => string
  /** A run, and the pause that it asked for, are over. */
  readonly onFree?: (queue: Queue) => void
}

/**
 * Runs of queues, one at a time for each, and as many in all as there are places. A pause after a run keeps the queue, not
 * the place.
 *
 * ready --a place is free--> runs --asked for a pause--> stands still --> ready, where it has messages
 */
export class QueueRuns<Queue extends Holder> {
  readonly places: ListenerPlaces
  readonly #options: QueueRunsOptions<Queue>
  readonly #ready = new ReadyQueues<Queue>()
  /** By the names of queues with a run, or that stand still: those of that name to be looked at after it. */
  readonly #busy = new Map<string, Set<Queue>>()

  constructor(options: QueueRunsOptions<Queue>) {
    this.#options = options
    this.places = new ListenerPlaces({ ...options, handOut: () => this.#handOut() })
  }

  /** The queue may have messages to hand out; `places.look` is to follow. */
  add(queue: Queue): void {
    if (!this.#waits(queue)) this.#ready.add(queue)
  }

  #handOut(): boolean {
    const queue = this.#ready.take()
    if (queue === undefined) return false
    if (!this.#waits(queue)) void this.#run(queue)
    return true
  }

  /** True where it is looked at after a run of its name. */
  #waits(queue: Queue): boolean {
    return this.#busy.get(this.#options.nameOf(queue))?.add(queue) !== undefined
  }

  async #run(queue: Queue): Promise<void> {
    const { run, brokeOff, nameOf } = this.#options
    this.#busy.set(nameOf(queue), new Set([queue]))
    this.places.begin()
    let pauseMs: number
    try {
      pauseMs = await run(queue)
    } catch (error) {
      pauseMs = brokeOff(error, queue)
    }
    this.places.end()
    if (pauseMs > 0) this.places.track(this.#standStill(queue, pauseMs), 'a queue could not go on after a pause')
    else this.#free(queue)
    this.places.look()
  }

  async #standStill(queue: Queue, ms: number): Promise<void> {
    await this.places.pause(ms, this.#options.signal(queue))
    this.#free(queue)
    this.places.look()
  }

  #free(queue: Queue): void {
    const { nameOf, onFree } = this.#options
    const name = nameOf(queue)
    const waiting = this.#busy.get(name) ?? []
    this.#busy.delete(name)
    onFree?.(queue)
    for (const each of waiting) if (each.held > 0) this.add(each)
  }
}
