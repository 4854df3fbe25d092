import { RocketMQError } from '../errors'
import type { ExpressionType, SubscriptionData } from './consumer-types'
import { javaHashCode } from './java-string-hash'
import { javaSplit, javaTrim } from './java-text'

/** The expression for all messages. */
export const SUB_ALL = '*'

const TAG_SEPARATOR = '||'

/** True for expressions of tags, which is what a missing type means. */
export function isTagType(type: string | undefined): boolean {
  return type === undefined || type === '' || type === 'TAG'
}

/** The hash of a message's tags by which brokers filter, 0 without tags. */
export function tagsCode(tags: string | undefined): number {
  return tags === undefined ? 0 : javaHashCode(tags)
}

/**
 * What a group wants of a topic by tags: `a || b`, `*` or nothing for all (Java `FilterAPI`). `version` is the time of the
 * subscription, ms. Throws INVALID_EXPRESSION for an expression of separators alone.
 */
export function buildSubscriptionData(
  topic: string,
  expression: string | undefined,
  version: number,
): SubscriptionData {
  const subString = expression === undefined || expression === '' ? SUB_ALL : expression
  const tags = subString === SUB_ALL ? [] : tagsOf(topic, subString)
  return {
    topic,
    subString,
    tagsSet: tags,
    codeSet: [...new Set(tags.map(javaHashCode))],
    subVersion: version,
    expressionType: 'TAG',
    classFilterMode: false,
  }
}

function tagsOf(topic: string, expression: string): string[] {
  const parts = javaSplit(expression, TAG_SEPARATOR)
  if (parts.length === 0) {
    throw new RocketMQError(
      'INVALID_EXPRESSION',
      `tag expression '${expression}' names no tag: write tagA || tagB, or * for all`,
      { topic },
    )
  }
  return [...new Set(parts.map(javaTrim).filter(tag => tag !== ''))]
}

/** An expression that the broker evaluates, such as SQL92 over properties. */
export interface TypedExpression {
  readonly type: ExpressionType
  readonly expression: string | undefined
}

/** What a group wants of a topic, by tags or by a type that the broker evaluates. Throws INVALID_EXPRESSION where it is empty. */
export function buildTypedSubscriptionData(
  topic: string,
  { type, expression }: TypedExpression,
  version: number,
): SubscriptionData {
  if (type === 'TAG') return buildSubscriptionData(topic, expression, version)
  if (expression === undefined || expression === '') {
    throw new RocketMQError(
      'INVALID_EXPRESSION',
      `the ${type} expression is empty: write a condition, or subscribe to * for all`,
      { topic },
    )
  }
  return {
    topic,
    subString: expression,
    tagsSet: [],
    codeSet: [],
    subVersion: version,
    expressionType: type,
    classFilterMode: false,
  }
}

/** True where both want the same messages, of whatever version they are. */
export function wantsSame(a: SubscriptionData | undefined, b: SubscriptionData): boolean {
  return a?.subString === b.subString && a.expressionType === b.expressionType
}

/** True where two subscriptions want the same, and are of the same version. */
export function sameSubscription(a: SubscriptionData, b: SubscriptionData): boolean {
  return (
    a.topic === b.topic &&
    wantsSame(a, b) &&
    a.subVersion === b.subVersion &&
    a.classFilterMode === b.classFilterMode &&
    sameSet(a.tagsSet, b.tagsSet) &&
    sameSet(a.codeSet, b.codeSet)
  )
}

function sameSet<T>(a: readonly T[], b: readonly T[]): boolean {
  const [left, right] = [new Set(a), new Set(b)]
  return left.size === right.size && a.every(each => right.has(each))
}

/**
 * True where a pulled message is one that was asked for. Brokers compare hashes of tags, so another tag may slip through;
 * a message without tags is none that was asked for by tag.
 */
export function matchesTags({ tagsSet, classFilterMode }: SubscriptionData, tags: string | undefined): boolean {
  if (tagsSet.length === 0 || classFilterMode) return true
  return tags !== undefined && tagsSet.includes(tags)
}
