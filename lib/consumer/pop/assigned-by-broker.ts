import type { ClientInstance } from '../../client/client-instance'
import { QUERY_ASSIGNMENT, type QueueAssignments } from '../../commands/pop'
import { asError } from '../../errors'
import { type MessageQueue, messageQueueKey } from '../../model/message-queue'
import { isRetryTopic, popRetryTopic } from '../../model/names'
import { MASTER_ID } from '../../model/topic-route'
import type { CallOptions } from '../../remoting/remoting-client'
import { shuffled } from '../../runtime/random'
import type { AssignmentChange, RebalancedQueues } from '../rebalance/rebalanced-queues'
import type { Subscriptions } from '../rebalance/subscriptions'
import { asPopError } from './pop-broker'

/** Who asks for assignments. */
export interface AssignmentAsker {
  readonly client: Pick<ClientInstance, 'clientId' | 'remoting'>
  readonly consumerGroup: string
  /** Name of the allocation strategy; brokers know Java's. */
  readonly strategyName: string
}

export interface AssignedByBrokerOptions extends AssignmentAsker {
  readonly client: Pick<ClientInstance, 'clientId' | 'names' | 'remoting' | 'routes'>
  readonly subscriptions: Pick<Subscriptions, 'get' | 'addRetryTopic' | 'remove'>
  readonly pulled: RebalancedQueues
  readonly popped: RebalancedQueues
  /** Retry topics were subscribed to. */
  readonly onSubscribed: (topics: readonly string[]) => void
}

/** Brokers that are asked before the round is given up: one of them may be down and still in the route. */
const BROKERS_ASKED = 3

/** Queues as the broker assigns them: it also says which are pulled and which are popped (Java's `clientRebalance: false`). */
export class AssignedByBroker implements RebalancedQueues {
  readonly #options: AssignedByBrokerOptions
  /** Of the last answers: the places to be popped, by topic. */
  readonly #popped = new Map<string, ReadonlySet<string>>()

  constructor(options: AssignedByBrokerOptions) {
    this.#options = options
  }

  /** What a broker assigns to this client of a topic; it keeps no note of having been asked. */
  static async ask(
    given: AssignmentAsker,
    { address, topic }: { readonly address: string; readonly topic: string },
    call: CallOptions,
  ): Promise<QueueAssignments['messageQueueAssignments']> {
    const { client, consumerGroup, strategyName } = given
    const body = { topic, consumerGroup, clientId: client.clientId, strategyName, messageModel: 'CLUSTERING' } as const
    const reply = await client.remoting.invoke(address, QUERY_ASSIGNMENT, { body }, call)
    return reply.body.messageQueueAssignments
  }

  get queues(): MessageQueue[] {
    const { pulled, popped } = this.#options
    return [...pulled.queues, ...popped.queues]
  }

  /** Asks for our share of a topic; undefined where the broker does not say, and what we hold is kept. */
  async share(topic: string, signal: AbortSignal): Promise<readonly MessageQueue[] | undefined> {
    const assignments = await this.#ask(topic, signal)
    if (assignments === undefined) return undefined
    const share = new Map<string, MessageQueue>()
    const popped = new Set<string>()
    for (const { messageQueue, mode } of assignments) {
      if (messageQueue.topic !== topic) continue
      const key = messageQueueKey(messageQueue)
      share.set(key, messageQueue)
      if (mode === 'POP') popped.add(key)
      else popped.delete(key)
    }
    this.#popped.set(topic, popped)
    return [...share.values()]
  }

  /** Where the mode has changed, queues that were pulled are given up before they are popped, and the other way round. */
  async assign(topic: string, queues: readonly MessageQueue[]): Promise<AssignmentChange> {
    const { pulled, popped } = this.#options
    if (queues.length === 0) this.#popped.delete(topic)
    const isPopped = (queue: MessageQueue): boolean => this.#popped.get(topic)?.has(messageQueueKey(queue)) ?? false
    const toPop = queues.filter(isPopped)
    const toPull = queues.filter(queue => !isPopped(queue))
    this.#seeToRetries(topic, toPull.length > 0 && toPop.length === 0)
    const isToPull = toPull.length > 0
    const first = isToPull ? await popped.assign(topic, toPop) : await pulled.assign(topic, toPull)
    const second = isToPull ? await pulled.assign(topic, toPull) : await popped.assign(topic, toPop)
    return {
      added: [...first.added, ...second.added],
      removed: [...first.removed, ...second.removed],
      complete: first.complete && second.complete,
    }
  }

  startPulling(queues: readonly MessageQueue[]): void {
    const { pulled, popped } = this.#options
    pulled.startPulling(queues)
    popped.startPulling(queues)
  }

  /** What failed while it was popped waits in retry topics that pops look into by themselves, and pulls do not. */
  #seeToRetries(topic: string, isPulled: boolean): void {
    if (isRetryTopic(topic)) return
    const { client, subscriptions, consumerGroup, onSubscribed } = this.#options
    const { names } = client
    const ofVersion = (version: 1 | 2): string => popRetryTopic(names.wire(topic), names.wire(consumerGroup), version)
    const topics = ([1, 2] as const).map(version => names.user(ofVersion(version)))
    const isWanted = isPulled && subscriptions.get(topic) !== undefined
    if (!isWanted) {
      for (const each of topics) subscriptions.remove(each)
      return
    }
    const missing = topics.filter(each => subscriptions.get(each) === undefined)
    for (const each of missing) subscriptions.addRetryTopic(each)
    if (missing.length > 0) onSubscribed(missing)
  }

  async #ask(topic: string, signal: AbortSignal) {
    let failure: Error | undefined
    for (const address of this.#someMasters(topic)) {
      try {
        return await AssignedByBroker.ask(this.#options, { address, topic }, { signal })
      } catch (error) {
        if (signal.aborted) throw error
        failure = asError(asPopError(error, address))
      }
    }
    if (failure !== undefined) throw failure
    return undefined
  }

  #someMasters(topic: string): string[] {
    const brokers = this.#options.client.routes.get(topic)?.brokerDatas ?? []
    return shuffled(brokers.flatMap(({ brokerAddrs }) => brokerAddrs.get(MASTER_ID) ?? [])).slice(0, BROKERS_ASKED)
  }
}
