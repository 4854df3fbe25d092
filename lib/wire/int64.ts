import Long from 'long'
import { RocketMQError } from '../errors'
import { int32At } from './int32'

const TWO_32 = 0x1_0000_0000
const MAX_SAFE_DIGITS = 16

/**
 * The signed 64-bit integer at `at`.
 * @throws RocketMQError UNSAFE_INTEGER where a number cannot hold it
 */
export function readInt64(source: Buffer, at: number): number {
  if (at < 0 || at + 8 > source.length) throw new RangeError(`no 64-bit integer at ${at} of ${source.length} bytes`)
  const value = int32At(source, at) * TWO_32 + (int32At(source, at + 4) >>> 0)
  if (!Number.isSafeInteger(value)) throw unsafe(readLong(source, at).toString())
  return value
}

/** The signed 64-bit integer at `at`, whatever its size. */
export function readLong(source: Buffer, at: number): Long {
  return new Long(source.readInt32BE(at + 4), source.readInt32BE(at), false)
}

/**
 * Writes a signed 64-bit integer and returns where it ends.
 * @throws RocketMQError UNSAFE_INTEGER for a number that is no safe integer
 */
export function writeInt64(target: Buffer, value: number, at: number): number {
  if (!Number.isSafeInteger(value)) throw unsafe(String(value))
  const high = Math.floor(value / TWO_32)
  target.writeInt32BE(high, at)
  return target.writeUInt32BE(value - high * TWO_32, at + 4)
}

/** Writes any 64-bit integer and returns where it ends. */
export function writeLong(target: Buffer, value: Long, at: number): number {
  target.writeInt32BE(value.high, at)
  return target.writeInt32BE(value.low, at + 4)
}

/**
 * Reads decimal text as Java's `Long.parseLong` does.
 * @throws RocketMQError PROTOCOL_ERROR where it is no integer of 64 bits, UNSAFE_INTEGER where a number cannot hold it
 */
export function parseInt64(text: string): number {
  const first = text.charCodeAt(0)
  const start = first === 0x2d || first === 0x2b ? 1 : 0
  if (start === text.length) throw notAnInteger(text)
  let value = 0
  for (let i = start; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) throw notAnInteger(text)
    value = value * 10 + digit
  }
  // Adding digits may round once more than 16 are in, but never from above the safe range to below it.
  if (value > Number.MAX_SAFE_INTEGER) throw isInt64(text) ? unsafe(text) : notAnInteger(text)
  return first === 0x2d ? 0 - value : value
}

/** A 64-bit integer as a user may give it: as text it is decimal. */
export type Int64Input = number | bigint | string | Long

/**
 * Checks a 64-bit input of the public API and makes it a number. `name` is what the error calls it.
 * @throws RocketMQError INVALID_ARGUMENT where it is no integer, UNSAFE_INTEGER where a number cannot hold it
 */
export function toSafeInteger(value: Int64Input, name: string): number {
  switch (typeof value) {
    case 'number':
      if (!Number.isInteger(value)) throw invalid(value, name)
      return checkedInput(value, value, name)
    case 'bigint':
      return checkedInput(Number(value), value, name)
    case 'string':
      if (!/^[+-]?\d+$/.test(value)) throw invalid(value, name)
      return checkedInput(Number(value), value, name)
    default:
      if (!Long.isLong(value)) throw invalid(value, name)
      return checkedInput(value.toNumber(), value, name)
  }
}

/** True for decimal digits, with or without a sign, that fit a signed 64-bit integer. */
export function isInt64(text: string): boolean {
  const match = /^([+-]?)0*(\d{1,19})$/.exec(text)
  if (match === null) return false
  const value = BigInt(`${match[1] === '-' ? '-' : ''}${match[2]}`)
  return BigInt.asIntN(64, value) === value
}

/** `rounded` is what `value` became as a number; numbers beyond the range never come back into it by rounding. */
function checkedInput(rounded: number, value: { toString(): string }, name: string): number {
  if (Number.isSafeInteger(rounded)) return rounded + 0
  throw new RocketMQError('UNSAFE_INTEGER', `${name} is ${shown(value)}, beyond 2^53-1, which is the limit of a number`)
}

function invalid(value: unknown, name: string): RocketMQError {
  return new RocketMQError('INVALID_ARGUMENT', `${name} must be an integer, not ${shown(value)}`)
}

function notAnInteger(text: string): RocketMQError {
  return new RocketMQError('PROTOCOL_ERROR', `${JSON.stringify(shown(text))} is not a 64-bit integer`)
}

function unsafe(digits: string): RocketMQError {
  return new RocketMQError(
    'UNSAFE_INTEGER',
    `the 64-bit integer ${shown(digits)} is beyond 2^53-1, which is the limit of a number`,
  )
}

/** Never the whole of what a stranger sent. */
function shown(value: unknown): string {
  return String(value).slice(0, MAX_SAFE_DIGITS * 3)
}
