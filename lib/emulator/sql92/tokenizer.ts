import { wrongExpression } from './wrong-expression'

const KEYWORDS = ['NOT', 'AND', 'OR', 'BETWEEN', 'IN', 'TRUE', 'FALSE', 'NULL', 'IS'] as const
/** Brokers from 5.2 know them; to older ones they are names like others. */
const TEXT_KEYWORDS = ['CONTAINS', 'STARTSWITH', 'ENDSWITH'] as const
const SYMBOLS = ['<>', '>=', '<=', '=', '>', '<', '(', ',', ')', '+', '-'] as const

type Fixed = (typeof KEYWORDS)[number] | (typeof TEXT_KEYWORDS)[number] | (typeof SYMBOLS)[number]

/** One token. `text` is what is written, of a string what it says, and of an integer its digits alone. */
export interface Token {
  readonly kind: Fixed | 'name' | 'string' | 'integer' | 'float' | 'end'
  readonly text: string
  /** Where it begins in the expression. */
  readonly at: number
}

const NAME = /[A-Za-z_$][\w$]*/y
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const SPACES = /[ \t\n\r\f]+/y
const LINE_END = /[\n\r]/g

/** Cuts an expression into tokens, each when it is asked for: what comes after the end of the expression proper is never looked at. */
export class Tokenizer {
  readonly #text: string
  readonly #keywords: ReadonlyMap<string, Fixed>
  /** A line comment has to end with its line; one without an end is two minus signs. */
  readonly #lastLineEnd: number
  #at = 0

  /** @param textOperators whether CONTAINS, STARTSWITH and ENDSWITH are known */
  constructor(text: string, textOperators: boolean) {
    this.#text = text
    this.#keywords = textOperators ? ALL_KEYWORDS : OLD_KEYWORDS
    this.#lastLineEnd = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'))
  }

  /** @throws RocketMQError INVALID_EXPRESSION for a character that begins no token, or a text without its end */
  next(): Token {
    this.#skip()
    const at = this.#at
    if (at >= this.#text.length) return { kind: 'end', text: '', at }
    if (this.#text.charAt(at) === "'") return { kind: 'string', text: this.#string(), at }
    const name = this.#take(NAME)
    if (name !== undefined) return { kind: this.#keywords.get(name.toUpperCase()) ?? 'name', text: name, at }
    const symbol = SYMBOLS.find(each => this.#text.startsWith(each, at))
    if (symbol !== undefined) {
      this.#at += symbol.length
      return { kind: symbol, text: symbol, at }
    }
    return this.#number()
  }

  /** Passes over spaces and comments. */
  #skip(): void {
    for (;;) {
      const start = this.#at
      this.#take(SPACES)
      if (this.#text.startsWith('--', this.#at) && this.#at < this.#lastLineEnd) {
        LINE_END.lastIndex = this.#at
        LINE_END.test(this.#text)
        this.#at = LINE_END.lastIndex
      } else if (this.#text.startsWith('/*', this.#at)) {
        const end = this.#text.indexOf('*/', this.#at + 2)
        if (end === -1) throw wrongExpression(`the comment at ${this.#at} has no end`)
        this.#at = end + 2
      }
      if (this.#at === start) return
    }
  }

  /** A number, as JavaCC cuts it: of an integer that begins with 0 only the 0. */
  #number(): Token {
    const at = this.#at
    const number = this.#take(NUMBER)
    if (number === undefined) throw wrongExpression(`'${this.#text.charAt(at)}' at ${at} begins nothing that is known`)
    if (!/^\d+$/.test(number)) return { kind: 'float', text: number, at }
    if (number.startsWith('0')) {
      this.#at = at + 1
      return { kind: 'integer', text: '0', at }
    }
    if (/[lL]/.test(this.#text.charAt(this.#at))) this.#at++
    return { kind: 'integer', text: number, at }
  }

  /** The text between quotes, in which a quote is written twice. Where none closes it, the last of such pairs does. */
  #string(): string {
    const start = this.#at + 1
    let end = this.#text.indexOf("'", start)
    let lastPair = -1
    while (end !== -1 && this.#text.charAt(end + 1) === "'") {
      lastPair = end
      end = this.#text.indexOf("'", end + 2)
    }
    if (end === -1) end = lastPair
    if (end === -1) throw wrongExpression(`the text at ${this.#at} has no closing quote`)
    this.#at = end + 1
    return this.#text.slice(start, end).replaceAll("''", "'")
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }
}

const OLD_KEYWORDS: ReadonlyMap<string, Fixed> = new Map(KEYWORDS.map(word => [word, word]))
const ALL_KEYWORDS: ReadonlyMap<string, Fixed> = new Map([
  ...OLD_KEYWORDS,
  ...TEXT_KEYWORDS.map((word): [string, Fixed] => [word, word]),
])
