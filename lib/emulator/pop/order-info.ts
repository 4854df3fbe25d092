/** What an orderly pop took out of a queue (Java `QueueLevelConsumerManager.OrderInfo`); times in ms since 1970. */
export class OrderInfo {
  readonly popTime: number
  readonly #attemptId: string | undefined
  readonly #invisibleTime: number
  readonly #offsets: readonly number[]
  readonly #acked = new Set<number>()
  readonly #visibleAt = new Map<number, number>()
  /** How often messages were consumed before; those that were not are left out. */
  readonly #consumed: ReadonlyMap<number, number>

  constructor(
    pop: { attemptId: string | undefined; popTime: number; invisibleTime: number; offsets: readonly number[] },
    before: OrderInfo | undefined,
  ) {
    this.#attemptId = pop.attemptId
    this.popTime = pop.popTime
    this.#invisibleTime = pop.invisibleTime
    this.#offsets = pop.offsets
    this.#consumed = before === undefined ? new Map() : this.#countedAfter(before)
  }

  /** How often messages were consumed before, by offset. */
  get consumedCounts(): ReadonlyMap<number, number> {
    return this.#consumed
  }

  /** The least of these counts, 0 where a message is new. */
  get leastCount(): number {
    return this.#consumed.size === this.#offsets.length ? Math.min(...this.#consumed.values()) : 0
  }

  /** True where a message is held by somebody: none of the queue may be popped. The same attempt is let pass. */
  isBlocked(attemptId: string | undefined, now: number): boolean {
    if (this.#attemptId !== undefined && this.#attemptId === attemptId) return false
    return this.#offsets.some(offset => !this.#acked.has(offset) && now < this.#visibleTimeOf(offset))
  }

  /** When the first message that is held now will be free; now where none is. */
  freeAt(now: number): number {
    const held = this.#offsets.find(offset => !this.#acked.has(offset) && now < this.#visibleTimeOf(offset))
    return held === undefined ? now : this.#visibleTimeOf(held)
  }

  /** Marks a message as done and gives the offset to commit; undefined where the message was not popped. */
  ack(offset: number): number | undefined {
    if (!this.#offsets.includes(offset)) return undefined
    this.#acked.add(offset)
    return this.#offsets.find(each => !this.#acked.has(each)) ?? (this.#offsets.at(-1) ?? offset) + 1
  }

  setVisibleTime(offset: number, at: number): void {
    if (this.#offsets.includes(offset)) this.#visibleAt.set(offset, at)
  }

  #visibleTimeOf(offset: number): number {
    return this.#visibleAt.get(offset) ?? this.popTime + this.#invisibleTime
  }

  #countedAfter(before: OrderInfo): ReadonlyMap<number, number> {
    if (before.#attemptId !== undefined && before.#attemptId === this.#attemptId) return before.#consumed
    const again = this.#offsets.filter(offset => before.#offsets.includes(offset))
    return new Map(again.map(offset => [offset, (before.#consumed.get(offset) ?? 0) + 1]))
  }
}
