import { RocketMQError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import type { Log } from '../../runtime/log'
import { type OpenedBodies, openBodies, openInPart } from '../../wire/open-bodies'
import type { MessageContext, StoredMessage } from '../../wire/stored-message'
import { type DecodedMessages, decodeStoredMessages } from '../../wire/stored-message-decoder'
import { DamagedPulls } from './damaged-pulls'

/** The bytes of an answer, and where they belong. */
export interface AnswerBody {
  readonly body: Buffer
  /** The offset that was asked for. */
  readonly from: number
  /** Where the broker says to go on. */
  readonly nextBeginOffset: number
  readonly context: MessageContext
}

/** What an answer holds. */
export interface ReadAnswer {
  /** With opened bodies; those that cannot be read say so in `unreadable`. */
  readonly messages: readonly StoredMessage[]
  /** Where to go on. */
  readonly nextBeginOffset: number
  /** The answer is damaged from `nextBeginOffset` on, where it is to be pulled again: the damage may be of this answer alone. */
  readonly damage: RocketMQError | undefined
  /** Damage that stayed is passed over: it would hold the queue up for ever. */
  readonly passedOver: RocketMQError | undefined
}

/** Reads the messages of the answers to the pulls of one queue. */
export class AnswerReader {
  readonly #queue: MessageQueue
  readonly #log: Log
  readonly #damaged = new DamagedPulls()

  constructor(queue: MessageQueue, log: Log) {
    this.#queue = queue
    this.#log = log
  }

  /** True while an offset is being pulled again: one message at a time then. */
  get isRepeating(): boolean {
    return this.#damaged.isRepeating
  }

  /** Never rejects; a promise only where bodies have to be inflated. */
  read({ body, from, nextBeginOffset, context }: AnswerBody): ReadAnswer | Promise<ReadAnswer> {
    const decoded = decodeStoredMessages(body, context)
    if (decoded.damage !== undefined) return this.#readDamaged(decoded, { from, nextBeginOffset })
    this.#damaged.clear()
    const opened = openInPart(decoded.messages)
    const place = { from, nextBeginOffset }
    return opened instanceof Promise ? opened.then(each => intact(each, place)) : intact(opened, place)
  }

  /** Gives what stands before the damage; the rest is pulled again, and where it stays damaged it is passed over. */
  async #readDamaged(
    { messages, intact: before, damage: cause }: DecodedMessages,
    { from, nextBeginOffset }: Pick<AnswerBody, 'from' | 'nextBeginOffset'>,
  ): Promise<ReadAnswer> {
    const { topic, queueId, brokerName } = this.#queue
    const opened = await openBodies(messages.slice(0, before))
    const at = Math.max(from, (opened.at(-1)?.queueOffset ?? -1) + 1)
    const place = `queue ${queueId} of ${topic} on ${brokerName}`
    const details = { topic, brokerName, cause }
    if (!this.#damaged.isHopeless(at)) {
      const says = `the answer to a pull is damaged from offset ${at} of ${place} on: ${cause?.message}`
      const damage = new RocketMQError('PROTOCOL_ERROR', says, details)
      return { messages: opened, nextBeginOffset: at, damage, passedOver: undefined }
    }
    this.#damaged.clear()
    const next = Math.max(nextBeginOffset, at + 1)
    const says = `offsets ${at} to ${next - 1} of ${place} are passed over: what is stored there cannot be read, however often it is pulled: ${cause?.message}`
    this.#log.error(says)
    const passedOver = new RocketMQError('MESSAGE_UNREADABLE', says, details)
    const rest = await openBodies(messages.slice(before))
    return { messages: [...opened, ...rest], nextBeginOffset: next, damage: undefined, passedOver }
  }
}

/** What would have been too much at a time is pulled again, at least one message further on. */
function intact(
  { messages, rest }: OpenedBodies,
  { from, nextBeginOffset }: Pick<AnswerBody, 'from' | 'nextBeginOffset'>,
): ReadAnswer {
  const next = rest.length === 0 ? nextBeginOffset : Math.max(from, (messages.at(-1)?.queueOffset ?? -1) + 1)
  return { messages, nextBeginOffset: next, damage: undefined, passedOver: undefined }
}
