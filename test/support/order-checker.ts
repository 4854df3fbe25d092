/**
 * Looks at the order of each lane: a queue, with offsets, or a key, with the numbers of its messages. Nothing may be passed
 * over, and only a new tenure, as after a rebalance or a restart, may begin again further back.
 */
export class OrderChecker {
  /** What was out of order; empty if all is well. */
  readonly faults: string[] = []
  readonly #lanes = new Map<string, { last: number; highest: number; tenure: unknown }>()
  readonly #busy = new Set<string>()

  /** Those that were seen so far. */
  get lanes(): string[] {
    return [...this.#lanes.keys()]
  }

  /** A message is about to be handled. @param tenure whoever has the lane; steps back within one are faults */
  begin(lane: string, index: number, tenure: unknown = undefined): void {
    if (this.#busy.has(lane)) this.faults.push(`${lane}: ${index} begins while another is handled`)
    this.#busy.add(lane)
    const before = this.#lanes.get(lane)
    const highest = before?.highest ?? -1
    const follows = before === undefined || before.tenure !== tenure ? index <= highest + 1 : index === before.last + 1
    if (!follows) this.faults.push(`${lane}: ${index} came after ${before?.last ?? 'nothing'}, of ${highest}`)
    this.#lanes.set(lane, { last: index, highest: Math.max(highest, index), tenure })
  }

  /** It was handled, or its handler is gone with its process. */
  end(lane: string): void {
    this.#busy.delete(lane)
  }
}
