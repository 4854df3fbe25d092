import { RocketMQError } from '../errors'
import { parseJavaInt } from '../model/java-text'
import { isInt64, parseInt64 } from '../wire/int64'
import type { ExtFields } from '../wire/remoting-command'

/** How one header field travels as text. */
export interface Field<T, Optional extends boolean = boolean> {
  readonly kind: 'string' | 'int' | 'long' | 'bound' | 'boolean'
  readonly optional: Optional
  /** Never present; carries the value's type. */
  readonly type?: T
}

/** Text, as it is. */
export const string: Field<string, false> = { kind: 'string', optional: false }
/** A 32-bit integer. */
export const int: Field<number, false> = { kind: 'int', optional: false }
/** A 64-bit integer that is safe as a number; others are an UNSAFE_INTEGER error on reading. */
export const long: Field<number, false> = { kind: 'long', optional: false }
/**
 * A 64-bit integer that only bounds others or tells which is later, such as Java's `Long.MAX_VALUE` or the nanoseconds of
 * other clients: what a number cannot hold is cut to what it can.
 */
export const bound: Field<number, false> = { kind: 'bound', optional: false }
/** `true`, in any case, or anything else for false. */
export const boolean: Field<boolean, false> = { kind: 'boolean', optional: false }

/** A field that may be missing. */
export function optional<T>(field: Field<T, false>): Field<T, true> {
  return { kind: field.kind, optional: true }
}

/** The fields of a header by their Java names. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a schema holds fields of any value type
export type Schema = Readonly<Record<string, Field<any>>>

type Value<F> = F extends Field<infer T> ? T : never
type OptionalKeys<S> = { [K in keyof S]: S[K] extends Field<unknown, true> ? K : never }[keyof S]

/** A header as an object with values of their own types. */
export type Header<S extends Schema> = {
  readonly [K in Exclude<keyof S, OptionalKeys<S>>]: Value<S[K]>
} & { readonly [K in OptionalKeys<S>]?: Value<S[K]> | undefined }

/** Names on the wire where they differ from the schema's. */
export type WireNames<S extends Schema> = { readonly [K in keyof S]?: string }

/** How a header travels as text fields. */
export interface HeaderCodec<S extends Schema> {
  encode(header: Header<S>): ExtFields
  /** @throws RocketMQError PROTOCOL_ERROR where a required field is missing or a value is not of its kind */
  decode(fields: ExtFields | undefined): Header<S>
}

/**
 * A codec for the schema: one generated function each way, or closures where code generation is refused. They are made when
 * they are first needed: of some two hundred headers a process needs few, and to make them all would hold its start up.
 */
export function compile<S extends Schema>(schema: S, wireNames: WireNames<S> = {}): HeaderCodec<S> {
  let made: HeaderCodec<S> | undefined
  const make = (): HeaderCodec<S> => (made ??= Object.assign(codec, compileNow(schema, wireNames)))
  const codec: HeaderCodec<S> = {
    encode: header => make().encode(header),
    decode: fields => make().decode(fields),
  }
  return codec
}

function compileNow<S extends Schema>(schema: S, wireNames: WireNames<S>): HeaderCodec<S> {
  try {
    return generate(schema, wireNames)
  } catch (error) {
    if (error instanceof EvalError) return interpret(schema, wireNames)
    throw error
  }
}

const WRITERS = {
  string: (value: string) => value,
  int: String,
  long: String,
  bound: String,
  boolean: String,
} as const

const READERS = {
  string: (text: string) => text,
  int: readInt,
  long: parseInt64,
  bound: readBound,
  boolean: (text: string) => text === 'true' || text.toLowerCase() === 'true',
} as const

function readInt(text: string): number {
  const value = parseJavaInt(text)
  if (value === undefined) {
    throw new RocketMQError(
      'PROTOCOL_ERROR',
      `a header field holds ${JSON.stringify(text.slice(0, 40))}, not a 32-bit integer`,
    )
  }
  return value
}

function readBound(text: string): number {
  if (!isInt64(text)) return parseInt64(text)
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(text)))
}

function missing(name: string): never {
  throw new RocketMQError('PROTOCOL_ERROR', `the header lacks the required field ${name}`)
}

const NO_FIELDS: ExtFields = Object.freeze(Object.create(null) as ExtFields)

/** Names come from the library's own table, never from the wire, so they are safe to put into code. */
function generate<S extends Schema>(schema: S, wireNames: WireNames<S>): HeaderCodec<S> {
  const writes: string[] = []
  const reads: string[] = []
  for (const [name, field] of Object.entries(schema)) {
    const wire = JSON.stringify(wireNames[name] ?? name)
    const value = field.kind === 'string' ? `h.${name}` : `'' + h.${name}`
    writes.push(field.optional ? `if (h.${name} !== undefined) f[${wire}] = ${value}` : `f[${wire}] = ${value}`)
    const read = field.kind === 'string' ? `f[${wire}]` : `read.${field.kind}(f[${wire}])`
    const absent = field.optional ? 'undefined' : `missing(${wire})`
    reads.push(`${name}: f[${wire}] == null ? ${absent} : ${read}`)
  }
  const make = new Function(
    'read',
    'missing',
    'none',
    `return {
      encode(h) { const f = {}; ${writes.join(';')}; return f },
      decode(f) { f ??= none; return { ${reads.join(',')} } },
    }`,
  ) as (read: typeof READERS, onMissing: typeof missing, none: ExtFields) => HeaderCodec<S>
  return make(READERS, missing, NO_FIELDS)
}

/** The same as `generate` without generated code; exported for its test. */
export function interpret<S extends Schema>(schema: S, wireNames: WireNames<S> = {}): HeaderCodec<S> {
  const fields = Object.entries(schema).map(([name, field]) => ({ name, wire: wireNames[name] ?? name, ...field }))
  return {
    encode(header) {
      const values = header as Record<string, string | number | boolean | undefined>
      const result: ExtFields = {}
      for (const { name, wire, kind } of fields) {
        const value = values[name]
        if (value !== undefined) result[wire] = (WRITERS[kind] as (value: unknown) => string)(value)
      }
      return result
    },
    decode(received = NO_FIELDS) {
      const result: Record<string, unknown> = {}
      for (const { name, wire, kind, optional } of fields) {
        const text = received[wire]
        if (text != null) result[name] = READERS[kind](text)
        else result[name] = optional ? undefined : missing(wire)
      }
      return result as Header<S>
    },
  }
}
