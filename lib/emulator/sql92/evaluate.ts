import { compareByOrder, compareValues } from './compare-values'
import type {
  Sql92Between,
  Sql92Comparison,
  Sql92Condition,
  Sql92Logic,
  Sql92Operand,
  Sql92Search,
  Sql92Value,
} from './expression'

/** The properties of a message. */
export type PropertyOf = (name: string) => string | undefined

/**
 * Whether a message is one that was asked for: true, false, or null for unknown, which does not match either (Java's
 * three-valued logic). Looks at each part of the condition once at most.
 * @throws RocketMQError INVALID_EXPRESSION where a property is not what it is compared with; such a message does not match
 */
export function evaluateSql92(condition: Sql92Condition, propertyOf: PropertyOf): boolean | null {
  switch (condition.kind) {
    case 'truth':
      return condition.value
    case 'cast':
      // Properties are texts, and a text is not true.
      return propertyOf(condition.property) === undefined ? null : false
    case 'not':
      return negated(evaluateSql92(condition.operand, propertyOf))
    case 'and':
    case 'or':
      return logic(condition, propertyOf)
    case 'equal':
      return equal(valueOf(condition.left, propertyOf), valueOf(condition.right, propertyOf))
    case 'compare':
      return compare(condition, propertyOf)
    case 'between':
      return between(condition, propertyOf)
    case 'in': {
      const text = propertyOf(condition.property)
      return text === undefined ? null : condition.texts.has(text) !== condition.not
    }
    case 'search':
      return search(condition, propertyOf)
  }
}

function valueOf(operand: Sql92Operand, propertyOf: PropertyOf): Sql92Value {
  switch (operand.kind) {
    case 'literal':
      return operand.value
    case 'property':
      return propertyOf(operand.name) ?? null
    case 'negate':
      return negative(valueOf(operand.operand, propertyOf))
    default:
      return evaluateSql92(operand, propertyOf)
  }
}

function negative(value: Sql92Value): Sql92Value {
  if (value === null || typeof value !== 'object') return null
  return value.type === 'double' ? { ...value, value: -value.value } : { ...value, value: -value.value }
}

function negated(truth: boolean | null): boolean | null {
  return truth === null ? null : !truth
}

function logic({ kind, terms }: Sql92Logic, propertyOf: PropertyOf): boolean | null {
  const decisive = kind === 'or'
  let isKnown = true
  for (const term of terms) {
    const truth = evaluateSql92(term, propertyOf)
    if (truth === decisive) return decisive
    if (truth === null) isKnown = false
  }
  return isKnown ? !decisive : null
}

/** Both missing is the same; what is missing on the right is no secret, what is missing on the left is unknown. */
function equal(left: Sql92Value, right: Sql92Value): boolean | null {
  if (left === null) return right === null ? true : null
  return right !== null && compareValues(left, right) === 0
}

function compare({ operator, left, right }: Sql92Comparison, propertyOf: PropertyOf): boolean | null {
  const order = orderOf(valueOf(left, propertyOf), right, propertyOf)
  if (order === null) return null
  switch (operator) {
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
  }
}

function between({ operand, low, high, not }: Sql92Between, propertyOf: PropertyOf): boolean | null {
  const value = valueOf(operand, propertyOf)
  const fromLow = orderOf(value, low, propertyOf)
  if (fromLow !== null && fromLow < 0) return not
  const fromHigh = orderOf(value, high, propertyOf)
  if (fromHigh !== null && fromHigh > 0) return not
  return fromLow === null || fromHigh === null ? null : !not
}

/** Null where either is unknown; the right one is not even looked at where the left one is. */
function orderOf(left: Sql92Value, right: Sql92Operand, propertyOf: PropertyOf): number | null {
  if (left === null) return null
  const value = valueOf(right, propertyOf)
  return value === null ? null : compareByOrder(left, value)
}

/** What is no text holds no text, and does not fail to hold it either. */
function search({ operand, matches, not }: Sql92Search, propertyOf: PropertyOf): boolean {
  if (matches === undefined) return false
  const text = valueOf(operand, propertyOf)
  return typeof text === 'string' && matches(text) !== not
}
