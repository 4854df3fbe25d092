/** The place of an item in a queue. */
export interface Link<T> {
  readonly value: T
  previous: Link<T> | undefined
  next: Link<T> | undefined
  isIn: boolean
}

/**
 * A queue that items can leave from any place, at the same cost however long it is. A `Set` is none: those that have left
 * at its head are passed over again and again.
 */
export class LinkedQueue<T> {
  #first: Link<T> | undefined
  #last: Link<T> | undefined
  #size = 0

  get size(): number {
    return this.#size
  }

  /** What came first; undefined where it is empty. */
  get first(): T | undefined {
    return this.#first?.value
  }

  /** From the first one on. */
  get all(): T[] {
    const all: T[] = []
    for (let link = this.#first; link !== undefined; link = link.next) all.push(link.value)
    return all
  }

  push(value: T): Link<T> {
    const link: Link<T> = { value, previous: this.#last, next: undefined, isIn: true }
    if (this.#last === undefined) this.#first = link
    else this.#last.next = link
    this.#last = link
    this.#size++
    return link
  }

  /** Takes the first one out. */
  shift(): T | undefined {
    const link = this.#first
    if (link !== undefined) this.remove(link)
    return link?.value
  }

  /** Takes one out; nothing happens where it has left before. */
  remove(link: Link<T>): void {
    if (!link.isIn) return
    const { previous, next } = link
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    link.previous = undefined
    link.next = undefined
    link.isIn = false
    this.#size--
  }
}
