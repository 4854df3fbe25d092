import { isError } from '../../errors'
import type { Message, MessageExt } from '../../model/message'

/** Set on a reply that tells of an error instead of a result. */
export const ERROR_PROPERTY = 'NEST_RPC_ERROR'

/** How data becomes the body of a message. */
export type Serialize = (data: unknown) => Message['body']

/** What a handler gets of a message. */
export type Deserialize = (message: MessageExt) => unknown

/** Bytes as they are, all else as JSON. */
export const toBody: Serialize = data =>
  data instanceof Uint8Array ? data : JSON.stringify(data === undefined ? null : data)

/** JSON where the body is JSON, else its text. */
export const fromBody: Deserialize = message => {
  const text = message.text()
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** An error in a form that JSON keeps: what filters of Nest give stays as it is. */
export function plainError(error: unknown): unknown {
  return isError(error) ? { status: 'error', message: error.message } : error
}
