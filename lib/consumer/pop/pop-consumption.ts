import type { ClientInstance } from '../../client/client-instance'
import type { Telemetry } from '../../client/telemetry/telemetry'
import type { RocketMQError } from '../../errors'
import type { MessageExt } from '../../model/message'
import type { MessageQueue } from '../../model/message-queue'
import type { CallOptions } from '../../remoting/remoting-client'
import type { Gate } from '../../runtime/gate'
import { filterMessages } from '../message-filter'
import type { ConsumeRates } from '../push/consume-rates'
import type { Listener } from '../push/listener'
import type { ListenerPace } from '../push/listener-pace'
import type { ResolvedPushConsumerOptions } from '../push/push-consumer-options'
import type { RebalancedQueues } from '../rebalance/rebalanced-queues'
import type { Subscriptions } from '../rebalance/subscriptions'
import { topicsChanged } from '../rebalance/topics-changed'
import type { SendBack } from '../send-back'
import { settling } from '../settling'
import { Acknowledger } from './acknowledger'
import { AssignedByBroker } from './assigned-by-broker'
import { BrokerClocks } from './broker-clocks'
import { InvisibleTime } from './invisible-time'
import { PopAssignments } from './pop-assignments'
import { checkPopSupport } from './pop-broker'
import { PopConcurrentService } from './pop-concurrent-service'
import type { PopLoopCommon } from './pop-loop'
import { PopOrderlyService } from './pop-orderly-service'
import type { PopProcessQueue } from './pop-process-queue'
import { type PopQueueStats, popQueueStats } from './pop-queue-stats'
import { PopRequests } from './pop-requests'
import type { PopService } from './pop-service'
import { PopSettlement } from './pop-settlement'
import { Renewals } from './renewals'

export interface PopConsumptionOptions {
  readonly client: ClientInstance
  readonly options: ResolvedPushConsumerOptions
  readonly listener: Listener
  readonly subscriptions: Subscriptions
  readonly rates: ConsumeRates
  readonly pace: Pick<ListenerPace, 'concurrency' | 'rate'>
  readonly sendBack: Pick<SendBack, 'sendBack'>
  /** All must be open for a pop. */
  readonly gates: readonly Gate[]
  readonly telemetry: Pick<Telemetry, 'wants' | 'run'>
  readonly onListenerError: (error: Error, messages: readonly MessageExt[]) => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

const DEFAULT_MAX_RECONSUME_TIMES = 16
/** In order nothing is given up unless that is asked for. */
const NEVER = 0x7fffffff

/** The parts of a push consumer that pop, for brokers that say so. */
export class PopConsumption {
  readonly service: PopService
  readonly #given: PopConsumptionOptions
  readonly #settlement: PopSettlement
  readonly #assignments: PopAssignments
  readonly #renewals: Renewals
  #endRenewals: (() => Promise<void>) | undefined

  constructor(given: PopConsumptionOptions) {
    this.#given = given
    const { client, options, listener, gates, onBackgroundError } = given
    const { consumerGroup, popThresholdForQueue, popInvisibleTimeMs: invisibleMs, consumeTimeoutMs } = options
    const { clock, log } = client
    const isOrderly = listener.ordered === 'queue'
    const group = { client, consumerGroup, clock, log, clocks: new BrokerClocks(clock), onBackgroundError }
    const parts = { ...group, invisibleTime: new InvisibleTime(group) }
    const maxReconsumeTimes = options.maxReconsumeTimes ?? (isOrderly ? NEVER : DEFAULT_MAX_RECONSUME_TIMES)
    const acknowledger = new Acknowledger(group)
    const ways = { acknowledger, sendBack: given.sendBack, settle: settling(given.telemetry) }
    this.#settlement = new PopSettlement({ ...parts, ...ways, maxReconsumeTimes })
    this.#renewals = new Renewals({ ...parts, invisibleMs, consumeTimeoutMs, renewsHeld: isOrderly })
    this.service = this.#createService()
    const loop = this.#loopOptions(new PopRequests(group))
    this.#assignments = new PopAssignments({ loop, threshold: popThresholdForQueue, gates })
  }

  get stats(): PopQueueStats[] {
    return this.#assignments.all.map(popQueueStats)
  }

  /** Where it pops at present. */
  get places(): MessageQueue[] {
    return this.#assignments.queues
  }

  /** All with messages in hand. */
  get queues(): PopProcessQueue[] {
    return this.#assignments.inHand
  }

  /** Who rebalances: asks the broker, and gives queues to those who pull and to those who pop. */
  assignedByBroker(pulled: RebalancedQueues, rebalance: () => Promise<void>): AssignedByBroker {
    const { client, options, subscriptions } = this.#given
    return new AssignedByBroker({
      client,
      subscriptions,
      consumerGroup: options.consumerGroup,
      strategyName: options.allocateStrategy.name,
      pulled,
      popped: this.#assignments,
      onSubscribed: topics => topicsChanged(client, { added: topics, removed: [] }, rebalance),
    })
  }

  /** Begins to keep messages hidden while listeners work. */
  start(): void {
    const run = (): void => this.#renewals.sweep(this.#assignments.inHand)
    const { everyMs } = this.#renewals
    this.#endRenewals = this.#given.client.scheduler.add({ name: 'renew invisible times', everyMs, run })
  }

  /** @throws RocketMQError UNSUPPORTED_BY_BROKER where a broker of the topics is older than 5.0, or a proxy */
  checkBrokers(call: CallOptions): Promise<void> {
    const { client, options, subscriptions, onBackgroundError } = this.#given
    const { topics } = subscriptions
    const asker = { client, consumerGroup: options.consumerGroup, strategyName: options.allocateStrategy.name }
    const probe = async (address: string): Promise<void> => {
      const [topic] = topics
      if (topic !== undefined) await AssignedByBroker.ask(asker, { address, topic }, call)
    }
    return checkPopSupport(client, { topics, probe, onBackgroundError }, call)
  }

  /** The gate by which a user pauses a place; undefined where it is not popped. */
  gate(queue: MessageQueue): Gate | undefined {
    return this.#assignments.get(queue)?.gate
  }

  /** Stops popping, gives others what no listener has begun with, and waits until brokers know of the rest. */
  async stop(): Promise<void> {
    await this.#assignments.stop()
    await this.service.drain()
    await this.#settlement.settled()
  }

  /** Tells the listeners that still run that their time is over. */
  async drop(): Promise<void> {
    await this.#endRenewals?.()
    for (const { processQueue } of this.#assignments.all) processQueue.drop()
  }

  #createService(): PopService {
    const { client, listener, options, rates, pace, onListenerError, onBackgroundError } = this.#given
    const { consumerGroup, suspendCurrentQueueTimeMs: suspendMs } = options
    const { batchSize } = listener
    const pacing = { concurrency: pace.concurrency.stats.limit, rate: pace.rate }
    const events = { onListenerError, onBackgroundError }
    const settlement = this.#settlement
    const common = { consumerGroup, batchSize, ...pacing, clock: client.clock, rates, settlement, ...events }
    if (listener.ordered === 'none') return new PopConcurrentService({ ...common, listener: listener.listener })
    return new PopOrderlyService({ ...common, listener: listener.listener, suspendMs })
  }

  #loopOptions(requests: PopRequests): PopLoopCommon {
    const { client, options, listener, subscriptions, rates, onBackgroundError } = this.#given
    const { consumerGroup, popBatchNums, popInvisibleTimeMs, consumeFromWhere, pullIntervalMs } = options
    const filter = filterMessages(options.messageFilters, { consumerGroup, onBackgroundError })
    return {
      client,
      requests,
      subscription: topic => subscriptions.get(topic),
      wish: {
        order: listener.ordered === 'queue',
        maxNums: popBatchNums,
        invisibleMs: popInvisibleTimeMs,
        fromFirst: consumeFromWhere === 'CONSUME_FROM_FIRST_OFFSET',
      },
      intervalMs: pullIntervalMs,
      service: this.service,
      settlement: this.#settlement,
      filter,
      rates: topic => rates.of(topic),
      onBackgroundError,
    }
  }
}
