import { ClientMember } from '../client/client-member'
import { RocketMQError } from '../errors'
import type { MessageExt } from '../model/message'
import type { SendResult } from '../model/results'
import type { EventMap } from '../runtime/safe-emitter'
import { type Replier, type ReplyMessage, type ReplyOptions, createReplier } from '../sending/replier'

/** A consumer, which can reply to what it receives. */
export abstract class ReplyingConsumer<Events extends EventMap<Events>> extends ClientMember<Events> {
  #replier: Replier | undefined

  /**
   * Replies to a message that was received, whose sender waits in `Producer.request`; no producer is needed for it, and a
   * listener can also while the consumer is shut down. Resolves when the sender's client has the reply.
   * @param reply the body, or a message without a topic
   * @param options `timeoutMs`, default 3000, and `signal`
   * @throws RocketMQError INVALID_MESSAGE where the message asks for no reply, INVALID_STATE where the consumer does not run;
   * and as `Producer.send`
   * @throws BrokerError SYSTEM_ERROR where no broker knows the client that asked any more
   */
  async reply(
    request: MessageExt,
    reply: ReplyMessage | ReplyMessage['body'],
    options: ReplyOptions = {},
  ): Promise<SendResult> {
    const { client } = this.membership
    const { state } = this.lifecycle
    if (client === undefined || (state !== 'stopping' && !this.isAlive)) {
      const says = `consumer ${this.membership.group} is ${state} and cannot reply`
      throw new RocketMQError('INVALID_STATE', says, { sent: 'NO' })
    }
    this.#replier ??= createReplier(client)
    return this.#replier.reply(request, reply, options)
  }
}
