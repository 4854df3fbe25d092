import type { ClientInstance } from '../../client/client-instance'
import type { ReplyOf } from '../../commands/command'
import { PULL_MESSAGE } from '../../commands/pull'
import { BrokerError, RocketMQError, asError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import { PROPERTY } from '../../model/property-names'
import { buildPullSysFlag } from '../../model/pull-sys-flag'
import { matchesTags } from '../../model/subscription'
import { MASTER_ID } from '../../model/topic-route'
import type { Gate } from '../../runtime/gate'
import { backoffMs } from '../../runtime/random'
import { openBodies } from '../../wire/open-bodies'
import type { StoredMessage } from '../../wire/stored-message'
import { decodeStoredMessages } from '../../wire/stored-message-decoder'
import type { OffsetStore } from '../offsets/offset-store'
import type { ConsumeService } from './consume-service'
import type { ProcessQueue } from './process-queue'
import type { ResolvedPushConsumerOptions } from './push-consumer-options'
import type { QueueLocks } from './queue-locks'

export interface PullLoopOptions {
  readonly client: ClientInstance
  readonly options: ResolvedPushConsumerOptions
  readonly processQueue: ProcessQueue
  /** The group's retry topic, whose messages are shown under the topic that they first had. */
  readonly retryTopic: string
  /** What the group wants of the queue's topic; undefined after it was unsubscribed. */
  readonly subscription: () => SubscriptionData | undefined
  /** All must be open for a pull. */
  readonly gates: readonly Gate[]
  /** For orderly consumption of shared queues: without the lock nothing is pulled. */
  readonly locks: QueueLocks | undefined
  readonly offsetStore: OffsetStore
  readonly service: ConsumeService
  /** The offset is out of the queue's range, or was reset by an administrator. */
  readonly onOffsetMoved: (processQueue: ProcessQueue, nextBeginOffset: number) => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

type PullReply = ReplyOf<typeof PULL_MESSAGE>

/** The broker holds a pull this long while there is nothing new, ms. */
const SUSPEND_MS = 15_000
/** Longer than the broker may hold it with its granularity of 5 s. */
const PULL_TIMEOUT_MS = 30_000
const FLOW_CONTROL_MS = 20
const RETRY_FIRST_MS = 100
const RETRY_LAST_MS = 3000
/** Until a lock or a subscription that is missing is looked at again. */
const MISSING_MS = 1000

/** One pull at a time for one queue: room? - pull - decide by the answer's code - put. Ends only when told to. */
export class PullLoop {
  readonly #options: PullLoopOptions
  readonly #abort = new AbortController()
  /** Broker id that the last answer suggested to pull from. */
  #suggestedId = MASTER_ID
  #maxOffset = 0
  #running: Promise<void> | undefined

  constructor(options: PullLoopOptions) {
    this.#options = options
    const { signal } = options.processQueue
    signal.addEventListener('abort', () => this.#abort.abort(), { once: true })
  }

  /** The queue's end as the last answer told it. */
  get maxOffset(): number {
    return this.#maxOffset
  }

  start(): void {
    this.#running ??= this.#run(this.#abort.signal)
  }

  /** Takes the pull under way back and resolves when the loop has ended. */
  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#running
  }

  get #isStopped(): boolean {
    return this.#abort.signal.aborted
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        if (await this.#mayPull(signal)) await this.#pull(signal)
        failures = 0
      } catch (error) {
        if (this.#isStopped) return
        await this.#failed(error, failures++, signal)
      }
    }
  }

  /** Waits until the loop may pull; false where it should look again. */
  async #mayPull(signal: AbortSignal): Promise<boolean> {
    const { gates, processQueue, locks, subscription, client, options } = this.#options
    for (const gate of gates) if (!gate.isOpen) await gate.whenOpen(signal)
    if (!processQueue.hasRoom) await processQueue.whenRoom(signal)
    if (this.#isStopped) return false
    if (subscription() === undefined || locks?.isLocked(processQueue.queue) === false) {
      await client.clock.sleep(MISSING_MS, signal)
      return false
    }
    if (options.pullIntervalMs > 0) await client.clock.sleep(options.pullIntervalMs, signal)
    return true
  }

  async #pull(signal: AbortSignal): Promise<void> {
    const subscription = this.#options.subscription()
    if (subscription === undefined) return
    const { address, brokerId } = await this.#broker(signal)
    const header = this.#header(subscription, brokerId)
    const { remoting } = this.#options.client
    const call = { timeoutMs: PULL_TIMEOUT_MS, signal }
    const reply = await remoting.invoke(address, PULL_MESSAGE, { header }, call)
    this.#suggestedId = reply.header.suggestWhichBrokerId
    this.#maxOffset = reply.header.maxOffset
    // What the group wants may have changed while the broker held the pull.
    const wanted = this.#options.subscription()
    if (wanted !== undefined) await this.#decide(reply, wanted, signal)
  }

  async #decide(reply: PullReply, subscription: SubscriptionData, signal: AbortSignal): Promise<void> {
    const { processQueue, onOffsetMoved, client } = this.#options
    const before = processQueue.nextBeginOffset
    const { nextBeginOffset } = reply.header
    switch (reply.code) {
      case 'SUCCESS':
        return this.#put(await this.#messages(reply, subscription), nextBeginOffset)
      case 'PULL_OFFSET_MOVED':
        return onOffsetMoved(processQueue, nextBeginOffset)
      case 'PULL_NOT_FOUND':
      case 'PULL_RETRY_IMMEDIATELY':
        this.#put([], nextBeginOffset)
        // A broker that answers "at once" without getting on would make a busy loop of it.
        if (reply.code === 'PULL_RETRY_IMMEDIATELY' && nextBeginOffset === before)
          await client.clock.sleep(RETRY_FIRST_MS, signal)
    }
  }

  /** Appends what came; where nothing is in hand, what was filtered away counts as handled. */
  #put(messages: readonly StoredMessage[], nextBeginOffset: number): void {
    const { processQueue, service, offsetStore } = this.#options
    processQueue.put(messages, nextBeginOffset)
    // The next pull leaves before the listeners begin.
    if (messages.length > 0) setImmediate(() => service.submit(processQueue))
    const offset = processQueue.takeCommit()
    if (offset !== undefined) offsetStore.update(processQueue.queue, offset, { increaseOnly: true })
  }

  async #messages({ header, body }: PullReply, subscription: SubscriptionData): Promise<readonly StoredMessage[]> {
    const { processQueue, retryTopic, onBackgroundError } = this.#options
    const { topic, brokerName } = processQueue.queue
    const context = { brokerName, offsetDelta: header.offsetDelta ?? 0 }
    const { messages, damage } = decodeStoredMessages(body as Buffer, context)
    if (damage !== undefined) onBackgroundError(damage)
    const opened = openBodies(messages)
    const readable = opened instanceof Promise ? await opened : opened
    const wanted =
      subscription.tagsSet.length === 0
        ? readable
        : readable.filter(message => message.unreadable !== undefined || matchesTags(subscription, message.tags))
    for (const message of wanted) {
      message.topic = topic === retryTopic ? (message.property(PROPERTY.RETRY_TOPIC) ?? topic) : topic
    }
    return wanted
  }

  #header(subscription: SubscriptionData, brokerId: number) {
    const { processQueue, options, offsetStore } = this.#options
    const { topic, queueId, brokerName } = processQueue.queue
    const isClustering = options.messageModel === 'CLUSTERING'
    const commitOffset = isClustering ? (offsetStore.current(processQueue.queue) ?? 0) : 0
    return {
      consumerGroup: options.consumerGroup,
      topic,
      queueId,
      queueOffset: processQueue.nextBeginOffset,
      maxMsgNums: options.pullBatchSize,
      sysFlag: buildPullSysFlag({
        commitOffset: commitOffset > 0 && brokerId === MASTER_ID,
        suspend: true,
        subscription: options.postSubscriptionWhenPull,
      }),
      commitOffset,
      suspendTimeoutMillis: SUSPEND_MS,
      subscription: options.postSubscriptionWhenPull ? subscription.subString : undefined,
      subVersion: subscription.subVersion,
      expressionType: subscription.expressionType,
      maxMsgBytes: options.pullBatchSizeInBytes,
      bname: brokerName,
    }
  }

  /** Where to pull from: the suggested broker id, else the master, else any. */
  async #broker(signal: AbortSignal): Promise<{ address: string; brokerId: number }> {
    const { topic, brokerName } = this.#options.processQueue.queue
    const { routes } = this.#options.client
    if (routes.brokerAddresses(brokerName) === undefined) await routes.refresh(topic, { signal })
    const addresses = routes.brokerAddresses(brokerName) ?? new Map<number, string>()
    for (const brokerId of [this.#suggestedId, MASTER_ID, ...addresses.keys()]) {
      const address = addresses.get(brokerId)
      if (address !== undefined) return { address, brokerId }
    }
    throw new RocketMQError('BROKER_NOT_FOUND', `no address of broker ${brokerName} is known`, { topic, brokerName })
  }

  async #failed(error: unknown, failures: number, signal: AbortSignal): Promise<void> {
    const { client, processQueue, onBackgroundError } = this.#options
    this.#suggestedId = MASTER_ID
    const isFlowControl = BrokerError.is(error, 'FLOW_CONTROL')
    if (!isFlowControl) {
      client.log.warn('a pull failed', { queue: processQueue.queue, failures, error })
      const says = `pulling ${processQueue.queue.topic} failed`
      onBackgroundError(
        RocketMQError.is(error) ? error : new RocketMQError('PROTOCOL_ERROR', says, { cause: asError(error) }),
      )
    }
    // The broker has not heard of the subscription, or of its newest version, yet.
    if (BrokerError.is(error, 'SUBSCRIPTION_NOT_EXIST') || BrokerError.is(error, 'SUBSCRIPTION_NOT_LATEST'))
      await client.heartbeat()
    const waitMs = isFlowControl ? FLOW_CONTROL_MS : backoffMs(failures, RETRY_FIRST_MS, RETRY_LAST_MS)
    await client.clock.sleep(waitMs, signal).catch(() => undefined)
  }
}
