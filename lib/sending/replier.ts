import { CALL_OPTIONS, checkCallOptions, checkedMs } from '../client/checked-options'
import type { ClientInstance } from '../client/client-instance'
import { SEND_REPLY_MESSAGE_V2 } from '../commands/send'
import { RocketMQError } from '../errors'
import type { Message, MessageExt } from '../model/message'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../model/message-rules'
import type { MessageQueue } from '../model/message-queue'
import { CLIENT_INNER_PRODUCER, replyTopic } from '../model/names'
import { PROPERTY } from '../model/property-names'
import type { SendResult } from '../model/results'
import type { Clock } from '../runtime/clock'
import { appendProperty } from '../wire/properties'
import { UniqueIds } from '../wire/unique-id'
import { type PreparedMessage, compressed, prepareMessage } from './prepared-message'
import { beforeSending, sendFailure } from './send-failure'
import type { SendOptions } from './send-options'
import { Sender } from './sender'

/** A reply: a message without a topic, which is known, and without a delay. */
export type ReplyMessage = Pick<Message, 'body' | 'encoding' | 'tags' | 'keys' | 'properties' | 'flag'>

/** What can be said of one reply. */
export type ReplyOptions = Pick<SendOptions, 'timeoutMs' | 'signal'>

export interface ReplierOptions {
  readonly clock: Clock
  readonly sender: Pick<Sender, 'findRoute'>
  /** Limit of a reply that brings none of its own, ms. */
  readonly timeoutMs: number
  /** Sends a message as what `adjust` makes of it. */
  readonly send: (
    message: Message,
    options: SendOptions,
    adjust: (prepared: PreparedMessage) => PreparedMessage,
  ) => Promise<SendResult>
}

const REPLY_FLAG = 'reply'
/** Java's producer compresses bodies from this size on. */
const COMPRESS_FROM_BYTES = 4096

/** Java's defaults of a producer. */
const SENDER = {
  createTopicKey: 'TBW102',
  defaultTopicQueueNums: 4,
  sendTimeoutMs: 3000,
  retryTimesWhenSendFailed: 2,
  retryTimesWhenSendAsyncFailed: 2,
  retryAnotherBrokerWhenNotStoreOK: false,
  timerOnOldBrokers: 'reject',
} as const

/** A replier for those who are no producer; it sends as the producer that every client has for itself. */
export function createReplier(client: ClientInstance): Replier {
  const { clock } = client
  const sender = new Sender(client, CLIENT_INNER_PRODUCER, SENDER)
  const prepare = { uniqueIds: new UniqueIds({ clock }), maxMessageSize: DEFAULT_MAX_MESSAGE_SIZE }
  const send: ReplierOptions['send'] = async (message, options, adjust) => {
    const reply = beforeSending(() => adjust(prepareMessage(message, prepare)))
    return sender.send(reply.body.length < COMPRESS_FROM_BYTES ? reply : await compressed(reply), options)
  }
  return new Replier({ clock, sender, timeoutMs: SENDER.sendTimeoutMs, send })
}

/** Sends replies to those who wait for them in `request`. */
export class Replier {
  readonly #options: ReplierOptions

  constructor(options: ReplierOptions) {
    this.#options = options
  }

  /** The broker of the request is tried first: others may not know whoever asked. @throws RocketMQError as a send */
  async reply(
    request: MessageExt,
    reply: ReplyMessage | ReplyMessage['body'],
    options: ReplyOptions,
  ): Promise<SendResult> {
    beforeSending(() => checkCallOptions(options, CALL_OPTIONS, 'the options of the reply'))
    const { send, sender, clock } = this.#options
    const { timeoutMs = this.#options.timeoutMs, signal } = options
    beforeSending(() => checkedMs('timeoutMs', timeoutMs))
    const endsAt = clock.monotonic() + timeoutMs
    const rest = (): SendOptions => {
      const left = { timeoutMs: Math.max(1, Math.ceil(endsAt - clock.monotonic())) }
      return signal === undefined ? left : { ...left, signal }
    }
    const message = replyMessageTo(request, reply)
    const { queues } = await sender.findRoute(message.topic, rest()).catch((error: unknown) => {
      throw sendFailure(error, 'NO', signal)
    })
    const queue = queues.find(({ brokerName }) => brokerName === request.brokerName)
    const adjust = (prepared: PreparedMessage): PreparedMessage => asReply(prepared, request)
    if (queue === undefined) return send(message, rest(), adjust)
    try {
      return await send(message, { ...rest(), queue }, adjust)
    } catch (error) {
      if (!isForAnother(error, queues)) throw error
      return send(message, rest(), adjust)
    }
  }
}

/** The message as it is sent to whoever sent the request. */
export function asReply(prepared: PreparedMessage, request: MessageExt): PreparedMessage {
  let properties = appendProperty(prepared.properties, PROPERTY.MSG_TYPE, REPLY_FLAG)
  for (const name of [PROPERTY.CORRELATION_ID, PROPERTY.REPLY_TO_CLIENT, PROPERTY.TTL]) {
    const value = request.properties[name]
    if (value !== undefined) properties = appendProperty(properties, name, value)
  }
  return { ...prepared, command: SEND_REPLY_MESSAGE_V2, properties }
}

/**
 * What is to be sent as the reply to a message.
 * @throws RocketMQError INVALID_MESSAGE where that asks for none
 */
export function replyMessageTo(request: MessageExt, reply: ReplyMessage | ReplyMessage['body']): Message {
  const { properties } = request
  const lacks = [PROPERTY.CLUSTER, PROPERTY.CORRELATION_ID, PROPERTY.REPLY_TO_CLIENT].find(
    name => (properties[name] ?? '') === '',
  )
  if (lacks !== undefined) {
    const says = `message ${request.msgId} cannot be replied to, as it has no property ${lacks}: it was sent by no request()`
    throw new RocketMQError('INVALID_MESSAGE', says, { topic: request.topic, sent: 'NO' })
  }
  const content = typeof reply === 'string' || reply instanceof Uint8Array ? { body: reply } : reply
  return { ...content, topic: replyTopic(properties[PROPERTY.CLUSTER] as string) }
}

/** Another broker may know whoever asked. */
function isForAnother(error: unknown, queues: readonly MessageQueue[]): boolean {
  return queues.length > 1 && RocketMQError.is(error) && error.code !== 'INVALID_MESSAGE' && error.code !== 'ABORTED'
}
