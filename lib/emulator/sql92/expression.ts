/** A number with its Java class, which decides how the text of a property is read that it is compared with. */
export type Sql92Number =
  { readonly type: 'int' | 'long'; readonly value: bigint } | { readonly type: 'double'; readonly value: number }

/** What a part of an expression can be for a message; properties are text. Null is SQL's unknown. */
export type Sql92Value = null | boolean | string | Sql92Number

export type ComparisonOperator = '>' | '>=' | '<' | '<='
export type TextOperator = 'CONTAINS' | 'STARTSWITH' | 'ENDSWITH'

/** A part that is true, false or unknown. `depth`: how many parts lie one within the other. */
export type Sql92Condition =
  | { readonly kind: 'truth'; readonly value: boolean | null }
  | { readonly kind: 'cast'; readonly property: string }
  | { readonly kind: 'not'; readonly operand: Sql92Condition; readonly depth: number }
  | Sql92Logic
  | { readonly kind: 'equal'; readonly left: Sql92Operand; readonly right: Sql92Operand; readonly depth: number }
  | Sql92Comparison
  | Sql92Between
  | { readonly kind: 'in'; readonly property: string; readonly texts: ReadonlySet<string>; readonly not: boolean }
  | Sql92Search

/** Conditions of one rank in a row, so that a long row is not a deep one. */
export interface Sql92Logic {
  readonly kind: 'and' | 'or'
  readonly terms: Sql92Condition[]
  depth: number
}

export interface Sql92Comparison {
  readonly kind: 'compare'
  readonly operator: ComparisonOperator
  readonly left: Sql92Operand
  readonly right: Sql92Operand
  readonly depth: number
}

export interface Sql92Between {
  readonly kind: 'between'
  readonly operand: Sql92Operand
  readonly low: Sql92Operand
  readonly high: Sql92Operand
  readonly not: boolean
  readonly depth: number
}

/** A text in a text, at its beginning or at its end. */
export interface Sql92Search {
  readonly kind: 'search'
  readonly operand: Sql92Operand
  /** Undefined for an empty text, which nothing holds and nothing fails to hold. */
  readonly matches: ((text: string) => boolean) | undefined
  readonly not: boolean
  readonly depth: number
}

/** Anything that has a value. */
export type Sql92Operand =
  | Sql92Condition
  | { readonly kind: 'literal'; readonly value: string | Sql92Number }
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'negate'; readonly operand: Sql92Operand; readonly depth: number }
