import {
  type AnyCommand,
  type FrameContent,
  type ReplyOf,
  type RequestOf,
  decodeRequest,
  encodeReply,
} from '../commands/command'
import { RESPONSE_CODES } from '../commands/response-code'
import { BrokerError, RocketMQError, asError } from '../errors'
import type { Log } from '../runtime/log'
import { type RemotingCommand, isOneway } from '../wire/remoting-command'
import type { Channel } from './channel'
import type { NameTranslation } from './name-translation'
import { Refusal } from './refusal'

/** Where a request came from. */
export interface RequestContext {
  readonly channel: Channel
  readonly frame: RemotingCommand
}

/**
 * Answers requests of one row; undefined is for oneway requests, which have no answer, and for those that are answered
 * later with `Channel.reply`. A handler that does not wait answers in the same turn, and without a promise.
 */
export type RequestHandler<C> = (
  request: RequestOf<C>,
  context: RequestContext,
) => ReplyOf<C> | undefined | Promise<ReplyOf<C> | undefined>

interface Registration {
  readonly command: AnyCommand
  readonly handle: RequestHandler<AnyCommand>
}

/** What to do with the requests that the other end sends. Codes without a handler are answered 3. */
export class RequestHandlers {
  readonly #byCode = new Map<number, Registration>()
  readonly #log: Log
  readonly #names: NameTranslation | undefined

  constructor(log: Log, names?: NameTranslation) {
    this.#log = log
    this.#names = names
  }

  /** Has requests of a command answered by `handle`, instead of whoever did that before. */
  on<C extends AnyCommand>(command: C, handle: RequestHandler<C>): void {
    this.#byCode.set(command.code, { command, handle: handle as RequestHandler<AnyCommand> })
  }

  /** Runs the handler of a request and writes its answer; never throws. */
  dispatch(frame: RemotingCommand, channel: Channel): void {
    const registration = this.#byCode.get(frame.code)
    if (registration === undefined) {
      channel.reply(frame, unsupported(frame.code))
      return
    }
    const { command, handle } = registration
    const context = { frame, channel }
    try {
      const request = decodeRequest(command, frame)
      const reply = handle(this.#names?.incoming(request) ?? request, context)
      if (reply instanceof Promise) void this.#answerLater(command, context, reply)
      else this.#answer(command, context, reply)
    } catch (error) {
      this.#refuse(command, context, error)
    }
  }

  async #answerLater(command: AnyCommand, context: RequestContext, reply: Promise<unknown>): Promise<void> {
    try {
      this.#answer(command, context, await reply)
    } catch (error) {
      this.#refuse(command, context, error)
    }
  }

  #answer(command: AnyCommand, { frame, channel }: RequestContext, reply: unknown): void {
    if (reply === undefined || isOneway(frame)) return
    channel.reply(frame, encodeReply(command, (this.#names?.outgoing(reply) ?? reply) as ReplyOf<AnyCommand>))
  }

  /** A handler answers with an error code by throwing a `Refusal` or `BrokerError` of it; any other error is a surprise. */
  #refuse(command: AnyCommand, { frame, channel }: RequestContext, error: unknown): void {
    const level = BrokerError.is(error) ? 'debug' : 'warn'
    this.#log[level]('a request of the peer was refused', { command: command.name, peer: channel.address, error })
    channel.reply(frame, failure(asError(error)))
  }
}

function unsupported(code: number): FrameContent {
  return { code: RESPONSE_CODES.REQUEST_CODE_NOT_SUPPORTED.code, remark: ` request type ${code} not supported` }
}

function failure(error: Error): FrameContent {
  const code = BrokerError.is(error) ? codeOf(error.responseCode) : RESPONSE_CODES.SYSTEM_ERROR.code
  const remark = BrokerError.is(error)
    ? error.remark
    : RocketMQError.is(error)
      ? error.message
      : `${error.name}: ${error.message}`
  const extFields = error instanceof Refusal ? error.fields : undefined
  return { code, remark, extFields }
}

/** Codes without a name are known by their number. */
function codeOf(responseCode: string): number {
  if (/^\d+$/.test(responseCode)) return Number(responseCode)
  const row = RESPONSE_CODES[responseCode as keyof typeof RESPONSE_CODES] as { code: number } | undefined
  return row?.code ?? RESPONSE_CODES.SYSTEM_ERROR.code
}
