import type { Message } from '../../model/message'
import type { SendOptions } from '../../sending/send-options'

/** Data for `emit` and `send` of a client with more to say of the message. */
export class RocketMQRecord {
  /** What is sent, as the serializer takes it. */
  readonly data: unknown
  /** Fields of the message besides its topic and body. */
  readonly message: Omit<Message, 'topic' | 'body' | 'encoding'>
  /** As of `Producer.send`. */
  readonly options: SendOptions

  /**
   * @param message fields of the message besides its body, such as `keys`, `properties`, `shardingKey`, `delayMs`
   * @param options as of `Producer.send`
   */
  constructor(data: unknown, message: Omit<Message, 'topic' | 'body' | 'encoding'> = {}, options: SendOptions = {}) {
    this.data = data
    this.message = message
    this.options = options
  }
}
