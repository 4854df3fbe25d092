import { type KeyObject, createHmac } from 'node:crypto'
import { RocketMQError } from '../errors'
import type { ExtFields } from '../wire/remoting-command'

/** The field that holds the signature; it is never signed itself. */
export const SIGNATURE = 'Signature'

/** Names of fields in the order in which their values are signed: by UTF-16 units, as Java orders strings. */
export function signedNames(fields: ExtFields): string[] {
  return Object.keys(fields)
    .filter(name => name !== SIGNATURE)
    .sort()
}

/** The values of the fields, one behind the other. */
export function signedText(fields: ExtFields, names: readonly string[]): string {
  let text = ''
  for (const name of names) text += fields[name] as string
  return text
}

/**
 * HMAC-SHA1 of text and body, in base64.
 * @throws RocketMQError INVALID_ARGUMENT for an empty key
 */
export function signature(key: KeyObject | string, text: string, body: Uint8Array | undefined): string {
  if (key === '') throw new RocketMQError('INVALID_ARGUMENT', 'the secret key is empty')
  const hmac = createHmac('sha1', key).update(text, 'utf8')
  if (body !== undefined && body.length > 0) hmac.update(body)
  return hmac.digest('base64')
}
