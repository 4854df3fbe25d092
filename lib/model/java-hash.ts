import Long from 'long'
import { RocketMQError } from '../errors'
import { javaHashCode } from './java-string-hash'

/**
 * The hash that Java gives the same value: text as String, whole numbers as Integer where they fit 32 bits and else as
 * Long, other numbers as Double, `bigint` and `Long` as Long, booleans as Boolean. Throws INVALID_ARGUMENT for what has no
 * such counterpart.
 */
export function javaHashOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return javaHashCode(value)
    case 'number':
      return numberHash(value)
    case 'bigint':
      return longHash(value)
    case 'boolean':
      return value ? 1231 : 1237
    default:
      if (Long.isLong(value)) return value.high ^ value.low
      throw new RocketMQError(
        'INVALID_ARGUMENT',
        `a value of type ${value === null ? 'null' : typeof value} has no hash: give text, a number or a boolean`,
      )
  }
}

/** The hash of a Java Double, also for whole numbers. */
export function javaDoubleHash(value: number): number {
  if (Number.isNaN(value)) return 0x7ff80000
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes.readInt32BE(0) ^ bytes.readInt32BE(4)
}

function numberHash(value: number): number {
  if (value === (value | 0)) return value | 0
  return Number.isSafeInteger(value) ? longHash(BigInt(value)) : javaDoubleHash(value)
}

function longHash(value: bigint): number {
  if (value !== BigInt.asIntN(64, value))
    throw new RocketMQError('INVALID_ARGUMENT', `${value} does not fit 64 bits: give it as text`)
  return Number(BigInt.asIntN(32, value ^ (value >> 32n)))
}
