/** Pulls of the same offset whose answers were damaged, after which what stands there is passed over. */
const MOST_PULLS = 3

/** Keeps count of pulls whose answers hold bytes that cannot be told apart as messages. */
export class DamagedPulls {
  #offset: number | undefined
  #count = 0

  /** True while an offset is being pulled again: one message at a time then, so that no other is passed over with it. */
  get isRepeating(): boolean {
    return this.#offset !== undefined
  }

  /** Notes that the answer to a pull is damaged at an offset; true where that was so often enough to pass it over. */
  isHopeless(offset: number): boolean {
    if (this.#offset !== offset) this.#count = 0
    this.#offset = offset
    return ++this.#count >= MOST_PULLS
  }

  /** To be called when the offset was read after all, or is passed over. */
  clear(): void {
    this.#offset = undefined
  }
}
