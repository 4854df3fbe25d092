import type { ClientInstance } from '../../client/client-instance'
import { BrokerError, type RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import { backoffMs } from '../../runtime/random'
import { asTyped } from '../as-typed'

export interface PullFailuresOptions {
  readonly client: ClientInstance
  readonly queue: MessageQueue
  readonly onBackgroundError: (error: RocketMQError) => void
}

const FLOW_CONTROL_MS = 20
const RETRY_FIRST_MS = 100
const RETRY_LAST_MS = 3000
/** Answers of a broker that knows less of a subscription than the pull does. */
const UNHEARD = [
  'SUBSCRIPTION_NOT_EXIST',
  'SUBSCRIPTION_NOT_LATEST',
  'FILTER_DATA_NOT_EXIST',
  'FILTER_DATA_NOT_LATEST',
] as const

/** What loops do about pulls of their queue that fail. */
export class PullFailures {
  readonly #options: PullFailuresOptions
  #count = 0

  constructor(options: PullFailuresOptions) {
    this.#options = options
  }

  /** Failures one after the other. */
  get count(): number {
    return this.#count
  }

  /** A pull went well. */
  clear(): void {
    this.#count = 0
  }

  /** Reports a failure and waits before the next try; never rejects, as nothing may end the loop. */
  async wait(error: unknown, signal: AbortSignal): Promise<void> {
    const { client, queue, onBackgroundError } = this.#options
    const failures = this.#count++
    const isFlowControl = BrokerError.is(error, 'FLOW_CONTROL')
    // The broker has not heard of the subscription, or of its newest version, yet: it is told, and that is all, at first.
    const isUnheard = UNHEARD.some(code => BrokerError.is(error, code))
    const waitMs = isFlowControl ? FLOW_CONTROL_MS : backoffMs(failures, RETRY_FIRST_MS, RETRY_LAST_MS)
    if (!isFlowControl && !(isUnheard && failures === 0)) {
      client.log.warn('a pull failed', { queue, failures, error })
      const says = `pulling ${queue.topic} failed, which is tried again after ${Math.round(waitMs)} ms`
      onBackgroundError(asTyped(error, says, { topic: queue.topic }))
    }
    if (isUnheard) await client.heartbeat().catch((cause: unknown) => client.report('a heartbeat failed', cause))
    await client.clock.sleep(waitMs, signal).catch(() => undefined)
  }
}
