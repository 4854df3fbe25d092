import type { ClientInstance } from '../../client/client-instance'
import { RocketMQError } from '../../errors'
import type { MessageModel } from '../../model/consumer-types'
import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import { isRetryTopic } from '../../model/names'
import { WorkLoop } from '../../runtime/work-loop'
import type { AllocateMessageQueueStrategy } from '../allocate/allocate-strategy'
import { sortedClientIds, sortedQueues } from '../allocate/sort'
import { asTyped } from '../as-typed'
import type { AssignmentChange, RebalancedQueues } from './rebalanced-queues'
import { RoundMembers } from './round-members'
import type { Subscriptions } from './subscriptions'

export interface RebalancerOptions {
  readonly client: ClientInstance
  readonly consumerGroup: string
  readonly messageModel: MessageModel
  readonly strategy: AllocateMessageQueueStrategy
  readonly subscriptions: Subscriptions
  readonly assignments: RebalancedQueues
  /** Where others share the queues: our share of a topic, undefined where it is not known and what we hold is kept. */
  readonly share?: (topic: string, signal: AbortSignal) => Promise<readonly MessageQueue[] | undefined>
  readonly onAssigned: (queues: readonly MessageQueue[]) => void
  readonly onRevoked: (queues: readonly MessageQueue[]) => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** What all topics of a round have in common. */
interface Round {
  readonly signal: AbortSignal
  readonly members: RoundMembers
}

const NOTHING_YET: AssignmentChange = { added: [], removed: [], complete: false }
const TOPICS_AT_ONCE = 8
/** Rounds are at least this far apart, as in Java. */
const MIN_INTERVAL_MS = 1000
/** A round whose brokers do not answer gets on by timeouts of a few seconds each. */
const ROUND_BOUND_MS = 60_000

/** Decides which queues are ours: alone for broadcasting, else with the strategy that all members of the group run. */
export class Rebalancer {
  readonly #options: RebalancerOptions
  readonly #loop: WorkLoop
  #doing = 'begins a round'

  constructor(options: RebalancerOptions) {
    this.#options = options
    this.#loop = new WorkLoop({
      clock: options.client.clock,
      minIntervalMs: MIN_INTERVAL_MS,
      run: signal => this.#round(signal),
      onError: error => options.client.report('a rebalance failed', error),
      watch: {
        watchdog: options.client.watchdog,
        name: `the rebalance loop of group ${options.consumerGroup}`,
        boundMs: ROUND_BOUND_MS,
        doing: () => this.#doing,
        onStalled: error => {
          options.client.log.error(error.message)
          options.onBackgroundError(error)
        },
      },
    })
  }

  /** Asks for a round; resolves when one that began after the call has ended. */
  kick(): Promise<void> {
    return this.#loop.kick()
  }

  stop(): Promise<void> {
    return this.#loop.stop()
  }

  #does(what: string): void {
    this.#doing = what
    this.#loop.progress()
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { subscriptions, assignments } = this.#options
    const topics = [...new Set([...subscriptions.topics, ...assignments.queues.map(queue => queue.topic)])]
    const round: Round = { signal, members: new RoundMembers({ ...this.#options, signal }) }
    const changes = new Map<string, AssignmentChange>()
    const work = async (): Promise<void> => {
      for (let topic = topics.pop(); topic !== undefined && !signal.aborted; topic = topics.pop()) {
        changes.set(topic, await this.#rebalance(topic, round))
      }
    }
    await Promise.all(Array.from({ length: TOPICS_AT_ONCE }, work))
    await this.#tellBrokers(changes)
    // Of all that are ours: one whose round broke off after it was taken would stand still for ever.
    if (!signal.aborted) assignments.startPulling(assignments.queues)
    this.#tellUser([...changes.values()])
    // Soon again, not at the next interval: a queue that nobody holds is a queue that stands still.
    if ([...changes.values()].some(({ complete }) => !complete)) void this.kick()
  }

  /** Brokers refuse pulls of a newer subscription than the last heartbeat told, so the heartbeat goes before all pulls. */
  async #tellBrokers(changes: ReadonlyMap<string, AssignmentChange>): Promise<void> {
    const { subscriptions, client } = this.#options
    const changed = [...changes].filter(([, { added, removed }]) => added.length + removed.length > 0)
    if (changed.length === 0) return
    this.#does('tells brokers of its queues')
    for (const [topic] of changed) subscriptions.touch(topic)
    await client.heartbeat()
  }

  #tellUser(changes: readonly AssignmentChange[]): void {
    const added = changes.flatMap(change => change.added)
    const removed = changes.flatMap(change => change.removed)
    if (removed.length > 0) this.#options.onRevoked(removed)
    if (added.length > 0) this.#options.onAssigned(added)
  }

  async #rebalance(topic: string, round: Round): Promise<AssignmentChange> {
    const { assignments, subscriptions, client, onBackgroundError } = this.#options
    const { signal } = round
    try {
      const queues = subscriptions.get(topic) === undefined ? [] : await this.#ours(topic, round)
      // What were taken now would be given back at once.
      if (queues === undefined || signal.aborted) return NOTHING_YET
      this.#does(`takes and gives back queues of ${topic}`)
      return await assignments.assign(topic, queues)
    } catch (error) {
      if (signal.aborted) return NOTHING_YET
      client.log.warn('a topic could not be rebalanced', { topic, error })
      const says = `topic ${topic} could not be rebalanced, which is tried again in the next round`
      onBackgroundError(asTyped(error, says, { topic }))
      return NOTHING_YET
    }
  }

  /** Our share of a topic; undefined where the members cannot be told and what we hold is kept. */
  async #ours(topic: string, { signal, members: group }: Round): Promise<readonly MessageQueue[] | undefined> {
    const { client, messageModel, strategy, consumerGroup, share: sharedOut } = this.#options
    this.#does(`asks who shares ${topic}`)
    if (client.routes.get(topic) === undefined && (await client.routes.refresh(topic, { signal })) === undefined)
      this.#reportUnknown(topic)
    const queues = sortedQueues(client.routes.subscribeQueues(topic))
    if (messageModel === 'BROADCASTING' || queues.length === 0) return queues
    if (sharedOut !== undefined) return sharedOut(topic, signal)
    const clientIds = await group.of(topic)
    if (clientIds === undefined) return undefined
    // Strategies that go by names must see what those of other members see.
    const { clientId, names } = client
    // Brokers list a client once for each connection. For up to two minutes one that is dead without a word is among them:
    // its share would be nobody's.
    const members = sortedClientIds([...new Set(clientIds)])
    const input = { consumerGroup: names.wire(consumerGroup), clientId, clientIds: members }
    const given = strategy.allocate({ ...input, queues: queues.map(queue => names.wireQueue(queue)) })
    const share = given.map(queue => names.userQueue(queue))
    // A fixed list, or a strategy of the user's, may name queues of other topics, or one twice.
    return [
      ...new Map(share.filter(queue => queue.topic === topic).map(queue => [messageQueueKey(queue), queue])).values(),
    ]
  }

  /** The topic may come yet, or be misspelled; a retry topic comes with the first heartbeat. */
  #reportUnknown(topic: string): void {
    if (isRetryTopic(topic)) return
    const { client, consumerGroup, onBackgroundError } = this.#options
    const says = `no name server knows topic ${topic}, which group ${consumerGroup} subscribes to: nothing is received until it is created`
    client.log.warn(says)
    onBackgroundError(new RocketMQError('TOPIC_NOT_FOUND', says, { topic, group: consumerGroup }))
  }
}
