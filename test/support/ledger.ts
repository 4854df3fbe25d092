/** What became of the messages of a test. */
export interface LedgerFigures {
  readonly sent: number
  readonly acknowledged: number
  readonly consumed: number
  /** Acknowledged messages that nobody has consumed. */
  readonly lost: number
  /** Times that a message came again. */
  readonly repeated: number
}

/** The books of a test: ids that were sent, acknowledged and consumed, and what does not tally. */
export class Ledger {
  readonly #sent = new Set<string>()
  readonly #acknowledged = new Set<string>()
  readonly #consumed = new Map<string, number>()
  /** How often each had come when its progress was known to be written down. */
  readonly #settled = new Map<string, number>()
  #repeated = 0

  /** Before a message is given to the producer. */
  sent(id: string): void {
    if (this.#sent.has(id)) throw new Error(`id ${id} is given twice`)
    this.#sent.add(id)
  }

  /** A broker has accepted the message. */
  acknowledged(id: string): void {
    if (!this.#sent.has(id)) throw new Error(`id ${id} is acknowledged and was not sent`)
    this.#acknowledged.add(id)
  }

  /** A listener has handled the message. */
  consumed(id: string): void {
    const times = (this.#consumed.get(id) ?? 0) + 1
    this.#consumed.set(id, times)
    if (times > 1) this.#repeated++
  }

  /** Progress past all that was consumed so far is with the broker: from here on none of it may come again. */
  settle(): void {
    for (const [id, times] of this.#consumed) this.#settled.set(id, times)
  }

  isConsumed(id: string): boolean {
    return this.#consumed.has(id)
  }

  /** Acknowledged ids that have not been consumed. */
  get lost(): string[] {
    return [...this.#acknowledged].filter(id => !this.#consumed.has(id))
  }

  /** Ids that came again, one by one, though nothing explains it: they were settled before. */
  get unexplained(): string[] {
    return [...this.#settled].flatMap(([id, times]) => (this.#consumed.get(id) === times ? [] : [id]))
  }

  /** Consumed ids that nobody has sent. */
  get strangers(): string[] {
    return [...this.#consumed.keys()].filter(id => !this.#sent.has(id))
  }

  /** What can be had at once, for those who look often. */
  get counts(): Omit<LedgerFigures, 'lost'> {
    const [sent, acknowledged, consumed] = [this.#sent.size, this.#acknowledged.size, this.#consumed.size]
    return { sent, acknowledged, consumed, repeated: this.#repeated }
  }

  get figures(): LedgerFigures {
    return { ...this.counts, lost: this.lost.length }
  }
}
