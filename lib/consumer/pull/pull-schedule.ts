import type { ClientInstance } from '../../client/client-instance'
import { NOTIFY_CONSUMER_IDS_CHANGED } from '../../commands/callback'
import { type ConsumerRunningInfo, GET_CONSUMER_RUNNING_INFO } from '../../commands/consumer-status'
import type { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import type { ResolvedGroupOptions } from '../group-options'
import { Rebalancer } from '../rebalance/rebalancer'
import type { Subscriptions } from '../rebalance/subscriptions'
import { propertyTexts, runningProperties } from '../running-properties'
import { type PullTask, ScheduledQueues } from './scheduled-queues'

export interface PullScheduleOptions {
  readonly client: ClientInstance
  readonly options: ResolvedGroupOptions
  /** Topics with tasks. */
  readonly subscriptions: Subscriptions
  readonly task: (topic: string) => PullTask | undefined
  readonly onTaskError: (error: Error, queue: MessageQueue) => void
  readonly onAssigned: (queues: readonly MessageQueue[]) => void
  readonly onRevoked: (queues: readonly MessageQueue[]) => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

const REBALANCE_EVERY_MS = 20_000

/** Shares the queues of topics among the members of a group, and runs tasks on those that are ours. */
export class PullSchedule {
  readonly queues: ScheduledQueues
  readonly #given: PullScheduleOptions
  readonly #rebalancer: Rebalancer
  readonly #cleanups: (() => unknown)[] = []
  readonly #startedAt: number
  #state: 'created' | 'started' | 'stopped' = 'created'

  constructor(given: PullScheduleOptions) {
    this.#given = given
    this.#startedAt = given.client.clock.now()
    const { client, options, subscriptions, task, onTaskError, onAssigned, onRevoked, onBackgroundError } = given
    this.queues = new ScheduledQueues({ clock: client.clock, task, onTaskError })
    const { consumerGroup, messageModel, allocateStrategy: strategy } = options
    const group = { client, consumerGroup, messageModel, strategy, subscriptions }
    const events = { onAssigned, onRevoked, onBackgroundError }
    this.#rebalancer = new Rebalancer({ ...group, assignments: this.queues, ...events })
  }

  /** Takes the first queues. */
  async start(): Promise<void> {
    const { client, options } = this.#given
    // The start was given up meanwhile, and what there was has been released.
    if (this.#state === 'stopped') return
    this.#state = 'started'
    this.#cleanups.push(
      client.handle(NOTIFY_CONSUMER_IDS_CHANGED, options.consumerGroup, () => {
        void this.rebalance()
        return undefined
      }),
      client.handle(GET_CONSUMER_RUNNING_INFO, options.consumerGroup, () => ({
        code: 'SUCCESS' as const,
        body: this.#runningInfo(),
      })),
      client.scheduler.add({ name: 'rebalance', everyMs: REBALANCE_EVERY_MS, run: () => this.rebalance() }),
    )
    await this.rebalance()
  }

  /** Looks at who has which queue, where there is anything to share. Never rejects. */
  async rebalance(): Promise<void> {
    const isIdle = this.#given.subscriptions.topics.length === 0 && this.queues.queues.length === 0
    if (this.#state === 'started' && !isIdle) await this.#rebalancer.kick()
  }

  /** What administrators are told; there are no queues in hand to tell of. */
  #runningInfo(): ConsumerRunningInfo {
    const { client, subscriptions } = this.#given
    const properties = runningProperties(client.nameServers.addresses, 'CONSUME_ACTIVELY', this.#startedAt)
    const [mqTable, statusTable] = [[], new Map()]
    return { properties: propertyTexts(properties), subscriptionSet: subscriptions.all, mqTable, statusTable }
  }

  /** Resolves when no task is at work any more. */
  async stop(): Promise<void> {
    this.#state = 'stopped'
    await this.#rebalancer.stop()
    for (const cleanup of this.#cleanups.splice(0)) await cleanup()
    await this.queues.stop()
  }
}
