import { inspect } from 'node:util'
import { type AnyCommand, type ReplyOf, type RequestOf, decodeRequest, encodeReply } from '../commands/command'
import { COMMANDS } from '../commands/index'
import { RESPONSE_CODES, type ResponseCode } from '../commands/response-code'
import { RocketMQError, asError } from '../errors'
import { checkOptions, checkedText, isRecord } from '../model/option-checks'
import type { Channel, ChannelState } from '../remoting/channel'
import { FLAG_ONEWAY, type RemotingCommand } from '../wire/remoting-command'

type Commands = typeof COMMANDS
/** RocketMQ's name of a command, such as `PULL_MESSAGE`. */
export type CommandName = keyof Commands

/** The request of a command: its header and body. */
export type RequestNamed<N extends CommandName> = RequestOf<Commands[N]>

/** An answer of any code, such as `{ code: 'SYSTEM_BUSY', remark: 'try later' }`. */
export interface BareReply {
  /** RocketMQ's name of the response code. */
  readonly code: ResponseCode
  /** Words for the one who asked. */
  readonly remark?: string
}

/**
 * What is to become of a request: an answer instead of the server's own; `pass` (or nothing): the server handles it;
 * `drop`: it never arrived; `close`: its connection closes instead; `drop-reply`: it is handled, and the answer gets
 * lost; `close-reply`: it is handled, and the connection closes instead of the answer. Requests that brokers send to
 * clients, which have no answer, can be passed, dropped and closed upon.
 */
export type Verdict<N extends CommandName> =
  ReplyOf<Commands[N]> | BareReply | 'pass' | 'drop' | 'close' | 'drop-reply' | 'close-reply' | undefined | void

/** A connection of a client to the emulator. */
export interface ControlledConnection {
  /** `host:port` of the client. */
  readonly address: string
  /** MQVersion ordinal of the client, from its last frame. */
  readonly peerVersion: number | undefined
  /** Whether it takes requests. */
  readonly state: ChannelState
  /** Closes it at once; what waits on it fails. */
  close(): void
}

/** Where a request arrived or, for those that brokers send to clients, is from; and on which connection. */
export interface ControlContext {
  /** Name of the broker; undefined on a name server. */
  readonly broker: string | undefined
  /** 0 for a master. */
  readonly brokerId: number | undefined
  /** The connection that the request came by, or goes by. */
  readonly channel: ControlledConnection
  /** What arrived; undefined for requests to clients. */
  readonly frame: RemotingCommand | undefined
}

/** The context of a request that arrived. */
export type ArrivalContext = ControlContext & { readonly frame: RemotingCommand; readonly channel: Channel }

/** Gets a request before the server does, and says what becomes of it; one that throws fails the request as if the server had. */
export type ControlHandler<N extends CommandName> = (
  request: RequestNamed<N>,
  context: ControlContext,
) => Verdict<N> | Promise<Verdict<N>>

/** Which requests are controlled. */
export interface ControlOptions {
  /** How many requests are controlled; default 1. */
  readonly times?: number | 'keep'
  /** Only requests to brokers of this name. */
  readonly broker?: string
}

/** A control that was set. */
export interface Control {
  /** How many requests it has taken so far. */
  readonly seen: number
  /** Ends it. */
  release(): void
}

interface Rule {
  readonly handle: (request: unknown, context: ControlContext) => unknown
  readonly broker: string | undefined
  left: number
  seen: number
}

interface Waiter {
  readonly matches: (request: unknown, context: ControlContext) => boolean
  readonly resolve: (request: unknown) => void
  readonly reject: (error: Error) => void
}

interface Interest {
  readonly command: AnyCommand
  rules: Rule[]
  waiters: Waiter[]
}

/** Lets tests see, replace and break requests before the emulator's servers handle them. */
export class Controls {
  readonly #byCode = new Map<number, Interest>()

  add<N extends CommandName>(name: N, handler: ControlHandler<N>, options: ControlOptions = {}): Control {
    checkOptions(options, { times: true, broker: true }, 'the options of control')
    const { times = 1, broker } = options
    if (times !== 'keep' && !(Number.isInteger(times) && times > 0))
      throw invalid(`times is ${String(times)}; it must be a whole number from 1 up, or 'keep'`)
    checkedText('broker', broker)
    mustBeFunction('the handler of control', handler)
    const interest = this.#interest(name)
    const handle = handler as unknown as Rule['handle']
    const rule: Rule = { handle, broker, left: times === 'keep' ? Infinity : times, seen: 0 }
    interest.rules.push(rule)
    return {
      get seen() {
        return rule.seen
      },
      release: () => this.#release(interest, rule),
    }
  }

  /** Resolves with the next request of the command that matches, once it was handled. */
  received<N extends CommandName>(
    name: N,
    matches: (request: RequestNamed<N>, context: ControlContext) => boolean = () => true,
  ): Promise<RequestNamed<N>> {
    const promise = new Promise<unknown>((resolve, reject) => {
      mustBeFunction('the second argument of received', matches)
      this.#interest(name).waiters.push({ matches: matches as unknown as Waiter['matches'], resolve, reject })
    })
    // Whoever does not look at it any more must not bring the process down at shutdown.
    promise.catch(() => undefined)
    return promise as Promise<RequestNamed<N>>
  }

  /** True where some rule or test asks for requests of this code. */
  wants(code: number): boolean {
    return this.#byCode.has(code)
  }

  /** Lets a broker send a request to a client unless a rule drops it. */
  push(command: AnyCommand, request: unknown, { context, send }: { context: ControlContext; send: () => void }): void {
    const interest = this.#byCode.get(command.code)
    const finish = (verdict: unknown): void => {
      if (verdict === 'drop' || context.channel.state === 'closed') return
      if (verdict === 'close') context.channel.close()
      else send()
      this.#notify(command.code, request, context)
    }
    if (interest === undefined) send()
    else this.#decide(interest, { request, context, finish })
  }

  /** Hands a frame to `proceed` unless a rule decides otherwise; never throws. */
  dispatch(context: ArrivalContext, proceed: (frame: RemotingCommand) => void): void {
    const interest = this.#byCode.get(context.frame.code)
    const request = interest === undefined ? undefined : decoded(interest.command, context.frame)
    if (interest === undefined || request === undefined) {
      proceed(context.frame)
      return
    }
    const finish = (verdict: unknown): void => {
      if (context.channel.state === 'closed') return
      apply(interest.command, verdict, { context, proceed })
      if (verdict !== 'drop' && verdict !== 'close') this.#notify(interest.command.code, request, context)
    }
    this.#decide(interest, { request, context, finish })
  }

  /** Rejects whoever still waits for a request. */
  close(): void {
    for (const { command, waiters } of this.#byCode.values()) {
      const message = `the emulator was shut down before it received ${command.name}`
      for (const waiter of waiters) waiter.reject(new RocketMQError('INVALID_STATE', message))
    }
    this.#byCode.clear()
  }

  #decide(
    interest: Interest,
    { request, context, finish }: { request: unknown; context: ControlContext; finish: (verdict: unknown) => void },
  ): void {
    const rule = interest.rules.find(({ broker }) => broker === undefined || broker === context.broker)
    if (rule === undefined) return finish('pass')
    rule.seen++
    rule.left--
    if (rule.left <= 0) this.#release(interest, rule)
    const fail = (error: unknown): void => finish({ code: 'SYSTEM_ERROR', remark: asError(error).message })
    try {
      const verdict = rule.handle(request, context)
      if (verdict instanceof Promise) verdict.then(finish).catch(fail)
      else finish(verdict)
    } catch (error) {
      fail(error)
    }
  }

  #notify(code: number, request: unknown, context: ControlContext): void {
    const interest = this.#byCode.get(code)
    if (interest === undefined) return
    const waiting: Waiter[] = []
    const { waiters } = interest
    interest.waiters = waiting
    for (const waiter of waiters) {
      try {
        if (waiter.matches(request, context)) waiter.resolve(request)
        else waiting.push(waiter)
      } catch (error) {
        waiter.reject(asError(error))
      }
    }
    this.#forgetIdle(interest)
  }

  #interest(name: CommandName): Interest {
    if (!Object.hasOwn(COMMANDS, name))
      throw invalid(
        `there is no command ${String(name)}; names are RocketMQ's, such as SEND_MESSAGE_V2 or PULL_MESSAGE`,
      )
    const command: AnyCommand = COMMANDS[name]
    let interest = this.#byCode.get(command.code)
    if (interest === undefined) this.#byCode.set(command.code, (interest = { command, rules: [], waiters: [] }))
    return interest
  }

  #release(interest: Interest, rule: Rule): void {
    interest.rules = interest.rules.filter(each => each !== rule)
    this.#forgetIdle(interest)
  }

  /** What nobody asks for costs nothing. */
  #forgetIdle(interest: Interest): void {
    const { rules, waiters, command } = interest
    if (rules.length === 0 && waiters.length === 0 && this.#byCode.get(command.code) === interest)
      this.#byCode.delete(command.code)
  }
}

function mustBeFunction(what: string, given: unknown): void {
  if (typeof given !== 'function') throw invalid(`${what} must be a function`)
}

function invalid(says: string): RocketMQError {
  return new RocketMQError('INVALID_ARGUMENT', says)
}

/** Undefined where the frame is not as its row says; the server then answers that. */
function decoded(command: AnyCommand, frame: RemotingCommand): unknown {
  try {
    return decodeRequest(command, frame)
  } catch {
    return undefined
  }
}

function apply(
  command: AnyCommand,
  verdict: unknown,
  { context: { frame, channel }, proceed }: { context: ArrivalContext; proceed: (frame: RemotingCommand) => void },
): void {
  switch (verdict) {
    case undefined:
    case 'pass':
      return proceed(frame)
    case 'drop':
      return
    case 'close':
      return channel.close()
    case 'drop-reply':
      return proceed({ ...frame, flag: frame.flag | FLAG_ONEWAY })
    case 'close-reply':
      proceed({ ...frame, flag: frame.flag | FLAG_ONEWAY })
      return channel.close()
    default:
      mustBeReply(command, verdict)
      channel.reply(frame, encodeReply(command, verdict))
  }
}

function mustBeReply({ name }: AnyCommand, verdict: unknown): asserts verdict is ReplyOf<AnyCommand> {
  if (isRecord(verdict) && Object.hasOwn(RESPONSE_CODES, String(verdict['code']))) return
  const allowed =
    "nothing, 'pass', 'drop', 'close', 'drop-reply', 'close-reply', or a reply such as { code: 'SYSTEM_BUSY' }"
  throw invalid(
    `the handler of control of ${name} returned ${inspect(verdict, { depth: 1 })}; it may return ${allowed}`,
  )
}
