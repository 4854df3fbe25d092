import {
  MAX_DEPTH,
  betweenOf,
  checkBounds,
  compareOf,
  conditionOf,
  equalOf,
  floatOf,
  inOf,
  integerOf,
  isNullOf,
  logicOf,
  negateOf,
  notOf,
  searchOf,
} from './build-expression'
import type { ComparisonOperator, Sql92Condition, Sql92Operand, TextOperator } from './expression'
import { type Token, Tokenizer } from './tokenizer'
import { wrongExpression } from './wrong-expression'

export interface Sql92Options {
  /** CONTAINS, STARTSWITH and ENDSWITH are known, as to brokers from 5.2 on; default true. */
  readonly textOperators?: boolean
}

/** Characters of the longest expression that is read. */
export const MAX_LENGTH = 256 * 1024

/**
 * Reads a SQL92 expression as brokers do, quirks included: what follows the first whole expression is ignored as long as
 * its first token is one. Takes time in proportion to the length.
 * @throws RocketMQError INVALID_EXPRESSION
 */
export function parseSql92(text: string, { textOperators = true }: Sql92Options = {}): Sql92Condition {
  if (text.length > MAX_LENGTH) throw wrongExpression(`it is longer than ${MAX_LENGTH} characters`)
  return new Parser(new Tokenizer(text, textOperators)).parse()
}

type Kind = Token['kind']

/** How tightly operators bind. An operator that may stand after an operand is one of these. */
const POWERS: Partial<Record<Kind, number>> = {
  OR: 1,
  AND: 2,
  '=': 3,
  '<>': 3,
  IS: 3,
  '>': 4,
  '>=': 4,
  '<': 4,
  '<=': 4,
  NOT: 4,
  BETWEEN: 4,
  IN: 4,
  CONTAINS: 4,
  STARTSWITH: 4,
  ENDSWITH: 4,
}
const LOWEST = 1

/** An operator-precedence parser (Pratt) that looks one token ahead. */
class Parser {
  readonly #tokens: Tokenizer
  #token: Token
  #depth = 0

  constructor(tokens: Tokenizer) {
    this.#tokens = tokens
    this.#token = tokens.next()
  }

  parse(): Sql92Condition {
    return conditionOf(this.#expression(LOWEST))
  }

  /** An operand and all operators after it that bind at least so tightly. */
  #expression(least: number): Sql92Operand {
    let left = this.#operand()
    // Only IS NULL has nothing on its right that would have taken a tighter operator: that ends the expression.
    let most = Infinity
    for (;;) {
      const power = POWERS[this.#token.kind] ?? 0
      if (power < least || power > most) return left
      most = power
      left = this.#operator(left, power)
    }
  }

  #operator(left: Sql92Operand, power: number): Sql92Operand {
    const { kind } = this.#advance()
    switch (kind) {
      case 'OR':
      case 'AND':
        return logicOf(kind === 'OR' ? 'or' : 'and', left, this.#expression(power + 1))
      case '=':
        return equalOf(left, this.#expression(power + 1))
      case '<>':
        return notOf(equalOf(left, this.#expression(power + 1)))
      case 'IS':
        return this.#isNull(left)
      case 'NOT':
        return this.#test(left, this.#advance(), true)
      default:
        return this.#comparison(left, kind) ?? this.#test(left, { kind }, false)
    }
  }

  #comparison(left: Sql92Operand, kind: Kind): Sql92Operand | undefined {
    return isComparison(kind) ? compareOf(kind, left, this.#operand()) : undefined
  }

  #isNull(left: Sql92Operand): Sql92Operand {
    const not = this.#token.kind === 'NOT'
    if (not) this.#advance()
    this.#expect('NULL')
    return not ? notOf(isNullOf(left)) : isNullOf(left)
  }

  /** What may be said with NOT before it. */
  #test(left: Sql92Operand, { kind }: Pick<Token, 'kind'>, not: boolean): Sql92Operand {
    switch (kind) {
      case 'BETWEEN':
        return this.#between(left, not)
      case 'IN':
        return inOf(left, this.#texts(), not)
      case 'CONTAINS':
      case 'STARTSWITH':
      case 'ENDSWITH':
        return this.#search(kind, left, not)
      default:
        throw this.#unexpected(kind)
    }
  }

  #between(left: Sql92Operand, not: boolean): Sql92Operand {
    const low = this.#operand()
    this.#expect('AND')
    const between = betweenOf(left, low, this.#operand())
    if (not) return { ...between, not }
    checkBounds(between)
    return between
  }

  #search(operator: TextOperator, left: Sql92Operand, not: boolean): Sql92Operand {
    return searchOf(operator, left, { text: this.#expect('string').text, not })
  }

  #texts(): string[] {
    this.#expect('(')
    const texts = [this.#expect('string').text]
    while (this.#token.kind === ',') {
      this.#advance()
      texts.push(this.#expect('string').text)
    }
    this.#expect(')')
    return texts
  }

  #operand(): Sql92Operand {
    const token = this.#advance()
    switch (token.kind) {
      case 'name':
        return { kind: 'property', name: token.text }
      case 'string':
        return { kind: 'literal', value: token.text }
      case 'integer':
        return { kind: 'literal', value: integerOf(token.text) }
      case 'float':
        return { kind: 'literal', value: floatOf(token.text) }
      case 'TRUE':
      case 'FALSE':
        return { kind: 'truth', value: token.kind === 'TRUE' }
      case 'NULL':
        return { kind: 'truth', value: null }
      default:
        return this.#nested(token.kind)
    }
  }

  #nested(kind: Kind): Sql92Operand {
    if (++this.#depth > MAX_DEPTH) throw wrongExpression(`it is more than ${MAX_DEPTH} levels deep`)
    const operand = this.#inner(kind)
    this.#depth--
    return operand
  }

  #inner(kind: Kind): Sql92Operand {
    switch (kind) {
      case '+':
        return this.#operand()
      case '-':
        return negateOf(this.#operand())
      case 'NOT':
        return notOf(this.#operand())
      case '(': {
        const inside = this.#expression(LOWEST)
        this.#expect(')')
        return inside
      }
      default:
        throw this.#unexpected(kind)
    }
  }

  #advance(): Token {
    const token = this.#token
    this.#token = this.#tokens.next()
    return token
  }

  #expect(kind: Kind): Token {
    if (this.#token.kind !== kind) throw wrongExpression(`${kind} is missing at ${this.#token.at}`)
    return this.#advance()
  }

  #unexpected(kind: Kind): Error {
    return wrongExpression(kind === 'end' ? 'it ends too early' : `${kind} before ${this.#token.at} is out of place`)
  }
}

function isComparison(kind: Kind): kind is ComparisonOperator {
  return kind === '>' || kind === '>=' || kind === '<' || kind === '<='
}
