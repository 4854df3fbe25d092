import { RocketMQError } from '../errors'
import { Dictionary } from './dictionary'
import { FastjsonLexer } from './fastjson-lexer'
import { type Reference, resolveReferences } from './fastjson-reference'
import { type JsonMap, type JsonObject, type JsonValue, MAX_JSON_DEPTH } from './json-value'

/**
 * Reads JSON as Fastjson writes it and accepts it: bare integers, names, single quotes, even objects and lists as keys,
 * comments, trailing commas, `$ref`. No text at all is null, as in Java. Integers are never rounded, nothing is evaluated, time
 * is linear in the length.
 * @throws RocketMQError PROTOCOL_ERROR with the position, where it is neither that nor standard JSON
 */
export function readFastjson(source: string | Buffer): JsonValue {
  return source.length === 0 ? null : new Reader(typeof source === 'string' ? source : source.toString()).read()
}

const QUOTE = 0x22
const SINGLE_QUOTE = 0x27
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

type Container = JsonValue[] | JsonObject | JsonMap

class Reader {
  readonly #lexer: FastjsonLexer
  readonly #references: Reference[] = []
  /** The containers around the value that is being read, the root first. */
  readonly #around: Container[] = []
  /** The last object that has a `$ref`; to look into every object would cost more. */
  #withReference: JsonObject | undefined

  readonly #textLength: number

  constructor(text: string) {
    this.#lexer = new FastjsonLexer(text)
    this.#textLength = text.length
  }

  read(): JsonValue {
    const lexer = this.#lexer
    const root = this.#value(lexer.peek())
    if (!lexer.atEnd()) throw lexer.unexpected()
    if (this.#references.length > 0) resolveReferences(root, this.#references, this.#textLength)
    return root
  }

  #value(first: number): JsonValue {
    switch (first) {
      case QUOTE:
      case SINGLE_QUOTE:
        return this.#lexer.text(first)
      case OPEN_BRACE:
        return this.#object()
      case OPEN_BRACKET:
        return this.#array()
      default:
        return this.#lexer.scalar(first)
    }
  }

  #array(): JsonValue[] {
    const lexer = this.#lexer
    const array: JsonValue[] = []
    this.#enter(array)
    for (let next = lexer.peek(); next !== CLOSE_BRACKET; next = lexer.peek()) {
      const value = this.#value(next)
      this.#noteReference(value, array, array.length)
      array.push(value)
      if (lexer.peek() === COMMA) lexer.skip()
      else if (lexer.peek() !== CLOSE_BRACKET) throw lexer.unexpected()
    }
    this.#leave()
    return array
  }

  #object(): JsonObject | JsonMap {
    const lexer = this.#lexer
    const object = new Dictionary<JsonValue>()
    this.#enter(object)
    for (let next = lexer.peek(); next !== CLOSE_BRACE; next = lexer.peek()) {
      if (next === OPEN_BRACE || next === OPEN_BRACKET) return this.#map(object)
      const key = this.#name(next)
      object[key] = this.#valueOf(object, key)
      if (key === '$ref') this.#withReference = object
    }
    this.#leave()
    return object
  }

  /** The rest of an object that turned out to have objects for keys. */
  #map(start: JsonObject): JsonMap {
    const lexer = this.#lexer
    const map: JsonMap = new Map(Object.entries(start))
    this.#around[this.#around.length - 1] = map
    for (let next = lexer.peek(); next !== CLOSE_BRACE; next = lexer.peek()) {
      const key = next === OPEN_BRACE || next === OPEN_BRACKET ? this.#value(next) : this.#name(next)
      map.set(key, this.#valueOf(map, key))
    }
    this.#leave()
    return map
  }

  #name(first: number): string {
    return first === QUOTE || first === SINGLE_QUOTE ? this.#lexer.name(first) : this.#lexer.bareName()
  }

  /** The colon, the value of `key`, and the comma where there is one. */
  #valueOf(container: Container, key: JsonValue): JsonValue {
    const lexer = this.#lexer
    if (lexer.peek() !== COLON) throw lexer.unexpected()
    lexer.skip()
    const value = this.#value(lexer.peek())
    this.#noteReference(value, container, key)
    if (lexer.peek() === COMMA) lexer.skip()
    else if (lexer.peek() !== CLOSE_BRACE) throw lexer.unexpected()
    return value
  }

  #noteReference(value: JsonValue, container: Container, key: JsonValue): void {
    const object = this.#withReference
    if (value !== object) return
    const path = object['$ref']
    if (typeof path !== 'string' || Object.keys(object).length !== 1) return
    this.#references.push({ value, container, key, path, parent: this.#around.at(-2) ?? null })
  }

  #enter(container: Container): void {
    if (this.#around.push(container) > MAX_JSON_DEPTH) {
      throw new RocketMQError(
        'PROTOCOL_ERROR',
        `JSON text is nested deeper than ${MAX_JSON_DEPTH} at ${this.#lexer.position}`,
      )
    }
    this.#lexer.skip()
  }

  #leave(): void {
    this.#around.pop()
    this.#lexer.skip()
  }
}
