/** Places that were left are cleared away in so large a number at least, so that short queues need not be copied at each turn. */
const LEFT = 32

/** A queue that gives and takes at the same cost however long it is. */
export class Fifo<T> {
  #items: (T | undefined)[] = []
  #head = 0

  get size(): number {
    return this.#items.length - this.#head
  }

  /** What was added first; undefined where it is empty. */
  get first(): T | undefined {
    return this.#items[this.#head]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** Takes the first one out. */
  shift(): T | undefined {
    if (this.size === 0) return undefined
    const { first } = this
    this.#items[this.#head++] = undefined
    if (this.#head >= LEFT && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return first
  }
}
