import type { ClientInstance } from '../../client/client-instance'
import type { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import { wantsSame } from '../../model/subscription'
import type { Gate } from '../../runtime/gate'
import { type Hold, QueueLoop } from '../pull/queue-loop'
import type { PulledMessages, QueuePuller } from '../pull/queue-puller'
import type { AssignedQueue, PullCourse } from './assigned-queue'
import type { ResolvedLitePullConsumerOptions } from './lite-pull-consumer-options'

export interface LitePullLoopOptions {
  readonly client: ClientInstance
  readonly options: ResolvedLitePullConsumerOptions
  readonly assigned: AssignedQueue
  readonly puller: Pick<QueuePuller, 'pull'>
  /** What is wanted of the queue's topic; undefined after it was unsubscribed. */
  readonly subscription: () => SubscriptionData | undefined
  /** Whether brokers have this subscription from heartbeats. */
  readonly isHeard: (subscription: SubscriptionData) => boolean
  /** Shut while all queues together have too much in hand. */
  readonly roomOfAll: Gate
  /** The queue has messages to hand out. */
  readonly onMessages: (assigned: AssignedQueue) => void
  /** An administrator has set the offset of the queue. */
  readonly onReset: (assigned: AssignedQueue, offset: number) => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** Pulls a queue into the hand of its consumer, one pull at a time. Ends only when the queue is dropped. */
export class LitePullLoop {
  readonly #options: LitePullLoopOptions
  readonly #loop: QueueLoop
  #maxOffset = 0

  constructor(options: LitePullLoopOptions) {
    this.#options = options
    const { client, assigned, onBackgroundError } = options
    this.#loop = new QueueLoop({
      client,
      queue: assigned.queue,
      kind: 'pull',
      roundMs: options.options.consumerTimeoutWhenSuspendMs,
      // A seek ends the round under way.
      signal: () => assigned.course.signal,
      hold: signal => this.#hold(signal),
      ask: () => this.#pull(assigned.course),
      onStalled: () => this.#restart(),
      onBackgroundError,
    })
  }

  /** The queue's end as the last answer told it. */
  get maxOffset(): number {
    return this.#maxOffset
  }

  /** When it last went to ask for messages, monotonic ms. */
  get lastPulledAt(): number | undefined {
    return this.#loop.lastAskedAt
  }

  /** What it does or waits for at the moment, for people to read. */
  get doing(): string {
    return this.#loop.doing
  }

  /** Milliseconds since it last went to ask for messages; 0 while it is kept from that on purpose, as by a full queue. */
  get idleMs(): number {
    return this.#loop.idleMs
  }

  start(): void {
    this.#loop.start()
  }

  /** Resolves when the loop has ended, after its queue was dropped. */
  ended(): Promise<void> {
    return this.#loop.ended()
  }

  #restart(): void {
    this.#options.assigned.restart()
    this.#loop.restart()
  }

  #hold(signal: AbortSignal): Hold | undefined {
    const { assigned, roomOfAll, subscription } = this.#options
    const shut = [assigned.pause, assigned.room, roomOfAll].find(gate => !gate.isOpen)
    if (shut !== undefined) {
      return {
        doing: shut === assigned.pause ? 'is paused' : 'waits for polls to make room',
        end: shut.whenOpen(signal),
      }
    }
    return subscription() === undefined ? { doing: 'waits for its subscription' } : undefined
  }

  async #pull(course: PullCourse): Promise<void> {
    const { client, options, puller, isHeard } = this.#options
    const subscription = this.#options.subscription()
    if (subscription === undefined) return
    const pulled = await puller.pull({
      offset: course.offset,
      maxNums: options.pullBatchSize,
      maxBytes: undefined,
      subscription,
      sendsSubscription: !isHeard(subscription),
      commitOffset: 0,
      suspendMs: options.brokerSuspendMaxTimeMs,
      timeoutMs: options.consumerTimeoutWhenSuspendMs,
      signal: course.signal,
    })
    // The broker has passed over what was not wanted when it was asked: it is asked anew for what is wanted by now.
    if (!wantsSame(this.#options.subscription(), subscription)) return
    this.#take(course, pulled)
    if (pulled.restMs > 0) await client.clock.sleep(pulled.restMs, course.signal)
  }

  #take(course: PullCourse, pulled: PulledMessages): void {
    const { assigned, client, onMessages, onReset, onBackgroundError } = this.#options
    const { status, messages, nextBeginOffset, problems } = pulled
    if (course !== assigned.course || assigned.dropped) return
    this.#maxOffset = pulled.maxOffset
    for (const problem of problems) onBackgroundError(problem)
    if (status === 'OFFSET_ILLEGAL') {
      const { queue } = assigned
      client.log.warn('an offset is not in its queue any more', { queue, offset: course.offset, nextBeginOffset })
    }
    if (pulled.isReset) onReset(assigned, nextBeginOffset)
    else if (assigned.put(course, messages, nextBeginOffset) && messages.length > 0) onMessages(assigned)
    // The rest of the answer is pulled again, after a while.
    if (pulled.damage !== undefined) throw pulled.damage
  }
}
