import type Long from 'long'

/**
 * What Fastjson text is read to. Objects have no prototype with names of its own. Integers beyond 2^53-1 are `Long`, beyond
 * 64 bits their text. An object with an object or a list among its keys is a `Map`. References may make objects shared, or cyclic.
 */
export type JsonValue = null | boolean | number | string | Long | JsonValue[] | JsonObject | JsonMap

/** An object by its names. */
export interface JsonObject {
  [name: string]: JsonValue
}

/** An object with objects or lists among its keys. */
export type JsonMap = Map<JsonValue, JsonValue>

/** Deeper text is refused on reading and on writing: nothing of RocketMQ comes near it, and stacks are finite. */
export const MAX_JSON_DEPTH = 64
