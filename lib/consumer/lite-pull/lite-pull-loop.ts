import type { ClientInstance } from '../../client/client-instance'
import type { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import type { Gate } from '../../runtime/gate'
import { PullFailures } from '../pull/pull-failures'
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

/** A loop that goes to pull no more for this long beyond the time of one pull, though nothing keeps it from it, hangs. */
const MAX_IDLE_MS = 120_000
/** Until a subscription that is missing is looked at again. */
const MISSING_MS = 1000

/** Pulls a queue into the hand of its consumer, one pull at a time. Ends only when the queue is dropped. */
export class LitePullLoop {
  readonly #options: LitePullLoopOptions
  readonly #failures: PullFailures
  #maxOffset = 0
  #lastPulledAt: number | undefined
  #doing = 'not started'
  /** True while it waits for what keeps it from pulling. */
  #isHeld = false
  #lastBeginAt = 0
  #running: Promise<void> | undefined
  #unwatch: (() => void) | undefined
  /** The present run; another one has hung. */
  #run = {}

  constructor(options: LitePullLoopOptions) {
    this.#options = options
    const { client, assigned, onBackgroundError } = options
    this.#failures = new PullFailures({ client, queue: assigned.queue, onBackgroundError })
  }

  /** The queue's end as the last answer told it. */
  get maxOffset(): number {
    return this.#maxOffset
  }

  /** When it last went to ask for messages, monotonic ms. */
  get lastPulledAt(): number | undefined {
    return this.#lastPulledAt
  }

  /** What it does or waits for at the moment, for people to read. */
  get doing(): string {
    return this.#doing
  }

  /** Milliseconds since it last went to ask for messages; 0 while it is kept from that on purpose, as by a full queue. */
  get idleMs(): number {
    const since = Math.max(this.#lastPulledAt ?? 0, this.#lastBeginAt)
    return this.#isHeld ? 0 : this.#options.client.clock.monotonic() - since
  }

  start(): void {
    if (this.#running !== undefined) return
    this.#unwatch = this.#watch()
    this.#begin()
  }

  /** Resolves when the loop has ended, after its queue was dropped. */
  async ended(): Promise<void> {
    this.#unwatch?.()
    await this.#running
  }

  #begin(): void {
    this.#lastBeginAt = this.#options.client.clock.monotonic()
    const run = {}
    this.#run = run
    this.#running = this.#loop(run)
  }

  /** One that hangs is left to itself, and may not go on beside its successor. */
  #restart(): void {
    this.#isHeld = false
    this.#options.assigned.restart()
    this.#begin()
  }

  #watch(): () => void {
    const { client, assigned, options, onBackgroundError } = this.#options
    const { topic, brokerName, queueId } = assigned.queue
    return client.watchdog.add({
      name: `the pull loop of queue ${queueId} of ${topic} on ${brokerName}`,
      boundMs: MAX_IDLE_MS + options.consumerTimeoutWhenSuspendMs,
      details: { topic, brokerName },
      idleMs: () => this.idleMs,
      doing: () => this.#doing,
      restart: () => this.#restart(),
      onStalled: error => {
        client.log.error(error.message)
        onBackgroundError(error)
      },
    })
  }

  async #loop(run: object): Promise<void> {
    const { assigned } = this.#options
    while (!assigned.dropped && run === this.#run) {
      const { course } = assigned
      try {
        if (await this.#mayPull(course.signal)) await this.#pull(course)
        this.#failures.clear()
      } catch (error) {
        // A seek, or the end: what was under way is not wanted any more.
        if (course.signal.aborted) continue
        this.#doing = `waits after failure ${this.#failures.count + 1}`
        await this.#failures.wait(error, course.signal)
      }
    }
  }

  /** True where nothing keeps the loop from pulling; else waits for what does, and false: all is to be looked at again. */
  async #mayPull(signal: AbortSignal): Promise<boolean> {
    const { assigned, roomOfAll, subscription, client } = this.#options
    const shut = [assigned.pause, assigned.room, roomOfAll].find(gate => !gate.isOpen)
    if (shut !== undefined) {
      await this.#held(shut === assigned.pause ? 'is paused' : 'waits for polls to make room', shut.whenOpen(signal))
    } else if (subscription() === undefined) {
      await this.#held('waits for its subscription', client.clock.sleep(MISSING_MS, signal))
    } else return !signal.aborted
    return false
  }

  async #held(doing: string, end: Promise<void>): Promise<void> {
    this.#doing = doing
    this.#isHeld = true
    try {
      await end
    } finally {
      this.#isHeld = false
    }
  }

  async #pull(course: PullCourse): Promise<void> {
    const { client, options, puller, isHeard } = this.#options
    const subscription = this.#options.subscription()
    if (subscription === undefined) return
    this.#lastPulledAt = client.clock.monotonic()
    this.#doing = 'pulls'
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
    if (!isSame(subscription, this.#options.subscription())) return
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

function isSame({ subString, expressionType }: SubscriptionData, wanted: SubscriptionData | undefined): boolean {
  return wanted?.subString === subString && wanted.expressionType === expressionType
}
