import { readFastjson } from '../wire/fastjson-reader'
import { writeFastjson } from '../wire/fastjson-writer'

/** How a body travels. */
export interface BodyCodec<T> {
  encode(value: T): Uint8Array
  decode(body: Buffer): T
}

/** The body as it is. */
export const bytes: BodyCodec<Uint8Array> = { encode: value => value, decode: body => body }

/** UTF-8 text. */
export const text: BodyCodec<string> = { encode: value => Buffer.from(value), decode: body => body.toString() }

/**
 * JSON as Fastjson writes and reads it. `check` turns what was parsed, which is untrusted, into a `T`, and throws
 * PROTOCOL_ERROR where it is none.
 */
export function json<T>(check: (parsed: unknown) => T, plain: (value: T) => unknown = value => value): BodyCodec<T> {
  return {
    encode: value => Buffer.from(writeFastjson(plain(value))),
    decode: body => check(body.length === 0 ? null : readFastjson(body)),
  }
}
