import Long from 'long'
import { RocketMQError } from '../errors'
import { readFastjson } from './fastjson-reader'
import { knownLanguage, languageOfCode } from './language'
import { type ExtFields, type OutgoingCommand, type RemotingCommand } from './remoting-command'

/** Everything of a frame but its body and the type byte that told how to read it. */
export type DecodedHeader = Omit<RemotingCommand, 'body' | 'serializeType'>

/** The text of a JSON header. */
export function encodeJsonHeader(command: OutgoingCommand): string {
  const { code, language, version, opaque, flag, remark, extFields } = command
  let text = `{"code":${code},"language":"${language}","version":${version},"opaque":${opaque},"flag":${flag}`
  if (remark !== undefined) text += `,"remark":${JSON.stringify(remark)}`
  if (extFields !== undefined) text += `,"extFields":${JSON.stringify(extFields, nullsLeftOut(extFields))}`
  return text + '}'
}

/** A replacer only where it is needed: with one, `JSON.stringify` is several times slower. */
function nullsLeftOut(fields: ExtFields): ((key: string, value: unknown) => unknown) | undefined {
  for (const name in fields) {
    if (fields[name] === null) return (_key, value) => (value === null ? undefined : value)
  }
  return undefined
}

/**
 * Reads a JSON header as Java does: unknown fields are skipped, missing numbers are 0, numbers may be text.
 * @throws RocketMQError PROTOCOL_ERROR where it is no JSON object
 */
export function decodeJsonHeader(text: string): DecodedHeader {
  const header = parseObject(text)
  return {
    code: integer(header['code'], 'code'),
    language: language(header['language']),
    version: integer(header['version'], 'version'),
    opaque: integer(header['opaque'], 'opaque'),
    flag: integer(header['flag'], 'flag'),
    remark: plainText(header['remark'], 'remark') ?? undefined,
    extFields: extFields(header['extFields'], text),
  }
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = readFastjson(text)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Map) {
    throw new RocketMQError('PROTOCOL_ERROR', 'the header of a frame is not a JSON object')
  }
  return value as Record<string, unknown>
}

function integer(value: unknown, name: string): number {
  if (value === undefined || value === null) return 0
  const number = typeof value === 'number' ? value : Number(plainText(value, name))
  if (!Number.isInteger(number) || number < -0x80000000 || number > 0x7fffffff) {
    throw new RocketMQError('PROTOCOL_ERROR', `the header of a frame has no 32-bit ${name}`)
  }
  return number
}

function language(value: unknown): string | undefined {
  if (value === undefined) return 'JAVA'
  return typeof value === 'number' ? languageOfCode(value) : knownLanguage(plainText(value, 'language') ?? '')
}

function extFields(value: unknown, text: string): ExtFields | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') throw new RocketMQError('PROTOCOL_ERROR', 'the extFields of a frame are not an object')
  const fields = value as Record<string, unknown>
  for (const name in fields) {
    if (typeof fields[name] !== 'string') return textFields(text)
  }
  return fields as ExtFields
}

/** For peers that write numbers and booleans; read again so that large integers keep their digits. */
function textFields(text: string): ExtFields {
  const fields: ExtFields = Object.create(null) as ExtFields
  const { extFields } = readFastjson(text) as { extFields: Record<string, unknown> }
  for (const [name, value] of Object.entries(extFields)) fields[name] = plainText(value, 'extFields')
  return fields
}

/** Objects and lists have no text of their own: to ask a stranger's for one can run what it says, or out of stack. */
function plainText(value: unknown, name: string): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'object' && !Long.isLong(value))
    throw new RocketMQError('PROTOCOL_ERROR', `the header of a frame has a nested value in its ${name}`)
  return String(value)
}
