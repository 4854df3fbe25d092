const ACKNOWLEDGED = 1
const FAILED = 2
const CONSUMED = 4

/**
 * The books of a stream of messages that never ends: numbers instead of ids, and those that are settled are forgotten, so that
 * its memory is that of what is on its way.
 */
export class StreamLedger {
  readonly #states = new Map<number, number>()
  #next = 0
  /** All numbers below are settled. */
  #floor = 0
  #acknowledged = 0
  #failed = 0
  #repeated = 0

  /** The number of the next message. */
  send(): number {
    this.#states.set(this.#next, 0)
    return this.#next++
  }

  acknowledged(number: number): void {
    this.#acknowledged++
    this.#mark(number, ACKNOWLEDGED)
  }

  /** The send failed; the message may come all the same. */
  failed(number: number): void {
    this.#failed++
    this.#mark(number, FAILED)
  }

  /** @throws Error for a number that was never sent */
  consumed(number: number): void {
    if (!(number < this.#next)) throw new Error(`message ${number} was never sent`)
    const state = this.#states.get(number)
    if (state === undefined || (state & CONSUMED) !== 0) this.#repeated++
    else this.#mark(number, CONSUMED)
  }

  /** How many were acknowledged and have not come. */
  get missing(): number {
    let count = 0
    for (const state of this.#states.values()) if (state === ACKNOWLEDGED) count++
    return count
  }

  get counts(): { sent: number; acknowledged: number; failed: number; repeated: number; missing: number } {
    const [acknowledged, failed, repeated] = [this.#acknowledged, this.#failed, this.#repeated]
    return { sent: this.#next, acknowledged, failed, repeated, missing: this.missing }
  }

  #mark(number: number, bit: number): void {
    const state = this.#states.get(number)
    if (state === undefined) return
    this.#states.set(number, state | bit)
    for (; isSettled(this.#states.get(this.#floor)); this.#floor++) this.#states.delete(this.#floor)
  }
}

function isSettled(state: number | undefined): boolean {
  return state !== undefined && ((state & FAILED) !== 0 || state === (ACKNOWLEDGED | CONSUMED))
}
