import { refusal } from './refusal'

/** Attributes that topics of 5.x may have. */
const KNOWN: ReadonlySet<string> = new Set([
  'queue.type',
  'cleanup.policy',
  'message.type',
  'reserve.time',
  'lite.topic.expiration',
])

type Attributes = ReadonlyMap<string, string>

/**
 * Attributes after a change such as `+message.type=DELAY,-name`.
 * @throws BrokerError where an attribute is not known or the change is not written so
 */
export function changedAttributes(current: Attributes = new Map(), change: string | undefined): Attributes {
  const attributes = new Map(current)
  for (const part of (change ?? '').split(',')) {
    if (part === '') continue
    const match = /^([+-])([^=]+)(?:=(.*))?$/.exec(part)
    const [, sign, name, value] = match ?? []
    if (sign === undefined || name === undefined || (sign === '+') !== (value !== undefined))
      throw refusal('SYSTEM_ERROR', `add/alter attribute format is wrong: ${part}`)
    if (!KNOWN.has(name)) throw refusal('SYSTEM_ERROR', `unsupported key: ${name}`)
    if (name === 'message.type' && value === 'MIXED')
      throw refusal('INVALID_PARAMETER', 'MIXED message type is not supported.')
    if (sign === '-') attributes.delete(name)
    else attributes.set(name, value ?? '')
  }
  return attributes
}
