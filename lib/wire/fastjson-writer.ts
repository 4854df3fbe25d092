import Long from 'long'
import { RocketMQError } from '../errors'
import { MAX_JSON_DEPTH } from './json-value'

/**
 * JSON as Java's Fastjson reads it. Like `JSON.stringify`, but fields that are null or undefined are left out, `Long` and
 * `bigint` are written as digits, and a `Map` may have any keys: numbers become bare integers, objects whole objects.
 * @throws RocketMQError UNSAFE_INTEGER for a number that stands for another integer than it seems to, INVALID_ARGUMENT for
 * what JSON cannot hold
 */
export function writeFastjson(value: unknown): string {
  return valueText(value, 0) ?? 'null'
}

/** The text of a value, undefined where there is none. */
function valueText(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return numberText(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'bigint':
      return value.toString()
    case 'object':
      return value === null ? undefined : objectText(value, depth)
    case 'undefined':
      return undefined
    default:
      throw new RocketMQError('INVALID_ARGUMENT', `a ${typeof value} cannot be written as JSON`)
  }
}

function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return `${value}`
  if (Number.isInteger(value)) {
    throw new RocketMQError(
      'UNSAFE_INTEGER',
      `the number ${value} is beyond 2^53-1 and may be rounded; give a Long or a bigint`,
    )
  }
  if (Number.isFinite(value)) return `${value}`
  throw new RocketMQError('INVALID_ARGUMENT', `${value} cannot be written as JSON`)
}

function objectText(value: object, depth: number): string {
  if (Long.isLong(value)) return value.toString()
  if (depth === MAX_JSON_DEPTH) {
    throw new RocketMQError(
      'INVALID_ARGUMENT',
      `an object nested deeper than ${MAX_JSON_DEPTH} cannot be written as JSON`,
    )
  }
  if (Array.isArray(value)) return `[${value.map(member => valueText(member, depth + 1) ?? 'null').join(',')}]`
  if (value instanceof Map) return mapText(value, depth + 1)
  let text = ''
  for (const name of Object.keys(value)) {
    const memberText = valueText((value as Record<string, unknown>)[name], depth + 1)
    if (memberText !== undefined) text += (text === '' ? '' : ',') + nameText(name) + memberText
  }
  return `{${text}}`
}

const KNOWN_NAMES = 512
const nameTexts = new Map<string, string>()

/** The name in quotes and the colon; bodies repeat a few names many times. */
function nameText(name: string): string {
  let text = nameTexts.get(name)
  if (text === undefined) {
    text = `${JSON.stringify(name)}:`
    if (nameTexts.size === KNOWN_NAMES) nameTexts.clear()
    nameTexts.set(name, text)
  }
  return text
}

function mapText(map: ReadonlyMap<unknown, unknown>, depth: number): string {
  let text = ''
  for (const [key, member] of map) {
    const memberText = valueText(member, depth)
    if (memberText !== undefined) text += `${text === '' ? '' : ','}${valueText(key, depth) ?? 'null'}:${memberText}`
  }
  return `{${text}}`
}
