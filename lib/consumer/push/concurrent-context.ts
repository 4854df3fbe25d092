import { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import type { ConsumeConcurrentlyContext, ConsumeContext } from './message-listener'

/** What one call of a concurrent listener is told, and what it sets. */
export class ConcurrentContext implements ConsumeConcurrentlyContext {
  readonly consumerGroup: string
  readonly messageQueue: MessageQueue
  readonly signal: AbortSignal
  #ackIndex: number | undefined = undefined
  #delayLevel = 0

  constructor({ consumerGroup, messageQueue, signal }: ConsumeContext) {
    this.consumerGroup = consumerGroup
    this.messageQueue = messageQueue
    this.signal = signal
  }

  get ackIndex(): number | undefined {
    return this.#ackIndex
  }

  set ackIndex(index: number | undefined) {
    if (index !== undefined && !(Number.isInteger(index) && index >= -1)) {
      const says = `context.ackIndex was set to ${String(index)}; it must be an index of a message, -1 for none`
      throw new RocketMQError('INVALID_ARGUMENT', says)
    }
    this.#ackIndex = index
  }

  get delayLevelWhenNextConsume(): number {
    return this.#delayLevel
  }

  set delayLevelWhenNextConsume(level: number) {
    if (!Number.isInteger(level)) {
      const says = `context.delayLevelWhenNextConsume was set to ${String(level)}; it must be a delay level, 0 or negative`
      throw new RocketMQError('INVALID_ARGUMENT', says)
    }
    this.#delayLevel = level
  }
}
