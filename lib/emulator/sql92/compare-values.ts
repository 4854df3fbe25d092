import type { Sql92Number, Sql92Value } from './expression'
import { javaDouble, javaInteger } from './java-number'
import { wrongExpression } from './wrong-expression'

type Known = Exclude<Sql92Value, null>

/**
 * Which of two values is the larger, as brokers compare: below 0, 0 or above 0. A text is read as what the other value is.
 * Values that have no order, such as a number and a truth, count as less.
 * @throws RocketMQError INVALID_EXPRESSION for a text that is not what the other value is
 */
export function compareValues(left: Known, right: Known): number {
  if (typeof left === 'object' && typeof right === 'object') return compareNumbers(left, right)
  if (typeof left === 'object') return typeof right === 'string' ? compareNumbers(left, readAs(left, right)) : -1
  if (typeof right === 'object') return typeof left === 'string' ? compareNumbers(readAs(right, left), right) : -1
  if (typeof left === 'boolean') {
    // Brokers trip over themselves here, and the message does not match.
    if (typeof right === 'string') throw wrongExpression(`${left} cannot be compared with '${right}'`)
    return Number(left) - Number(right)
  }
  if (typeof right === 'boolean') return Number(left.toLowerCase() === 'true') - Number(right)
  return left < right ? -1 : Number(left > right)
}

/**
 * The same for `>`, `>=`, `<` and `<=`, where two texts are compared as the numbers that they are.
 * @throws RocketMQError INVALID_EXPRESSION also where they are none
 */
export function compareByOrder(left: Known, right: Known): number {
  if (typeof left !== 'string' || typeof right !== 'string') return compareValues(left, right)
  const [leftNumber, rightNumber] = [javaDouble(left), javaDouble(right)]
  if (leftNumber === undefined || rightNumber === undefined)
    throw wrongExpression(`'${left}' and '${right}' are texts and have no order`)
  return compareDoubles(leftNumber, rightNumber)
}

function compareNumbers(left: Sql92Number, right: Sql92Number): number {
  if (left.type === 'double' || right.type === 'double') return compareDoubles(Number(left.value), Number(right.value))
  return left.value < right.value ? -1 : Number(left.value > right.value)
}

/** As Java's `Double.compareTo`: -0 is less than 0, and NaN equals itself and is the largest of all. */
function compareDoubles(left: number, right: number): number {
  if (left < right) return -1
  if (left > right) return 1
  if (Object.is(left, right)) return 0
  if (Number.isNaN(left)) return 1
  return Number.isNaN(right) || Object.is(left, -0) ? -1 : 1
}

function readAs({ type }: Sql92Number, text: string): Sql92Number {
  if (type === 'double') {
    const value = javaDouble(text)
    if (value !== undefined) return { type, value }
  } else {
    const value = javaInteger(text, type)
    if (value !== undefined) return { type, value }
  }
  throw wrongExpression(`'${text}' is compared with a number of type ${type} and is none`)
}
