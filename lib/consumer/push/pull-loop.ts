import type { ClientInstance } from '../../client/client-instance'
import type { RocketMQError } from '../../errors'
import type { SubscriptionData } from '../../model/consumer-types'
import { isTagType, wantsSame } from '../../model/subscription'
import type { Gate } from '../../runtime/gate'
import { onAbort } from '../../runtime/on-abort'
import type { StoredMessage } from '../../wire/stored-message'
import { filterMessages } from '../message-filter'
import { carriedOffset } from '../offsets/carried-offset'
import type { OffsetStore } from '../offsets/offset-store'
import type { ReadAnswer } from '../pull/answer-reader'
import { type Hold, QueueLoop } from '../pull/queue-loop'
import { type PullReply, type QueuePull, QueuePuller } from '../pull/queue-puller'
import type { TopicRates } from './consume-rates'
import type { ConsumeService } from './consume-service'
import { heldBack } from './held-back'
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
  readonly locks: Pick<QueueLocks, 'isLocked'> | undefined
  readonly offsetStore: Pick<OffsetStore, 'current' | 'update'>
  readonly service: Pick<ConsumeService, 'submit'>
  readonly rates: Pick<TopicRates, 'pulled'>
  /** The offset is out of the queue's range, or was reset by an administrator. */
  readonly onOffsetMoved: (processQueue: ProcessQueue, nextBeginOffset: number) => void
  /** The loop hangs: its queue is to be taken anew. */
  readonly onStalled: () => void
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** The broker holds a pull this long while there is nothing new, ms. */
const SUSPEND_MS = 15_000
/** Longer than the broker may hold it with its granularity of 5 s. */
const PULL_TIMEOUT_MS = 30_000

/** One pull at a time for one queue: room? - pull - decide by the answer's code - put. Ends only when told to. */
export class PullLoop {
  readonly #options: PullLoopOptions
  readonly #abort = new AbortController()
  readonly #puller: QueuePuller
  readonly #loop: QueueLoop
  #maxOffset = 0

  constructor(options: PullLoopOptions) {
    this.#options = options
    const { client, onBackgroundError, onStalled, retryTopic } = options
    const { signal, queue } = options.processQueue
    const { consumerGroup, messageFilters } = options.options
    const filter = filterMessages(messageFilters, { consumerGroup, onBackgroundError })
    this.#puller = new QueuePuller({ client, consumerGroup, queue, retryTopic, filter, litePull: false })
    this.#loop = new QueueLoop({
      client,
      queue,
      kind: 'pull',
      signal: () => this.#abort.signal,
      hold: during => this.#hold(during),
      ask: during => this.#pull(during),
      onStalled,
      onBackgroundError,
    })
    onAbort(signal, () => this.#abort.abort())
  }

  /** The queue's end as the last answer told it. */
  get maxOffset(): number {
    return this.#maxOffset
  }

  /** When it last went to ask for messages, monotonic ms. */
  get lastPulledAt(): number | undefined {
    return this.#loop.lastAskedAt
  }

  /** Milliseconds since it last went to ask for messages; 0 while it is kept from that on purpose, as by a full queue. */
  get idleMs(): number {
    return this.#loop.idleMs
  }

  /** What it does or waits for at the moment, for people to read. */
  get doing(): string {
    return this.#loop.doing
  }

  start(): void {
    this.#loop.start()
  }

  /** Takes the pull under way back and resolves when the loop has ended. */
  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#loop.ended()
  }

  #hold(signal: AbortSignal): Hold | undefined {
    const { processQueue, locks, subscription } = this.#options
    const held = heldBack(this.#options, signal)
    if (held !== undefined) return held
    const isMissing = subscription() === undefined || locks?.isLocked(processQueue.queue) === false
    return isMissing ? { doing: 'waits for its lock or subscription' } : undefined
  }

  async #pull(signal: AbortSignal): Promise<void> {
    const subscription = this.#options.subscription()
    if (subscription === undefined) return
    const pull = this.#next(subscription, signal)
    const { reply, restMs } = await this.#puller.ask(pull)
    this.#maxOffset = reply.header.maxOffset
    await this.#decide(reply, pull)
    // As the user wants after messages, and where an answer got nowhere.
    const pauseMs = reply.code === 'SUCCESS' ? Math.max(restMs, this.#options.options.pullIntervalMs) : restMs
    if (pauseMs > 0) await this.#options.client.clock.sleep(pauseMs, signal)
  }

  async #decide(reply: PullReply, pull: QueuePull): Promise<void> {
    const { processQueue, onOffsetMoved } = this.#options
    const { nextBeginOffset } = reply.header
    if (reply.code === 'PULL_OFFSET_MOVED') return onOffsetMoved(processQueue, nextBeginOffset)
    // The broker has passed over what was not wanted when it was asked: it is asked anew for what is wanted by now.
    if (!wantsSame(this.#options.subscription(), pull.subscription)) return
    switch (reply.code) {
      case 'SUCCESS':
        return this.#found(await this.#puller.open(reply, pull))
      case 'PULL_NOT_FOUND':
      case 'PULL_RETRY_IMMEDIATELY':
        return this.#put([], nextBeginOffset)
    }
  }

  /** Takes what could be read, and fails where the rest is to be pulled again. */
  #found({ messages, nextBeginOffset, damage, passedOver }: ReadAnswer): void {
    const { client, rates, processQueue, onBackgroundError } = this.#options
    const now = client.clock.monotonic()
    if (passedOver !== undefined) onBackgroundError(passedOver)
    if (damage === undefined || nextBeginOffset > processQueue.nextBeginOffset) {
      rates.pulled(now, messages.length, now - (this.lastPulledAt ?? now))
      this.#put(messages, nextBeginOffset)
    }
    if (damage !== undefined) throw damage
  }

  /** Appends what came; where nothing is in hand, what was filtered away counts as handled. */
  #put(messages: readonly StoredMessage[], nextBeginOffset: number): void {
    const { processQueue, service, offsetStore } = this.#options
    processQueue.put(messages, nextBeginOffset)
    // The next pull leaves before the listeners begin: at the end of this turn, and it is not even made yet.
    if (messages.length > 0) process.nextTick(() => setImmediate(() => service.submit(processQueue)))
    const offset = processQueue.takeCommit()
    if (offset !== undefined) offsetStore.update(processQueue.queue, offset, { increaseOnly: true })
  }

  #next(subscription: SubscriptionData, signal: AbortSignal): QueuePull {
    const { processQueue, options, offsetStore } = this.#options
    const { classFilterMode, expressionType } = subscription
    const { nextBeginOffset } = processQueue
    const committed = options.messageModel === 'CLUSTERING' ? carriedOffset(offsetStore, processQueue.queue) : 0
    return {
      offset: nextBeginOffset,
      maxNums: options.pullBatchSize,
      maxBytes: options.pullBatchSizeInBytes,
      subscription,
      // A condition that a broker cannot read, sent with a pull, makes it deliver every message.
      sendsSubscription: options.postSubscriptionWhenPull && !classFilterMode && isTagType(expressionType),
      // Not while messages are in hand: brokers may handle this pull after a later commit of theirs, and set that back.
      commitOffset: committed >= nextBeginOffset ? committed : 0,
      suspendMs: SUSPEND_MS,
      timeoutMs: PULL_TIMEOUT_MS,
      signal,
    }
  }
}
