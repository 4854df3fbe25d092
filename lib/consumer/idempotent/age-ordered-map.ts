/** An entry between the next older and the next younger one. */
interface Entry<V> {
  readonly key: string
  value: V
  older: Entry<V> | undefined
  younger: Entry<V> | undefined
}

/**
 * A map that knows its eldest entries. All calls take the same time, however many entries have gone: a `Map` would step over
 * each that was removed at its front.
 */
export class AgeOrderedMap<V> {
  readonly #entries = new Map<string, Entry<V>>()
  #eldest: Entry<V> | undefined
  #youngest: Entry<V> | undefined

  get size(): number {
    return this.#entries.size
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value
  }

  /** The entry is then the youngest, also where the key was there before. */
  set(key: string, value: V): void {
    this.delete(key)
    const entry: Entry<V> = { key, value, older: this.#youngest, younger: undefined }
    if (this.#youngest === undefined) this.#eldest = entry
    else this.#youngest.younger = entry
    this.#youngest = entry
    this.#entries.set(key, entry)
  }

  delete(key: string): boolean {
    const entry = this.#entries.get(key)
    if (entry === undefined) return false
    const { older, younger } = entry
    if (older === undefined) this.#eldest = younger
    else older.younger = younger
    if (younger === undefined) this.#youngest = older
    else younger.older = older
    return this.#entries.delete(key)
  }

  /** From the eldest on; the entry that was given last may be deleted meanwhile. */
  *fromEldest(): Generator<readonly [key: string, value: V]> {
    for (let entry = this.#eldest; entry !== undefined; entry = entry.younger) yield [entry.key, entry.value]
  }

  /** Removes entries from the eldest on, while they may go, and at most `most`. Returns how many went. */
  removeEldest(mayGo: (value: V) => boolean, most: number): number {
    let removed = 0
    while (removed < most && this.#eldest !== undefined && mayGo(this.#eldest.value)) {
      this.delete(this.#eldest.key)
      removed++
    }
    return removed
  }
}
