import { compareValues } from './compare-values'
import type {
  ComparisonOperator,
  Sql92Between,
  Sql92Comparison,
  Sql92Condition,
  Sql92Logic,
  Sql92Number,
  Sql92Operand,
  Sql92Search,
  TextOperator,
} from './expression'
import { javaInteger } from './java-number'
import { textSearch } from './text-search'
import { wrongExpression } from './wrong-expression'

/** Parts that may lie one within the other; Java's parser runs out of its stack between 500 and 800 parentheses. */
export const MAX_DEPTH = 512

/** A part that is true or false; a property alone is one that never is true. */
export function conditionOf(operand: Sql92Operand): Sql92Condition {
  if (isCondition(operand)) return operand
  if (operand.kind === 'property') return { kind: 'cast', property: operand.name }
  throw wrongExpression(`a ${operand.kind === 'literal' ? 'constant' : 'negative number'} is neither true nor false`)
}

export function logicOf(kind: Sql92Logic['kind'], left: Sql92Operand, right: Sql92Operand): Sql92Logic {
  const [first, second] = [conditionOf(left), conditionOf(right)]
  if (first.kind !== kind) return { kind, terms: [first, second], depth: above(first, second) }
  first.terms.push(second)
  first.depth = Math.max(first.depth, above(second))
  return first
}

export function notOf(operand: Sql92Operand): Sql92Condition {
  const condition = conditionOf(operand)
  return { kind: 'not', operand: condition, depth: above(condition) }
}

export function negateOf(operand: Sql92Operand): Sql92Operand {
  return { kind: 'negate', operand, depth: above(operand) }
}

export function equalOf(left: Sql92Operand, right: Sql92Operand): Sql92Condition {
  for (const side of [left, right])
    if (side.kind === 'truth' && side.value === null) throw wrongExpression('NULL cannot be compared: write IS NULL')
  if (left.kind === 'truth' && right.kind === 'literal')
    throw wrongExpression('TRUE and FALSE cannot be compared with a constant')
  return sameOf(left, right)
}

export function isNullOf(operand: Sql92Operand): Sql92Condition {
  return sameOf(operand, { kind: 'truth', value: null })
}

export function compareOf(operator: ComparisonOperator, left: Sql92Operand, right: Sql92Operand): Sql92Comparison {
  checkOrdered(left)
  checkOrdered(right)
  return { kind: 'compare', operator, left, right, depth: above(left, right) }
}

export function betweenOf(operand: Sql92Operand, low: Sql92Operand, high: Sql92Operand): Sql92Between {
  for (const each of [operand, low, high]) checkOrdered(each)
  return { kind: 'between', operand, low, high, not: false, depth: above(operand, low, high) }
}

/** @throws RocketMQError INVALID_EXPRESSION where nothing can lie between the two; NOT BETWEEN does not mind */
export function checkBounds({ low, high }: Sql92Between): void {
  if (low.kind === 'literal' && high.kind === 'literal' && compareValues(high.value, low.value) < 0)
    throw wrongExpression('BETWEEN needs the smaller value first')
}

export function inOf(operand: Sql92Operand, texts: readonly string[], not: boolean): Sql92Condition {
  if (operand.kind !== 'property') throw wrongExpression('IN needs the name of a property before it')
  return { kind: 'in', property: operand.name, texts: new Set(texts), not }
}

export function searchOf(
  operator: TextOperator,
  operand: Sql92Operand,
  { text, not }: { readonly text: string; readonly not: boolean },
): Sql92Search {
  return { kind: 'search', operand, matches: matcherOf(operator, text), not, depth: above(operand) }
}

/** @throws RocketMQError INVALID_EXPRESSION beyond 64 bits */
export function integerOf(text: string): Sql92Number {
  const value = javaInteger(text, 'long')
  if (value === undefined) throw wrongExpression(`${text} does not fit 64 bits`)
  return { type: javaInteger(text, 'int') === undefined ? 'long' : 'int', value }
}

/** @throws RocketMQError INVALID_EXPRESSION where a double cannot hold it, and for 0, which Java takes for too small */
export function floatOf(text: string): Sql92Number {
  const value = Number(text)
  if (value > Number.MAX_VALUE) throw wrongExpression(`${text} is greater than ${Number.MAX_VALUE}`)
  if (value < Number.MIN_VALUE) throw wrongExpression(`${text} is less than ${Number.MIN_VALUE}`)
  return { type: 'double', value }
}

function sameOf(left: Sql92Operand, right: Sql92Operand): Sql92Condition {
  return { kind: 'equal', left, right, depth: above(left, right) }
}

function isCondition(operand: Sql92Operand): operand is Sql92Condition {
  return operand.kind !== 'literal' && operand.kind !== 'property' && operand.kind !== 'negate'
}

/** Numbers have an order, and properties may turn out to be numbers. */
function checkOrdered(operand: Sql92Operand): void {
  const isText = operand.kind === 'literal' && typeof operand.value === 'string'
  if (isText || isCondition(operand)) throw wrongExpression('>, >=, <, <= and BETWEEN are for numbers')
}

function matcherOf(operator: TextOperator, search: string): Sql92Search['matches'] {
  if (search === '') return undefined
  switch (operator) {
    case 'CONTAINS':
      return textSearch(search)
    case 'STARTSWITH':
      return text => text.startsWith(search)
    case 'ENDSWITH':
      return text => text.endsWith(search)
  }
}

function above(...parts: readonly Sql92Operand[]): number {
  const depth = 1 + Math.max(...parts.map(part => ('depth' in part ? part.depth : 0)))
  if (depth > MAX_DEPTH) throw wrongExpression(`it is more than ${MAX_DEPTH} levels deep`)
  return depth
}
