import { MIB } from '../told-values'
import type { ProcessQueueLimits } from './process-queue'
import type { ResolvedPushConsumerOptions } from './push-consumer-options'

type Thresholds = Pick<
  ResolvedPushConsumerOptions,
  'pullThresholdForQueue' | 'pullThresholdSizeForQueue' | 'pullThresholdForTopic' | 'pullThresholdSizeForTopic'
>

/** What each queue may have in hand: its own limit, or its share of one for all queues, which beats the other, as in Java. */
export class PullThresholds implements ProcessQueueLimits {
  readonly maxSpan: number | undefined
  readonly #options: Thresholds
  #maxMessages: number
  #maxBytes: number

  constructor(options: Thresholds, maxSpan: number | undefined) {
    this.#options = options
    this.#maxMessages = options.pullThresholdForQueue
    this.#maxBytes = options.pullThresholdSizeForQueue * MIB
    this.maxSpan = maxSpan
  }

  get maxMessages(): number {
    return this.#maxMessages
  }

  get maxBytes(): number {
    return this.#maxBytes
  }

  /** Shares the limits for all queues out among so many; true where that changed what each of them may have. */
  share(queues: number): boolean {
    if (queues === 0) return false
    const { pullThresholdForTopic, pullThresholdSizeForTopic } = this.#options
    const [messages, bytes] = [this.#maxMessages, this.#maxBytes]
    if (pullThresholdForTopic !== undefined) this.#maxMessages = shareOf(pullThresholdForTopic, queues)
    if (pullThresholdSizeForTopic !== undefined) this.#maxBytes = shareOf(pullThresholdSizeForTopic, queues) * MIB
    return messages !== this.#maxMessages || bytes !== this.#maxBytes
  }
}

function shareOf(limit: number, queues: number): number {
  return Math.max(1, Math.floor(limit / queues))
}
