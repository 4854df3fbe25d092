import type { ClientInstance } from '../../client/client-instance'
import { GET_CONSUMER_LIST_BY_GROUP } from '../../commands/client'
import { RocketMQError, asError } from '../../errors'
import type { MessageModel } from '../../model/consumer-types'
import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import { isRetryTopic } from '../../model/names'
import { shuffled } from '../../runtime/random'
import { WorkLoop } from '../../runtime/work-loop'
import type { AllocateMessageQueueStrategy } from '../allocate/allocate-strategy'
import { sortedClientIds, sortedQueues } from '../allocate/sort'
import { asTyped } from '../as-typed'
import type { AssignmentChange, RebalancedQueues } from './rebalanced-queues'
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

const NOTHING_YET: AssignmentChange = { added: [], removed: [], complete: false }
const TOPICS_AT_ONCE = 8
/** Brokers that are asked for the members before the round is given up: one of them may be down and still in the route. */
const BROKERS_ASKED = 3
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
    const changes = new Map<string, AssignmentChange>()
    const work = async (): Promise<void> => {
      for (let topic = topics.pop(); topic !== undefined && !signal.aborted; topic = topics.pop()) {
        changes.set(topic, await this.#rebalance(topic, signal))
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

  async #rebalance(topic: string, signal: AbortSignal): Promise<AssignmentChange> {
    const { assignments, subscriptions, client, onBackgroundError } = this.#options
    try {
      const queues = subscriptions.get(topic) === undefined ? [] : await this.#ours(topic, signal)
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
  async #ours(topic: string, signal: AbortSignal): Promise<readonly MessageQueue[] | undefined> {
    const { client, messageModel, strategy, consumerGroup, share: sharedOut } = this.#options
    this.#does(`asks who shares ${topic}`)
    if (client.routes.get(topic) === undefined && (await client.routes.refresh(topic, { signal })) === undefined)
      this.#reportUnknown(topic)
    const queues = sortedQueues(client.routes.subscribeQueues(topic))
    if (messageModel === 'BROADCASTING' || queues.length === 0) return queues
    if (sharedOut !== undefined) return sharedOut(topic, signal)
    const clientIds = await this.#members(topic, signal)
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

  /** The client ids of the group, from any broker of the topic; undefined where those that answer do not list us. */
  async #members(topic: string, signal: AbortSignal): Promise<readonly string[] | undefined> {
    let failure: Error | undefined
    let stranger: string | undefined
    for (const address of this.#someBrokers(topic)) {
      try {
        const clientIds = await this.#membersAt(address, signal)
        if (clientIds.includes(this.#options.client.clientId)) return clientIds
        stranger = address
      } catch (error) {
        if (signal.aborted) throw error
        failure = asError(error)
      }
    }
    if (stranger !== undefined) this.#reportStranger(stranger, topic)
    else if (failure !== undefined) throw failure
    return undefined
  }

  #someBrokers(topic: string): string[] {
    const brokerDatas = this.#options.client.routes.get(topic)?.brokerDatas ?? []
    return shuffled(brokerDatas.flatMap(({ brokerAddrs }) => [...brokerAddrs.values()])).slice(0, BROKERS_ASKED)
  }

  async #membersAt(address: string, signal: AbortSignal): Promise<readonly string[]> {
    const { client, consumerGroup } = this.#options
    const request = { header: { consumerGroup } }
    return (await client.remoting.invoke(address, GET_CONSUMER_LIST_BY_GROUP, request, { signal })).body.consumerIdList
  }

  /** A broker that does not list us yet has not had our heartbeat: to follow it would orphan or double queues. */
  #reportStranger(address: string, topic: string): void {
    const { client, consumerGroup, onBackgroundError } = this.#options
    const says = `the broker at ${address} does not list this client in group ${consumerGroup}: it has not had a heartbeat yet, or the group does not exist and brokers do not create groups`
    client.log.warn(says)
    onBackgroundError(new RocketMQError('INVALID_STATE', says, { address, topic, group: consumerGroup }))
  }
}
