import { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import type { ConsumeContext, ConsumeOrderlyContext } from './message-listener'

/** What one call of a listener in order is told, and what it sets. */
export class OrderlyContext implements ConsumeOrderlyContext {
  readonly consumerGroup: string
  readonly messageQueue: MessageQueue
  readonly signal: AbortSignal
  readonly #ordered: 'queue' | 'key'
  #suspendMs: number | undefined = undefined
  #autoCommit = true

  constructor({ consumerGroup, messageQueue, signal }: ConsumeContext, ordered: 'queue' | 'key') {
    this.consumerGroup = consumerGroup
    this.messageQueue = messageQueue
    this.signal = signal
    this.#ordered = ordered
  }

  get suspendCurrentQueueTimeMs(): number | undefined {
    return this.#suspendMs
  }

  set suspendCurrentQueueTimeMs(ms: number | undefined) {
    if (ms !== undefined && !(typeof ms === 'number' && ms >= 0)) {
      const says = `context.suspendCurrentQueueTimeMs was set to ${String(ms)}; it must be milliseconds, 0 or more`
      throw new RocketMQError('INVALID_ARGUMENT', says)
    }
    this.#suspendMs = ms
  }

  get autoCommit(): boolean {
    return this.#autoCommit
  }

  set autoCommit(autoCommit: boolean) {
    if (!autoCommit && this.#ordered === 'key') {
      const says = "context.autoCommit can be set to false with ordered: 'queue' only: keys of a queue run side by side"
      throw new RocketMQError('INVALID_ARGUMENT', says)
    }
    this.#autoCommit = autoCommit
  }
}
