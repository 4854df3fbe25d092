import { RocketMQError } from '../../errors'
import type { StoredMessage } from '../../wire/stored-message'
import { asTyped } from '../as-typed'
import { TO_DEAD_LETTERS } from '../send-back'
import type { ConsumeServiceOptions } from './consume-service'

export type DeadLettersOptions = Pick<ConsumeServiceOptions, 'consumerGroup' | 'sendBack' | 'onBackgroundError'>

/** Puts messages of a key that failed too often, or cannot be read, to the dead letters. */
export class DeadLetters {
  readonly #options: DeadLettersOptions

  constructor(options: DeadLettersOptions) {
    this.#options = options
  }

  /**
   * True once a broker has the message among the dead letters of the group, false where none took it, which is reported.
   * Never rejects. Broadcasting has no dead letters: the message is dropped, and that is reported.
   */
  async accept(message: StoredMessage): Promise<boolean> {
    const { sendBack, onBackgroundError } = this.#options
    if (sendBack === undefined) {
      // What cannot be read was reported when it was met.
      if (message.unreadable === undefined) onBackgroundError(this.#dropped(message))
      return true
    }
    try {
      await sendBack.sendBack(message, TO_DEAD_LETTERS)
      return true
    } catch (error) {
      const says = `${nameOf(message)} could not be put to the dead letters; its key waits until it can`
      onBackgroundError(asTyped(error, says, this.#details(message)))
      return false
    }
  }

  #dropped(message: StoredMessage): RocketMQError {
    const tries = message.reconsumeTimes + 1
    const says = `${nameOf(message)} failed ${tries} times and is dropped: broadcasting has no dead letters`
    return new RocketMQError('INVALID_STATE', says, this.#details(message))
  }

  #details({ topic }: StoredMessage) {
    return { topic, group: this.#options.consumerGroup }
  }
}

function nameOf({ msgId, topic, shardingKey }: StoredMessage): string {
  return `message ${msgId} of ${topic}${shardingKey === undefined ? '' : ` with key ${shardingKey}`}`
}
