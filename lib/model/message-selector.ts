import { RocketMQError } from '../errors'
import type { ExpressionType } from './consumer-types'
import { isBlank } from './java-text'
import type { TypedExpression } from './subscription'

/**
 * Which messages of a topic a consumer wants, as in Java.
 *
 * @example
 * consumer.subscribe('Orders', MessageSelector.bySql("amount > 10 AND region IN ('eu', 'us')"))
 */
export class MessageSelector {
  /** How it is read: by tags, or as a SQL92 condition. */
  readonly expressionType: ExpressionType
  /** The expression, as brokers get it. */
  readonly expression: string

  private constructor(expressionType: ExpressionType, expression: string) {
    this.expressionType = expressionType
    this.expression = expression
  }

  /** Those of some tags: `tagA || tagB`, or `*` for all. */
  static byTag(expression = '*'): MessageSelector {
    return new MessageSelector('TAG', expression)
  }

  /** Those whose properties a SQL92 condition is true of; brokers evaluate it, where they have `enablePropertyFilter`. */
  static bySql(expression: string): MessageSelector {
    return new MessageSelector('SQL92', expression)
  }
}

/** What `subscribe` takes: an expression of tags, a SQL92 condition, or a selector of either. */
export type SubscriptionExpression = string | { readonly sql92: string } | MessageSelector

/** What was given for a topic, checked as far as that can be done without a broker. Throws INVALID_EXPRESSION. */
export function typedExpressionOf(topic: string, given: SubscriptionExpression | undefined): TypedExpression {
  const { type, expression } = typed(given)
  const isText = typeof expression === 'string' || (given === undefined && expression === undefined)
  if (!isText || (type !== 'TAG' && type !== 'SQL92')) {
    const says = `the expression for topic ${topic} must be text of tags, such as tagA || tagB or *, { sql92: text } or a MessageSelector`
    throw new RocketMQError('INVALID_EXPRESSION', says, { topic })
  }
  if (type === 'SQL92' && (expression === undefined || isBlank(expression))) {
    const says = `the SQL92 expression for topic ${topic} is empty: write a condition, or subscribe to * for all`
    throw new RocketMQError('INVALID_EXPRESSION', says, { topic })
  }
  return { type, expression }
}

/** By its form alone, so that the selector of another copy of this package is one, too. */
function typed(given: unknown): { readonly type: unknown; readonly expression: unknown } {
  if (typeof given !== 'object' || given === null) return { type: 'TAG', expression: given }
  if ('sql92' in given) return { type: 'SQL92', expression: given.sql92 }
  if ('expressionType' in given && 'expression' in given)
    return { type: given.expressionType, expression: given.expression }
  return { type: undefined, expression: undefined }
}
