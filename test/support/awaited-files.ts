import files from 'node:fs/promises'
import { types } from 'node:util'

/** `node:fs/promises` that knows what is under way, for clocks that are not to run on while a disk is slow. */
export class AwaitedFiles {
  readonly files = this.#counted(files)
  readonly #underWay = new Set<Promise<unknown>>()

  /** Resolves when the disk rests. */
  async rest(): Promise<void> {
    while (this.#underWay.size > 0) {
      await Promise.allSettled(this.#underWay)
      // Whoever waited for it may go on with the next.
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  /** The same object, whose calls, and those of the files that it opens, are counted. */
  #counted<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? (...args: unknown[]) => this.#call(target, value, args) : value
      },
    })
  }

  #call(target: object, call: Function, args: unknown[]): unknown {
    const result: unknown = Reflect.apply(call, target, args)
    // Not instanceof: the promises of Node.js are of another realm than those of a test.
    if (!types.isPromise(result)) return result
    this.#underWay.add(result)
    const ends = (): void => void this.#underWay.delete(result)
    result.then(ends, ends)
    return result.then(value => (isFile(value) ? this.#counted(value) : value))
  }
}

function isFile(value: unknown): value is object {
  return value !== null && typeof value === 'object' && 'datasync' in value
}
