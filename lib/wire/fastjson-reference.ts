import { RocketMQError } from '../errors'
import { type JsonMap, type JsonObject, type JsonValue, MAX_JSON_DEPTH } from './json-value'

/** Java uses references for objects that it writes twice; a hostile text with many would blow up whoever walks the result. */
const MAX_REFERENCES = 1024
/** So many values may any text stand for; longer ones as many as they have characters, which is what others can hold. */
const MAX_VALUES = 65_536
/** References may nest what a text by itself could not. */
const MAX_DEPTH = 4 * MAX_JSON_DEPTH

/** A `{"$ref": path}` and where it stands. */
export interface Reference {
  readonly value: JsonValue
  readonly container: JsonValue[] | JsonObject | JsonMap
  /** Name, index or map key in the container. */
  readonly key: JsonValue
  readonly path: string
  /** What holds the container; null for the root. */
  readonly parent: JsonValue
}

/**
 * Puts in place of each reference what it stands for: `$` the root, `@` what holds the reference, `..` what holds that, else a
 * path from the root such as `$.a.b[0]`. One that leads nowhere becomes null, as in Java.
 * @param textLength characters of the text that holds them
 * @throws RocketMQError PROTOCOL_ERROR where there are too many, or where they make far more of a text than it holds
 */
export function resolveReferences(root: JsonValue, references: readonly Reference[], textLength: number): void {
  if (references.length > MAX_REFERENCES) {
    throw new RocketMQError('PROTOCOL_ERROR', `JSON text has more than ${MAX_REFERENCES} references`)
  }
  const written = new Extent(0).of(root)
  const resolver = new Resolver(root, references)
  for (const reference of references) put(reference, resolver.targetOf(reference))
  if (new Extent(written).of(root) > Math.max(MAX_VALUES, textLength)) {
    throw new RocketMQError('PROTOCOL_ERROR', 'JSON text grows beyond all measure by its references')
  }
}

/** How many values there are to whoever walks over a value and does not know what is the same. */
class Extent {
  readonly #circle: number
  readonly #known = new Map<JsonValue, number>()

  /** @param circle what one counts for that leads back to where it stands in */
  constructor(circle: number) {
    this.#circle = circle
  }

  of(value: JsonValue, depth = 0): number {
    if (typeof value !== 'object' || value === null) return 1
    const known = this.#known.get(value)
    if (known !== undefined) return known
    if (depth > MAX_DEPTH) throw new RocketMQError('PROTOCOL_ERROR', 'JSON text is nested too deeply by its references')
    this.#known.set(value, this.#circle)
    let extent = 1
    for (const member of members(value)) extent += this.of(member, depth + 1)
    this.#known.set(value, extent)
    return extent
  }
}

function members(container: object): Iterable<JsonValue> {
  if (container instanceof Map) return [...container.keys(), ...container.values()] as JsonValue[]
  return Object.values(container) as JsonValue[]
}

class Resolver {
  readonly #root: JsonValue
  /** References by the object that stands for them. */
  readonly #open: ReadonlyMap<JsonValue, Reference>
  readonly #targets = new Map<Reference, JsonValue>()

  constructor(root: JsonValue, references: readonly Reference[]) {
    this.#root = root
    this.#open = new Map(references.map(reference => [reference.value, reference]))
  }

  /** What a reference stands for; one that leads back to itself is null. */
  targetOf(reference: Reference): JsonValue {
    const known = this.#targets.get(reference)
    if (known !== undefined) return known
    this.#targets.set(reference, null)
    const target = this.#followed(this.#lookUp(reference))
    this.#targets.set(reference, target)
    return target
  }

  #lookUp({ path, container, parent }: Reference): JsonValue {
    if (path === '@') return container
    if (path === '..') return parent
    if (!path.startsWith('$')) return null
    let value = this.#root
    for (const step of steps(path)) {
      value = child(this.#followed(value), step)
      if (value === null) return null
    }
    return value
  }

  #followed(value: JsonValue): JsonValue {
    const reference = this.#open.get(value)
    return reference === undefined ? value : this.targetOf(reference)
  }
}

/** Names and indices of a path: `.name`, with special characters after a backslash, `[0]`, `['name']`. */
function* steps(path: string): Iterable<string> {
  const step = /\.((?:\\.|[^.[\\])+)|\[(?:(\d+)|'([^']*)'|"([^"]*)")\]/y
  step.lastIndex = 1
  while (step.lastIndex < path.length) {
    const match = step.exec(path)
    // No key is called so; an unreadable path leads nowhere.
    if (match === null) return yield '\0'
    yield match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? match[3] ?? match[4] ?? ''
  }
}

function child(value: JsonValue, step: string): JsonValue {
  if (Array.isArray(value)) return /^\d+$/.test(step) ? (value[Number(step)] ?? null) : null
  if (value instanceof Map) return value.get(step) ?? null
  if (typeof value !== 'object' || value === null) return null
  return (value as JsonObject)[step] ?? null
}

function put({ container, key }: Reference, target: JsonValue): void {
  if (container instanceof Map) container.set(key, target)
  else if (Array.isArray(container)) container[key as number] = target
  else container[key as string] = target
}
