import { checkedRange } from '../../client/checked-options'
import { asError } from '../../errors'
import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import type { Clock } from '../../runtime/clock'
import { QueueTable } from '../queue-table'
import type { AssignmentChange, RebalancedQueues } from '../rebalance/rebalanced-queues'

/** What a pull task is told, and tells. */
export interface PullTaskContext {
  /** Aborted when the queue is given away or the consumer shuts down. */
  readonly signal: AbortSignal
  /** The task's to set: how long after its end it is run again, ms, 0 and up; 200 where it does not say. */
  nextDelayMs: number
}

/** Works on one queue that is ours, again and again; a promise that it returns is waited for. */
export type PullTask = (queue: MessageQueue, context: PullTaskContext) => unknown

export interface ScheduledQueuesOptions {
  readonly clock: Clock
  readonly task: (topic: string) => PullTask | undefined
  /** A task threw, rejected, or set a delay that is none. */
  readonly onTaskError: (error: Error, queue: MessageQueue) => void
}

interface Entry {
  readonly queue: MessageQueue
  readonly abort: AbortController
  running: Promise<void> | undefined
}

const DELAY_MS = 200
const AFTER_ERROR_MS = 1000
const MAX_DELAY_MS = 0x7fffffff

/** The queues that are ours, each with a task that runs on it at times of its own choice. */
export class ScheduledQueues implements RebalancedQueues {
  readonly #options: ScheduledQueuesOptions
  readonly #table = new QueueTable<Entry>()
  #tasks = 0

  constructor(options: ScheduledQueuesOptions) {
    this.#options = options
  }

  get queues(): MessageQueue[] {
    return this.#table.all.filter(isOurs).map(({ queue }) => queue)
  }

  /** Tasks at work at the moment. */
  get tasks(): number {
    return this.#tasks
  }

  /** As told by `RebalancedQueues`. A queue whose task of a former time still runs is left for another round. */
  assign(topic: string, queues: readonly MessageQueue[]): Promise<AssignmentChange> {
    const wanted = new Set(queues.map(messageQueueKey))
    const ours = this.#table.ofTopic(topic).filter(isOurs)
    const surplus = ours.filter(({ queue }) => !wanted.has(messageQueueKey(queue)))
    const removed = surplus.map(({ queue }) => queue)
    for (const entry of surplus) this.#end(entry)
    const missing = queues.filter(queue => this.#table.get(queue)?.abort.signal.aborted !== false)
    const added = missing.filter(queue => this.#table.get(queue) === undefined)
    for (const queue of added) {
      this.#table.set(queue, { queue, abort: new AbortController(), running: undefined })
    }
    return Promise.resolve({ added, removed, complete: added.length === missing.length })
  }

  startPulling(queues: readonly MessageQueue[]): void {
    for (const queue of queues) {
      const entry = this.#table.get(queue)
      if (entry !== undefined && isOurs(entry)) entry.running ??= this.#run(entry)
    }
  }

  /** Ends all schedules; resolves when no task is at work any more. */
  async stop(): Promise<void> {
    const { all } = this.#table
    const running = all.flatMap(entry => entry.running ?? [])
    for (const entry of all) this.#end(entry)
    await Promise.all(running)
  }

  #end({ queue, abort, running }: Entry): void {
    abort.abort()
    if (running === undefined) this.#table.delete(queue)
    else void running.then(() => this.#table.delete(queue))
  }

  async #run({ queue, abort: { signal } }: Entry): Promise<void> {
    while (!signal.aborted) {
      const delayMs = await this.#runOnce(queue, signal)
      await this.#options.clock.sleep(delayMs, signal).catch(() => undefined)
    }
  }

  /** Runs the task and returns how long to wait until the next time; never rejects. */
  async #runOnce(queue: MessageQueue, signal: AbortSignal): Promise<number> {
    const { task, onTaskError } = this.#options
    const context = { signal, nextDelayMs: DELAY_MS }
    this.#tasks++
    try {
      await task(queue.topic)?.(queue, context)
      return checkedRange('nextDelayMs', context.nextDelayMs, 0, MAX_DELAY_MS)
    } catch (error) {
      onTaskError(asError(error), queue)
      return AFTER_ERROR_MS
    } finally {
      this.#tasks--
    }
  }
}

/** False while the task of a queue that was given away still runs. */
function isOurs({ abort }: Entry): boolean {
  return !abort.signal.aborted
}
