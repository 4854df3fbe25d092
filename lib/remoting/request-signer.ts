import { type KeyObject, createSecretKey } from 'node:crypto'
import type { FrameContent } from '../commands/command'
import type { ExtFields, SerializeType } from '../wire/remoting-command'
import type { Credentials } from './credentials'
import { SIGNATURE, signature, signedNames, signedText } from './signature'

/**
 * Brokers up to 5.0 leave this field out of what they check, later ones do so for clients up to 4.9.3: announced as such, a
 * request with the field added behind the signature is right for all of them.
 */
const UNIQUE_KEY_QUERY = '_UNIQUE_KEY_QUERY'
const WRITER_OF_UNIQUE_KEY_QUERY = { language: 'OTHER', version: 399 } as const

/** Names of fields as a request brings them, and with those of the signer in the order in which their values are signed. */
interface FieldOrder {
  readonly names: readonly string[]
  readonly sorted: readonly string[]
}

/** Signs requests in the manner of Java's ACL hook. Neither `inspect` nor JSON shows what it signs with. */
export class RequestSigner {
  readonly #key: KeyObject
  readonly #accessKey: string
  readonly #securityToken: string | undefined
  /** The order of the last request of each code: the next one mostly has the same fields. */
  readonly #orders = new Map<number, FieldOrder>()

  constructor({ accessKey, secretKey, securityToken }: Credentials) {
    this.#key = createSecretKey(secretKey, 'utf8')
    this.#accessKey = accessKey
    this.#securityToken = securityToken
  }

  /** The request with its signature; the given one is left as it is, so that it can be signed again with other keys. */
  sign(content: FrameContent, serializeType: SerializeType): FrameContent {
    const { code, extFields: given = {}, body } = content
    const flag = given[UNIQUE_KEY_QUERY]
    const isPlain = flag === undefined && !hasUnsigned(given, serializeType)
    const extFields = isPlain ? { ...given } : signedFields(given, serializeType)
    const order = this.#orderOf(code, extFields)
    extFields['AccessKey'] = this.#accessKey
    if (this.#securityToken !== undefined) extFields['SecurityToken'] = this.#securityToken
    extFields[SIGNATURE] = signature(this.#key, signedText(extFields, order), body)
    if (typeof flag !== 'string') return { ...content, extFields }
    extFields[UNIQUE_KEY_QUERY] = flag
    return { ...content, extFields, writer: WRITER_OF_UNIQUE_KEY_QUERY }
  }

  #orderOf(code: number, fields: ExtFields): readonly string[] {
    const known = this.#orders.get(code)
    if (known !== undefined && hasNames(fields, known.names)) return known.sorted
    const own = this.#securityToken === undefined ? { AccessKey: '' } : { AccessKey: '', SecurityToken: '' }
    const order = { names: Object.keys(fields), sorted: signedNames({ ...fields, ...own }) }
    this.#orders.set(code, order)
    return order.sorted
  }
}

/** Nulls are not written, and Java reads an empty value of the binary header as null: it would check the word. */
function isUnsigned(value: string | null | undefined, serializeType: SerializeType): boolean {
  return value === null || (value === '' && serializeType === 'ROCKETMQ')
}

function hasUnsigned(fields: ExtFields, serializeType: SerializeType): boolean {
  for (const name in fields) if (isUnsigned(fields[name], serializeType)) return true
  return false
}

function signedFields(given: ExtFields, serializeType: SerializeType): ExtFields {
  const fields: ExtFields = {}
  for (const [name, value] of Object.entries(given))
    if (name !== UNIQUE_KEY_QUERY && !isUnsigned(value, serializeType)) fields[name] = value
  return fields
}

function hasNames(fields: ExtFields, names: readonly string[]): boolean {
  let i = 0
  for (const name in fields) if (names[i++] !== name) return false
  return i === names.length
}
