import { javaTrim } from '../../model/java-text'

const LARGEST = { int: 0x7fff_ffffn, long: 0x7fff_ffff_ffff_ffffn } as const
/** Of the largest 64-bit integer. */
const MOST_DIGITS = 19

const INTEGER = /^[+-]?[0-9]+$/

/** The integer that a text is to Java's `Integer.valueOf` or `Long.valueOf`, undefined where these throw. */
export function javaInteger(text: string, type: keyof typeof LARGEST): bigint | undefined {
  const ascii = INTEGER.test(text) ? text : text.replace(/\p{Nd}/gu, asciiDigit)
  if (!INTEGER.test(ascii)) return undefined
  // By itself: as one pattern with the digits after them, zeros would take time by the square of their number.
  const digits = ascii.replace(/^[+-]?0*/, '') || '0'
  if (digits.length > MOST_DIGITS) return undefined
  const isNegative = ascii.startsWith('-')
  const value = BigInt(digits)
  if (value > LARGEST[type] + (isNegative ? 1n : 0n)) return undefined
  return isNegative ? -value : value
}

/** Java takes the digits of all scripts; those beyond 16 bits it does not recognise. */
function asciiDigit(digit: string): string {
  if (digit.length > 1) return digit
  // Ten digits in a row begin at a code that ends with 0 or with 6.
  const code = digit.charCodeAt(0)
  const row = code & ~0xf
  const zero = /\p{Nd}/u.test(String.fromCharCode(row)) ? row : row + 6
  return String(code - zero)
}

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?$/
const HEXADECIMAL = /^([+-]?)0[xX]([\da-fA-F]*)(?:\.([\da-fA-F]*))?[pP]([+-]?\d+)[fFdD]?$/

/** The number that a text is to Java's `Double.valueOf`, undefined where that throws. */
export function javaDouble(text: string): number | undefined {
  const trimmed = javaTrim(text)
  if (DECIMAL.test(trimmed)) return Number(trimmed.replace(/[fFdD]$/, ''))
  const named = /^([+-]?)(NaN|Infinity)$/.exec(trimmed)
  if (named !== null) return named[1] === '-' ? -Number(named[2]) : Number(named[2])
  const [, sign, whole = '', fraction = '', exponent] = HEXADECIMAL.exec(trimmed) ?? []
  if (sign === undefined || whole + fraction === '') return undefined
  const value = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length)
  return sign === '-' ? -value : value
}
