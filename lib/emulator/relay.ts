import type { AnyCommand, FrameContent } from '../commands/command'
import { RESPONSE_CODES } from '../commands/response-code'
import type { RocketMQError } from '../errors'
import { type PendingRequest, UNSENT } from '../remoting/pending-request'
import type { RequestContext } from '../remoting/request-handlers'
import type { RemotingCommand } from '../wire/remoting-command'

interface RelayOptions {
  readonly command: AnyCommand
  /** What the client is asked. */
  readonly content: FrameContent
  /** Who asked, and gets the answer. */
  readonly asker: RequestContext
  /** Who is asked, for remarks. */
  readonly consumerGroup: string
  readonly clientId: string
}

/** A question to a client whose answer, as it is, goes to whoever asked the broker. */
export class Relay implements PendingRequest {
  opaque = UNSENT.opaque
  sentAt = UNSENT.sentAt
  channel: PendingRequest['channel'] = UNSENT.channel
  redirected: boolean = UNSENT.redirected
  deadlineAt = UNSENT.deadlineAt
  deadlineSlot = UNSENT.deadlineSlot
  previousDeadline: PendingRequest['previousDeadline'] = UNSENT.previousDeadline
  nextDeadline: PendingRequest['nextDeadline'] = UNSENT.nextDeadline
  settled = false
  readonly #options: RelayOptions

  constructor(options: RelayOptions) {
    this.#options = options
  }

  get command(): AnyCommand {
    return this.#options.command
  }

  get content(): FrameContent {
    return this.#options.content
  }

  onReply({ code, remark, extFields, body, language = 'OTHER', version }: RemotingCommand): void {
    this.#answer({ code, remark, extFields, body, writer: { language, version } })
  }

  onFailure(error: RocketMQError): void {
    const { consumerGroup, clientId } = this.#options
    const isLate = error.code === 'REQUEST_TIMEOUT'
    const who = `consumer <${consumerGroup}> <${clientId}>`
    this.#answer({
      code: RESPONSE_CODES[isLate ? 'CONSUME_MSG_TIMEOUT' : 'SYSTEM_ERROR'].code,
      remark: isLate ? `${who} Timeout: ${error.message}` : `invoke ${who} Exception: ${error.message}`,
    })
  }

  #answer(content: FrameContent): void {
    const { asker } = this.#options
    this.settled = true
    asker.channel.reply(asker.frame, content)
  }
}
