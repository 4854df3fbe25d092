import type { FrameContent } from '../commands/command'
import { responseCodeName } from '../commands/response-code'
import type { Interceptor } from '../runtime/interceptors'
import type { RemotingCommand } from '../wire/remoting-command'

/** Fields of a header as they travel; those that hold secrets say `[redacted]`. */
export type RpcFields = Readonly<Record<string, string>>

/** What an interceptor sees of a request to a name server or broker. */
export interface RpcContext {
  /** Tells these contexts from those of other operations. */
  readonly operation: 'rpc'
  /** `host:port` that it goes to. */
  readonly address: string
  /** RocketMQ's name of the request, such as `SEND_MESSAGE_V2`. */
  readonly command: string
  /** RocketMQ's number of the request. */
  readonly code: number
  /** True where nothing is answered. */
  readonly oneway: boolean
  /** Before it is signed. */
  readonly fields: RpcFields
  /** Size of the body, bytes. */
  readonly bodyBytes: number
  /** Fields to send besides, signed with the others; to be filled in before `next()`. */
  readonly extraFields: Record<string, string>
}

/** What a server answered. */
export interface RpcResponse {
  /** RocketMQ's name of the code, such as `SUCCESS`, or its number where it has none. */
  readonly code: string
  /** The server's own words. */
  readonly remark: string | undefined
  /** Fields of the header, without secrets. */
  readonly fields: RpcFields
  /** Size of the body, bytes. */
  readonly bodyBytes: number
}

/**
 * Runs around a request: `next` sends it, and resolves with the answer, whatever its code, or with undefined for a oneway
 * request. What it returns is of no matter; one that throws fails the request, and without `next` nothing is sent.
 */
export type RpcInterceptor = Interceptor<RpcContext, RpcResponse | undefined>

const SECRET = /secret|password|signature|token|access_?key/i

/** What is told of a request before it is sent. */
export function rpcContext(
  command: string,
  content: FrameContent,
  { address, oneway }: { address: string; oneway: boolean },
): RpcContext {
  const { code, extFields, body } = content
  const extraFields: Record<string, string> = {}
  const fields = withoutSecrets(extFields)
  return { operation: 'rpc', address, command, code, oneway, fields, bodyBytes: body?.length ?? 0, extraFields }
}

/** What is told of an answer. */
export function rpcResponse({ code, remark, extFields, body }: RemotingCommand): RpcResponse {
  const name = responseCodeName(code) ?? String(code)
  return { code: name, remark, fields: withoutSecrets(extFields), bodyBytes: body.length }
}

/** The request with what interceptors add. */
export function withExtraFields(content: FrameContent, { extraFields }: RpcContext): FrameContent {
  if (Object.keys(extraFields).length === 0) return content
  return { ...content, extFields: { ...content.extFields, ...extraFields } }
}

function withoutSecrets(fields: FrameContent['extFields']): RpcFields {
  const shown = Object.create(null) as Record<string, string>
  for (const name in fields) shown[name] = SECRET.test(name) ? '[redacted]' : (fields[name] ?? '')
  return shown
}
