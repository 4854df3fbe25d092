import { RocketMQError } from '../errors'
import { PROPERTY } from './property-names'

/** Names of the table that users may set all the same, as Java lets them. */
const OPEN_TO_USERS: ReadonlySet<string> = new Set([
  PROPERTY.SHARDING_KEY,
  PROPERTY.TRANSACTION_ID,
  PROPERTY.TRANSACTION_CHECK_TIMES,
  PROPERTY.CHECK_IMMUNITY_TIME_IN_SECONDS,
  PROPERTY.INNER_NUM,
  PROPERTY.INNER_BASE,
  PROPERTY.INNER_MULTI_DISPATCH,
])

/** Names that users may not set (Java `MessageConst.STRING_HASH_SET`); fields of `Message` stand for those of use. */
const RESERVED: ReadonlySet<string> = new Set(Object.values(PROPERTY).filter(name => !OPEN_TO_USERS.has(name)))

/** True for names of properties that belong to RocketMQ. */
export function isReservedProperty(name: string): boolean {
  return RESERVED.has(name)
}

/** Why a message cannot carry such a property of the user's, or undefined where it can. */
export function userPropertyProblem(name: unknown, value: unknown): string | undefined {
  if (typeof name !== 'string' || typeof value !== 'string') return 'name and value must be text'
  if (RESERVED.has(name)) return 'the name belongs to RocketMQ: use the field of the message, or another name'
  if (isVoid(name) || isVoid(value)) return 'name and value must not be blank: leave the property out'
  return separatorProblem(name) ?? separatorProblem(value)
}

/** Why a text cannot stand in a property, or undefined where it can. */
export function separatorProblem(text: string): string | undefined {
  if (!text.includes('\u0001') && !text.includes('\u0002')) return undefined
  return 'it must not hold \\u0001 or \\u0002, which separate properties'
}

/** True where Java would trim a text to nothing. */
function isVoid(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x20) return false
  return true
}

/** Throws INVALID_MESSAGE where a message cannot carry such a property of the user's. */
export function checkUserProperty(name: unknown, value: unknown): void {
  const problem = userPropertyProblem(name, value)
  if (problem !== undefined) throw new RocketMQError('INVALID_MESSAGE', `property '${String(name)}': ${problem}`)
}
