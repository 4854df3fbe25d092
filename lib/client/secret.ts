import { inspect } from 'node:util'

/** An option that neither `inspect`, logs nor JSON shows. */
export class Secret<T extends object> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  /** What was given. */
  reveal(): T {
    return this.#value
  }

  /** True where the other one is of the same object, or of one with the same fields. */
  equals(other: unknown): boolean {
    if (!(other instanceof Secret)) return false
    const [a, b] = [this.#value, (other as Secret<object>).reveal()]
    if (a === b) return true
    if (typeof a === 'function' || typeof b === 'function') return false
    const [mine, theirs] = [Object.entries(a), new Map<string, unknown>(Object.entries(b))]
    return mine.length === theirs.size && mine.every(([name, value]) => theirs.has(name) && theirs.get(name) === value)
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
