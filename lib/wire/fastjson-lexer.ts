import Long from 'long'
import { RocketMQError } from '../errors'
import { isInt64 } from './int64'
import type { JsonValue } from './json-value'

const BACKSLASH = 0x5c
const SLASH = 0x2f
const STAR = 0x2a
const SAFE_DIGITS = 15
const KNOWN_NAMES = 256

const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
])

/** JSON's escapes and those that Fastjson adds. */
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '0': '\0',
  '1': '\x01',
  '2': '\x02',
  '3': '\x03',
  '4': '\x04',
  '5': '\x05',
  '6': '\x06',
  '7': '\x07',
}

/** Steps through Fastjson text, one token at a time. */
export class FastjsonLexer {
  readonly #text: string
  #at = 0
  /** Names seen, by a hash of a few characters: most repeat, and a string that exists already is cheaper than a new one. */
  readonly #names: string[] = []

  constructor(text: string) {
    this.#text = text
  }

  /** Where in the text it is. */
  get position(): number {
    return this.#at
  }

  /** The next character that is neither blank nor comment, NaN at the end; it stays where it is. */
  peek(): number {
    const text = this.#text
    for (;;) {
      const char = text.charCodeAt(this.#at)
      if (char > 0x20 && char !== SLASH) return char
      if (char === SLASH) this.#skipComment()
      else if (char === 0x20 || (char >= 0x08 && char <= 0x0d)) this.#at++
      else if (Number.isNaN(char)) return char
      else throw this.unexpected()
    }
  }

  /** Takes the character that `peek` gave. */
  skip(): void {
    this.#at++
  }

  /** True where nothing but blanks and comments is left. */
  atEnd(): boolean {
    return Number.isNaN(this.peek())
  }

  /** A quoted text, whose opening quote is next. */
  text(quote: number): string {
    const text = this.#text
    const start = this.#at + 1
    let at = start
    for (let char = text.charCodeAt(at); char !== quote; char = text.charCodeAt(++at)) {
      if (char === BACKSLASH) return this.#escapedText(quote, start, at)
      if (at >= text.length) throw this.#unfinished()
    }
    this.#at = at + 1
    return text.slice(start, at)
  }

  /** A quoted text that is a key. */
  name(quote: number): string {
    const text = this.#text
    const start = this.#at + 1
    let at = start
    for (let char = text.charCodeAt(at); char !== quote; char = text.charCodeAt(++at)) {
      if (char === BACKSLASH || at >= text.length) return this.text(quote)
    }
    this.#at = at + 1
    const hash = (text.charCodeAt(start) * 31 + text.charCodeAt(at - 1) * 7 + at - start) & (KNOWN_NAMES - 1)
    const known = this.#names[hash]
    if (known !== undefined && known.length === at - start && text.startsWith(known, start)) return known
    return (this.#names[hash] = text.slice(start, at))
  }

  /** A key without quotes: an integer or a name. */
  bareName(): string {
    const start = this.#at
    while (isWordChar(this.#text.charCodeAt(this.#at))) this.#at++
    if (this.#at === start) throw this.unexpected()
    return this.#text.slice(start, this.#at)
  }

  /** A number, true, false or null, which starts with `first`. */
  scalar(first: number): JsonValue {
    if (isDigit(first) || first === 0x2d) return this.#number(first === 0x2d)
    const start = this.#at
    while (isWordChar(this.#text.charCodeAt(this.#at))) this.#at++
    const word = WORDS.get(this.#text.slice(start, this.#at))
    if (word !== undefined) return word
    this.#at = start
    throw this.unexpected()
  }

  /** An error for whatever comes next. */
  unexpected(): RocketMQError {
    if (this.#at >= this.#text.length) return new RocketMQError('PROTOCOL_ERROR', 'JSON text ends too early')
    const found = JSON.stringify(this.#text.charAt(this.#at))
    return new RocketMQError('PROTOCOL_ERROR', `JSON text has an unexpected ${found} at ${this.#at}`)
  }

  #number(negative: boolean): JsonValue {
    const text = this.#text
    const start = this.#at
    const digits = start + (negative ? 1 : 0)
    let at = digits
    let value = 0
    for (let char = text.charCodeAt(at); isDigit(char); char = text.charCodeAt(++at)) value = value * 10 + char - 0x30
    this.#at = at
    if (at === digits || (text.charCodeAt(digits) === 0x30 && at > digits + 1)) throw this.unexpected()
    const next = text.charCodeAt(at)
    if (next === 0x2e || next === 0x65 || next === 0x45) return this.#fraction(start)
    if (isWordChar(next)) throw this.unexpected()
    if (at - digits <= SAFE_DIGITS) return negative ? -value : value
    return largeInteger(text.slice(start, at))
  }

  #fraction(start: number): number {
    const number = /[-\d]+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
    number.lastIndex = start
    this.#at = start + (number.exec(this.#text)?.[0].length ?? 0)
    if (isWordChar(this.#text.charCodeAt(this.#at)) || this.#text.charAt(this.#at) === '.') throw this.unexpected()
    return Number(this.#text.slice(start, this.#at))
  }

  /** The rest of a text from its first backslash on. */
  #escapedText(quote: number, start: number, firstEscape: number): string {
    const text = this.#text
    let result = text.slice(start, firstEscape)
    this.#at = firstEscape
    for (;;) {
      const char = text.charCodeAt(this.#at)
      if (char === quote) break
      if (Number.isNaN(char)) throw this.#unfinished()
      if (char === BACKSLASH) result += this.#escape()
      else result += this.#plainRun(quote)
    }
    this.#at++
    return result
  }

  #plainRun(quote: number): string {
    const text = this.#text
    const start = this.#at
    for (;;) {
      const char = text.charCodeAt(this.#at)
      if (char === quote || char === BACKSLASH || Number.isNaN(char)) return text.slice(start, this.#at)
      this.#at++
    }
  }

  #escape(): string {
    const kind = this.#text.charAt(this.#at + 1)
    if (kind === 'u') return this.#codeUnit(4)
    if (kind === 'x') return this.#codeUnit(2)
    const char = ESCAPES[kind]
    if (char === undefined) throw this.unexpected()
    this.#at += 2
    return char
  }

  #codeUnit(length: number): string {
    const start = this.#at + 2
    const digits = this.#text.slice(start, start + length)
    if (digits.length !== length || !/^[\da-f]+$/i.test(digits)) throw this.unexpected()
    this.#at = start + length
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  #skipComment(): void {
    const start = this.#at
    const kind = this.#text.charCodeAt(start + 1)
    if (kind !== STAR && kind !== SLASH) throw this.unexpected()
    const end = this.#text.indexOf(kind === STAR ? '*/' : '\n', start + 2)
    if (end === -1 && kind === STAR) throw this.#unfinished()
    this.#at = end === -1 ? this.#text.length : end + (kind === STAR ? 2 : 1)
  }

  #unfinished(): RocketMQError {
    this.#at = this.#text.length
    return this.unexpected()
  }
}

/** Integers beyond 64 bits keep their digits as text: no field of RocketMQ is that wide, and an unknown one must not spoil the rest. */
function largeInteger(digits: string): JsonValue {
  const value = Number(digits)
  if (Number.isSafeInteger(value)) return value
  return isInt64(digits) ? Long.fromString(digits) : digits
}

function isDigit(char: number): boolean {
  return char >= 0x30 && char <= 0x39
}

/** Letters, digits, `_`, `$`, `-`, `.` and whatever is not ASCII. */
function isWordChar(char: number): boolean {
  if (isDigit(char) || (char >= 0x61 && char <= 0x7a) || (char >= 0x41 && char <= 0x5a)) return true
  return char === 0x5f || char === 0x24 || char === 0x2d || char === 0x2e || char > 0x7f
}
