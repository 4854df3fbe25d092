import { type ErrorDetails, RocketMQError, asError } from '../errors'
import { EMPTY_BODY, type ExtFields, type RemotingCommand } from '../wire/remoting-command'
import type { BodyCodec } from './body'
import { compile, type Header, type HeaderCodec, type Schema, type WireNames } from './field'
import { RESPONSE_CODES, type ResponseCode, brokerError, responseCodeName } from './response-code'

/** Who answers a request. */
export type Peer = 'namesrv' | 'broker' | 'client'

interface Shape<S extends Schema, B> {
  readonly header?: S
  readonly wireNames?: WireNames<S>
  readonly body?: BodyCodec<B>
}

/** One row of the table as it is written down. */
export interface Row<
  Q extends Schema,
  QB,
  R extends Schema,
  RB,
  A extends ResponseCode,
  E extends ResponseCode,
  P extends Peer,
> {
  readonly code: number
  readonly peer: P
  readonly request?: Shape<Q, QB>
  /** Left out where the request is only ever oneway. */
  readonly response?: Shape<R, RB>
  /** Codes whose answer has the response's header and body; default SUCCESS. Codes in no list throw `BrokerError`. */
  readonly answers?: readonly A[]
  /** Codes whose answer has neither. */
  readonly bare?: readonly E[]
  /** The first release that knows it, where that is not 3.x. */
  readonly since?: string
  /** Codes above 32767 do not fit the binary header. */
  readonly headerType?: 'JSON'
  /** A broker passes it on to a client, and hands the frame of that client's answer back. */
  readonly passedOn?: boolean
}

/** A header where there are fields, and a body where there is one. */
type Payload<S extends Schema, B> = (keyof S extends never
  ? { readonly header?: undefined }
  : { readonly header: Header<S> }) &
  ([B] extends [undefined] ? { readonly body?: undefined } : { readonly body: B })

/** What a request is answered with: switch on `code`. */
export type Reply<R extends Schema, RB, A, E> =
  | ({ readonly code: A; readonly remark?: string | undefined } & Payload<R, RB>)
  | ([E] extends [never] ? never : { readonly code: E; readonly remark?: string | undefined })

/** A request of the protocol: everything about it is derived from its row. */
export interface Command<
  Q extends Schema = Schema,
  QB = unknown,
  R extends Schema = Schema,
  RB = unknown,
  A extends ResponseCode = ResponseCode,
  E extends ResponseCode = ResponseCode,
  P extends Peer = Peer,
> {
  readonly name: string
  readonly code: number
  readonly peer: P
  readonly since: string | undefined
  readonly headerType: 'JSON' | undefined
  readonly passedOn: boolean
  readonly requestHeader: HeaderCodec<Q>
  readonly requestBody: BodyCodec<QB> | undefined
  readonly hasResponse: boolean
  readonly responseHeader: HeaderCodec<R>
  readonly responseBody: BodyCodec<RB> | undefined
  readonly answers: ReadonlySet<string>
  readonly bare: ReadonlySet<string>
  readonly schemas: { readonly request: Q; readonly response: R }
  /** Never present; carries the types of the codes. */
  readonly types?: { readonly answer: A; readonly bare: E }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any row, whatever its types
export type AnyCommand = Command<any, any, any, any, any, any, any>

/** What is sent with a request of this row. */
export type RequestOf<C> =
  C extends Command<infer Q, infer QB, Schema, unknown, ResponseCode, ResponseCode, Peer>
    ? Payload<Q, QB> & { readonly remark?: string | undefined }
    : never

/** What a request of this row is answered with. */
export type ReplyOf<C> =
  C extends Command<Schema, unknown, infer R, infer RB, infer A, infer E, Peer> ? Reply<R, RB, A, E> : never

/** Makes a row of the table of what is written down of it. */
export function command<
  const Q extends Schema = Record<never, never>,
  QB = undefined,
  const R extends Schema = Record<never, never>,
  RB = undefined,
  const A extends ResponseCode = 'SUCCESS',
  const E extends ResponseCode = never,
  const P extends Peer = Peer,
>(name: string, row: Row<Q, QB, R, RB, A, E, P>): Command<Q, QB, R, RB, A, E, P> {
  const none = {} as Schema
  const request = (row.request?.header ?? none) as Q
  const response = (row.response?.header ?? none) as R
  return {
    name,
    code: row.code,
    peer: row.peer,
    since: row.since,
    headerType: row.headerType,
    passedOn: row.passedOn ?? false,
    requestHeader: compile(request, row.request?.wireNames),
    requestBody: row.request?.body,
    hasResponse: row.response !== undefined,
    responseHeader: compile(response, row.response?.wireNames),
    responseBody: row.response?.body,
    answers: new Set<string>(row.answers ?? ['SUCCESS']),
    bare: new Set<string>(row.bare ?? []),
    schemas: { request, response },
  }
}

/** What a frame is made of besides opaque, flag, language and version. */
export interface FrameContent {
  readonly code: number
  readonly remark?: string | undefined
  readonly extFields?: ExtFields | undefined
  readonly body?: Uint8Array | undefined
  /** Who wrote it, where it is passed on for another. */
  readonly writer?: { readonly language: string; readonly version: number }
}

/** What the frame of a request is made of. */
export function encodeRequest<C extends AnyCommand>(command: C, request: RequestOf<C>): FrameContent {
  const { header, body, remark } = request as { header?: Header<Schema>; body?: unknown; remark?: string }
  return {
    code: command.code,
    remark,
    extFields: header === undefined ? undefined : command.requestHeader.encode(header),
    body: body === undefined ? undefined : command.requestBody?.encode(body),
  }
}

/** @throws RocketMQError PROTOCOL_ERROR where header or body are not as the row says */
export function decodeRequest<C extends AnyCommand>(command: C, frame: RemotingCommand): RequestOf<C> {
  const header: unknown = command.requestHeader.decode(frame.extFields)
  return { header, body: command.requestBody?.decode(frame.body) as unknown } as RequestOf<C>
}

/** What the frame of an answer is made of. */
export function encodeReply<C extends AnyCommand>(command: C, reply: ReplyOf<C>): FrameContent {
  const { code, remark, header, body } = reply as {
    code: ResponseCode
    remark?: string
    header?: Header<Schema>
    body?: unknown
  }
  return {
    code: RESPONSE_CODES[code].code,
    remark,
    extFields: header === undefined ? undefined : command.responseHeader.encode(header),
    body: body === undefined ? EMPTY_BODY : command.responseBody?.encode(body),
  }
}

/**
 * @param details where the frame came from, for the error
 * @throws BrokerError for a code that the row does not list
 * @throws RocketMQError PROTOCOL_ERROR where header or body are not as the row says, UNSAFE_INTEGER where a number of
 * either cannot be held
 */
export function decodeReply<C extends AnyCommand>(
  command: C,
  frame: RemotingCommand,
  details: ErrorDetails,
): ReplyOf<C> {
  const code = responseCodeName(frame.code)
  if (code !== undefined && command.answers.has(code)) {
    try {
      const header: unknown = command.responseHeader.decode(frame.extFields)
      const body: unknown = command.responseBody?.decode(frame.body)
      return { code, remark: frame.remark, header, body } as ReplyOf<C>
    } catch (error) {
      throw unreadable(error, { ...details, command: command.name })
    }
  }
  if (code !== undefined && command.bare.has(code)) return { code, remark: frame.remark } as ReplyOf<C>
  throw brokerError(frame.code, frame.remark, { ...details, command: command.name })
}

/** What is wrong with an answer, together with where it came from. */
function unreadable(error: unknown, details: ErrorDetails): RocketMQError {
  const cause = asError(error)
  const from = details.address === undefined ? '' : ` from ${details.address}`
  const says = `the answer to ${details.command}${from} cannot be read: ${cause.message}`
  return new RocketMQError(RocketMQError.is(cause) ? cause.code : 'PROTOCOL_ERROR', says, { ...details, cause })
}

/** A typed error for a body that is not of the shape that its row promises. */
export function malformed(what: string): RocketMQError {
  return new RocketMQError('PROTOCOL_ERROR', `${what} is not of the shape that the protocol gives it`)
}
