import { checkSubscription } from '../../client/check-subscription'
import type { ClientInstance } from '../../client/client-instance'
import type { Telemetry } from '../../client/telemetry/telemetry'
import { NOTIFY_CONSUMER_IDS_CHANGED, RESET_CONSUMER_CLIENT_OFFSET } from '../../commands/callback'
import type { ConsumerData } from '../../commands/heartbeat-data'
import type { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import type { SubscriptionExpression } from '../../model/message-selector'
import { isTagType } from '../../model/subscription'
import { checkTopic } from '../../model/validators'
import type { CallOptions } from '../../remoting/remoting-client'
import { asTyped } from '../as-typed'
import { notAssigned } from '../checked-queue'
import { topicNotFound } from '../fetch-message-queues'
import { type ConsumeTracer, createConsumeTracer } from '../consume-tracer'
import type { LagAlarm } from '../lag/lag-alarms'
import { LagWatch } from '../lag/lag-watch'
import type { LaggingQueue } from '../lag/measure-lag'
import { filterMessages } from '../message-filter'
import { createOffsetStore } from '../offsets/create-offset-store'
import type { OffsetStore } from '../offsets/offset-store'
import { startOffset } from '../offsets/start-offset'
import { type Persist, toldCommits } from '../offsets/told-commits'
import { QueuePuller } from '../pull/queue-puller'
import { Rebalancer } from '../rebalance/rebalancer'
import { MIB } from '../told-values'
import type { AssignedQueue } from './assigned-queue'
import { AssignedQueues } from './assigned-queues'
import { CacheRoom } from './cache-room'
import type { Interest } from './interest'
import type { ResolvedLitePullConsumerOptions } from './lite-pull-consumer-options'
import { LitePullLoop } from './lite-pull-loop'
import { LiteQuestions } from './lite-questions'
import { type PollWait, Poller } from './poller'
import { QueueWatch } from './queue-watch'

export interface LiteConsumptionOptions {
  readonly client: ClientInstance
  readonly options: ResolvedLitePullConsumerOptions
  readonly interest: Interest
  readonly onAssigned: (queues: readonly MessageQueue[]) => void
  readonly onRevoked: (queues: readonly MessageQueue[]) => void
  readonly onQueuesChanged: (topic: string, queues: readonly MessageQueue[]) => void
  readonly onLag: (alarm: LagAlarm) => void
  readonly onBackgroundError: (error: RocketMQError) => void
  readonly telemetry: Pick<Telemetry, 'wants' | 'run'>
}

const REBALANCE_EVERY_MS = 20_000

/** The parts of a running lite pull consumer and what connects them: queues, pull loops, poller, rebalancer, offsets. */
export class LiteConsumption {
  readonly queues: AssignedQueues
  /** Topics whose queues the user wants to hear of. */
  readonly watch: QueueWatch
  readonly lag: LagWatch
  /** Undefined where nothing is traced. */
  readonly tracer: ConsumeTracer | undefined
  readonly #given: LiteConsumptionOptions
  readonly #offsetStore: OffsetStore
  /** Commits that the user has not asked for. */
  readonly #write: Persist
  readonly #roomOfAll: CacheRoom
  readonly #poller: Poller
  readonly #rebalancer: Rebalancer
  readonly #questions: LiteQuestions
  /** Queues whose messages the user has got and may not be done with. */
  readonly #withUser = new Set<AssignedQueue>()
  readonly #cleanups: (() => unknown)[] = []
  #changing: Promise<unknown> = Promise.resolve()
  #started = false
  #stopped = false

  constructor(given: LiteConsumptionOptions) {
    this.#given = given
    const { client, options, interest, onAssigned, onRevoked, onBackgroundError } = given
    this.#offsetStore = createOffsetStore(client, options)
    this.#write = toldCommits(this.#offsetStore, given.telemetry)
    this.#roomOfAll = new CacheRoom(options.pullThresholdForAll)
    this.#poller = new Poller(client.clock)
    this.queues = this.#createQueues()
    const { queues } = this
    this.#questions = new LiteQuestions({ client, options, interest, queues, offsetStore: this.#offsetStore })
    this.watch = new QueueWatch({ routes: client.routes, onChanged: given.onQueuesChanged })
    this.lag = this.#createLagWatch()
    const { consumerGroup, messageModel, allocateStrategy: strategy, traceTopic } = options
    // Nobody tells how long it took to handle what was polled.
    const traced = { consumerGroup, traceTopic, consumeTimeoutMs: Infinity, onBackgroundError }
    this.tracer = createConsumeTracer(client, traced)
    const events = { onAssigned, onRevoked, onBackgroundError }
    const group = { client, consumerGroup, messageModel, strategy, subscriptions: interest.subscriptions }
    this.#rebalancer = new Rebalancer({ ...group, assignments: this.queues, ...events })
  }

  /** Loads offsets and takes the first queues. The client must know the topics already. */
  async start(): Promise<void> {
    if (!this.#stopped) await this.#offsetStore.load()
    // The start was given up meanwhile, and what there was has been released.
    if (this.#stopped) return
    this.#started = true
    this.#listen()
    this.#schedule()
    const { interest } = this.#given
    if (interest.isShared) await this.rebalance()
    else await this.#takeChosen()
  }

  /** Looks at who of the group has which queue; before the start, and where the user chooses, it does nothing. Never rejects. */
  async rebalance(): Promise<void> {
    if (this.#started && this.#given.interest.isShared) await this.#rebalancer.kick()
  }

  /**
   * Makes these queues ours, and no others; one change at a time.
   * @throws RocketMQError where the start offset of one cannot be told; nothing is changed then
   */
  assign(queues: readonly MessageQueue[], expression: SubscriptionExpression | undefined): Promise<void> {
    const change = this.#changing.then(() => this.#assign(queues, expression))
    this.#changing = change.catch(() => undefined)
    return change
  }

  /** The next batch, or none where none came in time. What was got before counts as consumed. */
  async poll(wait: PollWait): Promise<MessageExt[]> {
    if (this.#given.options.autoCommit) this.#finish(this.#withUser)
    const polled = await this.#poller.next(wait)
    if (polled === undefined) return []
    this.#withUser.add(polled.assigned)
    this.tracer?.begin(polled.messages)?.(true, 'SUCCESS')
    return polled.messages
  }

  /**
   * Notes offsets as the group's progress: of all queues, or of some, what was polled; or offsets of the user's own.
   * `persist`: writes them down now, and resolves then.
   * @throws RocketMQError INVALID_ARGUMENT for queues that are not ours, after the others were committed; OFFSET_STORE_FAILED
   */
  async commit(offsets: ReadonlyMap<MessageQueue, number | undefined>, persist: boolean): Promise<void> {
    const lost: MessageQueue[] = []
    const ours: MessageQueue[] = []
    for (const [queue, offset] of offsets) {
      const assigned = this.queues.get(queue)
      if (assigned === undefined || assigned.dropped) lost.push(queue)
      else {
        ours.push(queue)
        assigned.finish(offset)
        this.#offsetStore.update(queue, offset ?? assigned.polled, { increaseOnly: false })
      }
    }
    if (persist) await this.#offsetStore.persist(ours, { confirmed: true })
    if (lost[0] !== undefined) throw notAssigned(lost[0], this.#given.options.consumerGroup)
  }

  /** What the group has committed: the newest in memory, else what was written down; undefined where it never did. */
  async committed(queue: MessageQueue): Promise<number | undefined> {
    return this.#offsetStore.current(queue) ?? (await this.#offsetStore.read(queue))
  }

  /** @throws RocketMQError INVALID_ARGUMENT where the queue is not ours */
  seek(queue: MessageQueue, offset: number): void {
    const assigned = this.assigned(queue)
    assigned.seek(offset)
    this.#withUser.delete(assigned)
  }

  /** @throws RocketMQError INVALID_ARGUMENT where a queue is not ours */
  pause(queues: readonly MessageQueue[]): void {
    for (const assigned of queues.map(queue => this.assigned(queue))) assigned.pause.shut()
  }

  /** @throws RocketMQError INVALID_ARGUMENT where a queue is not ours */
  resume(queues: readonly MessageQueue[]): void {
    for (const assigned of queues.map(queue => this.assigned(queue))) {
      assigned.pause.open()
      this.#poller.offer(assigned)
    }
  }

  /** @throws RocketMQError INVALID_ARGUMENT where the queue is not ours */
  assigned(queue: MessageQueue): AssignedQueue {
    const assigned = this.queues.get(queue)
    if (assigned !== undefined && !assigned.dropped) return assigned
    throw notAssigned(queue, this.#given.options.consumerGroup)
  }

  /** @throws RocketMQError TOPIC_NOT_FOUND, INVALID_TOPIC, NO_NAME_SERVER */
  async watchQueues(topic: string, call: CallOptions): Promise<readonly MessageQueue[]> {
    const { routes } = this.#given.client
    checkTopic(topic)
    await routes.refresh(topic, call)
    if (routes.get(topic) === undefined) throw topicNotFound(topic)
    return this.watch.add(topic)
  }

  /** What heartbeats tell; as from Java, they do not tell where the group begins. */
  consumerData(): ConsumerData {
    const { options, interest } = this.#given
    return {
      groupName: options.consumerGroup,
      consumeType: 'CONSUME_ACTIVELY',
      messageModel: options.messageModel,
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      subscriptionDataSet: interest.subscriptions.all,
      unitMode: this.#given.client.options.unitMode,
    }
  }

  /** Ends polls and pulls, and writes offsets down. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#poller.stop()
    // At once: what is under way may wait for what never answers, such as a store of the user's own.
    const ended = [this.queues.stop(), ...this.#cleanups.splice(0).map(cleanup => cleanup())]
    await this.#rebalancer.stop()
    await Promise.all(ended)
    await this.#changing
    await this.#persist({ confirmed: true, notesConsumed: this.#given.options.autoCommit })
  }

  async #assign(queues: readonly MessageQueue[], expression: SubscriptionExpression | undefined): Promise<void> {
    const { client, interest } = this.#given
    const undo = interest.choose(queues, expression)
    try {
      await client.refreshRoutes(interest.topics, {})
      await this.#takeChosen()
    } catch (error) {
      undo()
      throw error
    }
    await client.heartbeat()
  }

  /** Brokers do not hear of what is chosen by heartbeats, and would deliver every message for a condition that they cannot read. */
  async #takeChosen(): Promise<void> {
    const { client, interest, options, onBackgroundError } = this.#given
    const question = { group: options.consumerGroup, onBackgroundError }
    await Promise.all(interest.chosen.map(subscription => checkSubscription(client, { ...question, subscription }, {})))
    await this.queues.replace(interest.queues)
  }

  #finish(queues: Set<AssignedQueue>): void {
    for (const assigned of queues) assigned.finish()
    queues.clear()
  }

  #createQueues(): AssignedQueues {
    const { client, options, onBackgroundError } = this.#given
    const offsetStore = this.#offsetStore
    const { offsets, clock } = client
    return new AssignedQueues({
      client,
      offsetStore,
      persist: this.#write,
      limits: {
        maxMessages: options.pullThresholdForQueue,
        maxBytes: options.pullThresholdSizeForQueue * MIB,
        maxSpan: options.consumeMaxSpan,
      },
      roomOfAll: this.#roomOfAll,
      autoCommit: options.autoCommit,
      startOffset: queue => startOffset(queue, { options, offsetStore, offsets, now: clock.now() }),
      createLoop: assigned => this.#createLoop(assigned),
      onBackgroundError,
    })
  }

  #createLagWatch(): LagWatch {
    const { client, options, onLag, onBackgroundError } = this.#given
    const { consumerGroup, lagThresholds: thresholds } = options
    const queues = (): LaggingQueue[] =>
      this.queues.all.map(({ assigned: { queue, polled, firstStoredAt }, loop }) => {
        return { queue, offset: polled, storedAt: firstStoredAt, lastMaxOffset: loop.maxOffset }
      })
    return new LagWatch({ client, consumerGroup, thresholds, queues, onLag, onBackgroundError })
  }

  #createLoop(assigned: AssignedQueue): LitePullLoop {
    const { client, options, interest, onBackgroundError } = this.#given
    const { queue } = assigned
    const { consumerGroup, messageFilters } = options
    const filter = filterMessages(messageFilters, { consumerGroup, onBackgroundError })
    return new LitePullLoop({
      client,
      options,
      assigned,
      puller: new QueuePuller({ client, consumerGroup, queue, retryTopic: undefined, filter, litePull: true }),
      subscription: () => interest.subscription(queue.topic),
      // A condition goes by heartbeats where it can: that a broker cannot read one sent with a pull is not told.
      isHeard: ({ expressionType }) => interest.isShared && !isTagType(expressionType),
      roomOfAll: this.#roomOfAll.gate,
      onMessages: ready => this.#poller.offer(ready),
      onReset: (reset, offset) => void this.#reset(reset, offset),
      onBackgroundError,
    })
  }

  #listen(): void {
    const { client, options } = this.#given
    const group = options.consumerGroup
    this.#cleanups.push(
      ...this.#questions.listen(),
      client.handle(NOTIFY_CONSUMER_IDS_CHANGED, group, () => {
        void this.rebalance()
        return undefined
      }),
      client.handle(RESET_CONSUMER_CLIENT_OFFSET, group, ({ header, body }) => {
        for (const [queue, offset] of body.offsetTable) {
          const assigned = this.queues.get(queue)
          if (queue.topic === header.topic && assigned !== undefined) void this.#reset(assigned, offset)
        }
        return undefined
      }),
    )
  }

  #schedule(): void {
    const { client, options } = this.#given
    const { persistConsumerOffsetIntervalMs, autoCommit, autoCommitIntervalMs } = options
    const persist = (notesConsumed: boolean) => (): Promise<void> => this.#persist({ confirmed: false, notesConsumed })
    const persistMs = persistConsumerOffsetIntervalMs
    this.#cleanups.push(
      client.scheduler.add({ name: 'rebalance', everyMs: REBALANCE_EVERY_MS, run: () => this.rebalance() }),
      client.scheduler.add({ name: 'write offsets down', everyMs: persistMs, run: persist(false) }),
    )
    this.#cleanups.push(this.lag.start())
    const watchMs = options.topicMetadataCheckIntervalMs
    const look = (signal: AbortSignal): Promise<void> => client.refreshRoutes(this.watch.topics, { signal })
    this.#cleanups.push(client.scheduler.add({ name: 'look at watched topics', everyMs: watchMs, run: look }))
    if (!autoCommit) return
    const task = { name: 'commit what is consumed', everyMs: autoCommitIntervalMs, run: persist(true) }
    this.#cleanups.push(client.scheduler.add(task))
  }

  /** Writes offsets down, `notesConsumed`: after what is consumed was noted. Failures are reported. */
  async #persist({ confirmed, notesConsumed }: { confirmed: boolean; notesConsumed: boolean }): Promise<void> {
    try {
      for (const { assigned } of notesConsumed ? this.queues.all : []) {
        this.#offsetStore.update(assigned.queue, assigned.consumed, { increaseOnly: false })
      }
      await this.#write(this.queues.queues, { confirmed })
    } catch (error) {
      this.#given.client.report('offsets could not be written down', error)
    }
  }

  /** An administrator has set the offset of a queue: it is written down, so that no later commit undoes it. */
  async #reset(assigned: AssignedQueue, offset: number): Promise<void> {
    const { queue } = assigned
    this.#given.client.log.warn('the offset of a queue is set anew', { queue, offset })
    try {
      // Of a queue that is being given back nothing is committed after it.
      if (assigned.dropped) this.#offsetStore.freeze(queue, offset)
      else {
        this.seek(queue, offset)
        this.#offsetStore.update(queue, offset, { increaseOnly: false })
      }
      await this.#offsetStore.persist([queue], { confirmed: true })
    } catch (error) {
      const says = `the offset of queue ${queue.queueId} of ${queue.topic} could not be set`
      this.#given.onBackgroundError(asTyped(error, says, { topic: queue.topic }))
    }
  }
}
