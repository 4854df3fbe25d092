import { NOTIFY_CONSUMER_IDS_CHANGED, RESET_CONSUMER_CLIENT_OFFSET } from '../../commands/callback'
import type { ConsumerData } from '../../commands/heartbeat-data'
import { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import { retryTopic } from '../../model/names'
import { withDeadline } from '../../runtime/deadline'
import { Gate } from '../../runtime/gate'
import { LagWatch } from '../lag/lag-watch'
import type { LaggingQueue } from '../lag/measure-lag'
import { createOffsetStore } from '../offsets/create-offset-store'
import type { OffsetStore } from '../offsets/offset-store'
import { startOffset } from '../offsets/start-offset'
import { type Persist, toldCommits } from '../offsets/told-commits'
import { PopConsumption } from '../pop/pop-consumption'
import { PullAndPop } from '../pop/pull-and-pop'
import { Rebalancer } from '../rebalance/rebalancer'
import { type SendBack, createSendBack } from '../send-back'
import { settling } from '../settling'
import { Assignments } from './assignments'
import { BrokerQuestions } from './broker-questions'
import { ConcurrentService } from './concurrent-service'
import { ConsumeRates } from './consume-rates'
import type { ConsumptionOptions } from './consumption-options'
import type { ConsumeService, ConsumeServiceOptions } from './consume-service'
import { KeyOrderedService } from './key-ordered-service'
import { ListenerPace } from './listener-pace'
import { OffsetResets } from './offset-resets'
import { OrderlyService } from './orderly-service'
import type { ProcessQueue } from './process-queue'
import { pauseQueues, resumeQueues } from './pausing'
import { PullLoop } from './pull-loop'
import { PullThresholds } from './pull-thresholds'
import { QueueLocks } from './queue-locks'
import { SlowListeners } from './slow-listeners'

const REBALANCE_EVERY_MS = 20_000
const LOCK_FIRST_MS = 1000
const LOCK_EVERY_MS = 20_000
/** Queues whose lock is gone stand still. */
const REGAIN_EVERY_MS = 1000
const PERSIST_FIRST_MS = 10_000
const PERSIST_LAST_MS = 10_000
const TIMEOUT_SWEEP_MS = 60_000
const DEFAULT_MAX_RECONSUME_TIMES = 16
const MAX_INT = 0x7fffffff

/** The parts of a running push consumer and what connects them: rebalancer, pull loops, process queues, service, offsets. */
export class Consumption {
  readonly service: ConsumeService
  readonly assignments: Assignments
  readonly suspension = new Gate()
  /** For brokers that say which queues are popped. */
  readonly pop: PopConsumption | undefined
  readonly lag: LagWatch
  readonly pace: ListenerPace
  readonly #given: ConsumptionOptions
  readonly #offsetStore: OffsetStore
  readonly #write: Persist
  readonly #locks: QueueLocks | undefined
  readonly #rebalancer: Rebalancer
  readonly #rates = new ConsumeRates()
  readonly #questions: BrokerQuestions
  readonly #cleanups: (() => unknown)[] = []
  readonly #resets: OffsetResets
  #started = false
  #stopped = false

  constructor(given: ConsumptionOptions) {
    this.#given = given
    const { client, options, listener } = given
    const isShared = options.messageModel === 'CLUSTERING'
    this.#offsetStore = createOffsetStore(client, options)
    this.#write = toldCommits(this.#offsetStore, given.telemetry)
    this.#locks = isShared && listener.ordered !== 'none' ? new QueueLocks(client, options.consumerGroup) : undefined
    this.pace = new ListenerPace({
      client,
      listener,
      rates: this.#rates,
      service: () => this.service,
      queues: () => [...this.assignments.all.map(({ processQueue }) => processQueue), ...(this.pop?.queues ?? [])],
    })
    this.pop = this.#createPop()
    const pulled = this.#createService()
    this.service = this.pop === undefined ? pulled : new PullAndPop(pulled, this.pop.service)
    this.assignments = this.#createAssignments()
    this.#resets = new OffsetResets({
      log: client.log,
      reset: (queue, offset) => this.assignments.reset(queue, offset),
      rebalance: () => this.rebalance(),
    })
    this.lag = this.#createLagWatch()
    const { service, assignments, pop, pace } = this
    const noted = { offsetStore: this.#offsetStore, locks: this.#locks, rates: this.#rates }
    this.#questions = new BrokerQuestions({ ...given, ...noted, service, assignments, pop, pace })
    const byBroker = pop?.assignedByBroker(assignments, () => this.rebalance())
    this.#rebalancer = new Rebalancer({
      client,
      consumerGroup: options.consumerGroup,
      messageModel: options.messageModel,
      strategy: options.allocateStrategy,
      subscriptions: given.subscriptions,
      assignments: byBroker ?? assignments,
      ...(byBroker && { share: byBroker.share.bind(byBroker) }),
      ...given.events,
    })
  }

  /** Loads offsets and takes the first queues. The client must know the subscriptions already. */
  async start(): Promise<void> {
    if (!this.#stopped) await this.#offsetStore.load()
    // The start was given up meanwhile, and what there was has been released.
    if (this.#stopped) return
    this.#started = true
    this.#listen()
    this.#schedule()
    this.pop?.start()
    await this.#rebalancer.kick()
  }

  /**
   * Looks at who has which queue; before the start, when brokers do not know of us yet, it does nothing. Never rejects.
   */
  async rebalance(): Promise<void> {
    if (!this.#started) return
    this.#rates.keepOnly(this.#given.subscriptions.topics)
    await this.#rebalancer.kick()
  }

  /** To be called when the connection to a server has closed. */
  disconnected(address: string): void {
    this.#locks?.distrust(address)
  }

  /** To be called when a broker was connected to again. Never rejects. */
  async reconnected(): Promise<void> {
    // Before others ask: brokers restart without their locks, and know those first who come first.
    await this.#locks?.regain(this.#queuesToLock())
    await this.rebalance()
  }

  /** What heartbeats tell. */
  consumerData(): ConsumerData {
    const { options, subscriptions } = this.#given
    return {
      groupName: options.consumerGroup,
      consumeType: 'CONSUME_PASSIVELY',
      messageModel: options.messageModel,
      consumeFromWhere: options.consumeFromWhere,
      subscriptionDataSet: subscriptions.all,
      unitMode: this.#given.client.options.unitMode,
    }
  }

  /** @throws RocketMQError INVALID_ARGUMENT where a queue is not ours at present; none is paused then */
  pause(queues: readonly MessageQueue[]): void {
    pauseQueues(queues, this.#given.options.consumerGroup, queue => this.#gateOf(queue))
  }

  /** Lets queues go on; those that were given away meanwhile are left alone. */
  resume(queues: readonly MessageQueue[]): void {
    resumeQueues(queues, queue => this.#gateOf(queue))
  }

  /** Stops the intake, waits for the listeners that run, writes offsets down and unlocks queues. */
  async stop(timeoutMs: number): Promise<void> {
    const { client, options } = this.#given
    this.#stopped = true
    // At once, whatever brokers the rest has to wait for: nothing more is handed out.
    const drained = this.service.drain()
    const onTimeout = (): RocketMQError => {
      const what = this.service.running === 0 ? 'what it does by itself' : `${this.service.running} listener calls`
      const says = `consumer ${options.consumerGroup}: ${what} did not end within ${timeoutMs} ms; messages in hand come again`
      return new RocketMQError('SHUTDOWN_INCOMPLETE', says, { group: options.consumerGroup })
    }
    try {
      await withDeadline(this.#ended(drained), { clock: client.clock, timeoutMs, onTimeout })
    } finally {
      // Where a round of rebalancing hangs these are still to be called.
      void this.#endDuties()
      const { queues } = this.assignments
      for (const { processQueue } of this.assignments.all) processQueue.drop()
      await this.pop?.drop()
      this.#questions.abort()
      await this.#persistLast(queues)
      await this.#locks?.unlock(queues, { confirmed: true })
    }
  }

  /** A round of rebalancing, or a duty, may wait for what never answers, such as a store of the user's own. */
  async #ended(drained: Promise<void>): Promise<void> {
    await this.#rebalancer.stop()
    const loops = this.assignments.all.map(({ pullLoop }) => pullLoop.stop())
    await Promise.all([this.#endDuties(), drained, ...loops, this.#resets.settled()])
  }

  #endDuties(): Promise<unknown> {
    const cleanups = this.#cleanups.splice(0)
    return Promise.all([...cleanups.map(cleanup => cleanup()), this.pop?.stop(), this.#questions.stop()])
  }

  #createService(): ConsumeService {
    const { client, options, listener, events } = this.#given
    const { maxReconsumeTimes, consumeTimeoutMs, suspendCurrentQueueTimeMs } = options
    const common: ConsumeServiceOptions = {
      consumerGroup: options.consumerGroup,
      batchSize: listener.batchSize,
      concurrency: this.pace.concurrency.stats.limit,
      rate: this.pace.rate,
      clock: client.clock,
      rates: this.#rates,
      sendBack: options.messageModel === 'CLUSTERING' ? this.#createSendBack() : undefined,
      onCommit: (processQueue, offset) => this.#commit(processQueue, offset),
      onListenerError: events.onListenerError,
      onBackgroundError: events.onBackgroundError,
    }
    if (listener.ordered !== 'none') {
      const locks = this.#locks
      const slow = new SlowListeners({ ...common, ordered: listener.ordered, consumeTimeoutMs })
      this.#watchListeners(queues => slow.look(queues))
      const ordered = { ...common, listener: listener.listener, locks, suspendMs: suspendCurrentQueueTimeMs }
      if (listener.ordered === 'queue') return new OrderlyService({ ...ordered, maxReconsumeTimes })
      return new KeyOrderedService({
        ...ordered,
        maxReconsumeTimes: maxReconsumeTimes ?? DEFAULT_MAX_RECONSUME_TIMES,
      })
    }
    const service = new ConcurrentService({ ...common, listener: listener.listener, consumeTimeoutMs })
    this.#watchListeners(queues => service.sweepTimeouts(queues))
    return service
  }

  #watchListeners(look: (queues: readonly ProcessQueue[]) => void): void {
    const { client, options } = this.#given
    const run = (): void => look(this.assignments.all.map(({ processQueue }) => processQueue))
    const everyMs = Math.min(options.consumeTimeoutMs, TIMEOUT_SWEEP_MS)
    this.#cleanups.push(client.scheduler.add({ name: 'look for listeners that hang', everyMs, run }))
  }

  #createPop(): PopConsumption | undefined {
    const { options, events } = this.#given
    if (options.clientRebalance || options.messageModel === 'BROADCASTING') return undefined
    const parts = { rates: this.#rates, pace: this.pace, sendBack: this.#createSendBack(), gates: [this.suspension] }
    return new PopConsumption({ ...this.#given, ...events, ...parts })
  }

  #gateOf(queue: MessageQueue): Gate | undefined {
    return this.assignments.get(queue)?.gate ?? this.pop?.gate(queue)
  }

  #createSendBack(): SendBack {
    const { client, options, listener, events, telemetry } = this.#given
    const missing = listener.ordered === 'queue' ? MAX_INT : DEFAULT_MAX_RECONSUME_TIMES
    const maxReconsumeTimes = options.maxReconsumeTimes ?? missing
    const told = { settle: settling(telemetry), onBackgroundError: events.onBackgroundError }
    return createSendBack(client, { consumerGroup: options.consumerGroup, maxReconsumeTimes, ...told })
  }

  #createAssignments(): Assignments {
    const { client, options, listener, events } = this.#given
    const isOrderly = listener.ordered === 'queue'
    return new Assignments({
      client,
      offsetStore: this.#offsetStore,
      persist: this.#write,
      locks: this.#locks,
      limits: new PullThresholds(options, isOrderly ? undefined : options.consumeConcurrentlyMaxSpan),
      startOffset: queue => {
        const now = client.clock.now()
        return startOffset(queue, { options, offsetStore: this.#offsetStore, offsets: client.offsets, now })
      },
      createPullLoop: (processQueue, gate) => this.#createPullLoop(processQueue, gate),
      onBackgroundError: events.onBackgroundError,
    })
  }

  #createLagWatch(): LagWatch {
    const { client, options, events } = this.#given
    const { consumerGroup, lagThresholds: thresholds } = options
    const queues = (): LaggingQueue[] =>
      this.assignments.all.map(({ processQueue, pullLoop }) => {
        const { queue, commitOffset: offset } = processQueue
        const storedAt = processQueue.heads(1)[0]?.message.storeTimestamp
        return { queue, offset, storedAt, lastMaxOffset: pullLoop.maxOffset }
      })
    const popped = (): MessageQueue[] => this.pop?.places ?? []
    return new LagWatch({ client, consumerGroup, thresholds, queues, popped, ...events })
  }

  #createPullLoop(processQueue: ProcessQueue, gate: Gate): PullLoop {
    const { client, options, subscriptions, events } = this.#given
    return new PullLoop({
      client,
      options,
      processQueue,
      retryTopic: retryTopic(options.consumerGroup),
      subscription: () => subscriptions.get(processQueue.queue.topic),
      gates: [this.suspension, this.#resets.gate, gate],
      locks: this.#locks,
      offsetStore: this.#offsetStore,
      service: this.service,
      rates: this.#rates.of(processQueue.queue.topic),
      onStalled: () => {
        this.assignments.stalled(processQueue)
        void this.rebalance()
      },
      onOffsetMoved: (moved, offset) => this.#resets.reset(moved.queue, offset),
      onBackgroundError: events.onBackgroundError,
    })
  }

  #listen(): void {
    const { client, options } = this.#given
    const group = options.consumerGroup
    this.#questions.listen()
    this.#cleanups.push(
      client.handle(NOTIFY_CONSUMER_IDS_CHANGED, group, () => {
        void this.rebalance()
        return undefined
      }),
      client.handle(RESET_CONSUMER_CLIENT_OFFSET, group, ({ header, body }) => {
        this.#resets.resetAll(body.offsetTable.filter(([queue]) => queue.topic === header.topic))
        return undefined
      }),
    )
  }

  #schedule(): void {
    const { client, options } = this.#given
    const { persistConsumerOffsetIntervalMs: persistMs } = options
    this.#cleanups.push(
      client.scheduler.add({ name: 'rebalance', everyMs: REBALANCE_EVERY_MS, run: () => this.#rebalancer.kick() }),
      client.scheduler.add({
        name: 'write offsets down',
        firstMs: Math.min(persistMs, PERSIST_FIRST_MS),
        everyMs: persistMs,
        run: () => this.#persist(this.assignments.queues, { confirmed: false }),
      }),
    )
    this.#cleanups.push(this.lag.start(), this.pace.start())
    const locks = this.#locks
    if (locks === undefined) return
    const renew = (): Promise<void> => locks.lock(this.#queuesToLock())
    const regain = (): Promise<void> => locks.regain(this.#queuesToLock())
    this.#cleanups.push(
      client.scheduler.add({ name: 'renew queue locks', firstMs: LOCK_FIRST_MS, everyMs: LOCK_EVERY_MS, run: renew }),
      client.scheduler.add({ name: 'regain queue locks', everyMs: REGAIN_EVERY_MS, run: regain }),
    )
  }

  /** Not those that are being given back: their locks are to end under a listener that does not. */
  #queuesToLock(): MessageQueue[] {
    const all = this.assignments.all.map(({ processQueue }) => processQueue)
    return all.filter(({ sealed }) => !sealed).map(({ queue }) => queue)
  }

  /** Orderly consumption may go back to a message that failed, so its commits need not rise. */
  #commit({ queue }: ProcessQueue, offset: number): void {
    try {
      this.#offsetStore.update(queue, offset, { increaseOnly: this.#given.listener.ordered !== 'queue' })
    } catch (error) {
      this.#given.client.report('the offset store could not note an offset', error)
    }
  }

  async #persist(queues: readonly MessageQueue[], options: { confirmed: boolean }): Promise<void> {
    try {
      await this.#write(queues, options)
    } catch (error) {
      this.#given.client.report('offsets could not be written down', error)
    }
  }

  /** A store of the user's own may never answer. */
  #persistLast(queues: readonly MessageQueue[]): Promise<void> {
    const { client } = this.#given
    const says = `offsets were not written down within ${PERSIST_LAST_MS} ms`
    const onTimeout = (): RocketMQError => new RocketMQError('OFFSET_STORE_FAILED', says)
    const limits = { clock: client.clock, timeoutMs: PERSIST_LAST_MS, onTimeout }
    return withDeadline(this.#persist(queues, { confirmed: true }), limits).catch((error: unknown) =>
      client.report(says, error),
    )
  }
}
